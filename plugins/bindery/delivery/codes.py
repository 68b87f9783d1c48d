"""Which codes the ONIX 3.0 we write may use: those of the schema a recipient validates with.

A supplier's record may carry a newer code, or one that only ONIX 2.1 knew; one such code would make a whole message
invalid for the recipient, so the composite that needs it is left out. Issue 68 is the issue the final ONIX 3.0 schema
(revision 8) is published with.
"""

from __future__ import annotations

from bindery.trade.codelists import codelist

SCHEMA_ISSUE = 68
"""Issue of the code lists that the written messages keep to."""


def in_list(number: int, code: str | None) -> bool:
    """Whether ONIX 3.0 has a code.

    Args:
        number: The code list's number, such as 150 for product form.
        code: The code as the supplier sent it.
    """
    return code is not None and code in codelist(str(number), SCHEMA_ISSUE)


def countries() -> frozenset[str]:
    """The country codes of List 91 (ISO 3166-1 alpha-2, and a few withdrawn ones)."""
    return frozenset(codelist("91", SCHEMA_ISSUE))
