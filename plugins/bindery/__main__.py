"""``python -m bindery`` is ``bindery``."""

from __future__ import annotations

from bindery.cli import main

if __name__ == "__main__":
    main()
