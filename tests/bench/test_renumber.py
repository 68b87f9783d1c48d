from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from stdnum import isbn, isni

from bindery.catalogue.record_schema import READ_SCHEMA
from bindery.home import Home
from bindery.reading import Batch
from bindery.steps.derive import records_table
from bindery.steps.read import open_message
from tests.bench.messages import archived, path_of
from tests.bench.renumber import copies, names, references, words

READ = 20


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Three copies of each of twenty records, the first under the numbers they were read with."""
    home = Home(Path(tmp_path_factory.mktemp("home")))
    path = path_of(archived(home, titles=READ), home)
    with open_message(path, message_format="onix", mapping=None) as message:
        read = pa.concat_tables(batch.table for batch in message.batches()).select(READ_SCHEMA.names)
    numbers = np.arange(READ * 3)
    made = copies(
        read,
        numbers % READ,
        reference=references("northwind", numbers),
        was=names("northwind", "97819", np.arange(READ)),
        now=names("northwind", "97819", numbers),
        numbers=numbers,
        families=numbers // READ,
    )
    return records_table(Batch(made), None, test_records=False)


def test_every_copy_is_another_title_of_another_isbn(copied: pa.Table) -> None:
    for column in ("isbn13", "record_reference", "title", "content_hash", "bytes_hash", "cover_link", "description"):
        assert len(set(copied[column].to_pylist())) == READ * 3, column
    assert all(isbn.is_valid(one) for one in copied["isbn13"].to_pylist())
    assert copied["isbn13"][READ].as_py().startswith("978190000020")


def test_the_printed_book_and_the_work_are_others_too(copied: pa.Table) -> None:
    related = copied["related"].to_pylist()
    assert related[READ]["works"][0]["identifiers"][0]["value"] == "NOW0000020"
    assert related[READ]["products"][0]["identifiers"][0]["value"].startswith("978195000020")


def test_people_of_a_family_bear_one_name_and_have_one_isni(copied: pa.Table) -> None:
    people = [row["contributors"] for row in copied["descriptive"].to_pylist()]
    first, second = people[0][0], people[READ][0]
    assert first["names_before_key"] == second["names_before_key"]
    assert first["key_names"] != second["key_names"]
    assert second["name"] == f"{second['names_before_key']} {second['key_names']}"
    assert second["name_inverted"].startswith(second["key_names"])
    stated = [
        one["value"] for person in people for each in person for one in each["identifiers"] if one["type"] == "16"
    ]
    assert stated
    assert all(isni.is_valid(one) for one in stated)


def test_rights_prices_and_texts_stay_as_they_were_read(copied: pa.Table) -> None:
    for column in ("publishing", "supply", "sale_countries", "price_amount", "duration_seconds", "main_subject"):
        values = copied[column].to_pylist()
        assert values[:READ] == values[READ : 2 * READ] == values[2 * READ :], column


def test_words_of_a_hundred_thousand_numbers_differ() -> None:
    assert len(set(words(np.arange(100_000)).to_pylist())) == 100_000
