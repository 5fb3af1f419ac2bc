"""The one sync client: connect, catch up, push, listen.

It runs for ever beside the board, or until there is nothing left to do (`guatu sync`). What arrives is durable in the
replica before anybody is told. Pull and push do not wait for each other, and one bad change never blocks the next.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

import aiohttp
import orjson
from aiohttp import WSMsgType
from pydantic import ValidationError

from shared import protocol
from shared.board.change import to_json
from shared.board.log_record import Cursor, decode
from tui.doors import Fault, Office, diagnose
from tui.keeper import Keeper
from tui.messages import Arrived, CampaignChanged, HeardNews, LinkMoved, LinkNews, LinkState
from tui.profile import Profile
from tui.replica import Applied, Batch, Replica, Waiting

SLOWEST_RETRY: Final = 60.0
FIRST_RETRY: Final = 0.5
PUSH_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Tally:
    """What one stretch of syncing did."""

    pushed: int = 0
    pulled: int = 0


class Finished(Exception):
    """There is nothing left to send or to read; only raised for those who asked to stop then."""


class Refusal(Exception):
    """The office said no for good; `code` and `sentence` say why."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(code)
        self.code, self.en, self.zh = code, en, zh


class Link:
    """This laptop's connection to the office. `tell` gets news on the loop, after it is on the disk."""

    def __init__(
        self,
        profile: Profile,
        keeper: Keeper,
        tell: Callable[[LinkNews], None],
        now: Callable[[], datetime],
        random: Random | None = None,
    ) -> None:
        self._profile = profile
        self._keeper = keeper
        self._tell = tell
        self._now = now
        self._random = random or Random()  # noqa: S311 -- spreads retries, guards nothing
        self._nudged = asyncio.Event()
        self._until_idle = False
        self._cursor: Cursor | None = None
        self._head = 0
        self._pushed: set[str] = set()
        self._pulled = 0

    def nudge(self) -> None:
        """There is something to send, or somebody wants to connect now."""
        self._nudged.set()

    async def run(self) -> None:
        """Stay connected for ever, with growing pauses after failures, spread by chance."""
        pause = FIRST_RETRY
        while True:
            started = asyncio.get_running_loop().time()
            fault = await self._attempt()
            if asyncio.get_running_loop().time() - started > SLOWEST_RETRY:
                pause = FIRST_RETRY
            self._tell(LinkMoved(LinkState.OFFLINE, reason=fault.code, en=fault.en, zh=fault.zh))
            self._nudged.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause * self._random.uniform(0.5, 1.0)):
                    await self._nudged.wait()
            pause = min(SLOWEST_RETRY, pause * 2)

    async def sync(self) -> Tally:
        """Send and read until nothing is left, then stop. Raises `Refusal` or `Fault` when that cannot be done."""
        self._until_idle = True
        with suppress(Finished):
            await self._connect()
            raise Fault("cut", "The connection ended early; try again.", "连接提前中断，请重试。")
        return Tally(len(self._pushed), self._pulled)

    async def _attempt(self) -> Fault:
        try:
            await self._connect()
        except Refusal as refusal:
            return Fault(refusal.code, refusal.en, refusal.zh)
        except Fault as fault:
            return fault
        return Fault("cut", "The office ended the connection.", "办公室端断开了连接。")

    async def _connect(self) -> None:
        """One connection from greeting to end. Returns when it ends, raises `Fault`, `Refusal` or `Finished`."""
        identity = self._profile.identity()
        self._tell(LinkMoved(LinkState.CONNECTING))
        try:
            async with Office(identity) as office:
                await self._have_snapshot(office)
                async with office.live() as socket:
                    await self._talk(office, socket)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise diagnose(error) from error

    async def _have_snapshot(self, office: Office) -> None:
        self._cursor = await self._keeper.run(lambda replica: replica.cursor())
        if self._cursor is None:
            await self._take_snapshot(office)

    async def _take_snapshot(self, office: Office) -> None:
        header, lines = await office.snapshot()
        cursor = Cursor(header["board"], header["seq"], header["chain"])
        await self._have_campaign(office, header["campaign"])

        def install(replica: Replica) -> None:
            replica.install(cursor, _split(lines))

        await self._keeper.run(install)
        self._cursor = cursor
        self._pulled += cursor.seq
        self._tell(Arrived(None))

    async def _have_campaign(self, office: Office, digest: str) -> None:
        known = await self._keeper.run(lambda replica: replica.meta("campaign-digest"))
        if known != digest:
            body = await office.campaign(digest)
            await self._keeper.run(lambda replica: replica.keep_campaign(digest, body))
            self._tell(CampaignChanged(digest))

    async def _talk(self, office: Office, socket: aiohttp.ClientWebSocketResponse) -> None:
        await self._greet(office, socket)
        await self._keeper.run(lambda replica: replica.send_again())
        pusher = asyncio.create_task(self._push(socket))
        try:
            await self._listen(office, socket)
        finally:
            pusher.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await pusher

    async def _greet(self, office: Office, socket: aiohttp.ClientWebSocketResponse) -> None:
        cursor = self._cursor
        hello = protocol.Hello(
            protocol=(protocol.LOWEST, protocol.HIGHEST),
            board=cursor.board if cursor else None,
            cursor=protocol.place(cursor) if cursor else None,
            clock=self._now().isoformat(timespec="seconds"),
            client="guatu",
        )
        await socket.send_str(hello.model_dump_json())
        welcome = await self._receive(socket)
        if isinstance(welcome, protocol.Refuse):
            raise Refusal(welcome.code, welcome.message.en, welcome.message.zh)
        if not isinstance(welcome, protocol.Welcome):
            raise Fault("not-guatu", "What answers there is not a guatu server.", "对方不是挂图服务器。")
        me = welcome.me
        self._profile.update(member=me.member, role=me.role, areas=me.areas, campaign=welcome.campaign)
        await self._have_campaign(office, welcome.campaign)
        self._head = welcome.head.seq
        await self._keeper.run(lambda replica: replica.set_meta("head", str(welcome.head.seq)))
        self._report(welcome.clock_offset)
        await self._stop_when_idle()

    async def _listen(self, office: Office, socket: aiohttp.ClientWebSocketResponse) -> None:
        while (frame := await self._receive(socket)) is not None:
            match frame:
                case protocol.Batch():
                    await self._apply(socket, frame)
                case protocol.Ack():
                    await self._note_ack(frame)
                case protocol.Heard():
                    await self._note_heard(dict(frame.areas))
                case protocol.Reset():
                    await self._take_snapshot(office)
                    return
                case protocol.Refuse():
                    if frame.final:
                        raise Refusal(frame.code, frame.message.en, frame.message.zh)
                    await self._keeper.run(lambda replica: replica.send_again())
                    asyncio.get_running_loop().call_later(1.0, self.nudge)
            await self._stop_when_idle()

    async def _receive(self, socket: aiohttp.ClientWebSocketResponse) -> protocol.ServerFrame | None:
        while True:
            message = await socket.receive()
            if message.type is WSMsgType.TEXT:
                try:
                    return protocol.server_frames.validate_python(orjson.loads(message.data))
                except ValidationError as fault:
                    if fault.errors()[0]["type"] == "union_tag_invalid":
                        continue  # a kind of frame that a newer server sends; not for us
                    raise Fault("not-guatu", "The answer is not of the protocol.", "对方的应答不符合协议。") from fault
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                return None

    async def _apply(self, socket: aiohttp.ClientWebSocketResponse, frame: protocol.Batch) -> None:
        batch = Batch(
            frame.start.cursor(),
            tuple(decode(record) for record in frame.records),
            frame.to.cursor(),
            frame.at_head,
        )
        applied: Applied | None = await self._keeper.run(lambda replica: replica.apply(batch))
        if applied is None:
            raise Fault("gap", "The office's answer did not fit; connecting again.", "数据未能衔接，正在重新连接。")
        self._cursor, self._head = batch.to, max(self._head, batch.to.seq)
        self._pulled += len(batch.records)
        self._pushed |= set(applied.landed)
        await socket.send_str(protocol.Received(cursor=protocol.place(batch.to)).model_dump_json())
        if batch.at_head:
            await self._keeper.run(lambda replica: replica.send_again(batch.to.seq))
        self._tell(Arrived(applied.owners, applied.landed))
        self._report()

    async def _note_ack(self, ack: protocol.Ack) -> None:
        outcomes = [(r.id, r.outcome, r.seq) for r in ack.results if r.id is not None]
        await self._keeper.run(lambda replica: replica.note_outcomes(outcomes, lambda: secrets.token_hex(16)))
        self._tell(Arrived(frozenset()))

    async def _note_heard(self, areas: dict[str, str]) -> None:
        body = orjson.dumps(areas).decode()
        await self._keeper.run(lambda replica: replica.set_meta("heard", body))
        self._tell(HeardNews(areas))

    async def _push(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            self._nudged.clear()
            while due := await self._keeper.run(_take_due):
                await socket.send_str(push_frame(due))
            await self._nudged.wait()

    async def _stop_when_idle(self) -> None:
        if not self._until_idle or self._cursor is None or self._cursor.seq < self._head:
            return
        if not await self._keeper.run(lambda replica: replica.outbox_size()):
            raise Finished

    def _report(self, clock_offset: float | None = None) -> None:
        done = self._cursor.seq if self._cursor else 0
        state = LinkState.LIVE if done >= self._head else LinkState.CATCHING_UP
        self._tell(LinkMoved(state, done, self._head, clock_offset=clock_offset))


def _take_due(replica: Replica) -> list[Waiting]:
    due = replica.due(protocol.MAX_CHANGES, PUSH_BYTES)
    replica.note_sent(due)
    return due


def push_frame(due: Iterable[Waiting]) -> str:
    """A push of these entries, in their order."""
    return orjson.dumps({"kind": "push", "changes": [to_json(waiting.change) for waiting in due]}).decode()


def _split(lines: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        owner, _, body = line.partition(b"\t")
        yield owner.decode(), body.rstrip(b"\n")
