"""Offers of the catalogue's titles: what is known of their rights and supply, and what is decided by it (RFC 0007)."""
