"""A device's live connection, as thin as it can be, so that the server is measured and not what reads it.

It speaks the wire of PROTOCOL.md over a plain socket: it says hello, reports what it has received as a laptop does,
answers pings, and looks at the first and last bytes of a batch only.
"""

from __future__ import annotations

import base64
import os
import socket
import time
from collections import deque
from typing import Any, Final, NamedTuple

import orjson

_BLOCK: Final = 256 * 1024
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_HEAD: Final = 24
_TAIL: Final = 256

Place = dict[str, Any]


class Seat(NamedTuple):
    """An enrolled device: its token, and who speaks with it."""

    token: str
    device: str
    member: str


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int


class Refused(Exception):
    """The server said no, or went."""


class Line:
    """One live connection. `receive` blocks until something has come; use a selector on `fileno` for many."""

    def __init__(self, at: Address, seat: Seat, cursor: Place | None = None, *, buffer: int = 0) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.connect(at)
        self.seat = seat
        self.reports = True
        self.at_head = False
        self.reached = cursor["seq"] if cursor else 0
        self.bytes = 0
        self.arrivals: list[tuple[int, int]] | None = None
        self._acks: deque[list[dict[str, Any]]] = deque()
        self._rest = self._upgrade(at)
        self._send_hello(cursor)
        self.head: Place = self._welcome()

    def fileno(self) -> int:
        """The socket, for a selector."""
        return self._socket.fileno()

    def send(self, frame: bytes) -> None:
        """Send a frame that `framed` made."""
        self._socket.sendall(frame)

    def receive(self) -> list[dict[str, Any]]:
        """Take what has come: batches are noted and reported, all other frames returned. Raises `Refused`."""
        data = self._socket.recv(_BLOCK)
        if not data:
            raise Refused("the server closed the connection")
        self.bytes += len(data)
        return self._taken(data)

    def acked(self) -> list[dict[str, Any]]:
        """The results of the next ack; raises `Refused` when one was not applied."""
        while not self._acks:
            self._acks += [results_of(frame) for frame in self.receive() if frame["kind"] == "ack"]
        return self._acks.popleft()

    def until_head(self) -> None:
        """Read until the server says that nothing is missing."""
        while not self.at_head:
            self.receive()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _upgrade(self, at: Address) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        request = (
            f"GET /api/v1/live HTTP/1.1\r\nHost: {at.host}:{at.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nAuthorization: Bearer {self.seat.token}\r\n\r\n"
        )
        self._socket.sendall(request.encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self._socket.recv(_BLOCK)
            answer += part
            if not part or not answer.startswith(b"HTTP/1.1 101"[: len(answer)]):
                raise Refused(answer[:200].decode(errors="replace"))
        return answer.partition(b"\r\n\r\n")[2]

    def _send_hello(self, cursor: Place | None) -> None:
        clock = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        hello = {"kind": "hello", "protocol": [1, 1], "clock": clock, "client": "bench"}
        self.send(framed(orjson.dumps(hello if cursor is None else hello | {"cursor": cursor})))

    def _welcome(self) -> Place:
        frames = self._taken(b"")
        while not frames:
            frames = self.receive()
        if frames[0]["kind"] != "welcome":
            raise Refused(str(frames[0]))
        head: Place = frames[0]["head"]
        self.at_head = self.reached == head["seq"]
        return head

    def _taken(self, data: bytes) -> list[dict[str, Any]]:
        buffer = self._rest + data if self._rest else data
        found: list[dict[str, Any]] = []
        at = 0
        while (bounds := _frame(buffer, at)) is not None:
            code, start, end = bounds
            at = end
            if code == _CLOSE:
                raise Refused(buffer[start + 2 : end].decode(errors="replace"))
            if code == _PING:
                self.send(framed(buffer[start:end], _PONG))
            elif code == _TEXT and b'"kind":"batch"' in buffer[start : start + _HEAD]:
                self._note_batch(buffer[max(start, end - _TAIL) : end])
            elif code == _TEXT:
                found.append(orjson.loads(buffer[start:end]))
        self._rest = buffer[at:]
        return found

    def _note_batch(self, tail: bytes) -> None:
        """Take a batch for received, by its last bytes: `"to":{…},"at_head":true}`."""
        place, _, rest = tail[tail.rindex(b'"to":') + 5 :].partition(b"}")
        self.reached = int(place[place.index(b'"seq":') + 6 :].partition(b",")[0])
        self.at_head = b"true" in rest
        if self.arrivals is not None:
            self.arrivals.append((time.monotonic_ns(), self.reached))
        if self.reports:
            self.send(framed(b'{"kind":"received","cursor":%b}}' % place))


def framed(payload: bytes, code: int = _TEXT) -> bytes:
    """A frame from a client. Its mask is zero, which leaves the bytes as they are."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | code, 0x80 | size))
    elif size < 65536:
        head = bytes((0x80 | code, 0xFE)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | code, 0xFF)) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


def results_of(ack: dict[str, Any]) -> list[dict[str, Any]]:
    """The results of an ack, all of which must have been applied; a measurement of refusals measures nothing."""
    results: list[dict[str, Any]] = ack["results"]
    for result in results:
        if result["outcome"] != "applied":
            raise Refused(str(result))
    return results


def _frame(buffer: bytes, at: int) -> tuple[int, int, int] | None:
    """Of the frame at a place: its code, and where its payload starts and ends; nothing until all of it is there."""
    if len(buffer) < at + 2:
        return None
    size, start = buffer[at + 1] & 0x7F, at + 2
    if size >= 126:
        start += 2 if size == 126 else 8
        if len(buffer) < start:
            return None
        size = int.from_bytes(buffer[at + 2 : start], "big")
    return (buffer[at] & 0x0F, start, start + size) if len(buffer) >= start + size else None
