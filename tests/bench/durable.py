"""Durable changes: through the log, through log and board, and the whole way through the server, against the floor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tests.bench.boards import Board, Server, serving
from tests.bench.editors import Work, alone, together
from tests.bench.edits import Edit
from tests.bench.effort import Effort
from tests.bench.figures import Aim, Figure, middle, percentile
from tests.bench.floor import GROUP, Floor
from tests.bench.inside import LogAndBoard, LogOnly
from tests.bench.line import Line

BENCH: Final = "durable"
MANY: Final = 50
INSIDE: Final = Aim(1.5)
WHOLE_WAY: Final = Aim(4.0)
RESTART: Final = Aim(2.0)
_GROUPS_PER_BLOCK: Final = 4

Rounds = dict[str, list[float]]


def measure(board: Board, effort: Effort) -> Iterator[Figure]:
    """All of it on one board. Whatever is compared is done in turns, so that a busy disk is busy for both."""
    with Floor(board.folder.parent, len(board.edits.next(board.seats[0]).body)) as floor:
        yield from _figures(board, _inside(board, floor, effort))
        yield from _figures(board, _whole_way(board, floor, effort))
    yield _restart(board, effort)


def _inside(board: Board, floor: Floor, effort: Effort) -> Rounds:
    """In this process, one entry per transaction and `GROUP`; ratios are to the floor of the same round."""
    seat = board.seats[0]

    def groups(count: int, size: int) -> list[list[Edit]]:
        return [[board.edits.next(seat) for _ in range(size)] for _ in range(count)]

    found: Rounds = {}
    both = LogAndBoard(board.folder, seat, board.area)
    log = LogOnly(board.folder)
    for _ in range(effort.rounds):
        for size, count in ((1, effort.block), (GROUP, effort.block // _GROUPS_PER_BLOCK)):
            bare = floor.seconds(count, size)
            _note_inside(found, size, bare, "log", log.seconds(groups(count, size)))
            both.catch_up()
            _note_inside(found, size, bare, "log and board", both.seconds(groups(count, size)))
    log.close()
    both.close()
    return found


def _note_inside(found: Rounds, size: int, bare: Sequence[float], name: str, taken: Sequence[float]) -> None:
    of = "" if size == 1 else f" ({size} per fsync)"
    _note(found, f"bare append+fsync{of}, p50|ms", percentile(bare, 0.5) * 1000)
    _note(found, f"{name}{of}, p50|ms", percentile(taken, 0.5) * 1000)
    _note(found, f"{name}{of} / bare|ratio", percentile(taken, 0.5) / percentile(bare, 0.5))


def _whole_way(board: Board, floor: Floor, effort: Effort) -> Rounds:
    """Through the server's process and its socket, to the ack."""
    found: Rounds = {}
    with serving(board.folder) as server:
        lines = _lines(board, server)
        for _ in range(effort.rounds):
            bare = floor.seconds(effort.block)
            one = alone(lines[0], board.edits.pushes(lines[0].seat, effort.block))
            shares = max(2, effort.block // 10)
            many = together(lines, [board.edits.pushes(line.seat, shares) for line in lines])
            _note_whole_way(found, bare, one, many)
        for line in lines:
            line.close()
    return found


def _note_whole_way(found: Rounds, bare: Sequence[float], one: Work, many: Work) -> None:
    rate = len(bare) / sum(bare)
    _note(found, "bare append+fsync, beside the server|lines/s", rate)
    for name, work in (("one editor", one), (f"{MANY} editors", many)):
        _note(found, f"{name}|changes/s", work.rate)
        _note(found, f"{name}, p50|ms", percentile(work.latencies, 0.50) * 1000)
        _note(found, f"{name}, p99|ms", percentile(work.latencies, 0.99) * 1000)
        _note(found, f"bare / {name}|ratio", rate / work.rate)


def _lines(board: Board, server: Server) -> list[Line]:
    probe = Line(server.at, board.seats[0])
    probe.close()
    lines = [Line(server.at, seat, probe.head) for seat in board.seats[:MANY]]
    for line in lines:
        line.until_head()
    return lines


def _restart(board: Board, effort: Effort) -> Figure:
    """From the start of the process to the line that says where it listens, after a clean stop."""

    def seconds() -> float:
        with serving(board.folder) as server:
            return server.seconds

    value, rounds = middle(seconds() for _ in range(max(3, effort.rounds // 2)))
    return Figure(BENCH, board.size, "restart", value, "s", RESTART, rounds)


_AIMS: Final[dict[str, Aim]] = {"log / bare": INSIDE, "log and board / bare": INSIDE, "bare / one editor": WHOLE_WAY}


def _note(found: Rounds, name: str, value: float) -> None:
    found.setdefault(name, []).append(value)


def _figures(board: Board, found: Rounds) -> Iterator[Figure]:
    for name, each in found.items():
        title, _, measure_of = name.partition("|")
        value, rounds = middle(each)
        yield Figure(BENCH, board.size, title, value, measure_of, _AIMS.get(title), rounds)
