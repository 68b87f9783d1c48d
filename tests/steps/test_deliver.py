from __future__ import annotations

import csv
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq
import pytest
from lxml import etree

from bindery.claims import AcknowledgedDelivery, Package, Plan, SentDelivery
from bindery.delivery import destinations
from bindery.delivery.declarations import load_recipient
from bindery.delivery.recipient import Recipient
from bindery.errors import ConfigurationError, LawBrokenError, RefusedError, UnreachableError
from bindery.home import PROJECT, Home
from bindery.steps import deliver
from tests.delivery.catalogue import Title, day, publishing, read, write

pytestmark = pytest.mark.slow

STORE = load_recipient(PROJECT / "include/recipients/listenwell.yaml")
LAKE = load_recipient(PROJECT / "include/recipients/audiolake.yaml")
DAY = "2026-11-23"

SALT = Title("9780000000002")
EMBER = Title("9780000000019", title="Ember")
TIDE = Title("9780000000026", title="Tide", countries=("DE",))
STREAM = Title("9780000000033", title="Stream", model="subscription")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def packed(home: Home, recipient: Recipient = STORE, key: str | None = DAY, **changes: Any) -> Package:
    plan = checked(home, recipient, key, **changes)
    rendered = [deliver.render(plan, recipient, shard, home=home) for shard in deliver.shards(plan)]
    return deliver.package(plan, recipient, rendered, home=home)


def checked(home: Home, recipient: Recipient = STORE, key: str | None = DAY, **changes: Any) -> Plan:
    return deliver.check(deliver.plan(recipient, key, home=home, **changes), recipient, home=home)


def sent(home: Home, recipient: Recipient = STORE, key: str | None = DAY) -> SentDelivery:
    return deliver.send(packed(home, recipient, key), recipient, home=home)


def delivered(home: Home, recipient: Recipient = STORE, key: str | None = DAY) -> AcknowledgedDelivery:
    arrived = sent(home, recipient, key)
    answer = AcknowledgedDelivery(sent=arrived, status="accepted")
    deliver.settle(answer, recipient, home=home)
    return answer


def items(home: Home, plan: Plan) -> list[tuple[str, str]]:
    table = pq.read_table(home.root / plan.work / "items.parquet")
    return list(zip(table["action"].to_pylist(), table["isbn13"].to_pylist(), strict=True))


def accepted(home: Home) -> dict[str, str]:
    return {row["isbn13"]: row["action"] for row in read(home, "accepted_items").to_pylist()}


