"""The pictures of the README, made from a simulated district: `make pictures`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from shared import messages
from tests.pictures.svg import draw
from tui.messages import LinkMoved, LinkState
from tui.wall.facts import Facts

FOLDER: Final = Path(__file__).parents[2] / "tui" / "pictures"
SIZE: Final = (150, 38)
WALL: Final = (140, 40)


async def make(lang: str, home: Path) -> None:
    """Write the board, a unit's page, the editor and the sync page in one language."""
    messages.use(lang)
    os.environ["GUATU_HOME"] = str(home)
    from tui.app import GuatuApp
    from tui.laptop import Laptop

    with Laptop(writing=True) as laptop:
        app = GuatuApp(laptop)
        async with app.run_test(size=SIZE) as pilot:
            await _until(pilot, lambda: app.board.link.state is LinkState.LIVE)
            app.main.grid.jump_to("340111001204")
            for _step in range(4):
                await pilot.press("right")
            await _until(pilot, lambda: "1.4" in str(app.screen.query_one("#step", Static).content))
            _write(f"board.{lang}.svg", app)
            await pilot.press("f3")
            await _until(pilot, lambda: "11-02" in str(app.screen.query_one("#about", Static).content))
            _write(f"unit.{lang}.svg", app)
            await pilot.press("f2")
            await pilot.pause()
            _write(f"entry.{lang}.svg", app)
            await pilot.press("escape", "escape", "p")
            await _until(pilot, lambda: any(each.option_count for each in app.screen.query(OptionList)))
            await pilot.press("enter")
            await _until(pilot, lambda: bool(app.screen.query("#steps")))
            await pilot.pause()
            await pilot.press("f6")
            await _until(pilot, lambda: bool(app.screen.query("#ways")))
            await pilot.pause()
            _write(f"work.{lang}.svg", app)
            await pilot.press("escape", "escape", "escape", "f12")
            await _until(
                pilot, lambda: any(each.option_count for each in app.screen.query("#items").results(OptionList))
            )
            await pilot.pause()
            _write(f"sync.{lang}.svg", app)


async def make_wall(lang: str, home: Path) -> None:
    """Write the wall in one language: in colours, without any, a town, and as it is without the office."""
    messages.use(lang)
    os.environ["GUATU_HOME"] = str(home)
    from tui.laptop import Laptop
    from tui.themes.palette import MONOCHROME
    from tui.wall.app import WallApp
    from tui.wall.schedule import Slot
    from tui.wall.settings import Settings
    from tui.wall.typeface import find_typeface

    for name, palette in (("wall", None), ("wall-mono", MONOCHROME)):
        with Laptop(writing=True) as laptop:
            app = WallApp(laptop, Settings(typeface=find_typeface()))
            app.palette = palette or app.palette
            async with app.run_test(size=WALL) as pilot:
                await _until(pilot, lambda app=app: app.board.link.state is LinkState.LIVE)  # type: ignore[misc]
                hanging = app.wall.hanging
                await _until(pilot, lambda hanging=hanging: _all_read(hanging.facts))  # type: ignore[misc]
                app.wall.action_hold()
                await pilot.pause()
                _write(f"{name}.{lang}.svg", app, WALL[0])
                if palette is None:
                    hanging.rotation = hanging.rotation.jump(Slot("burnup"), laptop.now())
                    app.wall.paint()
                    await pilot.pause()
                    _write(f"wall-burnup.{lang}.svg", app, WALL[0])
                    hanging.seen = laptop.now() - timedelta(minutes=12)
                    app.board.link = LinkMoved(LinkState.OFFLINE, reason="refused")
                    app.wall.paint()
                    await pilot.pause()
                    _write(f"wall-stopped.{lang}.svg", app, WALL[0])


def _all_read(facts: Facts | None) -> bool:
    return facts is not None and facts.past is not None and facts.registers.known


async def _until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until this holds of the app, at most for a while: a picture that lacks something is still a picture."""
    for _try in range(200):
        if holds():
            return
        await pilot.pause(0.02)


def _write(name: str, app: App[None], width: int = SIZE[0]) -> None:
    """Keep a picture of what the app shows now."""
    FOLDER.mkdir(exist_ok=True)
    lines = [list(strip) for strip in app.screen._compositor.render_strips()]
    (FOLDER / name).write_text(draw(lines, width), encoding="utf-8")


def main(lang: str) -> None:
    """Make the pictures in one language from a demonstration that is made and thrown away."""
    from tui.commands.demonstrating import office
    from tui.commands.syncing import join
    from tui.commands.wall_demo import viewer_code

    with tempfile.TemporaryDirectory() as folder, office(Path(folder)) as served:
        os.environ["GUATU_HOME"] = str(Path(folder) / "laptop")
        join(served.url, served.code, "pictures")
        asyncio.run(make(lang, Path(folder) / "laptop"))
        os.environ["GUATU_HOME"] = str(Path(folder) / "wall")
        join(served.url, viewer_code(Path(folder) / "office"), "wall")
        asyncio.run(make_wall(lang, Path(folder) / "wall"))


if __name__ == "__main__":
    main(sys.argv[1])
