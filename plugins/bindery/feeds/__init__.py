"""Feeds: their declarations, the transports that reach them, the archive that keeps their bytes."""
