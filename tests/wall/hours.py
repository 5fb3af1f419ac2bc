"""A wall that hangs for hours, in as many steps: changes come in, pages turn, the office goes and comes back."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

from shared.board.district import count_cells, town_row
from tests.small import SetClock
from tests.wall.district import NOW, opened
from tui.live_board import Delta
from tui.messages import LinkMoved, LinkState
from tui.wall import critical
from tui.wall.app import WallApp
from tui.wall.pages import town, towns
from tui.wall.panel import Panel
from tui.wall.settings import Settings

SIZE = (160, 40)
WORDS = "逾退临审毕正"
AWAY_EVERY, AWAY_FOR = 60, 15
"""Of so many steps the office is away for some."""


@dataclass(frozen=True)
class Held:
    """What the program holds at a moment: objects that the collector knows, and open files."""

    objects: int
    files: int


def held(app: WallApp) -> Held:
    """What is held now, without what is kept to be painted again and is bounded anyway."""
    for panel in app.wall.query(Panel):
        panel._strips.clear()
        panel._styles_cache.clear()
    for kept in (towns._row, towns._drawn, town._unit, critical._tile):
        kept.cache_clear()
    gc.unfreeze()
    gc.collect()
    descriptors = Path("/proc/self/fd")
    return Held(len(gc.get_objects()), len(list(descriptors.iterdir())) if descriptors.exists() else 0)


async def hang(folder: Path, steps: int, seed: int, step: float = 10.0) -> tuple[Held, Held]:
    """Let a wall hang for so many steps of so many seconds: what it held after the first tenth, and in the end."""
    draw, clock = Random(seed), SetClock(NOW)
    with opened(folder, clock) as laptop:
        app = WallApp(laptop, Settings(), connect=False)
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(0.5)
            early = held(app)
            for number in range(steps):
                clock.now += timedelta(seconds=step)
                away = number % AWAY_EVERY >= AWAY_EVERY - AWAY_FOR
                app.board.tell(LinkMoved(LinkState.OFFLINE if away else LinkState.LIVE))
                if not away:
                    await app.wall.follow(_change(app, draw))
                app.wall.tick()
                if number % 10 == 0:
                    await pilot.pause()
                if number == steps // 10:
                    await app.workers.wait_for_complete()  # what is just being read has its file open
                    early = held(app)
            await pilot.pause()
            await app.workers.wait_for_complete()
            return early, held(app)


def _change(app: WallApp, draw: Random) -> Delta:
    """Somebody has entered something."""
    view = app.board.view
    assert view is not None
    row = view.rows[draw.choice(sorted(view.rows))]
    place = draw.randrange(len(row.lights))
    lights = row.lights[:place] + draw.choice(WORDS) + row.lights[place + 1 :]
    done, applicable = count_cells(lights)
    view.rows[row.code] = changed = replace(row, lights=lights, done=done, applicable=applicable)
    members = [each for each in view.rows.values() if each.town == row.town]
    view.towns[row.town] = town_row(row.town, view.towns[row.town].name, members, len(view.chart.columns))
    return Delta({row.code: changed}, touched=frozenset([row.code]))


def run(folder: Path, steps: int, seed: int) -> tuple[Held, Held]:
    """The same, without a loop of one's own."""
    return asyncio.run(hang(folder, steps, seed))


MOST_OBJECTS = 12_000
"""So many objects more may be held: Textual keeps some of its own, up to a bound."""
MOST_FILES = 4
"""So many files more may be open: SQLite keeps that of a connection which was closed while another one held a lock, and
takes it again for the next. A file left open by each reading would be more than ten in an hour.
"""
