"""A device that speaks the protocol as `shared/PROTOCOL.md` has it, and folds what it gets as a laptop does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

import aiohttp
import orjson
from aiohttp import WSMsgType

from shared.board.change import Change, to_json
from shared.board.holds import effects
from shared.board.log_record import Cursor, LogRecord, decode
from shared.board.record import Record
from shared.board.reduce import reduce

PATIENCE = 20.0
Frame = dict[str, Any]


class Closed(Exception):
    """The server has ended the connection, with this close code."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Speaker:
    """One live connection of a device. It answers every batch with `received`, and remembers all frames."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.cursor: Cursor | None = None
        self.records: dict[str, Record] = {}
        self.log: list[LogRecord] = []
        self.frames: list[Frame] = []
        self.welcome: Frame = {}
        self.receives = True
        self._kept: list[Frame] = []

    async def send(self, frame: Frame) -> None:
        """Send any frame."""
        await self.socket.send_str(orjson.dumps(frame).decode())

    async def hello(self, cursor: Cursor | None = None, **more: Any) -> Self:
        """Greet, and take the welcome."""
        body: Frame = {"kind": "hello", "protocol": [1, 2], **more}
        if cursor is not None:
            body["cursor"] = cursor._asdict()
            self.cursor = cursor
        await self.send(body)
        self.welcome = await self.take("welcome")
        return self

    async def push(self, changes: Iterable[Change]) -> list[Frame]:
        """Send these entries and wait for what became of each."""
        await self.send_changes(changes)
        results: list[Frame] = (await self.take("ack"))["results"]
        return results

    async def send_changes(self, changes: Iterable[Change]) -> None:
        """Send these entries and go on."""
        await self.send({"kind": "push", "changes": [to_json(change) for change in changes]})

    async def next(self) -> Frame:
        """The next frame, folded in if it is a batch; raises `Closed` at the end of the connection."""
        while (message := await self._receive()).type is WSMsgType.PONG:
            pass
        return await self._read(message)

    async def pong(self) -> None:
        """Read everything that the server sent before it answers a ping."""
        await self.socket.ping(b"all?")
        while (message := await self._receive()).type is not WSMsgType.PONG:
            self._kept.append(await self._read(message))

    async def _receive(self) -> aiohttp.WSMessage:
        async with asyncio.timeout(PATIENCE):
            while (message := await self.socket.receive()).type is WSMsgType.PING:
                await self.socket.pong(message.data)
        return message

    async def _read(self, message: aiohttp.WSMessage) -> Frame:
        if message.type is not WSMsgType.TEXT:
            raise Closed(self.socket.close_code)
        frame: Frame = orjson.loads(message.data)
        self.frames.append(frame)
        if frame["kind"] == "batch":
            await self._fold(frame)
        return frame

    async def take(self, kind: str) -> Frame:
        """The next frame of this kind; others are kept for later."""
        for index, kept in enumerate(self._kept):
            if kept["kind"] == kind:
                return self._kept.pop(index)
        while (frame := await self.next())["kind"] != kind:
            self._kept.append(frame)
        return frame

    async def until(self, seq: int) -> Self:
        """Read until the log is here up to this record."""
        while self.cursor is None or self.cursor.seq < seq:
            await self.next()
        return self

    async def end(self) -> Closed:
        """Read until the server ends the connection, and say how it did."""
        try:
            while True:
                await self.next()
        except Closed as closed:
            return closed

    async def _fold(self, frame: Frame) -> None:
        start, to = Cursor(**frame["from"]), Cursor(**frame["to"])
        assert self.cursor in (None, start), "a batch starts where the last one ended"
        for body in frame["records"]:
            record = decode(body)
            self.log.append(record)
            for effect in effects(record.status, record.device, record.change(), record.body):
                standing = self.records.get(effect.record) or Record(effect.record)
                self.records[effect.record] = reduce(standing, effect)
        self.cursor = to
        if self.receives:
            with suppress(ConnectionError):  # the server may have gone in the meantime; the next read tells
                await self.send({"kind": "received", "cursor": to._asdict()})


@asynccontextmanager
async def connected(url: str, token: str) -> AsyncIterator[Speaker]:
    """A live connection, not yet greeted."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{url}/api/v1/live", headers=headers, max_msg_size=4 * 2**20, compress=0, autoping=False
        ) as socket,
    ):
        yield Speaker(socket)
