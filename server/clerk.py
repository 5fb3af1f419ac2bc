"""A thread for what blocks: disks, databases, compression."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Clerk:
    """One thread that does blocking work for the event loop, one thing after another."""

    def __init__(self, thread: ThreadPoolExecutor | str) -> None:
        self._thread = ThreadPoolExecutor(1, thread) if isinstance(thread, str) else thread

    async def do(self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        """Do this in the thread and give back what comes of it; a caller that is cancelled does not stop it."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    async def leave(self) -> None:
        """Finish what is being done, drop what is waiting, and end the thread, without stopping the loop."""

        def end() -> None:
            self._thread.shutdown(wait=True, cancel_futures=True)

        await asyncio.to_thread(end)
