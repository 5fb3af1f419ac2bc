"""The pictures of the README, made from a simulated district: `make pictures`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from shared import messages

FOLDER: Final = Path(__file__).parents[1] / "tui" / "pictures"
SIZE: Final = (150, 38)
_FONTS: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


async def make(lang: str, home: Path) -> None:
    """Write the board, a unit's page and the editor in one language."""
    messages.use(lang)
    os.environ["GUATU_HOME"] = str(home)
    from tui.app import GuatuApp  # noqa: PLC0415 -- after the language is chosen, as the keys' words are read at import
    from tui.laptop import Laptop  # noqa: PLC0415

    with Laptop(writing=True) as laptop:
        app = GuatuApp(laptop, connect=False)
        async with app.run_test(size=SIZE) as pilot:
            app.main.grid.jump_to("340111001204")
            for _step in range(4):
                await pilot.press("right")
            await app.workers.wait_for_complete()
            await pilot.pause()
            _write(f"board.{lang}.svg", app.export_screenshot(title="guatu 挂图"))
            await pilot.press("f3")
            await pilot.pause()
            _write(f"unit.{lang}.svg", app.export_screenshot(title="guatu 挂图"))
            await pilot.press("f2")
            await pilot.pause()
            _write(f"entry.{lang}.svg", app.export_screenshot(title="guatu 挂图"))


def _write(name: str, svg: str) -> None:
    """Keep a picture without the addresses of fonts, so that looking at it asks nobody for anything."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text(_FONTS.sub("", svg), encoding="utf-8")


def main(lang: str) -> None:
    """Make the pictures in one language from a demonstration that is made and thrown away."""
    from tui.commands.demonstrating import _office  # noqa: PLC0415
    from tui.commands.syncing import join  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, _office(Path(folder)) as (url, code):
        os.environ["GUATU_HOME"] = str(Path(folder) / "laptop")
        join(url, code, "pictures")
        asyncio.run(make(lang, Path(folder) / "laptop"))


if __name__ == "__main__":
    main(sys.argv[1])
