"""A deterministic simulator of suppliers and recipients: messages with a truth and a list of faults, real servers."""

from __future__ import annotations

from tests.simulator.faults import RECORD_FAULTS, Injected
from tests.simulator.history import History, MessageFile, Truth, share_out
from tests.simulator.messages import DIALECTS, Dialect, Entry, message
from tests.simulator.onix3 import Header
from tests.simulator.suppliers import write_suppliers
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import House, Price, Rights, Title, make_title

__all__ = [
    "DIALECTS",
    "RECORD_FAULTS",
    "SUPPLIERS",
    "Dialect",
    "Entry",
    "Header",
    "History",
    "House",
    "Injected",
    "MessageFile",
    "Price",
    "Rights",
    "Title",
    "Truth",
    "make_title",
    "message",
    "share_out",
    "write_suppliers",
]
