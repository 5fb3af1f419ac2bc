"""One live connection from greeting to end: what comes is put on the disk before anybody is told, what waits is pushed.

Pull and push do not wait for each other, and one bad entry never holds up the next.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, Final

import aiohttp
import orjson

from shared import protocol
from shared.board.log_record import Cursor
from tui.doors import Office
from tui.faults import fault
from tui.frames import batch_of, push_frame, receive
from tui.greeting import Ends, greet
from tui.mending import Wants, give_frame, pages, portions, read_past
from tui.messages import Arrived, HeardNews, LinkMoved, LinkState
from tui.replica import READ_AT, NoRoom, Replica
from tui.waiting import Waiting

PUSH_BYTES: Final = 256 * 1024
UNANSWERED: Final = 8
"""So many pushes may be on their way at once."""


class Finished(Exception):
    """There is nothing left to send or to read; only raised for those who asked to stop then."""


class StartAnew(Exception):
    """What stands here is not in the office's history, or not what this device reads now: take a snapshot first.

    `common` is the last place of this laptop's own log that is known to be in the office's.
    """

    def __init__(self, common: int) -> None:
        super().__init__(common)
        self.common = common


class Talk:
    """One connection. `stirred` wakes the pusher; with `until_idle` it ends by `Finished` when all is done."""

    def __init__(self, ends: Ends, office: Office, cursor: Cursor, *, until_idle: bool = False) -> None:
        self._ends = ends
        self._office = office
        self._cursor = cursor
        self._until_idle = until_idle
        self._limits = protocol.Limits()
        self._head = 0
        self._due_seq = 0
        self._told: LinkMoved | None = None
        self._unanswered: deque[list[str]] = deque()
        self._wants = Wants()
        self._heals = False
        self._full = False
        self._offered = False
        self._caught_up = asyncio.Event()
        self._past_read = False
        self._slower = False
        self._handling = True
        self._stands = False
        self._deadline = asyncio.timeout(None)
        self.stirred = asyncio.Event()
        self.live = False
        self.pushed = 0
        self.pulled = 0

    async def run(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Talk until the office ends it. Raises `StartAnew` and `Fault`, `stalled` when an answer stays out."""
        try:
            async with self._deadline:
                self._deadline.reschedule(asyncio.get_running_loop().time() + self._ends.stall)
                await self._greet(socket)
                await self._ends.keeper.run(lambda replica: replica.outbox.send_again())
                await _first_of(self._listen(socket), self._push(socket), self._read_past())
        except TimeoutError:
            if not self._deadline.expired():
                raise
            raise fault("stalled", seconds=f"{self._ends.stall:g}") from None

    async def _greet(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        greeted = await greet(self._ends, self._office, socket, self._cursor)
        welcome = greeted.welcome
        self._stands = greeted.stands
        self._limits, self._head = welcome.limits, welcome.head.seq
        self._heals = welcome.protocol >= protocol.HEALING
        self._past_read = not self._heals
        await self._note_read()
        self._report(welcome.clock_offset, welcome.copied)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._keep_time(handling=False)
        while (frame := await receive(socket)) is not None:
            self._keep_time(handling=True)
            match frame:
                case protocol.Batch():
                    await self._apply(socket, frame)
                case protocol.Ack():
                    await self._note_ack(frame)
                case protocol.Want():
                    self._wants.take(frame.ids)
                case protocol.Heard():
                    await self._note_heard(dict(frame.areas))
                case protocol.Reset():
                    raise StartAnew(frame.common.seq if frame.common else 0)
                case protocol.Refuse():
                    self._go_slower()
            await self._stop_when_idle()
            self._keep_time(handling=False)

    async def _apply(self, socket: aiohttp.ClientWebSocketResponse, frame: protocol.Batch) -> None:
        if self._full:
            return
        try:
            applied = await self._ends.keeper.run(lambda replica: replica.apply(batch_of(frame)))
        except NoRoom:  # what comes is there to be had again; what was entered here may still leave
            self._full = True
            self._report()
            return
        if applied is None:
            raise fault("gap")
        self._cursor, self._head, self._stands = frame.to.cursor(), max(self._head, frame.to.seq), True
        self.pulled += len(frame.records)
        self.pushed += len(applied.landed)
        await socket.send_str(protocol.Received(cursor=frame.to).model_dump_json())
        self._ends.tell(Arrived(applied.owners, applied.landed))
        self._report()
        self.stirred.set()

    async def _note_ack(self, ack: protocol.Ack) -> None:
        pushed = self._unanswered.popleft() if self._unanswered else []
        if len(pushed) != len(ack.results):
            raise fault("not-guatu")
        outcomes = [(sent, r.outcome, r.seq) for sent, r in zip(pushed, ack.results, strict=True)]
        self._due_seq = max((self._due_seq, *(r.seq for r in ack.results if r.seq is not None)))
        landed = await self._ends.keeper.run(lambda replica: replica.note_outcomes(outcomes))
        self.pushed += len(landed.status)
        self._ends.tell(Arrived(landed.owners, landed.status))
        self.stirred.set()

    async def _note_read(self) -> None:
        """Remember when this laptop last stood at the office's head, for the age of what is shown after a start."""
        if self._cursor.seq >= self._head:
            now = self._ends.now().isoformat(timespec="seconds")
            await self._ends.keeper.run(lambda replica: replica.set_meta(READ_AT, now))

    async def _note_heard(self, areas: dict[str, str]) -> None:
        body = orjson.dumps(areas).decode()
        await self._ends.keeper.run(lambda replica: replica.set_meta("heard", body))
        await self._note_read()
        self._ends.tell(HeardNews(areas))

    def _go_slower(self) -> None:
        """A push was turned down as a whole: its entries go again, a little later."""
        if self._unanswered:
            self._unanswered.popleft()
        self._slower = True
        self.stirred.set()

    async def _push(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        keeper = self._ends.keeper
        if self._heals:
            await self._offer(socket)
        self._offered = True
        await self._stop_when_idle()
        while True:
            self.stirred.clear()
            if self._slower and not self._unanswered:
                await asyncio.sleep(self._ends.breath)
                await keeper.run(lambda replica: replica.outbox.send_refused_again())
                self._slower = False
            while not self._slower and len(self._unanswered) < UNANSWERED:
                if not (due := await keeper.run(self._take_due)):
                    break
                self._unanswered.append([waiting.id for waiting in due])
                self._keep_time()
                await socket.send_str(push_frame(due))
            await self.stirred.wait()

    async def _offer(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Offer what this laptop has read to an office that may have lost it; own entries go after it (promise 6)."""
        keeper = self._ends.keeper
        ids = await keeper.run(lambda replica: replica.bygone.to_offer())
        for page in pages(ids):
            self._keep_time()
            wanted = await self._wants.ask(socket, page)
            records = await keeper.run(lambda replica, wanted=wanted: replica.bygone.give(wanted))  # type: ignore[misc]
            for portion in portions(records, min(self._limits.changes, protocol.MAX_CHANGES)):
                await self._room_for_another()
                self._unanswered.append([record.id for record in portion])
                self._keep_time()
                await socket.send_str(give_frame(portion))
        while self._unanswered:
            await self._room_for_another(1)

    async def _room_for_another(self, most: int = UNANSWERED) -> None:
        while len(self._unanswered) >= most:
            self.stirred.clear()
            await self.stirred.wait()

    async def _read_past(self) -> None:
        """Read what was before this laptop's first sync, once it has caught up; it never ends before the others do."""
        await self._caught_up.wait()
        if not self._past_read:
            await read_past(self._office, self._ends.keeper, self._head, self._keep_time, waits=self._until_idle)
            self._past_read = True
            self._ends.tell(Arrived(frozenset()))
        await self._stop_when_idle()
        await asyncio.Event().wait()

    def _take_due(self, replica: Replica) -> list[Waiting]:
        limit = max(1, min(self._limits.changes, self._limits.changes_per_second, protocol.MAX_CHANGES))
        due = replica.outbox.due(limit, min(PUSH_BYTES, self._limits.frame // 2))
        if due:
            replica.outbox.note_sent(due)
        return due

    async def _stop_when_idle(self) -> None:
        """End, if that is wanted, when all is done; never before the office has agreed where this laptop stands."""
        if self._until_idle and self._full:
            if not await self._ends.keeper.run(lambda replica: replica.outbox.unanswered()):
                raise fault("disk-low")
            return
        done = self._stands and self._offered and self._past_read and self._cursor.seq >= max(self._head, self._due_seq)
        if not self._until_idle or not done:
            return
        if not await self._ends.keeper.run(lambda replica: replica.outbox.open()):
            raise Finished

    def _keep_time(self, *, handling: bool | None = None) -> None:
        """Wait only so long for an answer, while one is due and nothing that came is still being seen to."""
        self._handling = self._handling if handling is None else handling
        due = self._until_idle or self._wants.due or bool(self._unanswered) or self._cursor.seq < self._head
        waits = due and not self._handling
        self._deadline.reschedule(asyncio.get_running_loop().time() + self._ends.stall if waits else None)

    def _report(self, clock_offset: float | None = None, copied: str | None = None) -> None:
        done = self._cursor.seq
        state = LinkState.LIVE if done >= self._head else LinkState.CATCHING_UP
        if state is LinkState.LIVE:
            self.live = True
            self._caught_up.set()
        moved = LinkMoved(state, done, self._head, clock_offset=clock_offset, copied=copied)
        if self._full:
            low = fault("disk-low")
            moved = replace(moved, reason=low.code, en=low.en, zh=low.zh)
        told = (self._told.state, self._told.reason) if self._told is not None else None
        if told != (state, moved.reason) or state is LinkState.CATCHING_UP:
            self._told = moved
            self._ends.tell(moved)


async def _first_of(*work: Coroutine[Any, Any, None]) -> None:
    """Run these side by side until one ends, end the others, and raise what any of them raised."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, BaseException) and not isinstance(outcome, asyncio.CancelledError):
            raise outcome
