"""Works: which editions are the same book, which recordings are one, and why (RFC 0006).

``facts`` reads what an edition says, ``titles`` and ``people`` compare, ``keys`` says what could join an edition with
others, ``judge`` decides a pair, ``cluster`` puts pairs together, and ``merging`` does it in the warehouse for what
changed.
"""
