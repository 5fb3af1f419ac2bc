"""One WebSocket session: a cursor over the log, whether it is one change or ten thousand behind.

State per connection: a cursor and a dirty flag, no queue, so a slow wall costs nothing and gets a bigger batch. The
reader takes pushes without waiting for their commits; the answers leave in the order of the pushes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Final

import orjson
from aiohttp import WSCloseCode, WSMsgType, web
from pydantic import ValidationError

from server.commit import Committer
from server.feed import Feed
from server.ledger import MALFORMED, Author, Outcome, Submission, offer
from server.pace import Bucket
from server.presence import Presence
from shared import protocol
from shared.board.log_record import Cursor
from shared.errors import Refused

MAX_UNANSWERED: Final = 64
MAX_UNREAD_BATCHES: Final = 8


class Session:
    """One connected device. `run` returns when the connection is over; nothing of it is left behind."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        author: Author,
        feed: Feed,
        committer: Committer,
        presence: Presence,
        campaign: str,
        transport: asyncio.Transport | None,
    ) -> None:
        self.author = author
        self._socket = socket
        self._feed = feed
        self._committer = committer
        self._presence = presence
        self._campaign = campaign
        self._loop = asyncio.get_running_loop()
        self._cursor: Cursor | None = None
        self._sent: list[int] = []
        self._moved = asyncio.Event()
        self._answers: asyncio.Queue[Awaitable[bytes]] = asyncio.Queue(MAX_UNANSWERED)
        self._bucket = Bucket(protocol.MAX_CHANGES_PER_SECOND, self._loop.time)
        self._progress = self._loop.time()
        self._heard_version = -1
        self._transport = transport
        self._listening: asyncio.Task[None] | None = None
        self._expelled: Refused | None = None

    def wake(self) -> None:
        """The log or what is known of others has moved on."""
        self._moved.set()

    def stalled(self, now: float) -> bool:
        """Whether the peer has read nothing for too long while there was something to read."""
        return bool(self._sent) and now - self._progress > protocol.STALL_SECONDS

    def abort(self) -> None:
        """Drop the connection at once, whatever still waits to be written: a stuck peer must not hold anything."""
        if self._transport is not None:
            self._transport.abort()

    async def close(self, code: int) -> None:
        """Say goodbye with a close code."""
        await self._socket.close(code=code)

    def expel(self, refused: Refused) -> None:
        """End the session with a reason."""
        self._expelled = refused
        if self._listening is not None:
            self._listening.cancel()

    async def run(self) -> None:
        """Greet, then read, answer and feed until either side ends it."""
        await self._greet()
        self._listening = asyncio.create_task(self._listen())
        tasks = [self._listening, asyncio.create_task(self._answer()), asyncio.create_task(self._feed_forward())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
        refused = self._expelled or next((e for e in ended if isinstance(e, Refused)), None)
        if refused is not None:
            raise refused

    async def refuse(self, refused: Refused, final: bool = True) -> None:
        """Say no, in both languages; a final no ends the connection."""
        body = {"kind": "refuse", **refused.to_json(), "final": final}
        await self._socket.send_frame(orjson.dumps(body), WSMsgType.TEXT)
        if final:
            await self._socket.close(code=WSCloseCode.POLICY_VIOLATION, message=refused.code.encode())

    async def _greet(self) -> None:
        frame = await self._receive()
        if not isinstance(frame, protocol.Hello):
            raise Refused("hello-first")
        low, high = frame.protocol
        if low > protocol.HIGHEST or high < protocol.LOWEST or low > high:
            raise Refused("protocol-range", low=protocol.LOWEST, high=protocol.HIGHEST)
        head = self._feed.head
        if frame.board is not None and frame.board != head.board:
            raise Refused("other-board")
        await self._send(self._welcome(min(high, protocol.HIGHEST), frame.clock))
        self._cursor = await self._start(frame.cursor.cursor() if frame.cursor else None)

    def _welcome(self, version: int, clock: str) -> protocol.Welcome:
        author = self.author
        return protocol.Welcome(
            protocol=version,
            board=self._feed.head.board,
            head=protocol.place(self._feed.head),
            clock_offset=self._presence.offset(clock),
            me=protocol.Myself(device=author.device, member=author.member, role=author.role, areas=author.areas),
            campaign=self._campaign,
        )

    async def _start(self, cursor: Cursor | None) -> Cursor | None:
        """Where feeding begins: the laptop's own cursor when it is a place in this log, otherwise nowhere."""
        if cursor is None:
            return self._feed.origin
        if await self._feed.holds(cursor):
            return cursor
        await self._send(protocol.Reset())
        return None

    async def _receive(self) -> protocol.ClientFrame | None:
        """The next frame; nothing when the peer has gone. Raises `bad-frame` or `too-large`."""
        message = await self._socket.receive()
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
            return None
        if message.type is WSMsgType.ERROR:
            return None
        if message.type is not WSMsgType.TEXT:
            raise Refused("bad-frame", where="text frames only")
        self._presence.note(self.author)
        try:
            return protocol.client_frames.validate_python(orjson.loads(message.data))
        except ValidationError as fault:
            first = fault.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])[:80]
            raise Refused("bad-frame", where=f"{where}: {first['type']}") from None
        except orjson.JSONDecodeError:
            raise Refused("bad-frame", where="not JSON") from None

    async def _listen(self) -> None:
        while (frame := await self._receive()) is not None:
            if isinstance(frame, protocol.Push):
                await self._take(frame)
            elif isinstance(frame, protocol.Received):
                self._note_received(frame.cursor.seq)
            else:
                raise Refused("bad-frame", where="kind: hello again")

    async def _take(self, push: protocol.Push) -> None:
        if not self._bucket.take(len(push.changes)):
            await self.refuse(Refused("too-fast", limit=protocol.MAX_CHANGES_PER_SECOND), final=False)
            return
        offered = [offer(body) for body in push.changes]
        known = tuple(one for one in offered if one is not None)
        answer = self._loop.create_task(self._committer.submit(Submission(self.author, known)))
        await self._answers.put(_ack(answer, [one.id if one else None for one in offered]))

    def _note_received(self, seq: int) -> None:
        self._presence.note(self.author, seq)
        self._progress = self._loop.time()
        self._sent = [to for to in self._sent if to > seq]
        self._moved.set()

    async def _answer(self) -> None:
        while True:
            frame = await (await self._answers.get())
            await self._socket.send_frame(frame, WSMsgType.TEXT)

    async def _feed_forward(self) -> None:
        while True:
            self._moved.clear()
            await self._send_heard()
            while self._cursor is not None and self._behind() and len(self._sent) < MAX_UNREAD_BATCHES:
                frame, to = await self._feed.batch(self._cursor, self.author)
                if not self._sent:
                    self._progress = self._loop.time()
                self._sent.append(to.seq)
                await self._socket.send_frame(frame, WSMsgType.TEXT)
                self._cursor = to
            await self._moved.wait()

    def _behind(self) -> bool:
        return self._cursor is not None and self._cursor.seq < self._feed.head.seq

    async def _send_heard(self) -> None:
        if self._heard_version != self._presence.version:
            self._heard_version = self._presence.version
            await self._send(protocol.Heard(areas=self._presence.areas()))

    async def _send(self, frame: protocol.Frame) -> None:
        await self._socket.send_frame(frame.model_dump_json().encode(), WSMsgType.TEXT)


async def _ack(answer: asyncio.Task[tuple[Outcome, ...]], ids: list[str | None]) -> bytes:
    """The ack of one push: its outcomes in its own order, malformed ones in their places."""
    stored = iter(await answer)
    results = [next(stored)._asdict() if one else Outcome("", MALFORMED, None)._asdict() for one in ids]
    for result in results:
        if not result["id"]:
            result["id"] = None
    return orjson.dumps({"kind": "ack", "results": results})
