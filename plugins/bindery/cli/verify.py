"""``bindery verify``: hold the whole published catalogue to its laws."""

from __future__ import annotations

from typing import Annotated

import typer

from bindery.home import Home


def verify(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Hold the whole published catalogue to its laws: every record told of, nothing offered that may not be.

    Each merge checks what it touched; this checks everything, in a copy, and takes longer the more there is. A broken
    law is named with the messages or titles and what to do; then it exits with 2.

    **Examples**

    - `bindery verify` says how many checks hold
    """
    from bindery.steps import merge  # noqa: PLC0415 - loads an engine; the command line loads every verb

    checked = merge.verify_published(Home.from_environment())
    typer.echo(checked.model_dump_json() if as_json else f"Every law holds: {checked.rows} checks.")
