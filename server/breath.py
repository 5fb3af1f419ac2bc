"""Long work on the event loop, in slices of a few milliseconds."""

from __future__ import annotations

import asyncio
import time
from typing import Final

SLICE: Final = 0.002


class Breath:
    """Counts the time since others last had a turn: `if breath.due(): await breath.take()` inside any long loop."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + SLICE

    def due(self) -> bool:
        """Whether it is time to let others have a turn."""
        return time.perf_counter() >= self._until

    async def take(self) -> None:
        """Let everybody else have a turn."""
        await asyncio.sleep(0)
        self._until = time.perf_counter() + SLICE
