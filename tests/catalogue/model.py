"""The catalogue as plain Python says it: read RFC 0001 aloud and this is it. The SQL must say the same.

It walks each record's history message by message, where the SQL asks for the newest of everything at once.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bindery.catalogue.record import BLOCKS
from tests.catalogue.feeding import Message, Sent

GROUPS = ("descriptive", "collateral", "content", "related")
WHOLE = ("publishing", "supply")


@dataclass(frozen=True)
class Event:
    key: str
    message_id: str
    position: int
    sent: Sent

    @property
    def order(self) -> tuple[str, str, int]:
        return (self.key, self.message_id, self.position)


@dataclass
class State:
    """A record as it stands after some of its history."""

    state: str = "none"
    key: str = ""
    message_id: str = ""
    isbn13: str | None = None
    last_named: str | None = None
    named: list[str] = field(default_factory=list)
    base_key: str = ""
    versions: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(BLOCKS))
    signals: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(WHOLE))
    touched: dict[str, str] = field(default_factory=lambda: dict.fromkeys(BLOCKS, ""))

    @property
    def moved_from(self) -> str | None:
        """The product it stood for before, if it stands for another one now."""
        if self.state != "live" or not self.isbn13:
            return None
        return next((isbn for isbn in reversed(self.named) if isbn != self.isbn13), None)

    def apply(self, event: Event) -> None:
        sent = event.sent
        if sent.kind == "block":
            if self.state == "live":
                self._lay(event)
            return
        self.base_key = event.key
        if sent.kind == "full":
            self.state, self.isbn13, self.last_named = "live", sent.isbn13, sent.isbn13
            self.named += [sent.isbn13] if sent.isbn13 else []
            self._lay(event)
        else:
            self.state, self.isbn13 = "deleted", sent.isbn13 or self.last_named
            self.versions = dict.fromkeys(BLOCKS)
            self.key, self.message_id = event.key, event.message_id

    def repeat(self, event: Event) -> None:
        """The record that counted last, word for word: nothing is new but that it was said again."""
        if event.sent.kind != "block":
            self.base_key = event.key
        if self.state == "live":
            self.touched |= dict.fromkeys(event.sent.touches, event.key)

    def _lay(self, event: Event) -> None:
        self.key, self.message_id = event.key, event.message_id
        for block in event.sent.touches:
            self.versions[block] = event.sent.content_hash if event.sent.states(block) else None
            self.touched[block] = event.key
        if "publishing" in event.sent.touches:
            self.signals["publishing"] = event.sent.publishing_withdrawal
        if "supply" in event.sent.touches:
            self.signals["supply"] = event.sent.supply_withdrawal


Watched = Mapping[str, tuple[str, int]]
"""By feed: what absence from its full messages means, and from how many."""


def counting(messages: Iterable[Message], undone: Collection[str] = ()) -> list[Message]:
    """The messages that count, each once."""
    distinct = {sent.message_id: sent for sent in messages}.values()
    return [one for one in distinct if not one.held and one.message_id not in undone]


def records(
    messages: Iterable[Message], watched: Watched | None = None, undone: Collection[str] = ()
) -> dict[tuple[str, str], dict[str, Any]]:
    """Every supplier's records, folded: rows of ``records`` by (supplier, record reference)."""
    counted = counting(messages, undone)
    history: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for message in counted:
        for position, sent in enumerate(message.records):
            if sent.reference is not None and sent.verdict != "out_of_scope":
                event = Event(message.key, message.message_id, position, sent)
                history[message.supplier, sent.reference].append(event)
    folded = {name: fold(sorted(events, key=lambda event: event.order)) for name, events in history.items()}
    there = {name: row for name, row in folded.items() if row is not None}
    for name, row in there.items():
        missing = absences(counted, watched or {}, *name) if row["state"] == "live" else {}
        row["absent_from"] = min(missing, default=None)
        if row["withdrawal"] is None and "withdraw" in missing.values():
            row["withdrawal"] = "absence:" + min(feed for feed, policy in missing.items() if policy == "withdraw")
    return there