def tree(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_recipient_gets_what_it_may_sell_and_nothing_else(home: Home) -> None:
    write(home, [SALT, TIDE, STREAM, EMBER.but(offered=False)])
    assert items(home, deliver.plan(STORE, DAY, home=home)) == [("upsert", SALT.isbn13)]
    assert items(home, deliver.plan(LAKE, DAY, home=home)) == [("upsert", STREAM.isbn13)]


def test_countries_are_those_of_the_offer_that_the_recipient_serves(home: Home) -> None:
    write(home, [SALT.but(countries=("DE", "GB", "IE"))])
    plan = deliver.plan(STORE, DAY, home=home)
    table = pq.read_table(home.root / plan.work / "items.parquet")
    assert table["countries"].to_pylist() == [["GB", "IE"]]


def test_an_accepted_delivery_leaves_nothing_to_send(home: Home) -> None:
    write(home, [SALT, EMBER])
    delivered(home)
    plan = deliver.plan(STORE, DAY, home=home)
    assert (plan.items, plan.number) == (0, 2)
    assert deliver.shards(plan) == []


def test_withdrawals_come_before_everything_else(home: Home) -> None:
    write(home, [SALT, EMBER])
    delivered(home)
    write(home, [SALT.but(language="fre"), EMBER.but(offered=False)])
    plan = deliver.plan(STORE, DAY, home=home)
    assert items(home, plan) == [("withdraw", EMBER.isbn13), ("upsert", SALT.isbn13)]
    assert plan.withdrawals == 1


def test_a_title_that_left_the_catalogue_is_withdrawn_by_deleting_its_record(home: Home) -> None:
    write(home, [SALT, EMBER])
    delivered(home)
    write(home, [SALT])
    package = packed(home)
    message = etree.parse(home.root / package.folder / package.files[0])
    assert message.findtext(".//{*}NotificationType") == "05"


def test_a_withdrawal_is_sent_once(home: Home) -> None:
    write(home, [SALT])
    delivered(home)
    write(home, [SALT.but(offered=False)])
    delivered(home)
    assert accepted(home) == {SALT.isbn13: "withdraw"}
    assert deliver.plan(STORE, DAY, home=home).items == 0


def test_a_title_below_the_minimum_is_omitted_for_that_recipient_only(home: Home) -> None:
    write(home, [SALT, EMBER.but(language=None), EMBER.but(language=None, model="subscription")])
    lenient = LAKE.model_copy(update={"requires": ("title",)})
    strict_plan, lenient_plan = checked(home, STORE), checked(home, lenient)
    assert items(home, strict_plan) == [("upsert", SALT.isbn13)]
    assert items(home, lenient_plan) == [("upsert", EMBER.isbn13)]
    assert (strict_plan.items, strict_plan.omitted, lenient_plan.omitted) == (1, 1, 0)
    omissions = pq.read_table(home.root / strict_plan.work / "omissions.parquet").to_pylist()
    assert omissions == [{"isbn13": EMBER.isbn13, "title": "Ember", "reason": "it states no language"}]


def test_a_title_not_yet_announced_is_not_shown_before_its_day(home: Home) -> None:
    secret = {**publishing(), "dates": [day("09", "2026-12", "month")]}
    write(home, [SALT.but(changes={"publishing": secret})])
    before, after = checked(home, key="2026-12-30"), checked(home, key="2026-12-31")
    assert (before.items, before.omitted) == (0, 1)
    assert (after.items, after.omitted) == (1, 0)
    omissions = pq.read_table(home.root / before.work / "omissions.parquet").to_pylist()
    assert omissions == [{"isbn13": SALT.isbn13, "title": None, "reason": "it is not announced before 2026-12-31"}]


def test_an_announcement_date_nobody_can_read_keeps_the_title_here(home: Home) -> None:
    unreadable = {"role": "10", "raw": "soon", "format": None, "date": None, "precision": None}
    write(home, [SALT.but(changes={"publishing": {**publishing(), "dates": [unreadable]}})])
    assert checked(home).items == 0


def test_a_held_title_whose_countries_changed_is_withdrawn_when_its_update_may_not_go(home: Home) -> None:
    write(home, [SALT, EMBER])
    delivered(home)
    write(home, [SALT.but(language=None, countries=("GB",)), EMBER.but(language=None)])
    plan = checked(home)
    assert items(home, plan) == [("withdraw", SALT.isbn13)]
    assert plan.omitted == 2


def test_a_title_put_under_embargo_again_is_taken_back_without_its_metadata(home: Home) -> None:
    write(home, [SALT])
    delivered(home)
    secret = {**publishing(), "dates": [day("09", "2027-01-01")]}
    write(home, [SALT.but(title="Secret", changes={"publishing": secret})])
    package = packed(home)
    written = (home.root / package.folder / package.files[0]).read_text("utf-8")
    assert "<NotificationType>05</NotificationType>" in written
    assert "Secret" not in "".join(path.read_text("utf-8") for path in (home.root / package.folder).iterdir())


def test_the_same_plan_is_the_same_bytes(home: Home, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = Home(tmp_path_factory.mktemp("other"))
    for recipient, title in ((STORE, SALT), (LAKE, STREAM)):
        write(home, [title, EMBER])
        write(other, [EMBER, title])
        first, again, elsewhere = packed(home, recipient), packed(home, recipient), packed(other, recipient)
        assert first == again == elsewhere
        assert [(other.root / elsewhere.folder / name).read_bytes() for name in elsewhere.files] == [
            (home.root / first.folder / name).read_bytes() for name in first.files
        ]


def test_the_manifest_lists_every_file_with_size_and_hash(home: Home) -> None:
    write(home, [SALT, EMBER])
    package = packed(home)
    folder = home.root / package.folder
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert package.files[-1] == "manifest.json"
    assert [file["name"] for file in manifest["files"]] == list(package.files[:-1])
    for file in manifest["files"]:
        data = (folder / file["name"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert (manifest["items"], manifest["withdrawals"], manifest["specification"]) == (2, 0, "onix_3.0")


def test_json_lines_and_parquet_hold_the_same(home: Home) -> None:
    write(home, [STREAM])
    package = packed(home, LAKE)
    folder = home.root / package.folder
    lines = [json.loads(line) for line in gzip.decompress((folder / package.files[0]).read_bytes()).splitlines()]
    assert pq.read_table(folder / package.files[1]).to_pylist() == lines
    (row,) = lines
    assert row["price"] == {"amount": "0.80", "currency": "GBP"}
    assert row["narration_type"] == "voice_replica"
    assert row["countries"] == ["GB", "US"]
    assert row["publication_date"] == "2026-03-31"
    assert row["provenance"]["descriptive"] == {
        "supplier": "north",
        "record_reference": f"ref-{STREAM.isbn13}",
        "content_hash": STREAM.hash,
    }


def test_omissions_are_text_and_never_a_formula(home: Home) -> None:
    write(home, [SALT, EMBER.but(title='=HYPERLINK("http://x")', language=None)])
    package = packed(home)
    with (home.root / package.folder / "omissions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["isbn13", "title", "reason"],
        [EMBER.isbn13, '\'=HYPERLINK("http://x")', "it states no language"],
    ]


def test_a_package_that_does_not_carry_its_plan_is_not_made(home: Home) -> None:
    write(home, [SALT, EMBER])
    plan = checked(home)
    rendered = deliver.render(plan, STORE, 0, home=home)
    shard = home.root / rendered
    lines = shard.read_bytes().splitlines(keepends=True)
    for damaged in (lines[:1], lines + lines[-1:], lines[::-1]):
        shard.write_bytes(b"".join(damaged))
        with pytest.raises(LawBrokenError, match=plan.delivery_id):
            deliver.package(plan, STORE, [rendered], home=home)
    with pytest.raises(LawBrokenError):
        deliver.package(plan, STORE, [], home=home)


def test_a_net_price_in_a_shard_stops_the_delivery(home: Home) -> None:
    write(home, [SALT])
    plan = checked(home)
    rendered = deliver.render(plan, STORE, 0, home=home)
    shard = home.root / rendered
    shard.write_bytes(shard.read_bytes().replace(b"<PriceType>02<", b"<PriceType>05<"))
    with pytest.raises(LawBrokenError, match="E2"):
        deliver.package(plan, STORE, [rendered], home=home)


def test_many_titles_are_rendered_in_shards(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "SHARD_ITEMS", 2)
    titles = [Title(f"97800000001{number:02}") for number in range(5)]
    write(home, titles)
    plan = checked(home)
    assert deliver.shards(plan) == [0, 1, 2]
    package = packed(home)
    message = etree.parse(home.root / package.folder / package.files[0])
    assert len(message.findall("{*}Product")) == 5


def test_nothing_is_sent_twice(home: Home) -> None:
    write(home, [SALT])
    first = sent(home)
    before = tree(home.root / "outbox")
    assert sorted(before) == sorted(
        f"listenwell/{first.package.plan.delivery_id}/{name}" for name in first.package.files
    )
    assert sent(home) == first
    assert tree(home.root / "outbox") == before


def test_a_file_cut_off_on_the_way_is_sent_again(home: Home) -> None:
    write(home, [SALT])
    first = sent(home)
    target = home.root / first.destination / first.package.files[0]
    whole = target.read_bytes()
    target.write_bytes(whole[:100])
    assert deliver.acknowledgement(first, STORE, home=home) is None
    deliver.send(first.package, STORE, home=home)
    assert target.read_bytes() == whole
    assert deliver.acknowledgement(first, STORE, home=home) == AcknowledgedDelivery(sent=first, status="accepted")


@pytest.mark.parametrize("survived", range(4))
def test_cut_off_after_any_file_the_rest_follows_and_the_manifest_is_last(
    home: Home, monkeypatch: pytest.MonkeyPatch, survived: int
) -> None:
    write(home, [STREAM])
    package = packed(home, LAKE)
    real, calls = destinations.shutil.copyfile, []

    def cut_off(source: Path, target: Path) -> object:
        calls.append(Path(source).name)
        if len(calls) > survived:
            Path(target).write_bytes(Path(source).read_bytes()[:7])
            message = "the line went dead"
            raise OSError(message)
        return real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(destinations.shutil, "copyfile", cut_off)
        with pytest.raises(UnreachableError, match="line went dead"):
            deliver.send(package, LAKE, home=home)
    there = home.root / "outbox/audiolake" / package.plan.delivery_id
    assert not (there / "manifest.json").exists()
    arrived = deliver.send(package, LAKE, home=home)
    assert arrived == deliver.send(package, LAKE, home=home)
    assert {path.name for path in there.iterdir() if not path.name.startswith(".")} == set(package.files)
    assert calls == list(package.files[: survived + 1])


def test_killed_between_send_and_settle_the_same_delivery_is_taken_up_again(home: Home) -> None:
    write(home, [SALT])
    first = sent(home)
    again = sent(home)
    assert again == first
    deliver.settle(AcknowledgedDelivery(sent=again, status="accepted"), STORE, home=home)
    assert [row.state for row in deliver.deliveries(home)] == ["accepted"]


def test_a_delivery_given_up_after_it_was_sent_is_made_good_by_the_next(home: Home) -> None:
    write(home, [SALT, EMBER])
    lost = sent(home)
    write(home, [SALT.but(offered=False), EMBER])
    plan = deliver.plan(STORE, DAY, home=home)
    # The recipient may have taken SALT: it must be told to take it down.
    assert items(home, plan) == [("withdraw", SALT.isbn13), ("upsert", EMBER.isbn13)]
    assert plan.number == 2
    delivered(home)
    assert [(row.number, row.state) for row in deliver.deliveries(home)] == [(1, "silent"), (2, "accepted")]
    assert deliver.deliveries(home)[0].delivery_id == lost.package.plan.delivery_id
    assert accepted(home) == {SALT.isbn13: "withdraw", EMBER.isbn13: "upsert"}


def test_settling_twice_writes_once(home: Home) -> None:
    write(home, [SALT, EMBER.but(language=None)])
    answer = delivered(home)
    assert deliver.settle(answer, STORE, home=home).rows == 0
    assert [row.number for row in deliver.deliveries(home)] == [1]
    assert read(home, "delivery_items").num_rows == 1
    assert read(home, "omissions").to_pylist() == [
        {"recipient": "listenwell", "isbn13": EMBER.isbn13, "reason": "it states no language"}
    ]


def test_a_plan_with_nothing_to_send_still_settles_its_omissions(home: Home) -> None:
    write(home, [SALT.but(language=None)])
    plan = checked(home)
    deliver.settle(plan, STORE, home=home)
    assert read(home, "omissions").num_rows == 1
    assert deliver.deliveries(home) == []


def test_a_rejected_title_is_not_accepted_and_comes_again(home: Home) -> None:
    write(home, [SALT, EMBER])
    answer = AcknowledgedDelivery(sent=sent(home), status="accepted", rejected=(EMBER.isbn13,))
    deliver.settle(answer, STORE, home=home)
    assert accepted(home) == {SALT.isbn13: "upsert"}
    assert items(home, deliver.plan(STORE, DAY, home=home)) == [("upsert", EMBER.isbn13)]


@pytest.mark.parametrize("state", ["rejected", "silent"])
@pytest.mark.parametrize("answered", [True, False])
def test_a_delivery_not_taken_is_made_good_by_the_next(
    home: Home, state: Literal["rejected", "silent"], *, answered: bool
) -> None:
    write(home, [SALT])
    lost = sent(home)
    unanswered = state == "silent" and not answered
    outcome = lost if unanswered else AcknowledgedDelivery(sent=lost, status=state)
    deliver.settle(outcome, STORE, home=home)
    assert [row.state for row in deliver.deliveries(home)] == [state]
    assert accepted(home) == {}
    plan = deliver.plan(STORE, DAY, home=home)
    assert (plan.number, items(home, plan)) == (2, [("upsert", SALT.isbn13)])


def receipt(home: Home, arrived: SentDelivery, content: str, *, inside: bool = True) -> None:
    folder = home.root / arrived.destination
    name = f"{arrived.package.plan.delivery_id}.ack.json"
    (folder / name if inside else folder.parent / name).write_text(content, "utf-8")


@pytest.mark.parametrize("inside", [True, False])
def test_a_receipt_says_what_was_taken(home: Home, *, inside: bool) -> None:
    write(home, [STREAM])
    arrived = sent(home, LAKE)
    assert deliver.acknowledgement(arrived, LAKE, home=home) is None
    receipt(home, arrived, '{"status": "accepted", "rejected": ["978-0-00-000003-3", "9789999999999"]}', inside=inside)
    answer = deliver.acknowledgement(arrived, LAKE, home=home)
    assert answer == AcknowledgedDelivery(sent=arrived, status="accepted", rejected=(STREAM.isbn13,))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"status": "acc', "Invalid JSON"),
        ('{"status": "perhaps"}', "status"),
        ('{"status": "accepted", "rejected": ["97800000"]}', "no ISBN-13: '97800000'"),
        ('{"status": "accepted", "delivery_id": "other-1"}', "it answers other-1"),
        ("[]", "the file"),
    ],
)
def test_a_receipt_that_makes_no_sense_is_told_and_nothing_is_accepted(home: Home, content: str, problem: str) -> None:
    write(home, [STREAM])
    arrived = sent(home, LAKE)
    receipt(home, arrived, content)
    with pytest.raises(RefusedError, match=problem) as raised:
        deliver.acknowledgement(arrived, LAKE, home=home)
    assert arrived.package.plan.delivery_id in raised.value.what


def test_a_full_delivery_sends_all_that_the_recipient_should_have(home: Home) -> None:
    write(home, [SALT, EMBER])
    delivered(home)
    plan = deliver.plan(STORE, DAY, home=home, full=True)
    assert items(home, plan) == [("upsert", SALT.isbn13), ("upsert", EMBER.isbn13)]


def test_a_changed_declaration_sends_every_title_again(home: Home) -> None:
    write(home, [SALT])
    delivered(home)
    wider = STORE.model_copy(update={"countries": ("GB", "US", "DE")})
    assert deliver.plan(wider, DAY, home=home).items == 1


def test_a_day_that_is_none_is_refused(home: Home) -> None:
    with pytest.raises(ConfigurationError, match="not a day"):
        deliver.plan(STORE, "tomorrow", home=home)
