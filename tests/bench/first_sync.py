"""The first sync of a new laptop, when the server has to make a snapshot and when it has one; and catching up later."""

from __future__ import annotations

import http.client
import shutil
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench import laptop
from tests.bench.boards import Board, Server, push_all, serving
from tests.bench.edits import Edits
from tests.bench.effort import Effort
from tests.bench.figures import Aim, Figure, middle
from tests.bench.line import Line, Place, Seat

BENCH: Final = "first sync"
_AIMS: Final = {149: Aim(0.1), 20_000: Aim(2.0)}
CATCH_UP: Final = Aim(2.0)
_GZIP: Final = 31
_ROUNDS: Final = 3


class Fetched(NamedTuple):
    """One download of a snapshot."""

    seconds: float
    bytes: int
    plain_bytes: int


def measure(board: Board, effort: Effort) -> Iterator[Figure]:
    """All of it on one board. Every cold round is the first thing that a new server is asked."""
    home = board.folder.parent / "laptop"
    codes = iter(board.codes)
    rounds: dict[str, list[float]] = {}
    for _ in range(_ROUNDS):
        with serving(board.folder) as server:
            cold = fetch(server, board.seats[0])
            for _ in range(_ROUNDS):
                rounds.setdefault("snapshot, cached", []).append(fetch(server, board.seats[0]).seconds)
            rounds.setdefault("snapshot, cold", []).append(cold.seconds)
            rounds.setdefault("whole sync, cached", []).append(_anew(home, server, next(codes)))
        with serving(board.folder) as server:
            rounds.setdefault("whole sync, cold", []).append(_anew(home, server, next(codes)))
    for name, each in sorted(rounds.items()):
        value, found = middle(each)
        yield Figure(
            BENCH,
            board.size,
            name,
            value,
            "s",
            _AIMS.get(board.size) if "whole" in name else None,
            found,
        )
    yield Figure(BENCH, board.size, "bytes that travel", cold.bytes / 1e6, "MB")
    yield Figure(BENCH, board.size, "bytes unpacked", cold.plain_bytes / 1e6, "MB")
    yield from _catching_up(board, home, effort)


def fetch(server: Server, seat: Seat) -> Fetched:
    """Download a snapshot as a laptop does, to the last byte; unpacking is not timed."""
    headers = {"Authorization": f"Bearer {seat.token}"}
    started = time.perf_counter()
    connection = http.client.HTTPConnection(*server.at)
    connection.request("GET", "/api/v1/snapshot", headers=headers)
    led = connection.getresponse()
    led.read()
    connection.request("GET", led.headers["Location"], headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    body = answer.read()
    seconds = time.perf_counter() - started
    connection.close()
    return Fetched(seconds, len(body), len(zlib.decompress(body, _GZIP)))


def _anew(home: Path, server: Server, code: str) -> float:
    """Seconds until the board of a new laptop stands; what was in the log before, it reads later."""
    shutil.rmtree(home, ignore_errors=True)
    return laptop.join(home, server, code, whole=False).seconds


def _catching_up(board: Board, home: Path, effort: Effort) -> Iterator[Figure]:
    """The laptop that synced last was away while others made entries."""
    seat = board.seats[0]
    with serving(board.folder) as server:
        laptop.move(home, server)
        yield Figure(BENCH, board.size, "reading what was before, afterwards", laptop.sync(home).whole, "s")
        probe = Line(server.at, seat)
        probe.close()
        before = probe.head
        rate = _enter(server, seat, board.edits, effort)
        yield Figure(BENCH, board.size, "entries in large pushes", rate, "changes/s")
        seconds, size = _read_on(server, seat, before)
        missed = f"catching up {effort.missed:,} changes"
        yield Figure(BENCH, board.size, f"{missed}, on the wire", seconds, "s")
        yield Figure(BENCH, board.size, f"{missed}, bytes on the wire", size / 1e6, "MB")
        yield Figure(BENCH, board.size, f"{missed}, whole sync", laptop.sync(home).whole, "s", CATCH_UP)


def _enter(server: Server, seat: Seat, edits: Edits, effort: Effort) -> float:
    """Make what others will have missed; returns how many entries a second were taken."""
    line = Line(server.at, seat)
    line.reports = False
    made = [edits.next(seat) for _ in range(effort.missed)]
    started = time.perf_counter()
    push_all(line, iter(made))
    line.close()
    return effort.missed / (time.perf_counter() - started)


def _read_on(server: Server, seat: Seat, cursor: Place) -> tuple[float, int]:
    started = time.perf_counter()
    line = Line(server.at, seat, cursor)
    line.until_head()
    line.close()
    return time.perf_counter() - started, line.bytes
