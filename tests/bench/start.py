"""Start to first full frame, in turns with the least that Textual can show, and the memory held then.

`python -m tests.bench.start --command "COMMAND"` times any other program in the same way.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.bench import laptop
from tests.bench.boards import Board, serving
from tests.bench.effort import FULL, Effort
from tests.bench.figures import Aim, Figure, middle
from tests.bench.machine import memory_of
from tests.bench.terminal import ROWS, Full, first_full, last_screen, screened

BENCH: Final = "start"
EMPTY: Final = (sys.executable, "-m", "tests.bench.empty_app")
BOARD: Final = (sys.executable, "-m", "tui")
_RATIO: Final = {149: Aim(1.5)}
_MILLISECONDS: Final = {20_000: Aim(1_200.0)}
_QUIET: Final = 0.7


def measure(board: Board, effort: Effort) -> Iterator[Figure]:
    """The board of a laptop that has synced, beside the empty app, in turns."""
    home = board.folder.parent / "opening"
    env = {"GUATU_HOME": str(home), "GUATU_LANG": "zh"}
    with serving(board.folder) as server:
        laptop.join(home, server, board.codes[-1], whole=False)
        rounds = [(opened(EMPTY, {}, shows_text), opened(BOARD, env, is_filled)) for _ in range(effort.starts)]
    empty, empty_rounds = middle(each.milliseconds for each, _ in rounds)
    full, full_rounds = middle(each.milliseconds for _, each in rounds)
    ratio, ratios = middle(ours.milliseconds / least.milliseconds for least, ours in rounds)
    yield Figure(BENCH, board.size, "empty Textual app", empty, "ms", None, empty_rounds)
    yield Figure(BENCH, board.size, "guatu", full, "ms", _MILLISECONDS.get(board.size), full_rounds)
    yield Figure(BENCH, board.size, "guatu / empty app", ratio, "ratio", _RATIO.get(board.size), ratios)
    yield Figure(BENCH, board.size, "empty Textual app: memory", rounds[-1][0].megabytes, "MB")
    yield Figure(BENCH, board.size, "guatu: memory", middle(each.megabytes for _, each in rounds)[0], "MB")
    yield Figure(BENCH, board.size, "guatu: bytes painted by then", rounds[-1][1].bytes, "bytes")


class Opened:
    """A start: how long until the first full frame, the memory held a little later, the bytes painted by then."""

    def __init__(self, milliseconds: float, megabytes: float, painted: int) -> None:
        self.milliseconds, self.megabytes, self.bytes = milliseconds, megabytes, painted


def opened(command: Sequence[str], env: Mapping[str, str], full: Full) -> Opened:
    """Start a program, and wait until it paints no more."""
    with screened(command, env) as program:
        painted = program.until_quiet(_QUIET)
        megabytes = memory_of(program.pid)
    at = first_full(painted, full)
    assert at is not None, f"no full frame; the screen shows:\n{last_screen(painted)}"
    size = sum(len(data) for when, data in painted if when <= at)
    return Opened((at - program.started) * 1000, megabytes, size)


def shows_text(screen: Sequence[str]) -> bool:
    """Whether anything can be read."""
    return any(line.strip() for line in screen)


def is_filled(screen: Sequence[str]) -> bool:
    """Whether the screen holds something from its first line to its last, and on nearly every one between them."""
    lines = [bool(line.strip()) for line in screen]
    return lines[0] and lines[-1] and sum(lines) >= ROWS - 4


def main() -> None:
    """Time one program beside the empty app, and print both."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.start", description=main.__doc__)
    parser.add_argument("--command", required=True, help="what to start, as typed")
    parser.add_argument("--any-text", action="store_true", help="the frame is full as soon as it shows anything")
    asked = parser.parse_args()
    full = shows_text if asked.any_text else is_filled
    command = shlex.split(asked.command)
    rounds = [(opened(EMPTY, {}, shows_text), opened(command, {}, full)) for _ in range(FULL.starts)]
    ratio = middle(other.milliseconds / least.milliseconds for least, other in rounds)[0]
    for name, each in (("empty Textual app", [a for a, _ in rounds]), (asked.command, [b for _, b in rounds])):
        milliseconds, megabytes = (middle(getattr(one, of) for one in each)[0] for of in ("milliseconds", "megabytes"))
        sys.stdout.write(f"{name}: {milliseconds:.0f} ms, {megabytes:.0f} MB\n")
    sys.stdout.write(f"ratio: {ratio:.2f}\n")


if __name__ == "__main__":
    main()
