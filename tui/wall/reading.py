"""What a wall reads beside the loop: the past, the registers and a day that is over, each in a thread of its own.

With a connection of its own, so that what the office sends is never kept waiting by it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from tui.as_of import NotKnown
from tui.profile import Identity
from tui.progress import Past, past
from tui.replica import Replica
from tui.view import BoardView
from tui.wall import registers
from tui.wall.facts import Changed, Facts
from tui.wall.gathering import CHANGES_KEPT
from tui.wall.news import newest
from tui.wall.once import facts_on
from tui.wall.registers import Registers

T = TypeVar("T")


class Reading:
    """Reads the laptop's file at `path` for this identity, by this clock."""

    def __init__(self, path: Path, identity: Identity, now: Callable[[], datetime]) -> None:
        self._path, self._identity, self._now = path, identity, now

    async def past(self) -> Past | None:
        """What was before today; nothing as long as it is not known here."""
        now = self._now()
        found = await self._read(lambda replica: past(replica, self._identity, now.date(), now.tzinfo))
        return None if isinstance(found, NotKnown) else found

    async def registers(self) -> Registers:
        """Problems, visits and surveys as they stand."""
        today = self._now().date()
        return await self._read(lambda replica: registers.read(replica, self._identity, today))

    async def news(self, view: BoardView) -> tuple[Changed, ...]:
        """What changed last, before this wall was switched on."""
        zone = self._now().tzinfo
        return await self._read(lambda replica: newest(replica, view, CHANGES_KEPT, zone))

    async def day(self, day: date) -> Facts | None:
        """The board of a day that is over; nothing when this laptop does not know it."""
        now = self._now()
        found = await self._read(lambda replica: facts_on(replica, self._identity, now, day))
        return None if isinstance(found, NotKnown) else found

    async def _read(self, work: Callable[[Replica], T]) -> T:
        def read() -> T:
            replica = Replica(self._path, reading=True)
            try:
                return work(replica)
            finally:
                replica.close()

        return await asyncio.to_thread(read)
