"""`guatu demo --wall`: a wall over a living district, whose server goes away for a while and comes back."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import redirect_stdout
from pathlib import Path
from typing import Final

import typer

from shared.messages import _
from tui.commands.demonstrating import Served, office
from tui.commands.failing import NO_OFFICE, fail
from tui.commands.syncing import join
from tui.laptop import Laptop
from tui.wall.probe import asking

LIVES: Final = 40.0
"""Seconds for which the server is there."""
AWAY: Final = 40.0
"""Seconds for which it is gone: long enough for the banner and for everything to be dimmed."""
MINUTES: Final = (8 / 60, 20 / 60)
"""So soon the wall of the demonstration says that it hears nothing; a real one after 2 and 10 minutes."""
DWELL: Final = 6.0
FRAME: Final = (140, 40)


def wall_demo() -> None:
    """Show the wall of a simulated district, and how it says that its data is old; without a terminal one frame."""
    typer.echo(_("Making a district of 149 units with a campaign in full swing ..."), err=True)
    with tempfile.TemporaryDirectory(prefix="guatu-wall-") as folder, office(Path(folder)) as served:
        os.environ["GUATU_HOME"] = str(Path(folder) / "wall")
        with redirect_stdout(sys.stderr):
            join(served.url, viewer_code(Path(folder) / "office"), "wall")
        with Laptop(writing=True) as laptop:
            _show(laptop, served)


def _show(laptop: Laptop, served: Served) -> None:
    from tui.commands.walling import Wish, frame_lines, settings_of  # noqa: PLC0415 -- only where something is drawn

    shown = sys.stdin.isatty() and sys.stdout.isatty()
    if not shown:
        for line in frame_lines(laptop, Wish(), FRAME):
            typer.echo(line)
        return
    text = _("Every {lives:.0f} s the server goes away for {away:.0f} s: the wall says so, and recovers by itself.")
    typer.echo(text.format(lives=LIVES, away=AWAY), err=True)
    with asking() as narrow:
        from tui.wall.app import WallApp  # noqa: PLC0415 -- while the terminal answers

        settings = settings_of(Wish(dwell=DWELL, minutes=MINUTES), console=False, narrow=narrow())

    over = threading.Event()
    cutting = threading.Thread(target=_cut, args=(served, over), daemon=True)
    cutting.start()
    WallApp(laptop, settings).run()
    over.set()
    cutting.join()


def _cut(served: Served, over: threading.Event) -> None:
    """Take the server away and bring it back, until the wall is taken down."""
    while not over.wait(LIVES):
        served.stop()
        if over.wait(AWAY):
            return
        served.start()


def viewer_code(board: Path) -> str:
    """A code for a device that may only look."""
    words = ["member", "add", str(board), "挂图屏", "--role", "viewer"]
    done = subprocess.run(
        [sys.executable, "-m", "server", *words], capture_output=True, text=True, encoding="utf-8", check=False
    )
    code = next((word for word in done.stdout.split() if word.count("-") == 2), "")
    if not code:
        fail(done.stderr.strip() or done.stdout.strip(), NO_OFFICE)
    return code
