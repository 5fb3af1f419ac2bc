"""Group commit: what arrives together shares a transaction, in a thread of its own, so that no fsync stops the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from server.ledger import Committed, Ledger, Outcome, Submission
from server.log import HeadMoved
from shared.errors import Refused

MAX_WAITING: Final = 1024
MAX_GROUP: Final = 2048

_Waiting = tuple[Submission, asyncio.Future[tuple[Outcome, ...]]]


class Committer:
    """The one writer of a board's log. `published` is called on the loop after each commit is on the disk."""

    def __init__(self, ledger: Ledger, thread: ThreadPoolExecutor, published: Callable[[Committed], None]) -> None:
        self._ledger = ledger
        self._thread = thread
        self._published = published
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(MAX_WAITING)
        self._order = asyncio.Lock()
        self.failed: BaseException | None = None

    async def submit(self, submission: Submission) -> tuple[Outcome, ...]:
        """Store these changes durably and say what became of each; raises `storage` when the disk has failed."""
        if self.failed is not None:
            raise Refused("storage")
        done: asyncio.Future[tuple[Outcome, ...]] = asyncio.get_running_loop().create_future()
        await self._queue.put((submission, done))
        return await done

    async def run(self) -> None:
        """Commit what waits, group by group, until cancelled. A fault of the disk ends it: nothing is tried twice."""
        try:
            while True:
                group = await self._gather()
                try:
                    async with self._order:
                        committed = await self._commit([submission for submission, _ in group])
                        self._publish(committed)
                except Exception as fault:
                    self._give_up(fault, group)
                    raise
                for (_, done), outcomes in zip(group, committed.outcomes, strict=True):
                    if not done.done():
                        done.set_result(outcomes)
        finally:
            self._give_up(self.failed or asyncio.CancelledError(), [])

    async def absorb(self) -> int:
        """Take in what another process has written to the log; returns how many records that were."""
        async with self._order:
            return await self._read_on()

    def _publish(self, committed: Committed) -> None:
        self._ledger.publish(committed)
        self._published(committed)

    async def _gather(self) -> list[_Waiting]:
        group = [await self._queue.get()]
        size = len(group[0][0].offered)
        while size < MAX_GROUP and not self._queue.empty():
            group.append(self._queue.get_nowait())
            size += len(group[-1][0].offered)
        return group

    async def _commit(self, submissions: list[Submission]) -> Committed:
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await loop.run_in_executor(self._thread, self._ledger.commit, submissions)
            except HeadMoved:
                await self._read_on()

    async def _read_on(self) -> int:
        loop = asyncio.get_running_loop()
        count = 0
        while (missed := await loop.run_in_executor(self._thread, self._ledger.missed)).records:
            self._publish(missed)
            count += len(missed.records)
        return count

    def _give_up(self, fault: BaseException, group: list[_Waiting]) -> None:
        self.failed = fault
        while not self._queue.empty():
            group.append(self._queue.get_nowait())
        for _, done in group:
            if not done.done():
                done.set_exception(Refused("storage"))
