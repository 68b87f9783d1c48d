"""Where a person reads what to do."""

from __future__ import annotations

import os

from bindery.home import PROJECT

FOLDER = PROJECT / "docs" / "runbooks"
"""One Markdown file a kind of DAG."""


def runbook(kind: str) -> str:
    """The runbook of a kind of DAG, as a link or a path in the repository.

    Args:
        kind: ``feed``, ``catalogue``, ``deliver`` or ``feed_health``.

    Returns:
        A URL where ``BINDERY_DOCS_URL`` names the place the docs are served from, otherwise the path.
    """
    served = os.environ.get("BINDERY_DOCS_URL", "").rstrip("/")
    path = f"docs/runbooks/{kind}.md"
    return f"{served}/{path}" if served else path
