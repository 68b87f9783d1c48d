"""The command line of the simulator: ``python -m tests.simulator``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from tests.simulator import servers
from tests.simulator.messages import DIALECTS, Entry, message
from tests.simulator.onix3 import Header
from tests.simulator.suppliers import write_suppliers, write_whole
from tests.simulator.timeline import SUPPLIERS
from tests.simulator.titles import EPOCH, make_title

_EXAMPLES = """examples:
  python -m tests.simulator write --folder var/outside/suppliers
  python -m tests.simulator write --folder var/outside/suppliers --titles 5000 --days 7 --seed 2 --faults 0.02
  python -m tests.simulator message --titles 100000 --dialect onix_3.0 -o var/big.xml
  python -m tests.simulator serve --folder var/outside/suppliers --state var/outside/state
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the suppliers' folders, write one message, or serve a folder as suppliers and recipients do."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulator",
        description="Suppliers and recipients of audiobooks, simulated: the same seed gives the same bytes.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _add_write(commands)
    _add_message(commands)
    _add_serve(commands)
    chosen = parser.parse_args(arguments)
    if chosen.command == "write":
        manifest = write_suppliers(
            chosen.folder,
            seed=chosen.seed,
            titles=chosen.titles,
            days=chosen.days,
            faults=chosen.faults,
            first_day=chosen.first_day,
            truth=chosen.truth,
        )
        print(manifest)
    elif chosen.command == "message":
        _message(chosen)
    else:
        servers.serve(
            chosen.folder,
            chosen.state,
            recipients=chosen.recipients,
            sftp_port=chosen.sftp_port,
            https_port=chosen.https_port,
        )
    return 0


def _add_write(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    write = commands.add_parser("write", help="write the four suppliers' folders, truth.jsonl and faults.json")
    write.add_argument("--folder", type=Path, required=True, help="where to; a folder a supplier and a day")
    write.add_argument("--titles", type=_whole, default=860, help="titles of all suppliers together (860)")
    write.add_argument("--days", type=_whole, default=3, help="days of history (3)")
    write.add_argument("--seed", type=int, default=1, help="decides everything (1)")
    write.add_argument("--faults", type=_share, default=0.05, help="share of records with a mistake, 0 to 1 (0.05)")
    write.add_argument("--no-truth", dest="truth", action="store_false", help="leave out truth.jsonl")
    write.add_argument("--first-day", type=date.fromisoformat, default=EPOCH, help="day of the fulls (2026-03-01)")


def _add_message(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("message", help="write one full message without faults, of any size")
    one.add_argument("--titles", type=_whole, required=True, help="how many")
    one.add_argument("--dialect", choices=DIALECTS, required=True, help="how to write it")
    one.add_argument("--seed", type=int, default=1, help="decides everything (1)")
    one.add_argument("-o", "--output", type=Path, required=True, help="the file; gzip it yourself if you want that")


def _add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = commands.add_parser("serve", help="run SFTP, HTTPS and an acknowledging recipient until told to stop")
    serve.add_argument("--folder", type=Path, required=True, help="what is served")
    serve.add_argument("--state", type=Path, required=True, help="where keys and endpoints.json go")
    serve.add_argument("--recipients", type=Path, help="where deliveries arrive (<folder>/recipients)")
    serve.add_argument("--sftp-port", type=int, default=0, help="a free one by default")
    serve.add_argument("--https-port", type=int, default=0, help="a free one by default")


def _message(chosen: argparse.Namespace) -> None:
    release = chosen.dialect.removesuffix("_short")
    supplier = next(one for one in SUPPLIERS.values() if one.dialect.startswith(release))
    header = Header(supplier.sender, datetime.combine(EPOCH, time(supplier.hour), UTC), 1)
    entries = (Entry(make_title(chosen.seed, supplier.house, index)) for index in range(chosen.titles))
    chosen.output.parent.mkdir(parents=True, exist_ok=True)
    write_whole(chosen.output, message(chosen.dialect, header, entries))


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not a share between 0 and 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
