"""Why a title isn't live in a country, by a model, at an instant: every reason, its evidence, and what mends it.

Reads the published catalogue (FEATURES R5, MS1).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from bindery.catalogue.keys import edition_key
from bindery.catalogue.offering.asking import title_known_at, title_now
from bindery.catalogue.offering.contradicting import Told, told_contradictions
from bindery.catalogue.offering.passages import Decision, Passage, Passages
from bindery.catalogue.offering.unheard import Unheard, unheard
from bindery.delivery.recipient import Recipient
from bindery.delivery.standing import Obstacle, Standing, standing
from bindery.errors import ConfigurationError
from bindery.home import Home
from bindery.rights.availability import Answer, ask, entitlements
from bindery.rights.contradictions import contradictions
from bindery.rights.countries import bit
from bindery.rights.edges import BEGINNING_OF_TIME, END_OF_TIME, instant
from bindery.rights.quality import rule_of
from bindery.rights.reasons import KINDS, Reason, Source
from bindery.rights.remedy import remedy
from bindery.rights.telling import told, told_briefly
from bindery.rights.title import Title
from bindery.steps.delivery_ledger import begun_deliveries, deliveries_of, read_items
from bindery.trade.models import Model
from bindery.warehouse import open_snapshot
from bindery.warehouse.engine import Warehouse


class Why(TypedDict):
    """Whether a title is live, and why not. Moments are ISO 8601 in UTC, None where there is none.

    Attributes:
        known_at: As of when the catalogue is asked; None for now.
        was_received: Whether any record ever named the title.
        is_live: Whether it is offered; asked for a recipient, whether it has it too.
        live_since: Where it is live, since when; None for always.
        live_until: Where it is live, until when; None for good.
        becomes_live_at: Where it isn't, when it will be if nothing else happens.
        price: ``amount`` and ``currency`` that hold; None where none is needed, or it isn't live.
        entitlements: What listeners may do.
        reasons: Why not, the gravest first.
        changes: The smallest set of changes that makes it live.
        kept_back: Of a title that is known, newer words of its records that don't count, and why.
        contradictions: What contradicts itself about this country.
        recipient: How it stands with the recipient asked for.
    """

    isbn13: str
    country: str
    model: str
    at: str
    known_at: str | None
    was_received: bool
    is_live: bool
    live_since: str | None
    live_until: str | None
    becomes_live_at: str | None
    price: dict[str, str | None] | None
    entitlements: dict[str, bool]
    reasons: list[WhyReason]
    changes: list[WhyChange]
    kept_back: list[WhyReason]
    contradictions: list[Told]
    recipient: WhyRecipient | None


class WhyReason(TypedDict):
    """One reason.

    Attributes:
        code: One of ``rights.reasons.KINDS`` or of ``delivery.standing.Code``; of a title that isn't known
            ``never_received``, ``not_known_then`` or ``not_published_yet`` where nothing received explains it.
        rule: The quality rule that says the same, such as ``Q3``; else the code.
        brief: In a few words.
        text: The same, with who says so where.
        evidence: Where it was read.
        decision: The person's word it comes from.
        action: The one next thing to do.
        whose: Whose it is: ``supplier``, ``rights desk``, ``recipient``, ``nobody`` (time's), or ``you`` who ask.
        ends_at: When time alone ends it.
    """

    code: str
    rule: str
    brief: str
    text: str
    evidence: list[Passage]
    decision: Decision | None
    action: str
    whose: str
    ends_at: str | None


class WhyChange(TypedDict):
    """One change that is needed: an order to ``whose``. ``until``: when waiting ends."""

    kind: str
    whose: str
    text: str
    supplier: str | None
    record_reference: str | None
    block: str
    path: str
    value: str
    until: str | None


class WhyRecipient(TypedDict):
    """How a title stands with a recipient: the delivery it took it with last, and the day that was made for."""

    name: str
    is_taken: bool
    taken_with: str | None
    taken_for: str | None


def why(
    home: Home,
    isbn13: str,
    country: str,
    model: Model,
    *,
    at: dt.datetime,
    known_at: dt.datetime | None = None,
    recipient: Recipient | None = None,
) -> Why:
    """Whether a title is live, and why not.

    Args:
        home: Where the published catalogue is.
        isbn13: 13 digits.
        country: ISO 3166-1 alpha-2.
        model: How it would be offered.
        at: The instant that is asked about, past or future; aware.
        known_at: Answer by what was known then; None for now.
        recipient: Also whether this recipient has it.

    Raises:
        ConfigurationError: A recipient is asked about a past knowledge: what was delivered is known of now only.
    """
    if recipient is not None and known_at is not None:
        raise ConfigurationError(
            "what a recipient has is known of now only", fix="Leave out either --recipient or --known-at."
        )
    with open_snapshot(home) as warehouse:
        asked = _Asked(warehouse, _Question(isbn13, country, model, at, known_at))
        with_recipient = None if recipient is None else _standing(warehouse, home, recipient, asked.question)
        return asked.answered(recipient, with_recipient)


@dataclass(frozen=True)
class _Question:
    isbn13: str
    country: str
    model: Model
    at: dt.datetime
    known_at: dt.datetime | None

    @property
    def known_by(self) -> dt.date | None:
        return None if self.known_at is None else self.known_at.astimezone(dt.UTC).date()


class _Asked:
    """A question, and what the catalogue says to it."""

    def __init__(self, warehouse: Warehouse, question: _Question) -> None:
        self.question, self.warehouse = question, warehouse
        isbn13, known_at, known_by = question.isbn13, question.known_at, question.known_by
        found = title_now(warehouse, isbn13) if known_at is None else title_known_at(warehouse, isbn13, known_at)
        self.title = found or Title(isbn13, "none", None, ())
        rows = warehouse.run("rights/received_of", isbn13=isbn13).to_pylist()
        self.was_received = bool(rows)
        self.unheard = unheard([row for row in rows if known_by is None or row["feed_day"] <= known_by], isbn13)
        self.passages = Passages(warehouse, self.title, known_by=known_by)

    def answered(self, recipient: Recipient | None, with_recipient: Standing | None) -> Why:
        answer = ask(self.title, self.question.country, self.question.model, self.question.at)
        obstacles = [] if with_recipient is None else [_obstacle(one) for one in with_recipient.obstacles]
        is_live = answer.is_open and not obstacles
        may = entitlements(self.title, self.question.country, self.question.at)
        return Why(
            isbn13=self.question.isbn13,
            country=self.question.country,
            model=self.question.model,
            at=moment(self.question.at) or "",
            known_at=moment(self.question.known_at),
            was_received=self.was_received,
            is_live=is_live,
            live_since=moment(answer.since) if answer.is_open else None,
            live_until=moment(answer.until),
            becomes_live_at=moment(answer.opens_at),
            price={"amount": answer.amount, "currency": answer.currency} if answer.amount is not None else None,
            entitlements={name: getattr(may, name) for name in may.__dataclass_fields__},
            reasons=[*self._reasons(answer), *obstacles],
            changes=[*self._changes(), *_orders(obstacles)],
            kept_back=[] if self._is_unknown else [_not_heard(one) for one in self.unheard],
            contradictions=self._contradictions(),
            recipient=None
            if recipient is None or with_recipient is None
            else WhyRecipient(
                name=recipient.name,
                is_taken=with_recipient.taken_with is not None,
                taken_with=with_recipient.taken_with,
                taken_for=with_recipient.taken_for,
            ),
        )

    @property
    def _is_unknown(self) -> bool:
        return self.title.state == "none"

    def _reasons(self, answer: Answer) -> list[WhyReason]:
        if not self._is_unknown:
            return [self._reason(reason) for reason in _together(answer.reasons)]
        # Of a title that no record names nothing else is known: what it lacks is no reason of its own.
        return [_not_heard(one) for one in self.unheard] or [self._unknown()]

    def _reason(self, reason: Reason) -> WhyReason:
        kind = KINDS[reason.code]
        decision = self.passages.decision(reason)
        by = "" if decision is None else f", by {decision['owner']}: {decision['reason']}"
        ends_at = None
        if reason.edge is not None and kind.whose == "nobody":
            ends_at = moment(instant(reason.edge, self.question.country))
        return WhyReason(
            code=reason.code,
            rule=rule_of(reason),
            brief=told_briefly(reason, self.title) + by,
            text=told(reason, self.title) + by,
            evidence=self.passages.of(reason),
            decision=decision,
            action=_action(reason, decision),
            whose=kind.whose,
            ends_at=ends_at,
        )

    def _unknown(self) -> WhyReason:
        if not self.was_received:
            return _plain("never_received", "no message ever named this ISBN", "Look for a typing error in it.", "you")
        if self.question.known_at is not None:
            since = self.warehouse.run("rights/known_since", edition_key=edition_key(self.question.isbn13)).to_pylist()
            first = moment(since[0]["known_since"]) if since else None
            text = f"nothing of it was known by {moment(self.question.known_at)}"
            return _plain(
                "not_known_then",
                f"{text}; the first that counts was merged at {first}" if first else text,
                "Ask without --known-at for what is known now.",
                "you",
            )
        return _plain(
            "not_published_yet",
            "its records are received and merged, and the catalogue is not published since",
            "Wait for the next run of `catalogue`.",
            "nobody",
        )

    def _changes(self) -> list[WhyChange]:
        if self._is_unknown:
            return _orders([_not_heard(one) for one in self.unheard])
        made = remedy(self.title, self.question.country, self.question.model, self.question.at)
        found = []
        for change in made:
            voice = None if change.voice is None else self.title.voices[change.voice]
            found.append(
                WhyChange(
                    kind=change.kind,
                    whose=change.whose,
                    text=change.text,
                    supplier=(voice and voice.supplier) or None,
                    record_reference=(voice and voice.record_reference) or None,
                    block=change.block,
                    path=change.path,
                    value=change.value,
                    until=moment(change.until),
                )
            )
        return found

    def _contradictions(self) -> list[Told]:
        here = bit(self.question.country)
        concerning = [one for one in contradictions(self.title) if one.countries & here]
        return told_contradictions(concerning, self.passages)


def _together(reasons: Iterable[Reason]) -> list[Reason]:
    """Reasons that say the same in several places as one with all of them."""
    alike: dict[Reason, tuple[Source, ...]] = {}
    for reason in reasons:
        key = reason._replace(sources=())
        alike[key] = tuple(dict.fromkeys((*alike.get(key, ()), *reason.sources)))
    return [reason._replace(sources=sources) for reason, sources in alike.items()]


def moment(when: dt.datetime | None) -> str | None:
    """An instant as ISO 8601 in UTC; None for the beginning and the end of time."""
    if when is None or when in (BEGINNING_OF_TIME, END_OF_TIME):
        return None
    return when.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _action(reason: Reason, decision: Decision | None) -> str:
    action = KINDS[reason.code].action
    if decision is None:
        return action
    return f"Release the override (bindery override release {decision['override_id']})."


def _not_heard(one: Unheard) -> WhyReason:
    return WhyReason(
        code="unknown",
        rule=one.rule,
        brief=one.text,
        text=one.text,
        evidence=[one.passage],
        decision=None,
        action=one.action,
        whose=one.whose,
        ends_at=None,
    )


def _plain(code: str, text: str, action: str, whose: str) -> WhyReason:
    return WhyReason(
        code=code,
        rule=code,
        brief=text,
        text=text,
        evidence=[],
        decision=None,
        action=action,
        whose=whose,
        ends_at=None,
    )


def _obstacle(one: Obstacle) -> WhyReason:
    return _plain(one.code, one.text, one.action, one.whose)


def _orders(reasons: list[WhyReason]) -> list[WhyChange]:
    """What reasons ask for that no change of a record mends."""
    orders = dict.fromkeys((one["whose"], one["action"], one["code"]) for one in reasons)
    return [
        WhyChange(
            kind="wait" if whose == "nobody" else "resend_record" if code == "unknown" else code,
            whose=whose,
            text=action,
            supplier=None,
            record_reference=None,
            block="",
            path="",
            value="",
            until=None,
        )
        for whose, action, code in orders
    ]


def _standing(warehouse: Warehouse, home: Home, recipient: Recipient, question: _Question) -> Standing:
    named = {"recipient": recipient.name, "isbn13": question.isbn13}
    settled = {row.delivery_id for row in deliveries_of(warehouse, recipient.name)}
    begun = [
        package.plan.delivery_id
        for package in begun_deliveries(recipient, home, settled)
        if question.isbn13 in read_items(package.plan, home).column("isbn13").to_pylist()
    ]
    return standing(
        recipient,
        question.country,
        question.model,
        sent=warehouse.run("delivery/sent_of", **named).to_pylist(),
        omitted=warehouse.run("delivery/omissions_of", **named).column("reason").to_pylist(),
        begun=begun,
    )
