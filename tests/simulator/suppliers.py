"""The four suppliers' folders, as the demo serves them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from tests.simulator.history import History
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import EPOCH


def write_suppliers(
    folder: Path,
    *,
    seed: int = 1,
    titles: int | Mapping[str, int] = 860,
    days: int = 3,
    faults: float = 0.05,
    suppliers: tuple[str, ...] = tuple(SUPPLIERS),
    first_day: date = EPOCH,
    truth: bool = True,
) -> Path:
    """Write every message to ``<folder>/<supplier>/<YYYY-MM-DD>/<file>``.

    Args:
        folder: Where to; made if it is missing. Files of an earlier call with the same arguments are the same.
        seed: Decides everything.
        titles: How many titles on the first day, in all or by supplier. The default is the demo's.
        days: Days of history.
        faults: Share of records with a mistake; 0 for a history without any.
        suppliers: Who sends.
        first_day: The day of the full messages.
        truth: Whether to write what each record ought to be at the end of each day (``truth.jsonl``, see ``Truth``).

    Returns:
        The manifest, ``<folder>/faults.json``: a list of ``Injected``.
    """
    history = History(seed, suppliers, days, titles, faults, first_day=first_day)
    for file in history.messages():
        place = folder / file.supplier / file.day.isoformat()
        place.mkdir(parents=True, exist_ok=True)
        write_whole(place / file.name, file.chunks())
    if truth:
        rows = (row._asdict() | {"day": row.day.isoformat()} for number in range(days) for row in history.truth(number))
        lines = (json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
        write_whole(folder / "truth.jsonl", lines)
    manifest = folder / "faults.json"
    write_whole(manifest, [json.dumps(history.manifest(), ensure_ascii=False, indent=1).encode()])
    return manifest


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file so that it is there whole or not at all."""
    growing = path.with_name(f".{path.name}.writing")
    with growing.open("wb") as page:
        page.writelines(chunks)
    growing.replace(path)
