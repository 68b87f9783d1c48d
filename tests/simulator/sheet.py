"""Titles as a small publisher's spreadsheet: CSV with semicolons in cp1252, as office software saves it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.simulator.onix3 import link
from tests.simulator.titles import Rights, Title

COLUMNS = (
    "ISBN", "Record ID", "Title", "Subtitle", "Authors", "Narrators", "Language", "Publisher", "Imprint", "Series",
    "Number in series", "Description", "Subjects (BISAC)", "Abridged", "Duration", "Publication date", "Status",
    "Availability", "Price USD", "Price EUR", "Price GBP", "Territories included", "Territories excluded", "Cover URL",
)  # fmt: skip
_STATUS = {"02": "forthcoming", "04": "active", "07": "out of print", "11": "withdrawn", "17": "withdrawn"}
_AVAILABILITY = {"10": "not yet available", "20": "available", "46": "withdrawn"}


def as_said(title: Title) -> Title:
    """The title with no more than a sheet can say: three currencies, no rest of the world, no sales restriction."""
    prices = tuple(price for price in title.prices if price.currency in {"USD", "EUR", "GBP"})
    return replace(title, prices=prices, rights=replace(title.rights, rest="", restriction=""))


def lines(titles: Iterable[Title]) -> Iterator[str]:
    """The sheet, line by line, its heading first."""
    page = io.StringIO()
    writer = csv.writer(page, delimiter=";", lineterminator="\r\n")
    for row in _rows(titles):
        writer.writerow(row)
        yield page.getvalue()
        page.seek(0)
        page.truncate()


def _rows(titles: Iterable[Title]) -> Iterator[Iterable[str]]:
    yield COLUMNS
    for title in titles:
        yield _row(title)


def _row(title: Title) -> tuple[str, ...]:
    prices = {price.currency: price.amount for price in title.prices}
    day = title.published
    return (
        title.isbn,
        title.reference,
        title.full_title,
        title.subtitle,
        "; ".join(person.name for person in title.contributors if person.role.startswith(("A", "B"))),
        "; ".join(person.name or "AI voice" for person in title.contributors if person.role in {"E03", "E07"}),
        title.language,
        title.publisher,
        title.imprint,
        title.series,
        title.number_in_series,
        title.description,
        f"{title.subject[0]} {title.second_subject[0]}",
        "yes" if title.edition == "ABR" else "no",
        title.duration_text or f"{title.seconds // 3600} hrs and {title.seconds // 60 % 60} mins",
        f"{day[:4]}-{day[4:6]}-{day[6:]}",
        _STATUS[title.status],
        _AVAILABILITY[title.availability],
        prices.get("USD", ""),
        prices.get("EUR", ""),
        prices.get("GBP", ""),
        *_territories(title.rights),
        link(title, "covers", "jpg"),
    )


def _territories(rights: Rights) -> tuple[str, str]:
    return " ".join(rights.included), " ".join((*rights.excluded, *rights.contradicted))
