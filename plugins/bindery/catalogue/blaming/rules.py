"""Why a value won over what others said, in words (AUDIOBOOKS section 6, laws 3 and 6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, cast

from bindery.catalogue.blaming.evidence import FIELD_GROUPS, Evidence, Row
from bindery.catalogue.blaming.sources import rightsholders
from bindery.catalogue.blaming.spells import BLOCK_OF, STANDING, Spell, offer_values
from bindery.rights.reasons import KINDS
from bindery.rights.title import Limit
from bindery.trade.models import Model

_OF_RIGHTS: Final = frozenset({"no_rights", "rights_contradictory"})
"""Reasons by which rights leave no country; beside those that are none of ``KINDS``."""

_BY_EVERYTHING: Final = {
    "available_from": "the latest day on which it opens in one of its countries",
    "windows": "rights, markets, dates and prices together",
}

_BY_LIMITS: Final = frozenset({"territory_set_id", "windows"})


def rule_of(evidence: Evidence, spell: Spell) -> str:
    """The rule by which a spell's value was the title's.

    Of what holds now it is told by the records as they are; of what held once, by the records that had come by then.
    """
    if spell.override_id is not None:
        return f"override {spell.override_id}"
    row = evidence.history[spell.first]
    if spell.field in STANDING:
        return _standing(row)
    if spell.field in BLOCK_OF:
        return _block(evidence, spell, row)
    return _offer(evidence, spell, row)


def _standing(row: Row) -> str:
    state, reason = row["state"], row["reason"]
    if state == "live":
        return "no record withdraws it"
    if state == "gone":
        return "no record names it any longer"
    if reason is not None and reason.startswith("override:"):
        return f"override {reason.removeprefix('override:')}"
    return f"{'deletion' if state == 'deleted' else 'withdrawal'} of {reason}"


def _offer(evidence: Evidence, spell: Spell, row: Row) -> str:
    if row["state"] != "live":
        return _standing(row)
    model, _, fact = spell.field.partition(".")
    limits = {one["override_id"] for one in evidence.overrides if _limits(one, spell.field, row)}
    if limits:
        return f"most restrictive of the rights stated and override {', '.join(sorted(limits))}"
    if fact in _BY_EVERYTHING:
        return _BY_EVERYTHING[fact]
    reason = offer_values(evidence, f"{model}.reason")[spell.first]
    if reason in KINDS.keys() - _OF_RIGHTS:
        return KINDS[reason].what.partition(":")[0]
    if not spell.is_current(evidence):
        return "most restrictive rights of the records of then"
    count = len(rightsholders(evidence))
    return f"most restrictive rights of {count} records" if count > 1 else "only record that states rights"


def _limits(override: Row, field: str, row: Row) -> bool:
    model, _, fact = field.partition(".")
    limited, _, countries = override["field"].partition("_")
    is_limit = countries == "countries" and Limit(limited, 0, override["override_id"]).concerns(cast("Model", model))
    if not is_limit or fact not in _BY_LIMITS:
        return False
    at, day = row["changed_at"], row["day"]
    held = at is None or (override["set_at"] <= at and (override["released_at"] or at) >= at)
    return bool(held and (override["expires_on"] is None or day is None or override["expires_on"] > day))


@dataclass(frozen=True)
class _Member:
    """A record that competed for a block. ``rank`` is its class (of who states rights and supply), then precedence."""

    supplier: str
    record_reference: str
    rank: tuple[int, int]


def _block(evidence: Evidence, spell: Spell, row: Row) -> str:
    if spell.supplier is None or spell.record_reference is None:
        return "nobody states it"
    said_by = (spell.supplier, spell.record_reference)
    block = BLOCK_OF[spell.field]
    group = FIELD_GROUPS.get(block, block)
    current = spell.is_current(evidence)
    day = evidence.ranks.today if current else row["day"]
    members = _members_now(evidence, block) if current else _members_then(evidence, block, row["day"])
    ranked = [
        _Member(*name, rank=(place, _rank(evidence, name[0], group, day)))
        for name, place in ({said_by: 1} | members).items()
    ]
    winner = next(one for one in ranked if (one.supplier, one.record_reference) == said_by)
    # Whoever goes before the winner of then was not there yet.
    rivals = [one for one in ranked if one != winner and (current or one.rank >= winner.rank)]
    if not rivals:
        return "only record that states it"
    if all(one.rank[0] > winner.rank[0] for one in rivals):
        return "only record that states rights and supply"
    said = f"precedence: {group}, rank {winner.rank[1]}"
    equal = [one for one in rivals if one.rank == winner.rank]
    if any(one.supplier != winner.supplier for one in equal):
        return f"{said}, first by supplier's name"
    return f"{said}, newest of the supplier's records" if equal else said


def _rank(evidence: Evidence, supplier: str, group: str, day: date | None) -> int:
    rank = evidence.ranks.rank(supplier, group, day)
    return 0 if rank is None else rank


def _members_now(evidence: Evidence, block: str) -> dict[tuple[str, str], int]:
    # Rights and supply are one word: who states both goes before who states one.
    together = tuple(FIELD_GROUPS) if block in FIELD_GROUPS else (block,)
    return {
        (record["supplier"], record["record_reference"]): 1 + sum(record[f"{one}_version"] is None for one in together)
        for record in evidence.records
        if record["state"] == "live" and record[f"{block}_version"] is not None
    }


def _members_then(evidence: Evidence, block: str, day: date | None) -> dict[tuple[str, str], int]:
    """The title's records that had said something of a block by a day. Which of them lived on, nobody kept."""
    found: dict[tuple[str, str], int] = {}
    for received in evidence.received.values():
        for one in received:
            in_time = day is None or one["feed_day"] <= day
            if one["verdict"] == "pass" and one["isbn13"] == evidence.isbn13 and in_time and one[f"touches_{block}"]:
                found[one["supplier"], one["record_reference"]] = 1
    return found
