"""What contradicts itself in what is said of a title: each finding with all its countries (FEATURES R2, MS14)."""

from __future__ import annotations

from bindery.rights.clash import RULES, Contradiction
from bindery.rights.rights_clashes import rights_clashes
from bindery.rights.supply_clashes import supply_clashes
from bindery.rights.title import Title

__all__ = ["RULES", "Contradiction", "contradictions"]

_ORDER = {rule: place for place, rule in enumerate(RULES)}


def contradictions(title: Title) -> tuple[Contradiction, ...]:
    """Every contradiction in a title's records that count.

    Args:
        title: All that is known of it.

    Returns:
        In the order of ``RULES``; those of one rule by where they were read.
    """
    found = [*rights_clashes(title), *supply_clashes(title)]
    return tuple(sorted(found, key=lambda one: _ORDER[one.rule]))
