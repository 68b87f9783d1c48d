"""Overrides: a person's value for a field of a title wins until it is released or expires (RFC 0005).

``fields`` says what can be overridden and how it is written, ``versions`` makes versions that say so, ``deriving`` does
it for the titles of a merge. Legal fields only narrow: a person can take a title or a country off sale, and not put
one on that a supplier doesn't allow (law 3).
"""

from __future__ import annotations

from bindery.catalogue.overriding.deriving import derive
from bindery.catalogue.overriding.fields import FIELDS, LIMITS, Field, field_named, read_value
from bindery.catalogue.overriding.versions import BLOCKS, derived, unstated

__all__ = ["BLOCKS", "FIELDS", "LIMITS", "Field", "derive", "derived", "field_named", "read_value", "unstated"]
