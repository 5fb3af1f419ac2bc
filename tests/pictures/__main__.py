"""The pictures of the README, made from a simulated district: `make pictures`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from shared import messages
from tests.pictures.svg import draw
from tui.messages import LinkState

FOLDER: Final = Path(__file__).parents[2] / "tui" / "pictures"
SIZE: Final = (150, 38)


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
            await pilot.press("escape", "escape", "f12")
            await _until(
                pilot, lambda: any(each.option_count for each in app.screen.query("#items").results(OptionList))
            )
            await pilot.pause()
            _write(f"sync.{lang}.svg", app)


async def _until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Wait until this holds of the app, at most for a while: a picture that lacks something is still a picture."""
    for _try in range(200):
        if holds():
            return
        await pilot.pause(0.02)


def _write(name: str, app: App[None]) -> None:
    """Keep a picture of what the app shows now."""
    FOLDER.mkdir(exist_ok=True)
    lines = [list(strip) for strip in app.screen._compositor.render_strips()]
    (FOLDER / name).write_text(draw(lines, SIZE[0]), encoding="utf-8")


def main(lang: str) -> None:
    """Make the pictures in one language from a demonstration that is made and thrown away."""
    from tui.commands.demonstrating import _office
    from tui.commands.syncing import join

    with tempfile.TemporaryDirectory() as folder, _office(Path(folder)) as (url, code):
        os.environ["GUATU_HOME"] = str(Path(folder) / "laptop")
        join(url, code, "pictures")
        asyncio.run(make(lang, Path(folder) / "laptop"))


if __name__ == "__main__":
    main(sys.argv[1])
