"""The wall at 380×100: what one change costs, a page, a burst; and the whole way from an editor to a painted wall.

Inside: the app itself, without a terminal, and every byte that it would have written. Outside: the real server, 199
listeners, one editor, and `guatu wall` in a pseudo-terminal; a way ends with the last byte that the wall wrote for it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from textual.screen import Screen

from shared.board.district import UnitRow, count_cells, town_row
from tests.bench import laptop
from tests.bench.boards import Board, serving
from tests.bench.effort import Effort
from tests.bench.fanout import gather
from tests.bench.figures import Aim, Figure, middle, percentile
from tests.bench.line import Line
from tests.bench.listeners import listening
from tests.bench.terminal import Screened, screened
from tui.laptop import Laptop
from tui.live_board import Delta
from tui.messages import LinkMoved, LinkState
from tui.wall.app import WallApp
from tui.wall.gathering import Gathering
from tui.wall.once import heard_in
from tui.wall.settings import Settings

BENCH: Final = "wall"
SIZE: Final = (380, 100)
CHANGES, TURNS, BURST = 60, 24, 500
WORDS: Final = "逾退临审毕正"
LISTENERS: Final = 199
WORK, BYTES, TURN = Aim(2.0), Aim(2_000), Aim(33.0)
SETTLED, DROPPED, WAY = Aim(1.0), Aim(0), Aim(30.0)
PAGE: Final = 5_000
"""So many bytes are a page: an edit that makes something late shows that town's page at once."""
_EVERY: Final = 0.1
_QUIET: Final = 0.02


class Counted(WallApp):
    """A wall that is shown nowhere; it counts what it would have written."""

    written = 0

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if renderable is not None and hasattr(renderable, "render_segments"):
            self.written += len(renderable.render_segments(self.console).encode())


def measure(board: Board, effort: Effort) -> Iterator[Figure]:
    """All of it on one board."""
    home = board.folder.parent / "wall"
    with serving(board.folder) as server:
        laptop.join(home, server, board.codes[-2], whole=False)
    yield from asyncio.run(_inside(home, board.size))
    yield from _outside(board, home, effort)


async def _inside(home: Path, size: int) -> list[Figure]:
    with Laptop(home, writing=True) as opened:
        app = Counted(opened, Settings(), connect=False)
        async with app.run_test(size=SIZE) as pilot:
            app.board.tell(LinkMoved(LinkState.LIVE))
            await pilot.pause(0.5)
            app.wall.action_hold()
            draw = Random(1)
            idle = [await _spent(app, pilot, {}) for _ in range(CHANGES)]
            spent = [await _spent(app, pilot, _changed(app, draw, 1)) for _ in range(CHANGES)]
            turns = [await _turned(app, pilot) for _ in range(TURNS)]
            settled, dropped = await _burst(app, pilot, draw)
    base = middle(work for work, _, _ in idle)[0]
    work, rounds = middle(max(0.0, each - base) for each, _, _ in spent)
    return [
        Figure(BENCH, size, "one change: guatu's own work", middle(own for _, own, _ in spent)[0], "ms", WORK),
        Figure(BENCH, size, "one change: with Textual's painting", work, "ms", None, rounds),
        Figure(BENCH, size, "one change: bytes written", middle(count for _, _, count in spent)[0], "bytes", BYTES),
        Figure(BENCH, size, "page turn: work", middle(max(0.0, each - base) for each, _ in turns)[0], "ms", TURN),
        Figure(BENCH, size, "page turn: bytes written", middle(count for _, count in turns)[0], "bytes"),
        Figure(BENCH, size, f"{BURST} changes at once: settled", settled, "s", SETTLED),
        Figure(BENCH, size, f"{BURST} changes at once: dropped", dropped, "", DROPPED),
    ]


