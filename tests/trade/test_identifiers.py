from __future__ import annotations

import pytest
from bindery.catalogue.record import Identifier
from bindery.trade.identifiers import clean_isbn, isbn13_of


def ids(*pairs: tuple[str, str]) -> list[Identifier]:
    return [Identifier(type=kind, type_name=None, value=value) for kind, value in pairs]


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("9789522223562", "9789522223562"),
        ("978-952-222-356-2", "9789522223562"),
        (" 978 952 222 356 2 ", "9789522223562"),
        ("978‑952‑222‑356‑2", "9789522223562"),
        ("0007232837", "9780007232833"),  # Roseanna, GOLDEN section 7
        ("951-861-386-9", "9789518613865"),
        ("080442957X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("ISBN 978-952-222-356-2", "9789522223562"),
        ("ISBN-13: 9789522223562", "9789522223562"),
        ("ISBN9789522223562", "9789522223562"),
        ("'9789522223562", "9789522223562"),
        ('="9789522223562"', "9789522223562"),
        ("9781234567897.0", "9781234567897"),
        ("9.781234567897E+12", "9781234567897"),
        ("9.78123E+12", None),
        ("978-952-222-356-0", None),
        ("979-0-9001765-0-9", None),  # ISMN
        ("5012345678900", None),
        ("N/A", None),
        ("", None),
        ("861-386-9", None),
        ("97895222235620", None),
    ],
)
def test_an_isbn_is_cleaned_or_refused(text: str, isbn: str | None) -> None:
    assert clean_isbn(text) == isbn


@pytest.mark.parametrize(
    ("identifiers", "expected"),
    [
        (ids(("15", "9789522223562")), ("9789522223562", None)),
        (ids(("03", "9789522223562")), ("9789522223562", None)),
        (ids(("02", "951-861-386-9")), ("9789518613865", None)),
        (ids(("15", "9780007232833"), ("03", "9780007232833"), ("02", "0007232837")), ("9780007232833", None)),
        (ids(("15", "978-952-222-356-2"), ("15", "978-952-222-356-0")), ("9789522223562", None)),
        (ids(("15", "9788324799992"), ("03", "9788324788882")), ("9788324799992", None)),  # elibri, GOLDEN section 3
        (ids(("15", "9789522223562"), ("03", "9780007232833")), (None, "clash")),
        (ids(("15", "9789522223562"), ("02", "0007232837")), (None, "clash")),
        (ids(("15", "9782234567890")), (None, "check_digit")),  # GOLDEN section 7, Onix2CoreDataSample1
        (ids(("15", "9781234567890")), (None, "check_digit")),
        (ids(("15", "N/A")), (None, "malformed")),
        (ids(("15", "9790900176509")), (None, "malformed")),
        (ids(("01", "355006")), (None, "missing")),
        (ids(("03", "5012345678900")), (None, "missing")),  # a GTIN, but of no book
        (ids(("25", "9790900176509")), (None, "missing")),
        ([], (None, "missing")),
    ],
)
def test_the_isbn_of_a_record(identifiers: list[Identifier], expected: tuple[str | None, str | None]) -> None:
    assert isbn13_of(identifiers) == expected
