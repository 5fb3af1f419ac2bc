"""Pages that are read anew while news comes in: one reading at a time, and never many for one burst."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from textual import work
from textual.screen import Screen

from tui.screens.presence import present

BREATH: Final = 0.25
"""Seconds for which news is gathered before a page is read anew."""


class Rereading(Screen[None]):
    """A page of what is on the disk. However fast news comes, the disk is asked once, and then once more.

    `rest`: for each second that a reading took so many seconds pass before the next, where one goes over all the board.
    """

    rest: ClassVar[float] = 0.0

    def __init__(self) -> None:
        super().__init__()
        self._breath = BREATH
        self._waits = False
        self._stale = False

    async def read(self) -> None:
        """Read everything and show it."""
        raise NotImplementedError

    def read_soon(self, after: float | None = None) -> None:
        """Read it anew in a moment, or when the reading that is under way has ended."""
        after = self._breath if after is None else after
        self._stale = True
        if not self._waits:
            self._waits = True
            if after:
                self.set_timer(after, self.read_now)
            else:
                self.read_now()

    @work(group="read")
    async def read_now(self) -> None:
        """Read it, and once more if something came meanwhile."""
        self._waits, self._stale = True, False
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            await self.read()
        finally:
            self._waits = False
            self._breath = max(BREATH, self.rest * (clock() - began))
        if self._stale and present(self):
            self.read_soon()
