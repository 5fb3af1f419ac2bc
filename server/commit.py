"""Group commit: what arrives together shares a transaction, in a thread of its own, so that no fsync stops the loop."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from server.clerk import Clerk
from server.ledger import Committed, Ledger, Outcome, Submission
from server.log import HeadMoved
from shared.errors import Refused

MAX_WAITING_BYTES: Final = 16 * 1024 * 1024
"""What may wait to be committed, of all devices; beyond it their connections are read no further."""
MAX_GROUP: Final = 2048
MAX_GROUP_BYTES: Final = 4 * 1024 * 1024
PUBLISHED_AT_ONCE: Final = 128
"""So many records are folded into the board before others get a turn: a few milliseconds' worth."""

Answer = asyncio.Future[tuple[Outcome, ...]]


class _Waiting(NamedTuple):
    submission: Submission
    size: int
    answer: Answer


class Committer:
    """The one writer of a board's log.

    `published` is called on the loop with what is on the disk, in the order of the log, a part at a time; `timed` with
    the seconds that a transaction took and what it stored.
    """

    def __init__(
        self,
        ledger: Ledger,
        clerk: Clerk,
        published: Callable[[Committed], None],
        timed: Callable[[float, Committed], None] = lambda seconds, committed: None,
    ) -> None:
        self._ledger = ledger
        self._clerk = clerk
        self._published = published
        self._timed = timed
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._order = asyncio.Lock()
        self.failed: str | None = None
        """Why nothing more is committed, a code of `shared.errors`; nothing while all is well."""

    async def offer(self, submission: Submission) -> Answer:
        """Queue these changes, waiting for room; the answer comes when they are on the disk.

        Raises `storage` when the disk has failed, and so does the answer when it fails before it has them.
        """
        while not self._room.is_set():
            await self._room.wait()
        if self.failed is not None:
            raise Refused(self.failed)
        waiting = _Waiting(submission, _size(submission), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._arrived.set()
        self._note_bytes(waiting.size)
        return waiting.answer

    async def submit(self, submission: Submission) -> tuple[Outcome, ...]:
        """Store these changes durably and say what became of each; raises `storage` when the disk has failed."""
        return await (await self.offer(submission))

    async def run(self) -> None:
        """Commit what waits, group by group, until cancelled. A fault of the disk ends it: nothing is tried twice."""
        group: list[_Waiting] = []
        try:
            while True:
                await self._arrived.wait()
                group = self._gather()
                async with self._order:
                    committed = await self._commit([waiting.submission for waiting in group])
                    await self._publish(committed)
                _deliver(group, committed)
        except asyncio.CancelledError:
            self._give_up("restarting", group)
            raise
        except BaseException:
            self._give_up("storage", group)
            raise

    async def absorb(self) -> int:
        """Take in what another process has written to the log; returns how many records that were."""
        async with self._order:
            return await self._read_on()

    def _gather(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        count = size = 0
        while self._waiting and count < MAX_GROUP and size < MAX_GROUP_BYTES:
            waiting = self._waiting.popleft()
            group.append(waiting)
            count += len(waiting.submission.offered)
            size += waiting.size
        if not self._waiting:
            self._arrived.clear()
        self._note_bytes(-size)
        return group

    async def _commit(self, submissions: list[Submission]) -> Committed:
        while True:
            started = time.perf_counter()
            try:
                committed = await self._clerk.do(self._ledger.commit, submissions)
            except HeadMoved:
                await self._read_on()
                continue
            self._timed(time.perf_counter() - started, committed)
            return committed

    async def _publish(self, committed: Committed) -> None:
        for index, part in enumerate(_parts(committed)):
            if index:
                await asyncio.sleep(0)
            self._ledger.publish(part)
            self._published(part)

    async def _read_on(self) -> int:
        count = 0
        while (missed := await self._clerk.do(self._ledger.missed)).records:
            await self._publish(missed)
            count += len(missed.records)
        return count

    def _note_bytes(self, change: int) -> None:
        self._bytes += change
        if self._bytes > MAX_WAITING_BYTES and self.failed is None:
            self._room.clear()
        else:
            self._room.set()

    def _give_up(self, code: str, group: Sequence[_Waiting]) -> None:
        self.failed = code
        for waiting in (*group, *self._waiting):
            if not waiting.answer.done():
                waiting.answer.set_exception(Refused(code))
        self._waiting.clear()
        self._room.set()


def _size(submission: Submission) -> int:
    return sum(len(offered.body) for offered in submission.offered)


def _parts(committed: Committed) -> Iterator[Committed]:
    for start in range(0, len(committed.records), PUBLISHED_AT_ONCE):
        end = start + PUBLISHED_AT_ONCE
        yield replace(committed, records=committed.records[start:end], changes=committed.changes[start:end])


def _deliver(group: Sequence[_Waiting], committed: Committed) -> None:
    for waiting, outcomes in zip(group, committed.outcomes, strict=True):
        if not waiting.answer.done():
            waiting.answer.set_result(outcomes)