def absences(counted: list[Message], watched: Watched, supplier: str, reference: str) -> dict[str, str]:
    """What it means, by feed, that the feed's last full messages leave a record out."""
    seen: dict[str, str] = {}
    for message in counted:
        if message.supplier == supplier and any(sent.reference == reference for sent in message.records):
            seen[message.of_feed] = max(message.key, seen.get(message.of_feed, ""))
    missing = {}
    for feed in seen.keys() & watched.keys():
        policy, after = watched[feed]
        fulls = sorted((one.key for one in counted if one.of_feed == feed and one.scope == "full"), reverse=True)
        if policy != "ignore" and len(fulls) >= after and max(seen.values()) < fulls[after - 1]:
            missing[feed] = policy
    return missing


def fold(history: list[Event]) -> dict[str, Any] | None:
    contents: dict[str, set[str]] = defaultdict(set)
    for event in history:
        if event.sent.verdict == "pass":
            contents[event.key].add(event.sent.content_hash)
    record, before, rejected = State(), "", []
    for event in history:
        if event.sent.verdict != "pass" or len(contents[event.key]) > 1:
            rejected.append(event)
        elif event.sent.content_hash == before:
            record.repeat(event)
        else:
            record.apply(event)
            before = event.sent.content_hash
    if record.state == "none":
        # Nothing but parked block updates and rejected records: their withdrawals are all that can be known.
        rejected = history
    standing = [
        (event, signal)
        for event in rejected
        if (signal := stands(event, record)) is not None and record.state != "deleted"
    ]
    if record.state == "none" and not standing:
        return None
    newest = min(
        (pair for pair in standing if pair[0].key == max(event.key for event, _ in standing)),
        key=lambda pair: (pair[1], pair[0].message_id, pair[0].position),
        default=None,
    )
    row = {
        "state": record.state,
        "ordering_key": record.key,
        "message_id": record.message_id,
        "isbn13": record.isbn13,
        "withdrawal": record.signals["publishing"] or record.signals["supply"] or (newest and newest[1]),
        "moved_from": record.moved_from,
        **rejection(rejected, record),
        **{f"{block}_version": record.versions[block] for block in BLOCKS},
    }
    if record.state == "deleted":
        row["withdrawal"] = "notification:05"
    if record.state == "none" and newest is not None:
        event = newest[0]
        row |= {
            "state": "withdrawal",
            "ordering_key": event.key,
            "message_id": event.message_id,
            "isbn13": event.sent.isbn13,
        }
    return row


def rejection(rejected: Iterable[Event], record: State) -> dict[str, list[str]]:
    """Each rejected word on rights, and on supply, that no newer record that counts has replaced; newest first.

    A version is named once, by the message that brought it first.
    """
    named: dict[str, list[str]] = {}
    for block in WHOLE:
        first: dict[str, Event] = {}
        for event in rejected:
            speaks = event.sent.kind != "delete" and block in event.sent.touches
            if speaks and event.key >= record.touched[block] and record.state != "deleted":
                first.setdefault(event.sent.content_hash, event)
        found = sorted((f"{version} {event.message_id}", event.key) for version, event in first.items())
        named[f"rejected_{block}"] = [text for text, _ in sorted(found, key=lambda pair: pair[1], reverse=True)]
    return named


def stands(event: Event, record: State) -> str | None:
    """The withdrawal of a rejected record, unless a newer record that counts replaced the block it was in."""
    sent = event.sent
    if sent.publishing_withdrawal and event.key >= record.touched["publishing"]:
        return sent.publishing_withdrawal
    if sent.supply_withdrawal and event.key >= record.touched["supply"]:
        return sent.supply_withdrawal
    if sent.kind == "delete" and event.key >= record.base_key:
        return "notification:05"
    return None