def _changed(app: WallApp, draw: Random, count: int) -> dict[str, UnitRow]:
    """Rows of so many units after somebody entered something; they stand on the board."""
    view = app.board.view
    assert view is not None
    codes = draw.sample(sorted(view.rows), min(count, len(view.rows)))
    rows: dict[str, UnitRow] = {}
    for code in codes:
        row, place = view.rows[code], draw.randrange(10)
        lights = row.lights[:place] + draw.choice(WORDS) + row.lights[place + 1 :]
        done, applicable = count_cells(lights)
        rows[code] = replace(row, lights=lights, done=done, applicable=applicable)
    view.rows.update(rows)
    for town in {row.town for row in rows.values()}:
        members = [view.rows[code] for code in view._members[town]]
        view.towns[town] = town_row(town, view.towns[town].name, members, len(view.chart.columns))
    return rows


async def _spent(app: Counted, pilot: Any, rows: dict[str, UnitRow]) -> tuple[float, float, float]:
    """Milliseconds of processor time until these rows are painted, those that are guatu's own, and the bytes."""
    before, started = app.written, time.process_time()
    if rows:
        await app.wall.follow(Delta(rows))
    else:  # news that changes nothing has a past read that is not known
        app.wall.paint()
    own = time.process_time() - started
    await pilot.pause()
    return (time.process_time() - started) * 1000, own * 1000, app.written - before


async def _turned(app: Counted, pilot: Any) -> tuple[float, float]:
    before, started = app.written, time.process_time()
    app.wall.action_turn(1)
    await pilot.pause()
    return (time.process_time() - started) * 1000, app.written - before


async def _burst(app: Counted, pilot: Any, draw: Random) -> tuple[float, float]:
    """Seconds until a burst that comes in single changes is painted, and how many towns then show something else."""
    changes = [Delta(_changed(app, draw, 1)) for _change in range(BURST)]
    started = time.perf_counter()
    for change in changes:
        await app.wall.follow(change)
    await pilot.pause()
    settled = time.perf_counter() - started
    view, gathering = app.board.view, app.wall.hanging.gathering
    assert view is not None
    assert gathering is not None
    now: datetime = app.laptop.now()
    anew = Gathering(view, await app.keeper.run(heard_in), now).facts()
    shown = gathering.facts()
    return settled, sum(one.counts != two.counts for one, two in zip(anew.towns, shown.towns, strict=True))


def _outside(board: Board, home: Path, effort: Effort) -> Iterator[Figure]:
    """Ways of single edits, one after the other, each until the wall has painted it."""
    with serving(board.folder) as server, listening() as listeners:
        laptop.move(home, server)
        editor = gather(board, server, listeners, LISTENERS, 0)
        command = (sys.executable, "-m", "tui", "wall", "--preset", "desk", "--dwell", "3600")
        env = {"GUATU_HOME": str(home), "GUATU_LANG": "zh"}
        with screened(command, env, *SIZE) as wall:
            wall.until_quiet(3.0, 20.0)
            frames = islice(board.edits.turning(editor.seat), min(effort.paced, 200))
            ways = [way for frame in frames if (way := _way(frame, editor, wall)) is not None]
        editor.close()
    for name, aim, found in (
        ("edit → painted wall, 200 clients", WAY, [way.milliseconds for way in ways if way.bytes < PAGE]),
        ("new red → its town's page, 200 clients", None, [way.milliseconds for way in ways if way.bytes >= PAGE]),
    ):
        if found:
            yield Figure(BENCH, board.size, f"{name}, p50", percentile(found, 0.5), "ms")
            yield Figure(BENCH, board.size, f"{name}, p99", percentile(found, 0.99), "ms", aim)


class Way(NamedTuple):
    """How long an edit took to the wall, and what was written for it."""

    milliseconds: float
    bytes: int


def _way(frame: bytes, editor: Line, wall: Screened) -> Way | None:
    """Milliseconds from the first byte of an edit to the last byte of the frame that shows it; the clock's are none."""
    while any(True for _ in wall.until_quiet(_QUIET, 0.02)):
        pass
    started = time.monotonic()
    editor.send(frame)
    painted = wall.until_quiet(_QUIET, 0.5)
    editor.acked()
    time.sleep(_EVERY)
    size = sum(len(part.data) for part in painted)
    return Way((painted[-1].at - started) * 1000, size) if painted else None
