"""One WebSocket session: a cursor over the log, whether it is one change or ten thousand behind.

State per connection: a cursor and a dirty flag, no queue, so a slow wall costs nothing and gets a bigger batch. The
reader takes pushes without waiting for their commits; the answers leave in the order of the pushes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from server.acks import Acks
from server.bounds import Bounds
from server.commit import Committer
from server.feed import Feed
from server.ledger import Author, Offered, Submission, offer, returned
from server.pace import Bucket
from server.peer import Peer
from server.presence import Presence
from server.tickets import Visit
from shared import protocol
from shared.board.change import is_id
from shared.board.log_record import Cursor, LogRecord
from shared.errors import Refused
from shared.rights import reach

MAX_UNREAD_BATCHES = 8


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all sessions of a board share."""

    feed: Feed
    committer: Committer
    presence: Presence
    campaign: Callable[[], str]
    units: Callable[[], int]
    visit: Callable[[Author, str | None], Awaitable[Visit]]
    accept: Callable[[Any], LogRecord | None]
    bounds: Bounds
    astray: Callable[[Author, Cursor], Awaitable[None]]
    """Is told of a device whose cursor is no place in this log, before the device is."""


class Session:
    """One connected device. `run` returns when the connection is over; nothing of it is left behind."""

    def __init__(self, peer: Peer, author: Author, board: Surroundings) -> None:
        self.author = author
        self.peer = peer
        self._board = board
        self._time = asyncio.get_running_loop().time
        self._cursor: Cursor | None = None
        self._version = protocol.LOWEST
        self._verdict = 0
        self._unread: list[int] = []
        self._progress = self._time()
        self._moved = asyncio.Event()
        self._heard_version = -1
        self._acks = Acks(peer)
        self._bucket = Bucket(board.bounds.changes_per_second, self._time)
        self._ending: asyncio.Future[Refused] = asyncio.get_running_loop().create_future()

    def wake(self) -> None:
        """The log or what is known of others has moved on."""
        self._moved.set()

    def stalled(self, now: float) -> bool:
        """Whether the peer has read nothing for too long while there was something to read."""
        latest = now - self._board.bounds.stall
        waiting = self.peer.waiting_since
        return (bool(self._unread) and self._progress < latest) or (waiting is not None and waiting < latest)

    def expel(self, refused: Refused) -> None:
        """End the session with a reason, whatever it is doing."""
        if not self._ending.done():
            self._ending.set_result(refused)

    async def run(self) -> None:
        """Greet, then read, answer and feed until either side ends it. Raises the refusal that ended it."""
        talk = asyncio.create_task(self._talk())
        try:
            await asyncio.wait((talk, self._ending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            talk.cancel()
            await asyncio.gather(talk, return_exceptions=True)
        if self._ending.done():
            raise self._ending.result()
        talk.result()

    async def _talk(self) -> None:
        await self._greet()
        work = (self._listen(), self._acks.run(), self._feed_forward())
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            self._acks.drop()
        for fault in ended:
            if isinstance(fault, BaseException) and not isinstance(fault, asyncio.CancelledError):
                raise fault

    async def _greet(self) -> None:
        hello = await self._hello()
        low, high = hello.protocol
        if low > protocol.HIGHEST or high < protocol.LOWEST or low > high:
            raise Refused("protocol-range", low=protocol.LOWEST, high=protocol.HIGHEST)
        board = self._board.feed.head.board
        if any(named not in (None, board) for named in (hello.board, hello.cursor and hello.cursor.board)):
            raise Refused("other-board")
        self._version = min(high, protocol.HIGHEST)
        visit = await self._board.visit(self.author, hello.ticket)
        await self._send(self._welcome(hello.clock, visit))
        self._cursor = await self._start(hello)

    async def _hello(self) -> protocol.Hello:
        seconds = self._board.bounds.hello
        try:
            async with asyncio.timeout(seconds):
                frame = await self._receive()
        except TimeoutError:
            raise Refused("hello-first") from None
        if frame is None:
            raise ConnectionResetError
        if not isinstance(frame, protocol.Hello):
            raise Refused("hello-first")
        return frame

    def _welcome(self, clock: str, visit: Visit) -> protocol.Welcome:
        author, bounds = self.author, self._board.bounds
        stall = max(1, int(bounds.stall))
        head = protocol.place(self._board.feed.head)
        return protocol.Welcome(
            protocol=self._version,
            board=head.board,
            head=head,
            clock_offset=self._board.presence.offset(clock),
            limits=protocol.Limits(changes_per_second=bounds.changes_per_second, stall_seconds=stall),
            me=protocol.Myself(device=author.device, member=author.member, role=author.role, areas=author.areas),
            campaign=self._board.campaign(),
            units=self._board.units(),
            ticket=visit.ticket,
            copied=visit.copied,
        )

    async def _start(self, hello: protocol.Hello) -> Cursor | None:
        """Where feeding begins: the laptop's own cursor when it is a place in this log and it reads the same areas."""
        self._verdict = self._board.feed.verdict
        cursor = hello.cursor.cursor() if hello.cursor is not None else self._board.feed.origin
        held = await self._board.feed.holds(cursor)
        if not held:
            await self._board.astray(self.author, cursor)
        reads = set(reach(self.author.role, self.author.areas))
        same = hello.cursor is None or hello.areas is None or set(hello.areas) == reads
        if held and same and not self._needs_snapshot(cursor):
            return cursor
        await self._send(protocol.Reset())
        return None

    def _needs_snapshot(self, cursor: Cursor) -> bool:
        """Whether something follows that this laptop's version cannot fold: before `HEALING`, a release (promise 9)."""
        return self._version < protocol.HEALING and cursor.seq < self._verdict

    async def _receive(self) -> protocol.ClientFrame | None:
        frame = await self.peer.receive()
        if frame is not None:
            self._board.presence.note(self.author)
        return frame

    async def _listen(self) -> None:
        while (frame := await self._receive()) is not None:
            if isinstance(frame, protocol.Push):
                await self._take(frame)
            elif isinstance(frame, protocol.Received):
                await self._note_received(frame.cursor.cursor())
            elif isinstance(frame, protocol.Have):
                await self._acks.say(protocol.Want(ids=await self._board.feed.unknown(frame.ids)))
            elif isinstance(frame, protocol.Give):
                await self._take_back(frame)
            else:
                raise Refused("bad-frame", where="kind: hello again")

    async def _take(self, push: protocol.Push) -> None:
        if not self._bucket.take(len(push.changes)):
            await self._acks.refuse(Refused("too-fast", limit=self._board.bounds.changes_per_second))
            return
        await self._commit([offer(body) for body in push.changes], push.changes)

    async def _take_back(self, give: protocol.Give) -> None:
        """Records that this office may have lost: they come in again as they once stood."""
        if not self._bucket.take(len(give.records)):
            await self._acks.refuse(Refused("too-fast", limit=self._board.bounds.changes_per_second))
            return
        offered = [returned(body, self._board.accept(body)) for body in give.records]
        await self._commit(offered, [body.get("change") if isinstance(body, dict) else None for body in give.records])

    async def _commit(self, offered: Sequence[Offered | None], bodies: Sequence[Any]) -> None:
        submission = Submission(self.author, tuple(one for one in offered if one is not None))
        answer = await self._board.committer.offer(submission)
        await self._acks.take(answer, [one is not None for one in offered], [_id_of(body) for body in bodies])

    async def _note_received(self, cursor: Cursor) -> None:
        if self._cursor is None and await self._board.feed.holds(cursor):
            self._cursor = cursor  # the laptop has taken a snapshot after a reset, and goes on from there
            self._moved.set()
        if self._cursor is None or cursor.seq > self._cursor.seq:
            raise Refused("bad-frame", where="received.cursor: never sent")
        self._board.presence.note(self.author, cursor.seq)
        self._progress = self._time()
        held_back = len(self._unread) >= MAX_UNREAD_BATCHES
        self._unread = [to for to in self._unread if to > cursor.seq]
        if held_back:
            self._moved.set()

    async def _feed_forward(self) -> None:
        while True:
            self._moved.clear()
            await self._send_heard()
            await self._start_anew_after_verdict()
            while self._cursor is not None and self._behind(self._cursor) and len(self._unread) < MAX_UNREAD_BATCHES:
                frame, to = await self._board.feed.batch(self._cursor, self.author)
                if not self._unread:
                    self._progress = self._time()
                self._unread.append(to.seq)
                self._cursor = to
                await self.peer.send(frame)
            await self._moved.wait()

    async def _start_anew_after_verdict(self) -> None:
        self._verdict = self._board.feed.verdict
        if self._cursor is not None and self._needs_snapshot(self._cursor):
            self._cursor = None
            await self._send(protocol.Reset())

    def _behind(self, cursor: Cursor) -> bool:
        return cursor.seq < self._board.feed.head.seq

    async def _send_heard(self) -> None:
        presence = self._board.presence
        if self._heard_version != presence.version:
            self._heard_version = presence.version
            areas = presence.areas(reach(self.author.role, self.author.areas))
            await self._send(protocol.Heard(areas=areas))

    async def _send(self, frame: protocol.Frame) -> None:
        await self.peer.send(frame.model_dump_json(by_alias=True).encode())


def _id_of(body: object) -> str | None:
    found = body.get("id") if isinstance(body, dict) else None
    return found if is_id(found) else None
