"""`python -m tests.soak`: the long versions, one after the other, with seeds and counts; not 0 when a promise broke."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.soak.effort import Effort
from tests.soak.soaks import SOAKS

HISTORIES = 50_000
ROUNDS = 200


def main() -> int:
    """Run what is asked for, all of it also when one soak fails; the exit code says whether one did."""
    asked = _arguments()
    _say(f"seed {asked.seed}, {asked.rounds} rounds, {asked.histories} histories")
    failed = [name for name in asked.only if not _soak(name, asked)]
    _say(f"failed: {', '.join(failed)}" if failed else "all promises held")
    return 1 if failed else 0


def _soak(name: str, asked: argparse.Namespace) -> bool:
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guatu-soak-") as place:
        try:
            for counted in SOAKS[name](Effort(asked.histories, asked.rounds, asked.seed, Path(place))):
                _say(f"{name}: {counted.number} {counted.of_what}")
        except Exception:
            _say(f"{name}: FAILED, seed {asked.seed}\n{traceback.format_exc()}")
            return False
    _say(f"{name}: {time.monotonic() - started:.0f} s")
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    for name, value, meaning in (
        ("--histories", HISTORIES, "histories of the model"),
        ("--rounds", ROUNDS, "kills, days in the field, fifties of bits; system calls are of works a quarter as long"),
        ("--seed", secrets.randbelow(2**31), "where chance begins; printed, so that it can be given again"),
    ):
        parser.add_argument(name, type=int, default=value, help=f"{meaning} (else {value})")
    parser.add_argument("--only", nargs="+", choices=SOAKS, default=list(SOAKS), metavar="NAME", help=" ".join(SOAKS))
    return parser.parse_args()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
