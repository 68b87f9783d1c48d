"""Real records of every release, read by our own reader and written again, against the official schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.delivery import render_onix
from bindery.delivery.check import check_items
from bindery.delivery.declarations import load_recipient
from bindery.delivery.items import BLOCKS, Edition
from bindery.errors import RefusedError
from bindery.home import PROJECT
from bindery.steps.derive import records_table
from bindery.steps.read import open_message
from tests.delivery.catalogue import Title

STORE = load_recipient(PROJECT / "include/recipients/listenwell.yaml").model_copy(update={"requires": ()})
DAY = date(2026, 11, 23)
RECORDS_A_FILE = 15


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with open_message(path, message_format="onix", mapping=None) as message:
            table = records_table(next(message.batches()), None, test_records=True)
    except (RefusedError, StopIteration):
        return
    known = table.filter(table["readable"]).slice(0, RECORDS_A_FILE)
    yield from known.select(VERSION_SCHEMA.names).to_pylist()


def editions_of(row: dict[str, Any], number: int) -> Iterator[Edition]:
    title = Title(f"{9780000000000 + number}")
    versions = dict.fromkeys(BLOCKS, row)
    upsert = Edition(title.item(), versions)
    going, _ = check_items([upsert], STORE, DAY)
    if going:
        yield upsert
    yield Edition(title.item("withdraw"), versions)


@pytest.mark.slow
def test_whatever_release_a_record_came_in_it_leaves_as_valid_onix_3(
    shared: Path, schema: etree.XMLSchema, tmp_path: Path
) -> None:
    corpus = shared / "corpus"
    if not corpus.is_dir():
        pytest.skip(f"the corpus is not at {corpus}")
    number, problems, written = 0, [], Counter[str]()
    for path in sorted(corpus.rglob("*.xml")):
        for row in rows_of(path):
            for edition in editions_of(row, number):
                shard, file = tmp_path / "shard.xml", tmp_path / "message.xml"
                render_onix.write_shard(shard, [edition], STORE, DAY)
                with file.open("wb") as target:
                    render_onix.write_message(target, STORE, 1, DAY, [shard])
                if not schema.validate(etree.parse(file)):
                    problems.append(f"{path.relative_to(corpus)} {edition.item['action']}: {schema.error_log}")
                written[str(edition.item["action"])] += 1
            number += 1
    assert not problems, "\n".join(problems[:20])
    assert min(written["upsert"], written["withdraw"]) > 100, written
