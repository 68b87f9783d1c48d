"""The judge: the rules over the records of one message, every failing record a finding.

Great Expectations runs the suites. Importing it costs 8 CPU seconds and 300 MB, so it is imported inside functions, and
``warm`` keeps one process that has it.

Every expectation judges a record by itself (``rules.RowRule``). So records are judged in batches that fit in
memory, and the result is the same as in one piece.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bindery.catalogue.record_schema import arrow_type
from bindery.errors import ConfigurationError
from bindery.findings import Finding, Severity
from bindery.quality import frame as judges_frame
from bindery.quality.rules import FOLDER, Suite, fields_of, suites

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations import ExpectationSuite

FINDINGS_SCHEMA = pa.schema(
    [
        pa.field(name, pa.string() if hint is Severity else arrow_type(hint))
        for name, hint in get_type_hints(Finding).items()
    ]
)
"""Columns of ``findings.parquet`` and ``read_findings.parquet``."""

BATCH_ROWS = 50_000

_ALL_FAILING_POSITIONS = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
}
"""The cheapest result that names every failing row: the frame's index is the position, so no index column is asked for.

Measured on 100,000 rows, three rules failing on nearly all: 0.14 CPU seconds; 6 with ``unexpected_index_column_names``
and values, which build a dictionary a row and a query text.
"""


def findings_of(records: Path, *, sent_on: date | None) -> pa.Table:
    """Judge the records of a message that are readable and in scope.

    Args:
        records: ``records.parquet``.
        sent_on: The day the message was sent, in UTC; None where it doesn't say.

    Returns:
        One row a failed check a record, with ``FINDINGS_SCHEMA``, in order of position and then of the suites.

    Raises:
        ConfigurationError: A suite is malformed, or an expectation could not be built or run.
    """
    found = [FINDINGS_SCHEMA.empty_table()]
    with pq.ParquetFile(records) as file:
        batches = file.iter_batches(BATCH_ROWS, columns=judges_frame.SOURCE_COLUMNS, use_threads=False)
        found.extend(findings_of_table(pa.Table.from_batches([batch]), sent_on=sent_on) for batch in batches)
    return pa.concat_tables(found)


def findings_of_table(records: pa.Table, *, sent_on: date | None) -> pa.Table:
    """The same for records in memory, with the columns of ``records.parquet``."""
    judged = records.filter(
        pc.and_(pc.and_not(records["readable"], records["is_known"]), pc.equal(records["scope"], "in"))
    )
    return _judge(judged.combine_chunks(), sent_on) if judged.num_rows else FINDINGS_SCHEMA.empty_table()


def built(suite: Suite) -> ExpectationSuite:
    """A suite in Great Expectations' hands.

    Raises:
        ConfigurationError: An expectation was dropped, which Great Expectations does with no more than a log line.
    """
    from great_expectations import ExpectationSuite as GreatSuite

    fix = f"Correct the suite {suite.name} in expectations/."
    try:
        great = GreatSuite(name=suite.name, expectations=[one.model_dump(mode="json") for one in suite.expectations])
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"Suite {suite.name} can't be built: {error}", fix=fix) from error
    kept = {(one.meta["rule"], one.meta["check"]) for one in great.expectations if one.meta}
    lost = [one.meta for one in suite.expectations if (one.meta.rule, one.meta.check) not in kept]
    if lost or len(great.expectations) != len(suite.expectations):
        names = ", ".join(f"{meta.rule}.{meta.check}" for meta in lost) or "one that is stated twice"
        raise ConfigurationError(f"Great Expectations dropped from suite {suite.name}: {names}.", fix=fix)
    return great


@lru_cache(maxsize=2)
def suites_built(folder: Path = FOLDER) -> tuple[ExpectationSuite, ...]:
    """Every suite of the folder, built once a process."""
    return tuple(built(suite) for suite in suites(folder).values())


def failing(frame: pd.DataFrame, suite: ExpectationSuite) -> list[tuple[Mapping[str, Any], list[int]]]:
    """What fails of a frame.

    Args:
        frame: A judge's frame.
        suite: Of ``suites_built``.

    Returns:
        For each expectation that fails: its ``meta`` and the positions, ascending.

    Raises:
        ConfigurationError: An expectation could not be run.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("judge").add_dataframe_asset("records")
    batch = asset.add_batch_definition_whole_dataframe("batch").get_batch({"dataframe": frame})
    results = batch.validate(_undecided(frame, suite), result_format=_ALL_FAILING_POSITIONS)
    failed: list[tuple[Mapping[str, Any], list[int]]] = []
    for result in results.results:
        if result.success:
            continue
        meta = result.expectation_config.meta if result.expectation_config else {}
        positions = result.result.get("unexpected_index_list")
        if not positions:
            raise ConfigurationError(
                f"Rule {meta['rule']}.{meta['check']} could not be run: {_reason(result.exception_info)}",
                fix="Correct its expectation in expectations/.",
            )
        failed.append((meta, sorted(int(position) for position in positions)))
    return failed


