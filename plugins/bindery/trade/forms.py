"""What is an audiobook, and who reads it (Lists 7, 17, 19, 81, 150, 175; AUDIOBOOKS 0.5, 0.6, 1.5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bindery.catalogue.facts import NarrationType
from bindery.catalogue.record import Contributor, Descriptive
from bindery.trade.texts import is_placeholder

_SPOKEN = frozenset({"01", "02", "13"})
"""List 81: audiobook, performance, other speech."""
_NOT_SPOKEN = frozenset({"03", "10"})
"""List 81: music recording, text (rule R5). 04, other audio, counts as an audiobook on an audio form."""
_DIGITAL_DOWNLOADS = frozenset({"EA", "EB", "EC", "ED"})
_UNDEFINED_FORM = "00"
_COMBINATIONS = frozenset({"SA", "SB", "SC", "SD", "SE", "SF"})

AUTHOR_ROLES = frozenset({"A01", "A02"})
NARRATOR_ROLES = frozenset({"E03", "E07"})
"""List 17."""
_SYNTHESISED = frozenset({"05", "06", "07", "09"})
_REPLICA = "08"


def _misused_digital_form(descriptive: Descriptive) -> bool:
    """A digital form with audio formats only (A1xx) or spoken content, which some senders use for audiobooks."""
    primary = descriptive["primary_content_type"]
    if primary is not None:
        return primary in _SPOKEN
    details = descriptive["product_form_details"]
    return any(code.startswith("A1") for code in details) and not any(code.startswith("E1") for code in details)


def is_audio(descriptive: Descriptive | None) -> bool | None:
    """Whether a product is an audiobook.

    An audio form (A*, Lists 150 and 7) is, unless its primary content is music (03) or text (10) and no spoken content
    (01, 02, 13) is stated beside it. A digital form (EA-ED) is where its primary content is spoken, or none is stated
    and its details name audio formats (A1xx) and no e-book format (E1xx). A product of several items is where all its
    parts have audio forms. Everything else isn't.

    Returns:
        None where no form is stated, or the undefined one (00).
    """
    form = descriptive["product_form"] if descriptive else None
    if descriptive is None or not form or form == _UNDEFINED_FORM:
        return None
    if form.startswith("A"):
        spoken_too = not _SPOKEN.isdisjoint(descriptive["product_content_types"])
        return descriptive["primary_content_type"] not in _NOT_SPOKEN or spoken_too
    if form in _DIGITAL_DOWNLOADS:
        return _misused_digital_form(descriptive)
    if form in _COMBINATIONS:
        return bool(descriptive["parts"]) and all(
            (part["product_form"] or "").startswith("A") for part in descriptive["parts"]
        )
    return False


def _in_order(contributors: Sequence[Contributor]) -> list[Contributor]:
    """By sequence number; those without one last, as sent."""
    return sorted(contributors, key=lambda one: (one["sequence"] is None, one["sequence"] or 0))


def display_name(contributor: Contributor) -> str | None:
    """The name to show: as spoken, a company's, inverted; for a voice without one, its alternative name.

    Fillers such as ``Unknown narrator`` are no names.
    """
    stated = (contributor["name"], contributor["corporate_name"], contributor["name_inverted"])
    for name in (*stated, *contributor["alternative_names"]):
        if name and not is_placeholder(name):
            return name
    return None


def names_with_role(contributors: Sequence[Contributor], roles: frozenset[str]) -> list[str]:
    """Names of the contributors who have one of the roles (List 17), in order, each once."""
    names = (display_name(one) for one in _in_order(contributors) if not roles.isdisjoint(one["roles"]))
    return list(dict.fromkeys(name for name in names if name))


def narrators(contributors: Sequence[Contributor]) -> list[str]:
    """Names of the narrators: E07, read by, and E03, narrator in a dramatisation; senders mix them up."""
    return names_with_role(contributors, NARRATOR_ROLES)


def voice(unnamed: str | None, *, named: bool) -> NarrationType:
    """Whose voice a narrator is.

    Args:
        unnamed: List 19, where stated.
        named: Whether there is a name to show.
    """
    if unnamed in _SYNTHESISED:
        return "ai_voice"
    if unnamed == _REPLICA:
        return "voice_replica"
    return "human" if named and not unnamed else "unknown"


def together(voices: Iterable[NarrationType]) -> NarrationType:
    """What several voices are: of more than one kind, mixed; an unknown one says nothing beside others."""
    kinds = set(voices) - {"unknown"}
    if len(kinds) > 1:
        return "mixed"
    return kinds.pop() if kinds else "unknown"


def narration_type(contributors: Sequence[Contributor]) -> NarrationType:
    """Whose voice it is (List 19 beside a narrator's role).

    05-07 and 09 are AI voices, 08 is the authorised replica of a voice, with or without a name beside it. A named
    narrator without such a code is human. Narrators of more than one kind are mixed; a nameless one (01-04) says
    nothing beside others.
    """
    return together(
        voice(one["unnamed"], named=display_name(one) is not None)
        for one in contributors
        if not NARRATOR_ROLES.isdisjoint(one["roles"])
    )
