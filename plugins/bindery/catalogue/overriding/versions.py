"""Versions that overrides make: the winning version of a block with a person's values in it (RFC 0005).

A derived version is a row of ``record_versions`` like any other, found by the hash of what it says. So the same version
with the same overrides is the same row, and what is released is the base version again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, get_type_hints

import pyarrow as pa

from bindery.catalogue.columns import whole
from bindery.catalogue.content import CONTENT_SCHEMA, content_hashes, content_of
from bindery.catalogue.facts_of import FACTS_SCHEMA, facts_of
from bindery.catalogue.facts_of.collateral import collateral_facts
from bindery.catalogue.facts_of.descriptive import descriptive_facts
from bindery.catalogue.facts_of.publishing import publishing_facts
from bindery.catalogue.facts_of.supply import supply_facts
from bindery.catalogue.overriding.blank import blank, complete
from bindery.catalogue.overriding.fields import FIELDS
from bindery.catalogue.record import Record, Source
from bindery.catalogue.record_schema import VERSION_SCHEMA
from bindery.errors import ConfigurationError

Fields = Mapping[str, str | None]
"""Values by field; None where it is deliberately empty."""

_FACTS: Final[Mapping[str, Callable[[Any], dict[str, pa.Array]]]] = {
    "descriptive": descriptive_facts,
    "collateral": collateral_facts,
    "publishing": publishing_facts,
    "supply": supply_facts,
}

BLOCKS: Final = tuple(_FACTS)
"""The blocks that have fields to override."""


@cache
def unstated(block: str) -> pa.Table:
    """A version that states nothing, to derive from where no supplier states a block.

    Args:
        block: The block.

    Returns:
        One row of ``VERSION_SCHEMA``.
    """
    record = blank(
        Record,
        record_reference="",
        notification_type="",
        kind="block",
        touches=[block],
        source=Source(byte_start=0, byte_end=0, line=0),
    )
    for name in ("descriptive", "collateral", "content", "publishing", "related", "production", "supply"):
        record[name] = None
    content = content_of([record])
    return _versions(content, facts_of(content), content_hashes(content))


def derived(base: pa.Table, block: str, fields: Sequence[Fields]) -> pa.Table:
    """Versions with overrides in one of their blocks; the other blocks and their facts are the base's.

    Args:
        base: Rows of ``VERSION_SCHEMA``.
        block: The block whose fields are overridden.
        fields: The overrides of each row, values as ``read_value`` gives them.

    Returns:
        One row of ``VERSION_SCHEMA`` a row. Where a version says all that is asked already it is the base's.

    Raises:
        ConfigurationError: What was asked can't be stated in a version; the error names the field.
    """
    base = base.select(VERSION_SCHEMA.names).cast(VERSION_SCHEMA)
    column = base.column(block).to_pylist()
    wanted = [_unmet(facts, one) for facts, one in zip(_facts(base), fields, strict=True)]
    patched = [_patched(stated, block, one) if one else stated for stated, one in zip(column, wanted, strict=True)]
    content = base.select(CONTENT_SCHEMA.names)
    place = content.schema.get_field_index(block)
    content = content.set_column(
        place, CONTENT_SCHEMA.field(block), pa.array(patched, CONTENT_SCHEMA.field(block).type)
    )
    facts = base.select([name for name in VERSION_SCHEMA.names if name not in CONTENT_SCHEMA.names])
    for name, found in _FACTS[block](whole(content.column(block))).items():
        place = facts.schema.get_field_index(name)
        facts = facts.set_column(place, VERSION_SCHEMA.field(name), found.cast(VERSION_SCHEMA.field(name).type))
    made = _versions(content, facts, content_hashes(content))
    _hold(made, block, fields, wanted)
    if all(wanted):
        return made
    chosen = [place + (0 if one else len(wanted)) for place, one in enumerate(wanted)]
    return pa.concat_tables([made, base]).take(pa.array(chosen, pa.int64()))


def _versions(content: pa.Table, facts: pa.Table, hashes: pa.Array) -> pa.Table:
    columns = {"content_hash": hashes}
    columns |= {name: content[name] for name in content.column_names}
    columns |= {name: facts[name] for name in facts.column_names if name not in columns}
    return pa.table([columns[name] for name in VERSION_SCHEMA.names], schema=VERSION_SCHEMA)


def _facts(versions: pa.Table) -> list[dict[str, Any]]:
    """The facts of versions, without their blocks, which are long."""
    narrow: list[dict[str, Any]] = versions.select(["content_hash", *FACTS_SCHEMA.names]).to_pylist()
    return narrow


def _unmet(facts: Mapping[str, Any], fields: Fields) -> Fields:
    """The overrides that a version doesn't say already, in the order they are applied."""
    return {
        name: fields[name]
        for name, field in FIELDS.items()
        if name in fields and (field.fact(facts) != _asked(name, fields[name]) or _says_more(name, fields[name]))
    }


def _says_more(name: str, value: str | None) -> bool:
    """Whether a value says more than its fact, such as a series its number or a description its markup."""
    return value is not None and FIELDS[name].stated(value) != value


def _asked(name: str, value: str | None) -> str | None:
    return None if value is None else FIELDS[name].stated(value)


def _patched(stated: Any, block: str, fields: Fields) -> Any:
    hint = get_type_hints(Record)[block]
    model = next(one for one in hint.__args__ if one is not type(None))
    made = complete(stated, model)
    for name, value in fields.items():
        patch = FIELDS[name].patch
        assert patch is not None  # noqa: S101  # a field of a block has one
        patch(made, value)
    return made


def _hold(made: pa.Table, block: str, fields: Sequence[Fields], wanted: Sequence[Fields]) -> None:
    """Hold what was made to what was asked: a value that is not shown must not pass for one that is."""
    for facts, asked, patched in zip(_facts(made), fields, wanted, strict=True):
        for name, value in asked.items() if patched else ():
            found = FIELDS[name].fact(facts)
            if found != _asked(name, value):
                raise ConfigurationError(
                    f"{name} cannot be {value!r} in version {facts['content_hash']}: its {block} block says {found!r}",
                    fix="Release that override and report it: its value is one that Bindery should have refused.",
                )
