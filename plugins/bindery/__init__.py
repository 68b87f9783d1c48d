"""Bindery: audiobook feeds in, one catalogue, deliveries out."""

from __future__ import annotations

import os

__version__ = "0.1.0"

# Arrow asks when it is first imported. Its default keeps what a batch needed: some 50 MB more at the peak.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
