"""A wire between laptop and office on which everything happens that happens in the field, to real sockets.

Each connection has a mood, the next of those that were given, and is clean when they are used up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tests.relay import Relay

_PAGE: Final = "<html><title>酒店无线网</title>请先登录 / please log in</html>".encode()
PORTAL: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b" % (len(_PAGE), _PAGE)
LED_AWAY: Final = b"HTTP/1.1 302 Found\r\nLocation: http://portal.invalid/login\r\nContent-Length: 0\r\n\r\n"
EVER: Final = 1 << 60


@dataclass(frozen=True, slots=True)
class Mood:
    """What a connection does; by itself nothing but pass everything on.

    `up`, `down`: so many bytes pass towards the office and towards the laptop; at the first one beyond, the connection
    breaks, or hangs when it `stalls`: nothing moves and nobody is told. `piece`: so many bytes travel at once.
    `delay`: seconds that each piece takes. `answer`: what somebody else says instead of the office.
    """

    up: int = EVER
    down: int = EVER
    stalls: bool = False
    piece: int = 65536
    delay: float = 0.0
    answer: bytes = b""


class BadWire(Relay):
    """The wire to an office at `url`; laptops use the address of the wire."""

    def __init__(self, url: str, moods: Iterable[Mood] = ()) -> None:
        super().__init__(url)
        self._moods = list(moods)
        self.joined = 0
        self.stalled = asyncio.Event()
        """Something hangs."""

    def expect(self, *moods: Mood) -> None:
        """The next connections have these moods."""
        self._moods.extend(moods)

    @property
    def moods_left(self) -> int:
        """How many moods have not been used yet."""
        return len(self._moods)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mood = self._moods.pop(0) if self._moods else Mood()
        self.joined += 1
        await (self._answer(reader, writer, mood) if mood.answer else self._connect(reader, writer, mood))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mood: Mood) -> None:
        """Be somebody else, for every request that comes."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(mood.answer)
                await writer.drain()
        self._drop(writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mood: Mood) -> None:
        try:
            there, back = await self._reach()
        except OSError:
            self._drop(writer)
            return
        ways = self._pass_on(reader, back, mood, mood.up), self._pass_on(there, writer, mood, mood.down)
        tasks = [asyncio.create_task(way) for way in ways]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._drop(writer, back)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mood: Mood, left: int) -> None:
        """Pass bytes on until the connection ends, or the mood ends it."""
        with suppress(ConnectionError):
            while data := await reader.read(min(mood.piece, 65536)):
                if mood.delay:
                    await asyncio.sleep(mood.delay)
                writer.write(data[:left])
                await writer.drain()
                left -= len(data)
                if left < 0 and mood.stalls:
                    self.stalled.set()
                    await asyncio.get_running_loop().create_future()
                if left < 0:
                    return

    def _drop(self, *writers: asyncio.StreamWriter) -> None:
        """End these; what was passed on before still arrives, so that a message can be halved at a byte."""
        for writer in writers:
            self._writers.discard(writer)
            writer.close()
