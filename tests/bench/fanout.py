"""From one editor to every listener: edit → on the disk → all of them, and how fast edits go while all listen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from tests.bench.boards import Board, Server, serving
from tests.bench.editors import alone, together
from tests.bench.edits import Edits
from tests.bench.effort import Effort
from tests.bench.figures import Aim, Figure, percentile
from tests.bench.line import Line
from tests.bench.listeners import Listeners, listening

BENCH: Final = "fanout"
LATENCY: Final = Aim(25.0)
RATE: Final = Aim(5_000, at_least=True)
IN_FLIGHT: Final = 64
_EVERY: Final = 0.02
_WARMING: Final = 50
_SOCKETS: Final = 4
"""Connections that the server allows a device."""
_CASES: Final = ((50, 0), (200, 0), (200, 1))


def measure(board: Board, effort: Effort) -> Iterator[Figure]:
    """All of it on one board, with fifty listeners, with two hundred, and with one more that has stopped reading."""
    for count, stopped in _CASES:
        with serving(board.folder) as server, listening() as listeners:
            editor = gather(board, server, listeners, count, stopped)
            name = f"{count} listeners" + (", one more stopped" if stopped else "")
            for title, value, measure_of, aim in _measure(editor, listeners, board.edits, effort):
                aimed = aim if count == 200 or measure_of == "ms" else None
                yield Figure(BENCH, board.size, f"{name}: {title}", value, measure_of, aimed)
            editor.close()


def gather(board: Board, server: Server, listeners: Listeners, count: int, stopped: int) -> Line:
    """Everybody connected and at the head; returns the editor."""
    probe = Line(server.at, board.seats[0])
    probe.close()
    seats = itertools.chain.from_iterable(itertools.repeat(seat, _SOCKETS) for seat in reversed(board.seats))
    listeners.start(server.at, list(itertools.islice(seats, count + stopped)), probe.head, stopped)
    editor = Line(server.at, board.seats[1], probe.head)
    editor.until_head()
    return editor


def _measure(
    editor: Line, listeners: Listeners, edits: Edits, effort: Effort
) -> Iterator[tuple[str, float, str, Aim | None]]:
    alone(editor, edits.pushes(editor.seat, _WARMING))
    paced = alone(editor, edits.pushes(editor.seat, effort.paced), _EVERY)
    reached = listeners.reached(max(paced.sent))
    ways = [(reached[seq] - sent) / 1e6 for seq, sent in paced.sent.items()]
    yield "edit → ack, p50", percentile(paced.latencies, 0.50) * 1000, "ms", None
    yield "edit → all, p50", percentile(ways, 0.50), "ms", None
    yield "edit → all, p99", percentile(ways, 0.99), "ms", LATENCY
    flood = together([editor], [edits.pushes(editor.seat, effort.flood)], IN_FLIGHT)
    reached = listeners.reached(max(flood.sent))
    yield f"acknowledged, {IN_FLIGHT} in flight", flood.rate, "changes/s", RATE
    behind = max(reached[seq] - sent for seq, sent in flood.sent.items())
    yield "in the flood, edit → all at worst", behind / 1e6, "ms", None
