"""Feeds: their declarations, the transports that reach them, the archive that keeps their bytes."""

from __future__ import annotations

from bindery.feeds.declaration import Feed
from bindery.feeds.load import load_feed, load_feeds

__all__ = ["Feed", "load_feed", "load_feeds"]
