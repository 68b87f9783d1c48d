"""Bindery: audiobook feeds in, one catalogue, deliveries out."""

from __future__ import annotations

__version__ = "0.1.0"
