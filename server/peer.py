"""One device's end of a WebSocket: frames in and out, each write watched, so that a stuck peer is noticed."""

from __future__ import annotations

import asyncio
from typing import Final, Literal

import orjson
from aiohttp import WSMsgType, web
from pydantic import ValidationError

from shared import protocol
from shared.errors import Refused

Socket = web.WebSocketResponse[Literal[False]]
READ_AT_MOST: Final = 4 * protocol.MAX_FRAME
"""A message beyond `MAX_FRAME` is read to its end up to here, so that its sender can be told; beyond this it is cut."""
_GONE: Final = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)


class Peer:
    """A connected device as frames. `send` may wait for the peer to read; `waiting_since` tells since when it does."""

    def __init__(self, socket: Socket, transport: asyncio.Transport | None) -> None:
        self._socket = socket
        self._transport = transport
        self._time = asyncio.get_running_loop().time
        self._writes = 0
        self._since = 0.0
        self._closing = False

    @property
    def waiting_since(self) -> float | None:
        """The loop's time since which the peer has not taken what waits for it; nothing when nothing waits."""
        return self._since if self._writes else None

    @property
    def stuck(self) -> bool:
        """Whether bytes are waiting that the peer has not taken."""
        return self._transport is not None and self._transport.get_write_buffer_size() > 0

    async def receive(self) -> protocol.ClientFrame | None:
        """The next frame; nothing when the peer has gone. Raises `bad-frame` or `too-large`."""
        message = await self._socket.receive()
        if message.type in _GONE:
            return None
        if message.type is not WSMsgType.TEXT:
            raise Refused("bad-frame", where="text frames only")
        if len(message.data) > protocol.MAX_FRAME:
            raise Refused("too-large", limit=protocol.MAX_FRAME)
        return read_frame(message.data)

    async def send(self, frame: bytes) -> None:
        """Write a text frame; returns when there is room for another one."""
        if not self._writes:
            self._since = self._time()
        self._writes += 1
        try:
            await self._socket.send_frame(frame, WSMsgType.TEXT)
        finally:
            self._writes -= 1
            self._since = self._time()

    async def part(self, refused: Refused, seconds: float) -> None:
        """Say no, in both languages, and close; drop the connection when that takes too long."""
        try:
            async with asyncio.timeout(seconds):
                await self.send(refusal(refused, final=True))
                await self.close(protocol.close_code(refused.code), refused.code)
        except (TimeoutError, ConnectionError):
            self.abort()

    async def close(self, code: int, reason: str = "") -> None:
        """Say goodbye with a close code; a peer that does not take even that is dropped when the caller gives up."""
        self._closing = True
        try:
            await self._socket.close(code=code, message=reason.encode())
        finally:
            self._closing = False
            self.let_go()

    def let_go(self) -> None:
        """Leave nothing of the connection behind, unless somebody is just saying goodbye to it.

        aiohttp calls a connection closed before its bytes have left, and would keep it for as long as the peer likes.
        """
        if not self._closing and (self.stuck or not self._socket.closed):
            self.abort()

    def abort(self) -> None:
        """Drop the connection at once, whatever still waits to be written: a stuck peer must not hold anything."""
        if self._transport is not None:
            self._transport.abort()


def refusal(refused: Refused, final: bool) -> bytes:
    """The frame that says no."""
    return orjson.dumps({"kind": "refuse", **refused.to_json(), "final": final})


def read_frame(data: bytes) -> protocol.ClientFrame:
    """The frame in a message; raises `bad-frame` with the place of what is wrong, never with its value."""
    try:
        return protocol.client_frames.validate_python(orjson.loads(data))
    except orjson.JSONDecodeError:
        raise Refused("bad-frame", where="not JSON") from None
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])[:80]
        raise Refused("bad-frame", where=f"{place or 'frame'}: {first['type']}") from None
