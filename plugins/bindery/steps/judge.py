"""The step that judges the records of a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bindery.claims import JudgedMessage, ReadMessage
from bindery.errors import LawBrokenError
from bindery.findings import Severity
from bindery.home import Home
from bindery.quality import warm
from bindery.quality.codes import path_in_3
from bindery.quality.judge import FINDINGS_SCHEMA
from bindery.quality.rules import order

VERDICTS_SCHEMA = pa.schema(
    [
        pa.field("position", pa.int64(), nullable=False),
        pa.field("verdict", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
    ]
)
"""Columns of ``verdicts.parquet``: one row a record, ``verdict`` is ``pass``, ``quarantine`` or ``out_of_scope``."""


def judge(message: ReadMessage, *, home: Home) -> JudgedMessage:
    """Judge every record of a message.

    Writes ``findings.parquet`` (what reading found, then what the rules found) and ``verdicts.parquet`` into the
    message's work folder. Each record gets one verdict (law 2): an unreadable one and one with a blocking finding are
    quarantined, the rule being the reason; one out of scope says why; every other passes.

    Args:
        message: What was read.
        home: Where the work folder is.

    Returns:
        The message with its number of findings and of blocked records.

    Raises:
        LawBrokenError: The work folder doesn't hold one record for each received.
        ConfigurationError: A rule can't be run.
    """
    work = home.root / message.work
    records = pq.read_table(work / "records.parquet", columns=["position", "readable", "scope"])
    positions = records["position"].to_pylist()
    if len(set(positions)) != len(positions) or len(positions) != message.received:
        raise LawBrokenError(
            f"{message.receipt.name} of {message.receipt.supplier}: {message.received} records were received,"
            f" {work / 'records.parquet'} holds {len(positions)}",
            fix="Read the message again; if it stays, the reader lost a record: report it.",
            law=2,
        )
    judged = warm.findings_of(home, work / "records.parquet", sent_on=day_sent(message.sent_at))
    findings = _together(pq.read_table(work / "read_findings.parquet"), judged)
    verdicts = _verdicts(records, findings)
    _write(findings, work / "findings.parquet")
    _write(verdicts, work / "verdicts.parquet")
    return JudgedMessage(
        message=message,
        findings=findings.num_rows,
        blocked=verdicts["verdict"].to_pylist().count("quarantine"),
    )


def day_sent(sent_at: datetime | None) -> date | None:
    """The day in UTC on which a message was sent, by which its dates are judged; None where it doesn't say."""
    if sent_at is None:
        return None
    # The reader states times in UTC; one without a zone must not take this machine's.
    return (sent_at.replace(tzinfo=UTC) if sent_at.tzinfo is None else sent_at.astimezone(UTC)).date()


def _together(read: pa.Table, judged: pa.Table) -> pa.Table:
    """Both tables in one, without what the rules say of a record and an element where reading said it already.

    Of rights and prices (Q rules), what reading says of a code within the element says it more exactly.
    """
    read = read.select(FINDINGS_SCHEMA.names).cast(FINDINGS_SCHEMA)
    keys = ("rule", "position", "path")
    said = {
        (rule, position, around)
        for rule, position, path in zip(*(read[key].to_pylist() for key in keys), strict=True)
        for around in _places(rule, path)
    }
    new = [row not in said for row in zip(*(judged[key].to_pylist() for key in keys), strict=True)]
    return pa.concat_tables([read, judged.filter(pa.array(new, pa.bool_()))])


def _places(rule: str, path: str | None) -> list[str | None]:
    """An element's path, in names of ONIX 3.x as the rules have it; for a Q rule the paths of all it is in.

    Of the element itself a Q rule says what reading can't: which countries its codes touch.
    """
    if path is None:
        return [None]
    names = path_in_3(path).split("/")
    ends = range(1, len(names)) if rule.startswith("Q") else [len(names)]
    return ["/".join(names[:end]) for end in ends]


def _verdicts(records: pa.Table, findings: pa.Table) -> pa.Table:
    blocked: dict[int | None, str] = {}
    columns = (findings[name].to_pylist() for name in ("position", "severity", "rule"))
    for position, severity, rule in zip(*columns, strict=True):
        if severity == Severity.BLOCK:
            blocked[position] = min(blocked.get(position, rule), rule, key=order)
    rows = [{"position": row["position"], **_verdict(row, blocked.get(row["position"]))} for row in records.to_pylist()]
    return pa.Table.from_pylist(rows, schema=VERDICTS_SCHEMA)


def _verdict(record: Mapping[str, object], blocking_rule: str | None) -> dict[str, str | None]:
    if not record["readable"]:
        return {"verdict": "quarantine", "reason": blocking_rule or "R4"}
    if record["scope"] != "in":
        return {"verdict": "out_of_scope", "reason": str(record["scope"])}
    if blocking_rule is not None:
        return {"verdict": "quarantine", "reason": blocking_rule}
    return {"verdict": "pass", "reason": None}


def _write(table: pa.Table, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    pq.write_table(table, part, compression="zstd")
    part.replace(path)
