"""The rules over records: each check passes what it should and fails what it should, and says so in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bindery.catalogue.record import SalesRights
from bindery.errors import ConfigurationError
from bindery.quality import judge
from bindery.quality.rules import Suite, rules, suites
from tests.quality.records import (
    DESCRIPTION,
    block_update,
    contributor,
    delete,
    descriptive,
    price,
    record,
    subject,
    text,
    unreadable,
    write,
)
from tests.trade.builders import market, publishing, right, territory

SENT_ON = date(2026, 3, 1)


def _rights(*rights: SalesRights, row: str | None = None, **changes: Any) -> dict[str, Any]:
    """A good record with these rights."""
    return record(publishing=publishing(*rights, row=row)) | changes


Case = tuple[dict[str, Any], dict[str, Any], str]
CASES: dict[str, Case] = {
    # check: (a record that passes, one that fails, what the finding's text names)
    "R1.reference": (record(), record(record_reference=None), "no RecordReference"),
    "R1.notification_stated": (delete(), record(notification_type=""), "no NotificationType"),
    "R1.notification_known": (record(notification_type="02"), record(notification_type="77"), "77"),
    "R1.identifier": (delete(), record(identifiers=[], isbn13=None, isbn_problem="missing"), "no ProductIdentifier"),
    "R2.isbn": (
        delete(isbn_problem="missing"),
        record(identifiers=[{"type": "15", "value": "9783161484101"}], isbn13=None, isbn_problem="check_digit"),
        "(check_digit). Identifiers as sent: type 15: 9783161484101.",
    ),
    "R3.title": (block_update(0, "supply", price_currency="EUR"), record(title=None), "no distinctive title"),
    "Q3.rights": (
        record(),
        _rights(right("01", inc="GB US MX"), right("03", inc="US MX"), row="03", rights_status="contradictory"),
        "SalesRights 1 (type 01) allows and SalesRights 2 (type 03) denies MX, US.",
    ),
    "Q3.country_known": (
        _rights(right("01", inc="GB"), row="03"),
        _rights(right("01", inc="UK"), row="03"),
        "no country: UK (touches GB).",
    ),
    "Q3.region_known": (
        _rights(right("01", reg="WORLD")),
        _rights(right("01", reg="WORLD", rexc="AFR")),
        "no region: AFR (touches every country).",
    ),
    "Q3.country_current": (
        _rights(right("01", inc="CW"), row="03"),
        _rights(right("01", inc="AN"), row="03"),
        "AN (touches BQ, CW, SX).",
    ),
    "Q3.country_whole": (
        _rights(right("01", reg="CN-TW"), row="03"),
        _rights(right("01", reg="CA-QC US-NY"), row="03"),
        "CA-QC, US-NY (touches CA, US).",
    ),
    "Q3.codes_apart": (
        _rights(right("01", inc="GB"), row="03"),
        _rights(right("01", inc="AT,BE,CH,DE,ES,FR,IT IE"), row="03"),
        "AT,BE,CH,DE,ES,FR,IT (touches AT, BE, CH, DE, ES and 2 more).",
    ),
    "Q3.row_type": (
        _rights(right("01", inc="GB"), row="03"),
        _rights(right("01", inc="GB"), right("03", reg="ROW")),
        "ROW (touches no country).",
    ),
    "Q3.world_alone": (
        _rights(right("01", reg="WORLD", rexc="CA-QC")),
        _rights(right("01", reg="WORLD CA-QC")),
        "CA-QC (touches CA).",
    ),
    "Q3.something_included": (
        _rights(right("01", reg="WORLD", exc="US")),
        _rights(right("01", exc="US"), row="03"),
        "excludes US (touches AD, AE, AF, AG, AI and 243 more), but",
    ),
    "Q3.included_or_excluded": (
        _rights(right("01", inc="GB"), row="03"),
        _rights(right("01", inc="GB US", exc="US"), row="03"),
        "US (touches US).",
    ),
    "Q3.type_known": (
        _rights(right("02", inc="GB"), row="00"),
        _rights(right("00", inc="GB"), row="03"),
        "nor denies: 00 (touches GB).",
    ),
    "Q3.restriction_stated": (
        _rights(right("07", "12", inc="GB"), row="03"),
        _rights(right("08", inc="GB"), row="03"),
        "there is none: type 08 (touches GB).",
    ),
    "Q3.within_markets": (
        _rights(right("01", inc="GB"), row="03", supply=[market(market=territory("GB IE"))]),
        _rights(right("01", inc="GB US"), row="03", supply=[market(market=territory("GB IE"))]),
        "no market of the record supplies: US.",
    ),
    "Q4.rights_missing": (block_update(0, "supply"), record(rights_status="none"), "No sales rights"),
    "Q4.rights_cover": (
        record(),
        _rights(right("01", reg="WORLD", exc="US CA"), rights_status="incomplete"),
        "whether it may be sold in CA, US, and ROWSalesRightsType is missing or 00.",
    ),
    "Q5.price": (
        record(price_count=0, price_amount=None, price_currency=None, supply=[]),
        record(price_problem="currency", price_currency=None, supply=[price("12.99", None)]),
        "(currency). Prices as sent: 12.99 no currency (type 02).",
    ),
    "Q5.price_positive": (record(price_amount=Decimal("0.01")), record(price_amount=Decimal(0)), "The price is 0 EUR."),
    "Q5.price_filler": (record(price_amount=Decimal(9999)), record(price_amount=Decimal("9999.99")), "9999.99 EUR"),
    "W1.narrator": (record(narrators=[], narration_type="ai_voice"), record(narrators=[]), "No narrator"),
    "W1.narrator_filler": (record(narrators=["Nona Null"]), record(narrators=["N/A"]), "'N/A'"),
    "W2.duration": (block_update(0, "collateral"), record(duration_seconds=None), "No duration"),
    "W2.duration_plausible": (record(duration_seconds=60), record(duration_seconds=11), "11 seconds"),
    "W2.language": (record(), record(language=None), "No language"),
    "W2.language_code": (record(language="swe"), record(language="en-GB"), "'en-GB'"),
    "W2.edition_type": (record(abridged="yes"), record(abridged="unknown"), "neither ABR nor UBR"),
    "W3.synthetic_suspected": (
        record(narrators=["Virtual Voice"], narration_type="ai_voice"),
        record(narrators=["Virtual Voice"]),
        "'Virtual Voice'",
    ),
    "W3.voice_replica_named": (
        record(narration_type="voice_replica"),
        record(narration_type="voice_replica", narrators=[]),
        "no voice actor",
    ),
    "W4.description": (record(), record(description=None, collateral=None), "no description"),
    "W4.description_length": (record(description="x" * 50), record(description="x" * 49), "49 characters"),
    "W4.description_filler": (record(description="Test pilots fly."), record(description="TBC"), "'TBC'"),
    "W4.title_filler": (record(title="Null Island"), record(title="n/a"), "'n/a'"),
    "W5.main_subject": (record(), record(main_subject=None), "no main subject"),
    "W6.cover": (block_update(0, "descriptive"), record(cover_link=None), "no link"),
    "W6.cover_address": (record(cover_link="http://a.example/1.jpg"), record(cover_link="emma.jpg"), "'emma.jpg'"),
    "W8.isni": (
        record(descriptive=descriptive(contributors=[contributor(identifiers=[]), contributor()])),
        record(descriptive=descriptive(contributors=[contributor(identifiers=[])])),
        "None of 1 contributors",
    ),
    "W10.audience": (
        record(descriptive=descriptive(subjects=[subject("93", "FP")])),
        record(descriptive=descriptive(subjects=[subject("10", "FIC027010")], audiences=[])),
        "FIC027010",
    ),
    "W11.description_hidden": (
        record(description=DESCRIPTION, collateral={"texts": [text("03", ["02"]), text("03", ["03"])]}),
        record(description=None, collateral={"texts": [text("03", ["02"])]}),
        "(1) are for the trade only",
    ),
    "W12.form_stated": (record(), record(product_form=None), "No ProductForm"),
    "W12.form_known": (record(product_form="AO"), record(product_form="QQ"), "QQ"),
    "W13.year": (record(publication_date=None), record(publication_date=date(1900, 1, 1)), "1900"),
    "W13.far_ahead": (
        record(publication_date=date(2036, 3, 1)),
        record(publication_date=date(2037, 3, 1)),
        "4018 days",
    ),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """All cases judged as one message: the case's number twice is the one that passes, plus one the one that fails."""
    records = []
    for number, (good, bad, _) in enumerate(CASES.values()):
        for step, case in enumerate((good, bad)):
            source = {"byte_start": 7000 + 2 * number + step, "byte_end": 9000, "line": 500 + 2 * number + step}
            records.append(case | {"position": 2 * number + step, "source": source})
    path = write(tmp_path_factory.mktemp("judge") / "records.parquet", records)
    found: list[dict[str, Any]] = judge.findings_of(path, sent_on=SENT_ON).to_pylist()
    return found


