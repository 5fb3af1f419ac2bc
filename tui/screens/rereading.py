"""Pages that are read anew while news comes in: one reading at a time, and never many for one burst."""

from __future__ import annotations

from typing import Final

from textual import work
from textual.screen import Screen

BREATH: Final = 0.25
"""Seconds for which news is gathered before a page is read anew."""


class Rereading(Screen[None]):
    """A page of what is on the disk. However fast news comes, the disk is asked once, and then once more."""

    def __init__(self) -> None:
        super().__init__()
        self._waits = False
        self._stale = False

    async def read(self) -> None:
        """Read everything and show it."""
        raise NotImplementedError

    def read_soon(self, after: float = BREATH) -> None:
        """Read it anew in a moment, or when the reading that is under way has ended."""
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
        try:
            await self.read()
        finally:
            self._waits = False
        if self._stale and self.is_attached:
            self.read_soon()
