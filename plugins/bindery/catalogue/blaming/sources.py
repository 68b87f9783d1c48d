"""Where a value comes from: the messages and bytes that said it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final, TypedDict

from bindery.catalogue.blaming.evidence import Evidence, Row
from bindery.catalogue.blaming.spells import BLOCK_OF, STANDING, Spell, is_derived
from bindery.catalogue.keys import record_key

_COUNTING: Final = ("staged", "merged")
_TOLD: Final = ("applied", "unchanged", "stale")

Causes = Collection[tuple[str, str]]
"""Messages that caused a change, as supplier and id."""


class Source(TypedDict):
    """A record in a message.

    Attributes:
        message_state: Whether the message still counts: ``undone`` where a person took it out since.
        byte_start: Where the record begins in the archived message, unpacked.
        byte_end: The byte after its end.
    """

    supplier: str
    record_reference: str
    message_id: str
    message_state: str
    feed: str
    feed_day: date
    name: str
    position: int
    byte_start: int
    byte_end: int
    line: int
    outcome: str


def sources_of(evidence: Evidence, spell: Spell) -> list[Source]:
    """The records a spell's value comes from; none where a person set it, or nobody says it any longer.

    Of a fact it is one: the first of the record's messages that said it, of those that count where it holds now.
    """
    if spell.field in STANDING:
        found = _of_standing(evidence, spell)
    elif spell.field in BLOCK_OF:
        found = _of_fact(evidence, spell)
    else:
        found = _of_offer(evidence, spell)
    return [_source(row) for row in found]


def source_of_block(evidence: Evidence, record: Row, block: str) -> Source | None:
    """Where a record's own block comes from: the newest message in which its content was news.

    Args:
        evidence: Of the title.
        record: One of its records.
        block: The block, which the record states.
    """
    received = evidence.received.get(record["record_key"], ())
    picked = _pick([one for one in received if one["content_hash"] == record[f"{block}_version"]], (), current=True)
    return None if picked is None else _source(picked)


def causes_of(row: Row) -> set[tuple[str, str]]:
    """The messages that caused a change."""
    return {(cause["supplier"], cause["cause_id"]) for cause in row["causes"] or ()}


def _of_fact(evidence: Evidence, spell: Spell) -> Sequence[Row]:
    if spell.value is None or spell.supplier is None or spell.record_reference is None:
        return ()
    received = evidence.received_of(spell.supplier, spell.record_reference)
    block, current = BLOCK_OF[spell.field], spell.is_current(evidence)
    best = None
    for row in evidence.history[spell.first : spell.last + 1]:
        picked = _pick(_carrying(evidence, row, block, received), causes_of(row), current=current)
        if picked is not None and (best is None or (_counts(picked) and not _counts(best))):
            best = picked
        if best is not None and (not current or _counts(best)):
            break
    return () if best is None else (best,)


def _carrying(evidence: Evidence, row: Row, block: str, received: Sequence[Row]) -> list[Row]:
    """The times a record was received that may have given a title its version of a block."""
    if not is_derived(evidence, row, block):
        return [one for one in received if one["content_hash"] == row[f"{block}_version"]]
    # Overrides stand on the record's own version: the newest of then.
    fitting = [one for one in received if one["verdict"] == "pass" and one[f"touches_{block}"]]
    causes = causes_of(row)
    if caused := [one for one in fitting if (one["supplier"], one["message_id"]) in causes]:
        return caused
    earlier = [one for one in fitting if row["day"] is None or one["feed_day"] <= row["day"]]
    return [one for one in earlier if _counts(one)][-1:] or earlier[-1:]


def _of_standing(evidence: Evidence, spell: Spell) -> Sequence[Row]:
    row = evidence.history[spell.first]
    supplier, _, signal = (row["reason"] or "").partition(" ")
    causes = causes_of(row)
    if signal:
        fitting = [
            one
            for one in evidence.all_received()
            if one["supplier"] == supplier
            and one["withdrawal"] == signal
            and one["isbn13"] in (None, evidence.isbn13)
            and one["verdict"] != "out_of_scope"
        ]
        picked = _pick(fitting, causes, current=spell.is_current(evidence))
        return () if picked is None else (picked,)
    return _caused(evidence.all_received(), causes)


def _of_offer(evidence: Evidence, spell: Spell) -> Sequence[Row]:
    if spell.value is None:
        return ()
    row = evidence.history[spell.first]
    if row["state"] != "live":
        return _of_standing(evidence, spell)
    if not spell.is_current(evidence):
        deciding = [one for one in evidence.all_received() if one["touches_publishing"] or one["touches_supply"]]
        return _caused(deciding, causes_of(row))
    said = [(record["record_key"], record["publishing_version"]) for record in rightsholders(evidence)]
    now, causes = evidence.history[-1], causes_of(row)
    if now["supply_supplier"] is not None:
        said.append((record_key(now["supply_supplier"], now["supply_record"]), now["supply_version"]))
    found: list[Row] = []
    for key, version in said:
        fitting = [one for one in evidence.received.get(key, ()) if one["content_hash"] == version]
        picked = _pick(fitting, causes, current=True)
        if picked is not None and picked not in found:
            found.append(picked)
    if now["supply_supplier"] is None:
        # Nobody states supply: whoever took it away decides.
        took = _caused([one for one in evidence.all_received() if one["touches_supply"]], causes)
        found += [one for one in took if one not in found and _counts(one)]
    return found


def rightsholders(evidence: Evidence) -> list[Row]:
    """The records that say anything about rights now."""
    return [row for row in evidence.records if row["state"] == "live" and row["publishing_version"] is not None]


def _caused(rows: Iterable[Row], causes: Causes) -> list[Row]:
    return [row for row in rows if (row["supplier"], row["message_id"]) in causes and row["verdict"] == "pass"]


def _pick(rows: Iterable[Row], causes: Causes, *, current: bool) -> Row | None:
    """Of a value that holds now, a message that counts; of an earlier one, the message that caused it."""

    def fitness(row: Row) -> tuple[object, ...]:
        caused = (row["supplier"], row["message_id"]) in causes
        first, second = (_counts(row), caused) if current else (caused, _counts(row))
        return first, second, row["outcome"] == "applied", row["ordering_key"], row["message_id"], -row["position"]

    return max(rows, key=fitness, default=None)


def _counts(row: Row) -> bool:
    return row["message_state"] in _COUNTING and row["outcome"] in _TOLD


def _source(row: Row) -> Source:
    return Source(
        supplier=row["supplier"],
        record_reference=row["record_reference"],
        message_id=row["message_id"],
        message_state=row["message_state"],
        feed=row["feed"],
        feed_day=row["feed_day"],
        name=row["name"],
        position=row["position"],
        byte_start=row["byte_start"],
        byte_end=row["byte_end"],
        line=row["line"],
        outcome=row["outcome"],
    )
