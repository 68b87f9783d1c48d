"""Numbers to look rows up by: engines find a thousand numbers among millions of rows sooner than as many texts.

A key finds rows; what is the same is decided by the texts beside it. So two texts with one key would only cost time.
"""

from __future__ import annotations

import hashlib

_BYTES, _SPARE_BITS = 8, 4
"""60 bits: a positive INT64 on every engine."""


def key_of(*texts: str) -> int:
    """The key of a thing named by some texts: the first 60 bits of the SHA-256 of its texts, a line each."""
    digest = hashlib.sha256("\n".join(texts).encode()).digest()
    return int.from_bytes(digest[:_BYTES]) >> _SPARE_BITS


def record_key(supplier: str, record_reference: str) -> int:
    """The key of a supplier's record."""
    return key_of(supplier, record_reference)


def version_key(content_hash: str) -> int:
    """The key of a version."""
    return key_of(content_hash)


def edition_key(isbn13: str) -> int:
    """The key of an edition: the digits of its ISBN."""
    return int(isbn13)
