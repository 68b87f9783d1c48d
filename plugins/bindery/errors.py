"""The few ways Bindery fails.

Every error says whose fault it is, whether trying again can help, and what to do next. Retry policies, exit codes and
alerts are decided from these three facts and from nothing else (FEATURES O5).
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Whose fault a failure is."""

    SENDER = "sender"
    OURS = "ours"
    NETWORK = "network"


class BinderyError(Exception):
    """A failure a person can act on.

    Args:
        what: What went wrong, naming the file, feed or record.
        fix: The next action, and whose it is.
    """

    fault: Fault = Fault.OURS
    permanent: bool = True

    def __init__(self, what: str, *, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.what}\n  What to do: {self.fix}"

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders (workers, the judge); keyword-only arguments don't survive default pickling.
        return (_rebuild, (type(self), self.what, self.fix, self.__dict__))


def _rebuild(kind: type[BinderyError], what: str, fix: str, state: dict[str, object]) -> BinderyError:
    error = kind(what, fix=fix)
    error.__dict__.update(state)
    return error


class RefusedError(BinderyError):
    """A message that cannot be read at all: the sender has to send it again. Nothing of it was applied.

    Attributes:
        rule: The rule that refuses it, such as ``F1`` (AUDIOBOOKS section 7).
    """

    fault = Fault.SENDER

    def __init__(self, what: str, *, fix: str, rule: str = "F1") -> None:
        super().__init__(what, fix=fix)
        self.rule = rule


class ConfigurationError(BinderyError):
    """A declaration, connection or setting of ours is missing or wrong."""


class UnreachableError(BinderyError):
    """A remote party did not answer, or broke off: try again later."""

    fault = Fault.NETWORK
    permanent = False


class LawBrokenError(BinderyError):
    """One of the eight laws does not hold: stop before anything is published.

    Attributes:
        law: The law's number, 1 to 8.
    """

    def __init__(self, what: str, *, fix: str, law: int = 0) -> None:
        super().__init__(what, fix=fix)
        self.law = law
