"""The command line: ``bindery <verb>``, one module a verb.

A verb is a module in this package that is named in ``VERBS`` and has a function of its own name, or a ``Typer`` where
it has verbs of its own. Modules are loaded when the command line starts, so import what is heavy inside the function.
"""

from __future__ import annotations

import sys
from importlib import import_module

import typer

from bindery.errors import BinderyError

VERBS = (
    *("read", "status", "title", "why", "work", "blame", "diff"),
    *("release", "undo", "redo", "replay", "override", "verify"),
)
"""Verbs in the order ``--help`` shows them."""

UNREADABLE = 2
"""Exit code where a command can't do what it was asked to."""


def build() -> typer.Typer:
    """The command line with all its verbs."""
    app = typer.Typer(
        name="bindery",
        help="Audiobook feeds in, one catalogue, deliveries out.",
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def _root() -> None:
        """Audiobook feeds in, one catalogue, deliveries out."""

    for verb in VERBS:
        made = getattr(import_module(f"bindery.cli.{verb}"), verb)
        if isinstance(made, typer.Typer):
            app.add_typer(made, name=verb)
        else:
            app.command(verb)(made)
    return app


def main() -> None:
    """Runs the command line. An error of ours is one line and what to do, never a traceback."""
    try:
        build()()
    except BinderyError as error:
        sys.stderr.write(f"bindery: {error}\n")
        sys.exit(UNREADABLE)
