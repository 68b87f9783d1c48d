"""What goes wrong in the trade (AUDIOBOOKS section 5), done on purpose, and what a good receiver does about it."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple, TypedDict
from xml.sax.saxutils import escape

from tests.simulator.messages import Dialect
from tests.simulator.onix3 import ENTITY_MARK
from tests.simulator.titles import Price, Rights, Title, isbn10

Expected = Literal[
    "applied",
    "part_held",
    "quarantined",
    "withdrawn",
    "out_of_scope",
    "unchanged",
    "stale",
    "repeat",
    "refused",
    "ignored",
]
"""What becomes of the record or message: ``part_held`` keeps back a price or rights, ``withdrawn`` withdraws although
the rest is rejected, ``repeat`` and ``ignored`` are messages that aren't read, ``refused`` one that can't be."""


Said = tuple[str, Expected, str]
"""A fault's kind, what becomes of it, and what a good receiver does."""


class Injected(TypedDict):
    """One fault in ``faults.json``.

    Attributes:
        file: Relative to the written folder.
        record: RecordReference; None where the fault is the file's, empty where it is missing.
    """

    file: str
    supplier: str
    day: str
    record: str | None
    isbn: str | None
    kind: str
    expected: Expected
    receiver: str


class RecordFault(NamedTuple):
    """A mistake in one record. ``spoil`` makes it; ``dialects`` can carry it."""

    kind: str
    expected: Expected
    receiver: str
    spoil: Callable[[Title], Title]
    dialects: tuple[Dialect, ...] = ("onix_3.0", "onix_3.1_short", "onix_2.1", "csv")


_ONIX: tuple[Dialect, ...] = ("onix_3.0", "onix_3.1_short", "onix_2.1")
_ONIX3: tuple[Dialect, ...] = ("onix_3.0", "onix_3.1_short")


def bad_check_digit(isbn: str) -> str:
    """The same ISBN with a check digit that does not hold."""
    return isbn[:-1] + str((int(isbn[-1]) + 1) % 10)


def _priced(change: Callable[[Price], Price]) -> Callable[[Title], Title]:
    def spoil(title: Title) -> Title:
        first, *others = title.prices or (Price("01", "14.99", "USD", ("US",)),)
        return replace(title, prices=(change(first), *others))

    return spoil


def _mojibake(title: Title) -> Title:
    return replace(title, title=f"{title.title} {'– café'.encode().decode('cp1252')}")


def _contradict(title: Title) -> Title:
    rights = title.rights
    world = rights.included == ("WORLD",)
    inside = tuple(code for code in ("DE", "FR", "SE") if code not in rights.excluded) if world else rights.included[:3]
    return replace(title, rights=replace(rights, contradicted=inside or ("US",)))


def _territory(*included: str) -> Callable[[Title], Title]:
    return lambda title: replace(title, rights=Rights(included=included))


RECORD_FAULTS: tuple[RecordFault, ...] = (
    RecordFault(
        "bad_isbn_check_digit",
        "quarantined",
        "R2: no valid ISBN-13; the record is quarantined.",
        lambda title: replace(title, isbn=bad_check_digit(title.isbn)),
    ),
    RecordFault(
        "isbn10_only",
        "applied",
        "Converted to ISBN-13 and applied.",
        lambda title: replace(title, isbn=isbn10(title.isbn), isbn_type="02"),
    ),
    RecordFault(
        "narrator_missing",
        "applied",
        "W1: applied with a warning; recipients that need a narrator don't get it.",
        lambda title: replace(
            title, contributors=tuple(who for who in title.contributors if who.role not in {"E03", "E07"})
        ),
    ),
    RecordFault("mojibake", "applied", "Applied with a warning, repaired if that is reversible.", _mojibake),
    RecordFault(
        "control_character",
        "quarantined",
        "F1: this one record can't be read and is quarantined; its neighbours are applied.",
        lambda title: replace(title, title=f"{title.title}\x0b"),
        _ONIX,
    ),
    RecordFault(
        "named_entity",
        "applied",
        "The entity is replaced from the 2.1 DTD's list before parsing; applied with a warning.",
        lambda title: replace(title, title=f"{title.title} {ENTITY_MARK} Part One"),
        _ONIX3,
    ),
    RecordFault(
        "double_escaped_html",
        "applied",
        "Unescaped at most twice; applied.",
        lambda title: replace(title, description=escape(title.description), text_style="escaped"),
    ),
    RecordFault(
        "script_in_description",
        "applied",
        "No script and no handler survives; applied.",
        lambda title: replace(
            title,
            description=f"{title.description}<script>alert('x')</script><img src=\"x\" onerror=\"alert('y')\"/>",
            text_style="escaped",
        ),
    ),
    RecordFault(
        "placeholder_text",
        "applied",
        "W4: the filler counts as absent; applied with a warning.",
        lambda title: replace(title, description="TBC", blurb="N/A", text_style="escaped"),
    ),
    RecordFault(
        "unknown_code",
        "applied",
        "The code is kept as it is; applied with a warning.",
        lambda title: replace(title, edition="XQZ"),
        _ONIX,
    ),
    RecordFault(
        "duplicate_reference",
        "quarantined",
        "Q1: both records under the reference are quarantined.",
        lambda title: replace(title, title=f"{title.title} (other)", subtitle="Another Book"),
    ),
    RecordFault(
        "price_without_currency",
        "part_held",
        "Q5: the price is held back; the record is applied.",
        _priced(lambda price: replace(price, currency="")),
        _ONIX,
    ),
    RecordFault(
        "zero_price",
        "part_held",
        "Q5: the price is held back; free is said otherwise.",
        _priced(lambda price: replace(price, amount="0.00")),
    ),
    RecordFault(
        "comma_decimals",
        "part_held",
        "Q5: the price is held back.",
        _priced(lambda price: replace(price, amount=price.amount.replace(".", ","))),
        _ONIX,
    ),
    RecordFault(
        "contradictory_rights",
        "part_held",
        "Q3: the countries in doubt are denied; the record is applied.",
        _contradict,
    ),
    RecordFault(
        "row_in_territory",
        "part_held",
        "Q3: ROW is no region in 3.x: nothing is allowed by it; the record is applied.",
        _territory("ROW"),
        _ONIX3,
    ),
    RecordFault("uk_in_territory", "part_held", "Q3: UK is no country: it allows nothing.", _territory("IE", "UK")),
    RecordFault("commas_in_territory", "part_held", "Q3: not codes: they allow nothing.", _territory("AT,DE,CH")),
    RecordFault(
        "impossible_date",
        "applied",
        "The date counts as absent; applied with a warning.",
        lambda title: replace(title, published="20251332"),
    ),
    RecordFault(
        "hhhmm_as_minutes",
        "applied",
        "01130 with unit 05 is 11 h 30 in the wrong unit, not 1130 minutes: warned of, never trusted.",
        lambda title: replace(title, duration_unit="05", duration_text="01130", seconds=11 * 3600 + 30 * 60),
        _ONIX,
    ),
    RecordFault(
        "record_without_reference",
        "quarantined",
        "R1: no RecordReference; the record is quarantined.",
        lambda title: replace(title, reference=""),
        _ONIX,
    ),
)


