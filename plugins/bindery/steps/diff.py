"""What files would change in the catalogue, and what changed between two days: in it, or in what a sender sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, TypedDict

from bindery.catalogue.blaming.evidence import versions_of
from bindery.catalogue.differing import PAGE, Differences, FieldDifference, differences
from bindery.catalogue.shown import FACTS
from bindery.claims import Receipt, RefusedMessage, StagedMessage
from bindery.errors import ConfigurationError, RefusedError
from bindery.feeds.archive import keep
from bindery.feeds.declaration import Feed
from bindery.home import Home
from bindery.steps import merge, stage
from bindery.steps.gate import gate
from bindery.steps.judge import judge
from bindery.steps.preview import merge_all, newest_change, private_copy
from bindery.steps.read import read
from bindery.warehouse import open_snapshot, open_writer
from bindery.warehouse.engine import Warehouse

_CHUNK: Final = 1 << 20


class KeptBack(TypedDict):
    """A record kept back for what it says. ``reason`` is a rule, or ``parked``; ``text`` what the rule found."""

    position: int
    record_reference: str | None
    line: int
    outcome: str
    reason: str | None
    text: str | None


class FilePreview(TypedDict):
    """What would become of one file.

    Attributes:
        state: ``staged``, ``held`` by its feed's gate, ``refused``, or ``repeat`` of a message that came before.
        reasons: Why it is held or refused.
        received: Its records.
        outcomes: Of its records, counted by ``outcome`` and ``reason``.
        kept_back: The first of those kept back for what they say.
    """

    name: str
    message_id: str
    state: str
    reasons: list[str]
    received: int
    outcomes: list[dict[str, Any]]
    kept_back: list[KeptBack]


class FilesPreview(TypedDict):
    """What files would do to the catalogue. ``unchanged`` counts the titles they name and leave as they are."""

    files: list[FilePreview]
    unchanged: int
    changes: Differences


class RecordDifference(TypedDict):
    """A record in which what a sender said differs: ``added``, ``changed`` or ``removed``."""

    supplier: str
    record_reference: str
    isbn13: str | None
    difference: str
    fields: list[FieldDifference]


class FeedDifferences(TypedDict):
    """What differs in what a sender said, counted, and a page of it."""

    added: int
    changed: int
    removed: int
    records: list[RecordDifference]


def preview_files(
    home: Home,
    files: Sequence[Path],
    feed: Feed,
    day: date,
    *,
    released: bool = False,
    limit: int = PAGE,
) -> FilesPreview:
    """What files would change, were they received on a day; nothing outside a temporary folder is written.

    They are read, judged, gated, staged and merged as the feed's run would, in a private copy of the published
    catalogue. So the run that follows reports the same numbers.

    Args:
        home: Whose catalogue.
        files: The files.
        feed: The feed they are to come by.
        day: The feed day, and the day the merge is told.
        released: Whether a message that the gate holds is let through.
        limit: Titles, and records kept back of each file, to tell of.

    Raises:
        ConfigurationError: A file can't be read from disk, or the feed's declaration doesn't fit it.
        LawBrokenError: The catalogue would not hold to its laws.
    """
    run = merge.run_of(day, "preview")
    with private_copy(home, run) as private:
        # The gate compares with what is published.
        merge.publish(private)
        with open_writer(private) as warehouse:
            after = newest_change(warehouse)
        told = [_taken_in(path, feed, day, released=released, home=private) for path in files]
        merge_all(private, run)
        with open_writer(private) as warehouse:
            return FilesPreview(
                files=[_file(warehouse, path, *one, limit=limit) for path, one in zip(files, told, strict=True)],
                unchanged=unchanged(warehouse, feed.supplier, [staged.message_id for staged, _ in told], after),
                changes=differences(warehouse, after, newest_change(warehouse), limit=limit),
            )


def unchanged(warehouse: Warehouse, supplier: str, message_ids: Sequence[str], after: int) -> int:
    """How many titles that messages name have not changed since an entry of the change log."""
    counted = warehouse.run("catalogue/diff_unchanged", supplier=supplier, message_ids=list(message_ids), after=after)
    return int(counted["titles"][0].as_py())


def diff_days(home: Home, day: date, until: date, *, offset: int = 0, limit: int = PAGE) -> Differences:
    """What changed in the published catalogue from the end of one of its days to the end of another.

    Args:
        home: Whose catalogue.
        day: The first day.
        until: The last.
        offset: Titles to leave out, by ISBN.
        limit: Titles to tell of.

    Raises:
        ConfigurationError: The days are not in order.
    """
    _in_order(day, until)
    with open_snapshot(home) as warehouse:
        after, last = (
            int(warehouse.run("catalogue/end_of_day", day=one)["change_id"][0].as_py()) for one in (day, until)
        )
        return differences(warehouse, after, last, offset=offset, limit=limit)


def diff_feed(home: Home, feed: str, day: date, until: date, *, offset: int = 0, limit: int = PAGE) -> FeedDifferences:
    """What changed in what a sender says from one feed day to another: records as sent, good ones or not.

    What a sender says on a day is its last full message until then and what followed that; without a full message it
    is everything. A record that a full message leaves out is removed.

    Args:
        home: Whose catalogue.
        feed: The feed's name.
        day: The first day.
        until: The last.
        offset: Records to leave out, by reference.
        limit: Records to tell of.

    Raises:
        ConfigurationError: The days are not in order.
    """
    _in_order(day, until)
    asked = {"feed": feed, "day": day, "until": until}
    with open_snapshot(home) as warehouse:
        rows = warehouse.run("catalogue/diff_feed", **asked, first=offset + 1, last=offset + limit).to_pylist()
        # A page beyond the last still tells how many there are.
        counted = rows or warehouse.run("catalogue/diff_feed", **asked, first=1, last=1).to_pylist()
        pointers = {row[f"{side}_{block}_version"] for row in rows for side in ("old", "new") for block in FACTS}
        versions = versions_of(warehouse, pointers - {None})
    counts = counted[0] if counted else dict.fromkeys(("added", "changed", "removed"), 0)
    return FeedDifferences(
        added=counts["added"],
        changed=counts["changed"],
        removed=counts["removed"],
        records=[
            RecordDifference(
                supplier=row["supplier"],
                record_reference=row["record_reference"],
                isbn13=row["isbn13"],
                difference=row["difference"],
                fields=list(_fields(row, versions)),
            )
            for row in rows
        ],
    )


def _fields(row: Mapping[str, Any], versions: Mapping[str, Mapping[str, Any]]) -> Iterator[FieldDifference]:
    for block, names in FACTS.items():
        old, new = row[f"old_{block}_version"], row[f"new_{block}_version"]
        for name in names or (block,):
            # What never counted may be kept nowhere: then nobody knows any more what it said.
            values = [versions.get(version, {}).get(name) for version in (old, new)]
            if values[0] != values[1]:
                yield FieldDifference(field=name, old_value=values[0], new_value=values[1])


def _in_order(day: date, until: date) -> None:
    if day > until:
        raise ConfigurationError(f"{until} is before {day}", fix="Name the earlier day first.")


def _taken_in(
    path: Path, feed: Feed, day: date, *, released: bool, home: Home
) -> tuple[StagedMessage, tuple[str, ...]]:
    """What becomes of a file, and why it is held or refused."""
    receipt = _archived(path, feed, day, home)
    try:
        message = read(receipt, feed, home=home)
    except RefusedError as error:
        refused = RefusedMessage(receipt=receipt, rule=error.rule, reason=error.what, fix=error.fix)
        return stage.stage_refused(refused, feed, home=home), (f"{error.rule}: {error.what} {error.fix}",)
    gated = gate(judge(message, home=home), feed, home=home)
    staged = stage.stage(gated, feed, home=home)
    if staged.state == "held" and released:
        return stage.release(staged.supplier, staged.message_id, home=home), gated.reasons
    return staged, gated.reasons


def _archived(path: Path, feed: Feed, day: date, home: Home) -> Receipt:
    try:
        with path.open("rb") as file:
            pieces = iter(lambda: file.read(_CHUNK), b"")
            message_id, kept, size = keep(pieces, home=home, expected_size=None, name=path.name)
    except OSError as error:
        raise ConfigurationError(
            f"{path}: {error.strerror or type(error).__name__}", fix="Check the path and its permissions."
        ) from error
    return Receipt(
        supplier=feed.supplier,
        feed=feed.name,
        feed_day=day,
        name=path.name,
        message_id=message_id,
        path=kept.relative_to(home.root).as_posix(),
        size=size,
    )


def _file(
    warehouse: Warehouse, path: Path, staged: StagedMessage, reasons: Sequence[str], *, limit: int
) -> FilePreview:
    named = {"supplier": staged.supplier, "message_id": staged.message_id}
    return FilePreview(
        name=path.name,
        message_id=staged.message_id,
        state=staged.state,
        reasons=list(reasons),
        received=staged.received,
        outcomes=warehouse.run("catalogue/message_outcomes", **named).to_pylist(),
        kept_back=warehouse.run("catalogue/message_kept_back", **named, limit=limit).to_pylist(),
    )