def editions(
    folded: Mapping[tuple[str, str], dict[str, Any]], precedence: Mapping[str, int]
) -> dict[str, dict[str, Any]]:
    """Every title put together: rows of ``editions`` by ISBN, without their hash."""
    titles: dict[str, dict[str, Any]] = {}
    for isbn13 in {row["isbn13"] for row in folded.values() if row["isbn13"]}:
        members = {name: row for name, row in folded.items() if row["isbn13"] == isbn13}
        live = [(name, row) for name, row in members.items() if row["state"] == "live"]
        deleted = [name[0] for name, row in members.items() if row["state"] == "deleted"]
        if not live and not deleted:
            continue
        # Newest first within a supplier: sorted by reference, then stably by descending key, then by rank.
        live.sort(key=lambda member: member[0][1])
        live.sort(key=lambda member: member[1]["ordering_key"], reverse=True)
        live.sort(key=lambda member: (precedence[member[0][0]], member[0][0]))
        row: dict[str, Any] = {"state": "live", "reason": None}
        if not live:
            row = {"state": "deleted", "reason": min(f"{supplier} notification:05" for supplier in deleted)}
        elif signals := [
            f"{name[0]} {one['withdrawal']}"
            for name, one in members.items()
            if one["state"] != "deleted" and one["withdrawal"]
        ]:
            row = {"state": "withdrawn", "reason": min(signals)}
        for block in GROUPS:
            row |= pointers(block, next((member for member in live if member[1][f"{block}_version"]), None))
        seller = min(live, key=lambda member: completeness(member[1]), default=None)
        for block in WHOLE:
            row |= pointers(block, seller if seller and seller[1][f"{block}_version"] else None)
        titles[isbn13] = row
    return titles


def narrowing(row: Mapping[str, Any]) -> list[str]:
    """The rejected versions whose denials of rights count."""
    return [row["rejected_version"]] if row["rejected_version"] else []


def completeness(row: Mapping[str, Any]) -> int:
    if row["publishing_version"]:
        return 1 if row["supply_version"] else 2
    return 3


def pointers(block: str, member: tuple[tuple[str, str], dict[str, Any]] | None) -> dict[str, Any]:
    if member is None:
        return {f"{block}_supplier": None, f"{block}_record": None, f"{block}_version": None}
    (supplier, reference), row = member
    return {
        f"{block}_supplier": supplier,
        f"{block}_record": reference,
        f"{block}_version": row[f"{block}_version"],
    }


def offers(
    folded: Mapping[tuple[str, str], dict[str, Any]],
    titles: Mapping[str, dict[str, Any]],
    contents: Mapping[str, Sent],
) -> dict[tuple[str, str], tuple[str, str | None, str]]:
    """State, reason and territory set of each offer, by ISBN and model."""
    made = {}
    for isbn13, title in titles.items():
        holders = [
            contents[row["publishing_version"]]
            for row in folded.values()
            if row["isbn13"] == isbn13 and row["state"] == "live" and row["publishing_version"]
        ]
        rejected = [
            contents[version] for row in folded.values() if row["isbn13"] == isbn13 for version in narrowing(row)
        ]
        for model in ("sale", "subscription", "credit", "library"):
            # In these histories a right is for sale, for subscription or for both; the others go with sale.
            right = "subscription" if model == "subscription" else "sale"
            allowed = [set(getattr(holder, right)) for holder in (*holders, *rejected)]
            countries = set.intersection(*allowed) if holders and title["state"] == "live" else set()
            unpriced = right == "sale" and title["supply_version"] is None
            set_id = hashlib.sha256(" ".join(sorted(set() if unpriced else countries)).encode()).hexdigest()
            if title["state"] != "live":
                made[isbn13, model] = ("not_offered", title["state"], set_id)
            elif countries and unpriced:
                made[isbn13, model] = ("not_offered", "no_price", set_id)
            elif countries:
                made[isbn13, model] = ("offered", None, set_id)
            else:
                made[isbn13, model] = ("not_offered", "no_country_allowed" if holders else "no_rights", set_id)
    return made
