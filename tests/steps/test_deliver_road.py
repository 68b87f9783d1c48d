"""The whole road twice: what one catalogue delivers is another one's feed, and means the same there."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lxml import etree

from bindery.claims import AcknowledgedDelivery, GatedMessage, JudgedMessage, Receipt
from bindery.delivery.declarations import load_recipient
from bindery.feeds.declaration import Feed, FolderTransport
from bindery.home import PROJECT, Home
from bindery.steps import deliver, merge, read, stage
from tests.catalogue.feeding import RUN
from tests.delivery.catalogue import Title, write

STORE = load_recipient(PROJECT / "include/recipients/listenwell.yaml")
FEED = Feed(
    name="north_daily",
    supplier="north",
    title="North",
    owner="tests",
    transport=FolderTransport(kind="folder", path="in"),
)
SALT = Title("9780000000002")
EMBER = Title("9780000000019", title="Ember & Ash", countries=("GB",))


def delivered(home: Home, day: str) -> Path:
    plan = deliver.check(deliver.plan(STORE, day, home=home), STORE, home=home)
    rendered = [deliver.render(plan, STORE, shard, home=home) for shard in deliver.shards(plan)]
    sent = deliver.send(deliver.package(plan, STORE, rendered, home=home), STORE, home=home)
    deliver.settle(AcknowledgedDelivery(sent=sent, status="accepted"), STORE, home=home)
    return home.root / sent.destination / sent.package.files[0]


def received(home: Home, file: Path, day: str) -> None:
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    archived = home.archive / file.name
    archived.parent.mkdir(parents=True, exist_ok=True)
    archived.write_bytes(data)
    receipt = Receipt(
        supplier="north",
        feed=FEED.name,
        feed_day=date.fromisoformat(day),
        name=file.name,
        message_id=digest,
        path=archived.relative_to(home.root).as_posix(),
        size=len(data),
    )
    message = read.read(receipt, FEED, home=home)
    work = home.root / message.work
    everything_passes = pa.table(
        {
            "position": pa.array(range(message.received), pa.int64()),
            "verdict": pa.array(["pass"] * message.received, pa.string()),
            "reason": pa.nulls(message.received, pa.string()),
        }
    )
    pq.write_table(everything_passes, work / "verdicts.parquet")
    pq.write_table(pq.read_table(work / "read_findings.parquet"), work / "findings.parquet")
    judged = JudgedMessage(message=message, findings=0, blocked=0)
    stage.stage(GatedMessage(judged=judged, held=False), FEED, home=home)
    merge.merge(home, RUN)


def texts(file: Path, path: str) -> list[str | None]:
    return [found.text for found in etree.parse(file).iterfind(path)]


@pytest.mark.slow
def test_what_we_deliver_reads_back_as_what_we_meant(tmp_path: Path) -> None:
    ours, theirs = Home(tmp_path / "ours"), Home(tmp_path / "theirs")
    write(ours, [SALT, EMBER])
    received(theirs, delivered(ours, "2026-11-22"), "2026-11-22")
    passed_on = delivered(theirs, "2026-11-22")
    assert texts(passed_on, "{*}Product/{*}RecordReference") == [
        "bindery.edition.9780000000002",
        "bindery.edition.9780000000019",
    ]
    assert texts(passed_on, ".//{*}TitleElement[{*}TitleElementLevel='01']/{*}TitleText") == [
        "The Salt Road",
        "Ember & Ash",
    ]
    assert texts(passed_on, ".//{*}SalesRights/{*}Territory/{*}CountriesIncluded") == ["GB US", "GB"]
    assert texts(passed_on, ".//{*}PriceAmount") == ["12.99", "19.50", "12.99"]

    # What we withdraw is taken down there, and passed on as a withdrawal (law 3).
    write(ours, [SALT.but(offered=False), EMBER])
    received(theirs, delivered(ours, "2026-11-23"), "2026-11-23")
    withdrawn = delivered(theirs, "2026-11-23")
    assert texts(withdrawn, "{*}Product/{*}RecordReference") == ["bindery.edition.9780000000002"]
    assert texts(withdrawn, ".//{*}PublishingStatus") == ["11"]
    assert texts(withdrawn, ".//{*}ProductAvailability") == ["46"]

    # What is gone from our catalogue is deleted there, and passed on as deleted.
    write(ours, [SALT.but(offered=False)])
    received(theirs, delivered(ours, "2026-11-24"), "2026-11-24")
    deleted = delivered(theirs, "2026-11-24")
    assert texts(deleted, "{*}Product/{*}NotificationType") == ["05"]