def _undecided(frame: pd.DataFrame, suite: ExpectationSuite) -> ExpectationSuite:
    """The suite without what holds at a glance: that a column is null where all of it is.

    Misuses are many kinds and each is rare; Great Expectations takes 25 ms to find none of one in 50,000 rows.
    """
    from great_expectations import ExpectationSuite as GreatSuite

    free = {name for name in frame.columns if frame[name].isna().all()}
    open_ones = [
        one
        for one in suite.expectations
        if not (one.expectation_type == "expect_column_values_to_be_null" and getattr(one, "column", None) in free)
    ]
    return GreatSuite(name=suite.name, expectations=open_ones)


def _reason(information: Any) -> str:
    """The first message in a result's ``exception_info``, which is flat or keyed by metric."""
    if not isinstance(information, dict):
        return "no reason is given"
    if information.get("exception_message"):
        return str(information["exception_message"])
    inner = [_reason(one) for one in information.values() if isinstance(one, dict)]
    return inner[0] if inner else "no reason is given"


def _judge(records: pa.Table, sent_on: date | None) -> pa.Table:
    frame = judges_frame.build(records, sent_on=sent_on)
    row_of = {position: row for row, position in enumerate(records["position"].to_pylist())}
    found = [
        _findings(meta, records.take([row_of[position] for position in positions]), frame.loc[positions])
        for suite in suites_built()
        for meta, positions in failing(frame, suite)
    ]
    if not found:
        return FINDINGS_SCHEMA.empty_table()
    # Arrow's sort is stable, so the findings of a record keep the order of the suites.
    return pa.concat_tables(found).sort_by("position")


def _findings(meta: Mapping[str, Any], records: pa.Table, frame: pd.DataFrame) -> pa.Table:
    rows, source = records.num_rows, records["source"].combine_chunks()
    columns = {
        "position": records["position"],
        "record_reference": pa.array(_plain(frame["record_reference"].tolist()), pa.string()),
        "line": pc.struct_field(source, "line"),
        "byte_start": pc.struct_field(source, "byte_start"),
        "text": pa.array(_texts(meta["text"], records, frame), pa.string()),
        **{name: pa.array([meta[name]] * rows, pa.string()) for name in ("rule", "severity", "path", "fix")},
    }
    return pa.table({name: columns[name] for name in FINDINGS_SCHEMA.names}, schema=FINDINGS_SCHEMA)


def _texts(template: str, records: pa.Table, frame: pd.DataFrame) -> list[str]:
    names = fields_of(template)
    if not names:
        return [template] * records.num_rows
    nested = names & judges_frame.EVIDENCE.keys()
    values: dict[str, list[Any]] = {name: _plain(frame[name].tolist()) for name in names - nested}
    values |= judges_frame.evidence(records, nested)
    return [template.format(**dict(zip(values, row, strict=True))) for row in zip(*values.values(), strict=True)]


_LONGEST_SHOWN = 200


def _plain(values: list[Any]) -> list[Any]:
    """Pandas' values as a person writes them: no NaN, whole numbers whole, long texts cut."""
    return [_shown(value) for value in values]


def _shown(value: Any) -> Any:
    if value is None or value != value:  # noqa: PLR0124 - NaN is what pandas makes of a null
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and len(value) > _LONGEST_SHOWN:
        return value[:_LONGEST_SHOWN] + "…"
    return value
