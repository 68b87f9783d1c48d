"""``bindery release``: let a held message through."""

from __future__ import annotations

from typing import Annotated

import typer

from bindery.home import Home


def release(
    supplier: Annotated[str, typer.Argument(help="Who sent it.")],
    message: Annotated[str, typer.Argument(help="SHA-256 of its bytes, as `bindery status` lists it.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Let a message through that the feed's gate holds, because you looked at it.

    Nothing is merged by this; the next run of the DAG `catalogue` takes it. To release it twice does nothing more.

    **Examples**

    - `bindery release northwind 3f0a…` releases one
    - `airflow dags trigger catalogue --conf '{"feed_date": "2026-03-02"}'` merges it now
    """
    from bindery.steps import stage  # noqa: PLC0415 - loads an engine; the command line loads every verb

    released = stage.release(supplier, message, home=Home.from_environment())
    if as_json:
        typer.echo(released.model_dump_json())
        return
    typer.echo(f"Released. Records that wait for the next run of `catalogue`: {released.received}.")