def test_every_check_has_a_record_that_passes_and_one_that_fails() -> None:
    checks = {f"{check.rule}.{check.check}" for rule in rules().values() for check in rule.checks}
    mine = {name for name in checks if _check(name).raised_by == "judge"}
    assert mine - CASES.keys() == set(), "these checks lack fixtures"
    assert CASES.keys() - mine == set(), "these fixtures are of no check"


def _check(name: str) -> Any:
    rule, _, check = name.partition(".")
    return next(one for one in rules()[rule].checks if one.check == check)


def _said(judged: list[dict[str, Any]], name: str, position: int) -> list[dict[str, Any]]:
    check = _check(name)
    at = [one for one in judged if one["position"] == position and one["rule"] == check.rule]
    return [one for one in at if one["path"] == check.path and one["fix"] == check.fix]


@pytest.mark.parametrize("name", CASES)
def test_a_check_fails_the_bad_record_and_passes_the_good_one(judged: list[dict[str, Any]], name: str) -> None:
    number = list(CASES).index(name)
    words = CASES[name][2]
    assert _said(judged, name, 2 * number) == []
    (found,) = _said(judged, name, 2 * number + 1)
    assert words in found["text"]
    assert found["severity"] == _check(name).severity
    assert (found["line"], found["byte_start"]) == (501 + 2 * number, 7001 + 2 * number)


