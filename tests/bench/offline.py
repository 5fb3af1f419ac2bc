"""A laptop that was away: how fast it opens with entries that nobody has seen yet, and what server and laptop hold.

What it takes to catch up with what others did meanwhile is measured by `first_sync`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.bench import laptop, opening
from tests.bench.boards import Board, serving
from tests.bench.effort import Effort
from tests.bench.figures import Aim, Figure, middle
from tests.bench.machine import memory_of

BENCH: Final = "offline"
PENDING: Final = 1_000
OPEN: Final = Aim(1.0)
_CODE: Final = -2


def measure(board: Board, effort: Effort) -> Iterator[Figure]:
    """All of it on one board, with a laptop of its own."""
    home = board.folder.parent / "away"
    with serving(board.folder) as server:
        yield Figure(BENCH, board.size, "server: memory when it listens", memory_of(server.pid), "MB")
        laptop.join(home, server, board.codes[_CODE])
        yield Figure(BENCH, board.size, "server: memory after a first sync", memory_of(server.pid), "MB")
    yield from _opened(board, effort, "nothing pending")
    opening.fill(home, PENDING)
    yield from _opened(board, effort, f"{PENDING:,} pending")
    with serving(board.folder) as server:
        laptop.move(home, server)
        yield Figure(BENCH, board.size, f"{PENDING:,} pending, until all is on the board", laptop.sync(home).whole, "s")


def _opened(board: Board, effort: Effort, name: str) -> Iterator[Figure]:
    rounds = [opening.opened(board.folder.parent / "away") for _ in range(effort.starts)]
    value, found = middle(each.seconds for each in rounds)
    yield Figure(BENCH, board.size, f"replica opens, {name}", value, "s", OPEN, found)
    memory, held = middle(each.megabytes for each in rounds)
    yield Figure(BENCH, board.size, f"laptop without a screen: memory, {name}", memory, "MB", None, held)
