"""A column mapping: which column of a supplier's sheet is which field, declared in ``include/mappings/<name>.yaml``."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bindery.declarations import load_declaration
from bindery.errors import ConfigurationError
from bindery.home import PROJECT


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Part):
    """Heading of each field's column; None where the sheet has none. Case and spacing of headings don't matter."""

    isbn: str
    record_reference: str | None = None
    title: str
    subtitle: str | None = None
    authors: str | None = None
    narrators: str | None = None
    language: str | None = None
    publisher: str | None = None
    imprint: str | None = None
    series: str | None = None
    number_in_series: str | None = None
    description: str | None = None
    subjects: str | None = None
    abridged: str | None = None
    duration: str | None = None
    publication_date: str | None = None
    status: str | None = None
    availability: str | None = None
    territories_included: str | None = None
    territories_excluded: str | None = None
    cover: str | None = None


class PriceColumn(_Part):
    """A column of prices. ``type``: List 58. ``currency``: List 96. ``territory``: country codes, all where empty."""

    column: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    type: str = "01"
    qualifier: str | None = None
    territory: tuple[str, ...] = ()


class ColumnMapping(_Part):
    """How a supplier's sheet is read.

    Attributes:
        what: Whose sheet it is, in a line.
        sheet: Name of the sheet in a workbook; the first one by default.
        separator: Between several values in one cell, such as authors.
        date_order: How a date with slashes or dots is meant; ISO dates are always read.
        decimal_comma: Whether prices are written 9,99.
        status: Words of the status column to List 64, lower case.
        availability: Words of the availability column to List 65, lower case.
        abridged: Words of the abridged column to List 21, lower case.
        voices: Words that stand for a voice that is no person's, to List 19, lower case (AUDIOBOOKS 1.5).
        product_form: List 150, for every row.
        primary_content_type: List 81, for every row.
        subject_scheme: List 27.
        sales_rights_type: List 46, for the countries included.
        elsewhere: List 46, for countries excluded or not named.
    """

    what: str
    columns: Columns
    prices: tuple[PriceColumn, ...] = ()
    sheet: str | None = None
    separator: str = ";"
    date_order: Literal["iso", "dmy", "mdy"] = "iso"
    decimal_comma: bool = False
    status: dict[str, str] = {}
    availability: dict[str, str] = {}
    abridged: dict[str, str] = {}
    voices: dict[str, str] = {}
    product_form: str = "AJ"
    primary_content_type: str | None = "01"
    subject_scheme: str = "10"
    sales_rights_type: Literal["01", "02"] = "02"
    elsewhere: Literal["03", "04", "05", "06"] = "03"

    def fingerprint(self) -> str:
        """SHA-256 of the mapping: a row read by another mapping is another record."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def headings(self) -> list[str]:
        """All headings the mapping names."""
        named = [heading for heading in self.columns.model_dump().values() if heading]
        return named + [price.column for price in self.prices]


def load_mapping(name: str, folder: Path | None = None) -> ColumnMapping:
    """Reads a column mapping.

    Args:
        name: The file's name without its ending.
        folder: Where mappings are; the project's by default.

    Raises:
        ConfigurationError: There is no such mapping, or it isn't valid.
    """
    folder = folder or PROJECT / "include" / "mappings"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if name not in known:
        what = f"There is no column mapping {name!r}."
        raise ConfigurationError(
            what, fix=f"Use one of: {', '.join(known) or 'none yet'}; or write {folder}/{name}.yaml."
        )
    return load_declaration(folder / f"{name}.yaml", ColumnMapping)
