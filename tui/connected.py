"""An app over a live board: it opens the laptop, paints first, connects after, and absorbs what comes in."""

from __future__ import annotations

import asyncio
import gc
import importlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from textual.app import App
from textual.message import Message

from tui.keeper import Keeper
from tui.laptop import Laptop
from tui.live_board import Delta, LiveBoard
from tui.replica import READ_AT
from tui.themes.chrome import THEMES
from tui.themes.palette import palette_for
from tui.view import open_view

DAY_TURNS: float = 30.0
"""Seconds between looks at the calendar, and at what another program wrote."""

OFTEN: Final = (700, 10, 10)
"""The collector's pace while a program runs; `tui.__main__` sets a slower one for the time it is put together."""

HUNG_UP: Final = 2.0
"""Seconds between looks whether the terminal is still there."""

GIVES_WAY: Final = 0.0005
"""Seconds that a thread which reads aside may keep the screen waiting: by Python's own pace ten times as long, at every
turn of the loop."""

SETTLED: float = 5.0
"""Seconds after which what there is was made to stay."""


def settle() -> None:
    """What was made until now stays: the collector passes over it, and looks as often as ever for what comes."""
    gc.freeze()
    gc.set_threshold(*OFTEN)


def _on_terminal() -> bool:
    stdin = sys.__stdin__
    return stdin is not None and not stdin.closed and stdin.isatty()


def _leave_with_terminal() -> None:
    """End when the terminal has been closed, and no signal said so: whoever started this may have kept that to itself.

    Textual would read from it for ever, and its loop may hang in a write that nobody takes: so a thread looks. What was
    entered is on the disk.
    """
    while _on_terminal():
        time.sleep(HUNG_UP)
    os.kill(os.getpid(), signal.SIGTERM)


class Stirred(Message):
    """There is news to absorb. It carries nothing, so that a later one may stand for it."""

    def can_replace(self, message: Message) -> bool:
        """A later stir says the same."""
        return isinstance(message, Stirred)


class ConnectedApp(App[None]):
    """One laptop's board. Everything that changes comes through `LiveBoard`; screens only show it."""

    TITLE = "guatu 挂图"

    def __init__(self, laptop: Laptop, *, connect: bool = True) -> None:
        theme = "guatu-light" if os.environ.get("GUATU_THEME") == "light" else "guatu-dark"
        dark = theme == "guatu-dark"
        # asked for before Textual's app is made, which takes NO_COLOR out of the environment
        self.palette = palette_for(os.environ.get("GUATU_PALETTE", ""), dark=dark, environment=os.environ)
        super().__init__()
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self.laptop = laptop
        view = open_view(laptop.replica, laptop.identity, laptop.now)
        labels = laptop.replica.labels()
        self.keeper = Keeper(laptop.replica)
        said = laptop.replica.meta(READ_AT)
        read_at = datetime.fromisoformat(said) if said else None
        self.board = LiveBoard(laptop.profile, self.keeper, view, labels, laptop.now, self.stir, read_at)
        self._connects = connect and laptop.profile.held
        self._link: Any = None

    def begin(self) -> None:
        """Look at the calendar from now on, and connect once the first frame stands.

        What was made for the whole board is soon kept out of the collector's way, which would hold frames up by it.
        """
        sys.setswitchinterval(GIVES_WAY)
        if os.name != "nt" and _on_terminal():
            threading.Thread(target=_leave_with_terminal, name="terminal", daemon=True).start()
        self.set_interval(DAY_TURNS, self._turn_day)
        self.set_timer(SETTLED, settle)
        if self._connects:
            self.call_after_refresh(self._connect)

    async def on_unmount(self) -> None:
        """Let the disk finish what it has."""
        await asyncio.to_thread(self.keeper.close)

    def action_reconnect(self) -> None:
        """Connect now rather than at the next try."""
        if self._link is not None:
            self._link.hurry()

    async def on_stirred(self) -> None:
        """Drain the news and show what differs."""
        await self.absorbed(await self.board.absorb())

    async def absorbed(self, delta: Delta) -> None:
        """Show what looks different."""

    def stir(self) -> None:
        """There is something to absorb."""
        self.post_message(Stirred())

    async def _turn_day(self) -> None:
        if await self.board.turn_day():
            self.stir()

    def _connect(self) -> None:
        self.run_worker(self._stay_connected(), name="link", exit_on_error=False)

    async def _stay_connected(self) -> None:
        module = await asyncio.to_thread(importlib.import_module, "tui.link")
        now: Callable[[], datetime] = self.laptop.now
        self._link = module.Link(self.laptop.profile, self.keeper, self.board.tell, now)
        await self._link.run()