def test_a_good_record_a_bare_delete_and_a_bare_block_update_have_no_findings(tmp_path: Path) -> None:
    supply = {"price_amount": Decimal(5), "price_currency": "EUR"}
    path = write(tmp_path / "r.parquet", [record(0), delete(1), block_update(2, "supply", **supply), block_update(3)])
    assert judge.findings_of(path, sent_on=SENT_ON).to_pylist() == []


def test_a_misuse_in_a_market_is_told_from_one_in_the_rights(tmp_path: Path) -> None:
    held = _rights(right("01", inc="IE EL"), row="03", supply=[market(market=territory("IE UK"))])
    update = block_update(1, "supply", supply=[market(market=territory("UK"))])
    found = judge.findings_of(write(tmp_path / "r.parquet", [held, update]), sent_on=SENT_ON).to_pylist()
    assert [(one["position"], one["text"]) for one in found] == [
        (0, "Rights or markets name what is no country: EL (touches GR); UK in a market (touches GB)."),
        (1, "Rights or markets name what is no country: UK in a market (touches GB)."),
    ]


def test_rights_that_cannot_be_trusted_say_why(tmp_path: Path) -> None:
    mixed = _rights(right("01", reg="WORLD CA-QC"), rights_status="contradictory")
    found = judge.findings_of(write(tmp_path / "r.parquet", [mixed]), sent_on=SENT_ON)
    assert found["text"].to_pylist()[0] == (
        "The sales rights are contradictory: it isn't certain what they mean (world_with_regions)."
    )


def test_unreadable_records_and_those_out_of_scope_are_not_judged(tmp_path: Path) -> None:
    path = write(
        tmp_path / "r.parquet", [unreadable(0), record(1, scope="not_audio", title=None), record(2, scope="test")]
    )
    assert judge.findings_of(path, sent_on=None).to_pylist() == []


def test_a_message_without_records_has_no_findings(tmp_path: Path) -> None:
    assert judge.findings_of(write(tmp_path / "r.parquet", []), sent_on=None).num_rows == 0


@pytest.mark.slow
def test_all_failing_records_are_named_over_several_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "BATCH_ROWS", 1_000)
    path = write(tmp_path / "r.parquet", [record(at, cover_link=None) for at in range(2_500)])
    found = judge.findings_of(path, sent_on=SENT_ON)
    assert found["position"].to_pylist() == list(range(2_500))
    assert set(found["rule"].to_pylist()) == {"W6"}


def test_only_r_rules_block() -> None:
    blocking = {
        one.meta.rule for suite in suites().values() for one in suite.expectations if one.meta.severity == "block"
    }
    assert blocking == {"R1", "R2", "R3"}


def _broken(**changes: Any) -> Suite:
    """A suite with one expectation, changed behind the model's back."""
    (suite,) = suites().values()
    return suite.model_copy(update={"expectations": [suite.expectations[0].model_copy(update=changes)]})


@pytest.mark.parametrize("changes", [{"type": "expect_column_values_to_be_heavenly"}, {"severity": "fatal"}])
def test_an_expectation_that_great_expectations_drops_is_missed(changes: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=r"dropped from suite records: R1\.reference"):
        judge.built(_broken(**changes))


def test_an_expectation_with_wrong_arguments_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="Suite records can't be built"):
        judge.built(_broken(kwargs={"column": "title", "colour": "red"}))


def test_an_expectation_that_cannot_run_is_no_finding_but_an_error() -> None:
    import pandas as pd

    frame = pd.DataFrame({"title": ["Emma"]})
    with pytest.raises(ConfigurationError, match=r"R1\.reference could not be run"):
        judge.failing(frame, judge.built(_broken()))
