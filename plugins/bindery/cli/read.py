"""``bindery read``: what is in a supplier's file, without a feed, a home or Airflow."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bindery.cli import output
from bindery.cli.progress import progress
from bindery.errors import BinderyError
from bindery.findings import Severity
from bindery.trade.codelists import DEFAULT_ISSUE

if TYPE_CHECKING:
    from bindery.cli.document_model import ReadDocument, RecordPart
    from bindery.cli.incoming import How

BLOCKED, UNREADABLE = 1, 2
_SHOWN = 20


def read(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="ONIX, CSV, XLSX, XLS or JSON files; also .gz or .zip; - is a pipe."),
    ],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document a file, one a line.")] = False,
    records: Annotated[bool, typer.Option("--records", help="Show the records too.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --records: also those out of scope (not audio, tests).")
    ] = False,
    mapping: Annotated[
        str | None, typer.Option("--mapping", metavar="NAME", help="Mapping of a sheet or JSON, in include/mappings.")
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option("--encoding", metavar="NAME", help="Read ONIX in this encoding only, whatever it declares."),
    ] = None,
    codelists: Annotated[
        int, typer.Option("--codelists", metavar="ISSUE", help="Issue of the ONIX code lists to judge codes by.")
    ] = DEFAULT_ISSUE,
    validate: Annotated[
        bool, typer.Option("--validate", help="Validate every ONIX record with EDItEUR's schema: slow, and thorough.")
    ] = False,
) -> None:
    """Read suppliers' files and say what is in them.

    Nothing is stored. Exits with 0 if all was read, 1 if a finding blocks a record, 2 if a file can't be read.

    **Examples**

    - `bindery read onix.xml` shows counts, findings and what has no place in the record model
    - `bindery read onix.xml --records --json | jq '.records[].isbn13'` lists the ISBNs
    - `bindery read sheet.csv --mapping house_sheet --records` reads a sheet
    - `bindery read opds.json` reads what shows what it is: OPDS 2, Readium and W3C manifests, LibriVox
    - `bindery read incoming/*.xml.gz --json > read.jsonl` reads many, one document a line (JSON Lines)
    - `curl -s https://… | bindery read -` reads what comes through a pipe
    - `bindery read onix.xml --encoding iso-8859-1` reads a file that declares the wrong encoding, or none
    - `bindery read onix.xml --codelists 68` judges its codes by an older issue of the code lists
    - `bindery read onix.xml --validate` also shows what EDItEUR's schema says, record by record

    The JSON is described by docs/read.schema.json.
    """
    from bindery.cli.incoming import How  # noqa: PLC0415 - the readers are heavy, and every command loads this module

    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    asked = _Asked(How(mapping, encoding, validate), records, everything, codelists)
    worst = 0
    for number, path in enumerate(files, 1):
        if len(files) > 1:
            errors.print(f"{escape(str(path))} ({number} of {len(files)})", style="dim")
        try:
            document = _document(path, asked, errors)
        except BinderyError as error:
            errors.print(f"bindery read: {escape(str(error))}")
            worst = max(worst, UNREADABLE)
            continue
        except OSError as error:
            reason = error.strerror or type(error).__name__
            errors.print(
                f"bindery read: {escape(str(path))}: {reason}\n  What to do: Check the path and its permissions."
            )
            worst = max(worst, UNREADABLE)
            continue
        if as_json:
            excluded = None if records else {"records"}
            sys.stdout.write(document.model_dump_json(by_alias=True, exclude=excluded) + "\n")
        else:
            _show(document)
        blocked = any(finding.severity == Severity.BLOCK.value for finding in document.findings)
        worst = max(worst, BLOCKED if blocked else 0)
    raise typer.Exit(worst)


class _Asked(NamedTuple):
    how: How
    records: bool
    everything: bool
    codelists: int


def _document(path: Path, asked: _Asked, errors: Console) -> ReadDocument:
    from bindery.cli.document import document_of  # noqa: PLC0415
    from bindery.cli.incoming import opened  # noqa: PLC0415

    with opened(path, asked.how) as file, progress(errors, file.path.name, size=file.size) as tell:
        return document_of(
            file.path,
            file.message,
            records=asked.records,
            everything=asked.everything,
            codelists=asked.codelists,
            tell=tell,
        )


def _show(document: ReadDocument) -> None:
    out = output.console()
    message, counts = document.message, document.counts
    facts = (
        (
            "Format",
            " ".join(filter(None, (message.format, message.release, message.tags and f"({message.tags} tags)"))),
        ),
        ("Encoding", message.encoding),
        ("Sender", message.sender),
        ("Sent at", message.sent_at),
        ("Message number", message.message_number),
        ("SHA-256", message.sha256),
        ("Records", f"{counts.received:,}" + (" (NoProduct: nothing changed)" if counts.no_product else "")),
        ("Unreadable", f"{counts.unreadable:,}"),
        ("Not audio", f"{counts.out_of_scope:,}"),
        ("Test records", f"{counts.test:,}"),
    )
    summary = Table(title=escape(message.name), show_header=False, title_justify="left")
    for name, value in facts:
        summary.add_row(name, escape(value) if value else "[dim]not stated[/dim]")
    out.print(summary)
    if document.records is not None:
        out.print(_record_table(document.records))
    if document.findings:
        _show_findings(out, document)
    if document.unmapped:
        leftover = Table(
            "Element", "Count", title="No place in the record model (kept in the file)", title_justify="left"
        )
        for element, count in Counter(document.unmapped).most_common(_SHOWN):
            leftover.add_row(escape(element), f"{count:,}")
        out.print(leftover)
        _say_more(out, len(document.unmapped))


def _show_findings(out: Console, document: ReadDocument) -> None:
    table = Table("Rule", "Severity", "Line", "Record", "Finding", title="Findings", title_justify="left")
    for finding in document.findings[:_SHOWN]:
        table.add_row(
            finding.rule,
            finding.severity,
            "" if finding.line is None else str(finding.line),
            escape(finding.record_reference or ""),
            f"{escape(finding.text)}\n[dim]{escape(finding.fix)}[/dim]",
        )
    out.print(table)
    _say_more(out, len(document.findings))


def _say_more(out: Console, total: int) -> None:
    if total > _SHOWN:
        out.print(f"… and {total - _SHOWN:,} more; --json shows all.")


def _record_table(records: list[RecordPart]) -> Table:
    columns = ("Line", "ISBN", "Title", "Authors", "Narrators", "Length", "Status", "Form")
    table = Table(title="Records", title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=column in {"ISBN", "Length"})
    for record in records:
        seconds = record.duration_seconds
        length = "" if seconds is None else f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        cells = (
            str(record.source["line"]),
            record.isbn13 or "",
            record.title or f"({record.kind})",
            ", ".join(record.authors),
            ", ".join(record.narrators),
            length,
            record.publishing_status or "",
            record.product_form or "",
        )
        table.add_row(*map(escape, cells))
    return table
