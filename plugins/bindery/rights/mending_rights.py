"""Which changes of sales rights may take a reason away (``bindery.rights.mending``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bindery.rights.changes import Change
from bindery.rights.orders import Asked, order, resent, who_states
from bindery.rights.reasons import Reason, Source
from bindery.rights.rights_edits import BESIDE, place_of
from bindery.rights.telling import coded, record_of
from bindery.trade.restrictions import models_left_by
from bindery.trade.rights import GRANTS
from bindery.trade.stated import RightStated
from bindery.trade.territories import read_codes

_NON_EXCLUSIVE: Final = "02 (for sale, non-exclusive)"
_UNRESTRICTED: Final = {"07": "01", "08": "02"}


def state_right(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """A right more that names the country: what names a country goes before what reaches it through a region."""
    place = source.voice if source.voice is not None else who_states(asked.title)
    if place is None:
        yield from resent(asked, reason, source)
        return
    where = Source(place, "publishing", "SalesRights")
    text = (
        f"State a SalesRights of type {_NON_EXCLUSIVE} that names {asked.country} in "
        f"{record_of(asked.title, place)}, if the rights are held."
    )
    yield order("state_right", reason, where, f"02 {asked.country}", text)


def _statement(asked: Asked, source: Source) -> RightStated | None:
    number = place_of(source.path)
    return None if number is None or source.voice is None else asked.rights(source.voice).rights[number]


def _names(asked: Asked, source: Source) -> bool:
    one = _statement(asked, source)
    return one is not None and asked.country in one.territory["countries_included"]


def not_for_sale(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """Of a denial that names the country a right in its place; of any other a right beside it."""
    if not _names(asked, source):
        yield from state_right(asked, reason, source)
        return
    text = (
        f"Name {asked.country} in a SalesRights of type {_NON_EXCLUSIVE} instead of in {source.path} of "
        f"{record_of(asked.title, source.voice)}, if the rights are held."
    )
    yield order("move_country", reason, source, f"02 {asked.country}", text)


def contradictory(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """The statement that denies, as far as it is about this country; the other is what is wanted."""
    one = _statement(asked, source)
    if one is None or one.type in GRANTS:
        return
    record = record_of(asked.title, source.voice)
    if _names(asked, source):
        text = f"Name {asked.country} no longer in {source.path} (type {one.type}) of {record}, if the rights are held."
        yield order("drop_country", reason, source, asked.country, text)
    else:
        yield from state_right(asked, reason, source)


def doubtful(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """The codes that can't be read, or the country left out of the denial, or no denial."""
    one = _statement(asked, source)
    if one is None:
        return
    record = record_of(asked.title, source.voice)
    codes = [
        code
        for element, regions in (("countries_included", False), ("regions_included", True))
        for code in one.territory[element]  # type: ignore[literal-required]
        if asked.country in read_codes([code], regions=regions).perhaps
    ]
    if codes:
        text = (
            f"State the ISO 3166-1 codes that are meant instead of {' '.join(codes)} in {source.path} of {record}, "
            f"without {asked.country} if the rights are held."
        )
        yield order("drop_code", reason, source, " ".join(codes), text)
    text = f"Name {asked.country} in CountriesExcluded of {source.path} of {record}, if the rights are held."
    yield order("exclude_country", reason, source, asked.country, text)
    text = f"Take {source.path} (type {one.type}) out of {record}, if the rights are held."
    yield order("drop_statement", reason, source, "", text)


def restriction_unstated(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """The type of the same right without a restriction."""
    one = _statement(asked, source)
    if one is None:
        return
    plain = _UNRESTRICTED.get(one.type, "02")
    text = (
        f"State type {plain} in the place of {one.type} in {source.path} of {record_of(asked.title, source.voice)}, "
        "if there is no restriction; else the SalesRestriction."
    )
    yield order("set_right", reason, source, plain, text)


def restricted(asked: Asked, reason: Reason, source: Source) -> Iterator[Change]:
    """The restriction away."""
    yield without_restriction(asked, reason, source, reason.detail.partition(":")[2])


def without_restriction(asked: Asked, reason: Reason, source: Source, code: str) -> Change:
    """A restriction away from where it is."""
    element = "Market" if source.block == "supply" else source.path
    around = source.path.rpartition("/")[0] if source.block == "supply" else "" if element == BESIDE else element
    where = f"{around} of " if around else ""
    text = (
        f"Take SalesRestriction {coded('71', code) if code else 'without a code'} out of {where}"
        f"{record_of(asked.title, source.voice)}, where it doesn't hold."
    )
    return order("drop_restriction", reason, source, code, text)


def every_restriction(asked: Asked, reason: Reason, place: int) -> Iterator[Change]:
    """Each of a record's restrictions that take the model away."""
    stated = asked.rights(place)
    said = [(f"SalesRights[{nth}]", one.restrictions) for nth, one in enumerate(stated.rights, 1)]
    for path, restrictions in (*said, (BESIDE, stated.restrictions)):
        for one in restrictions:
            if not getattr(models_left_by(one.type or ""), asked.model):
                yield without_restriction(asked, reason, Source(place, "publishing", path), one.type or "")
