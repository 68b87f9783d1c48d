"""The claims under their former name, until every room imports them from ``bindery.claims``."""

from __future__ import annotations

from bindery.claims import *  # noqa: F403 - goes with this file