def spoil_withdrawal(title: Title) -> Title:
    """A withdrawal inside a record that is otherwise rejected (AUDIOBOOKS 5, item 24)."""
    return replace(title, isbn=bad_check_digit(title.isbn), status="11", availability="46")


class MessageFault(NamedTuple):
    """A broken file. ``make`` takes the bytes of a good message of the same day."""

    kind: str
    ending: str
    expected: Expected
    receiver: str
    make: Callable[[bytes], bytes]


def _truncated(good: bytes) -> bytes:
    return good[: good.rindex(b"<Product>") + 120]


def _half(good: bytes) -> bytes:
    return good[: len(good) // 3]


def _entity_bomb(_good: bytes) -> bytes:
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE ONIXMessage [<!ENTITY l0 "lol">{levels}]>'
        "<ONIXMessage><Header><FromCompany>&l9;</FromCompany></Header></ONIXMessage>"
    ).encode()


def _external_entity(_good: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?><!DOCTYPE ONIXMessage [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
        b"<ONIXMessage><Header><FromCompany>&secret;</FromCompany></Header></ONIXMessage>"
    )


def _no_records(good: bytes) -> bytes:
    return good[: good.index(b"<Product>")] + b"</ONIXMessage>\n"


def zip_bomb(_good: bytes = b"") -> bytes:
    """A small archive of 32 MiB of spaces: about a thousand times its size."""
    return zipped("message.xml", b"<ONIXMessage>" + b" " * (32 << 20) + b"</ONIXMessage>")


def zipped(name: str, content: bytes) -> bytes:
    """An archive of one file, the same bytes every time."""
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, date_time=(2026, 3, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return page.getvalue()


def gzipped(good: bytes) -> bytes:
    """The message in gzip, the same bytes every time."""
    return gzip.compress(good, mtime=0)


def wrong_encoding(good: bytes) -> bytes:
    """The message in cp1252 under a declaration of UTF-8; what cp1252 lacks becomes character references."""
    return good.decode().encode("cp1252", errors="xmlcharrefreplace")


MESSAGE_FAULTS: tuple[MessageFault, ...] = (
    MessageFault("truncated_file", ".xml", "refused", "F1: nothing of it is applied; ask for it again.", _truncated),
    MessageFault("empty_file", ".xml", "refused", "F1: nothing to read; ask for it again.", lambda _good: b""),
    MessageFault(
        "unknown_root",
        ".xml",
        "refused",
        "F5: not an ONIX message.",
        lambda _good: b'<?xml version="1.0"?>\n<catalogue><book id="1"/></catalogue>\n',
    ),
    MessageFault("entity_bomb", ".xml", "refused", "F3: entity declarations are refused unexpanded.", _entity_bomb),
    MessageFault("external_entity", ".xml", "refused", "F3: no file is read, no address asked.", _external_entity),
    MessageFault("zip_bomb", ".zip", "refused", "F2: refused by its ratio, before it is unpacked.", zip_bomb),
    MessageFault("no_records", ".xml", "applied", "F16: a message of 0 records; a warning.", _no_records),
    MessageFault("half_uploaded", ".xml.part", "ignored", "Still being written: not taken.", _half),
)


def fault_note(
    supplier: str,
    day: date,
    name: str,
    said: Said,
    title: Title | None = None,
) -> Injected:
    """A line of the manifest."""
    kind, expected, receiver = said
    return Injected(
        file=f"{supplier}/{day.isoformat()}/{name}",
        supplier=supplier,
        day=day.isoformat(),
        record=title.reference if title else None,
        isbn=title.isbn if title else None,
        kind=kind,
        expected=expected,
        receiver=receiver,
    )
