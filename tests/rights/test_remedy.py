"""Why a title is not live, and the smallest set of changes that makes it live (FEATURES R5, MS1)."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from bindery.rights.availability import ask
from bindery.rights.remedy import Change, applied, remedy
from tests.rights.applying import made
from tests.rights.seeded import CAUSES, Case, live, planted

AT = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)


@dataclass
class Judged:
    """How many titles were judged, by cause for those that have one, and which failed in what."""

    titles: Counter[str] = field(default_factory=Counter)
    failed: dict[str, list[str]] = field(default_factory=dict)
    by_cause: Counter[tuple[str, str]] = field(default_factory=Counter)
    sizes: Counter[int] = field(default_factory=Counter)

    def fail(self, what: str, case: Case, seen: object) -> None:
        self.failed.setdefault(what, []).append(f"{case.causes} {case.country} {case.model}: {seen}")
        for cause in case.causes:
            self.by_cause[cause, what] += 1

    def share(self, what: str) -> float:
        return 1 - len(self.failed.get(what, [])) / sum(self.sizes.values())

    @property
    def table(self) -> str:
        asked = ("first reason", "unplanted unknown", "goes live", "minimal")
        rows = [f"{'cause':24}{'titles':>8}" + "".join(f"{what:>20}" for what in asked)]
        for cause in CAUSES:
            failed = "".join(f"{self.by_cause[cause, what]:>20}" for what in asked)
            rows.append(f"{cause:24}{self.titles[cause]:>8}{failed}")
        return "\n".join(rows)


def _is_live(case: Case, changes: tuple[Change, ...], at: dt.datetime) -> bool:
    return ask(made(case, changes).title(), case.country, case.model, at).is_open


def _end(changes: tuple[Change, ...]) -> dt.datetime:
    return max((one.until for one in changes if one.until is not None), default=AT)


def judge(how_many: int, seed: int) -> Judged:
    rng = random.Random(seed)
    judged = Judged()
    names = list(CAUSES)
    for number in range(how_many):
        case, codes = planted(rng, names[number % len(names)], rng.choice((1, 2, 3)))
        for cause in case.causes:
            judged.titles[cause] += 1
        _judge(judged, case, codes)
    return judged


def _judge(judged: Judged, case: Case, codes: list[frozenset[str]]) -> None:
    title = case.title()
    reasons = ask(title, case.country, case.model, AT).reasons
    told = [reason.code for reason in reasons]
    if not told or not any(told[0] in of_cause for of_cause in codes):
        judged.fail("first reason", case, told)
    if "unknown" in told and "unknown" not in case.causes:
        judged.fail("unplanted unknown", case, told)
    changes = remedy(title, case.country, case.model, AT)
    judged.sizes[len(changes)] += 1
    if not changes or not _is_live(case, changes, _end(changes)):
        judged.fail("goes live", case, (told, changes))
        return
    for change in changes:
        fewer = tuple(one for one in changes if one is not change)
        if _is_live(case, fewer, AT if change.kind == "wait" else _end(changes)):
            judged.fail("minimal", case, (told, changes))
            return
