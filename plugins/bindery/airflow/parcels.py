"""Parcels: the messages of a feed day, dealt out over mapped tasks.

A message that fails must fail its task, and must not stop the others of its parcel. So a task works on all of them,
hands on the claims of those that went well, and only then raises for those that did not; the next task of the parcel
runs whatever happened before it, and takes what it finds.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException
from pydantic import BaseModel

from bindery.errors import BinderyError, UnreachableError

log = logging.getLogger(__name__)

MAX_PARCELS = 8
"""Mapped tasks a step of a feed day; more messages share a task (a task costs seconds, a message often less)."""

LABEL = "parcel"
"""The context key a task's ``map_index_template`` shows."""

Item = TypeVar("Item")
Given = TypeVar("Given", bound=BaseModel)
Made = TypeVar("Made", bound=BaseModel)


def pack(claim: BaseModel) -> dict[str, Any]:
    """A claim as it travels from task to task."""
    return claim.model_dump(mode="json")


def deal(items: Sequence[Item], *, parcels: int = MAX_PARCELS) -> list[list[Item]]:
    """Deal items out in turn.

    Args:
        items: What to deal, in order.
        parcels: The most parcels to make.

    Returns:
        One parcel an item while they suffice, then ``parcels`` of them; none is empty.
    """
    return [list(items[first::parcels]) for first in range(min(parcels, len(items)))]


def work_through(
    parcel: Sequence[Any] | None,
    given: type[Given],
    step: Callable[[Given], Made],
    *,
    name: Callable[[Given], str],
) -> list[dict[str, Any]]:
    """Take one step with every message of a parcel.

    Args:
        parcel: The claims the step before handed on; None or empty where all of them failed there.
        given: What they are.
        step: The step.
        name: How a person knows the message: its file name.

    Returns:
        The claims for the next step.

    Raises:
        AirflowSkipException: Nothing was handed on, so there is nothing to do here.
        BinderyError: The step failed for some messages; the claims of the others are handed on all the same.
    """
    claims = [given.model_validate(claim) for claim in parcel or ()]
    if not claims:
        raise AirflowSkipException("No message came this far.")
    context: Any = get_current_context()
    context[LABEL] = _label([name(claim) for claim in claims])
    made: list[dict[str, Any]] = []
    failures: list[tuple[str, Exception]] = []
    for claim in claims:
        try:
            made.append(pack(step(claim)))
        except Exception as error:
            log.exception("%s failed", name(claim))
            failures.append((name(claim), error))
    if failures:
        # A task that raises returns nothing, and the good messages must get on.
        context["ti"].xcom_push(key="return_value", value=made)
        raise as_one(failures, of=len(claims))
    return made


def as_one(failures: Sequence[tuple[str, Exception]], *, of: int) -> Exception:
    """One error for all messages of a parcel that failed.

    It can be retried when one of them can: the others fail again, at no harm.

    Args:
        failures: File name and error of each.
        of: Messages in the parcel.
    """
    passing = [error for _, error in failures if isinstance(error, BinderyError) and not error.permanent]
    first = passing[0] if passing else failures[0][1]
    if of == 1:
        return first
    what = f"{len(failures)} of {of} messages failed: " + "; ".join(
        f"{name}: {_first_line(error)}" for name, error in failures
    )
    fixes = dict.fromkeys(error.fix if isinstance(error, BinderyError) else _FIX_OURS for _, error in failures)
    if passing:
        return UnreachableError(what, fix=" ".join(fixes))
    if isinstance(first, BinderyError):
        return type(first)(what, fix=" ".join(fixes))
    return BinderyError(what, fix=" ".join(fixes))


_FIX_OURS = "Read the task's log; this is a fault of ours."


def _first_line(error: Exception) -> str:
    return f"{error}".splitlines()[0] if f"{error}" else type(error).__name__


def _label(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
