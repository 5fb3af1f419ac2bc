"""The one thread that touches the replica's file, so that no disk ever stops the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tui.replica import Replica

T = TypeVar("T")


class Keeper:
    """Runs work on the replica, one piece after another, in a thread of its own.

    Work that has begun is done, also when whoever waits for it is cancelled.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._thread = ThreadPoolExecutor(1, "replica")

    async def run(self, work: Callable[[Replica], T]) -> T:
        """The result of this work, once it has been done and is on the disk."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._replica)

    def stop(self) -> None:
        """Finish what has begun and end the thread; the replica stays open, for whoever opened it."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def close(self) -> None:
        """Finish what waits, end the thread and let go of the file."""
        self._thread.shutdown(wait=True)
        self._replica.close()
