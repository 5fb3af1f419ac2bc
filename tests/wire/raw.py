"""A peer that completes the handshake, says hello, and then never reads again: no client library does that."""

from __future__ import annotations

import asyncio
import base64
import secrets
import socket
import struct
from urllib.parse import urlsplit

import orjson


def frame(payload: bytes) -> bytes:
    """A masked text frame."""
    mask = secrets.token_bytes(4)
    size = len(payload)
    head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0x80 | 126, size)
    return head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))


class Deaf:
    """A connection whose bytes nobody takes out of the kernel."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = urlsplit(url), token
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.socket.setblocking(False)

    async def connect(self, hello: bytes = b'{"kind":"hello","protocol":[1,1]}') -> None:
        """Shake hands and greet; not a byte of what follows is read."""
        loop = asyncio.get_running_loop()
        host, port = self._url.hostname, self._url.port
        await loop.sock_connect(self.socket, (host, port))
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = (
            f"GET /api/v1/live HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        )
        await loop.sock_sendall(self.socket, lines.encode())
        assert (await loop.sock_recv(self.socket, 12)) == b"HTTP/1.1 101"
        await loop.sock_sendall(self.socket, frame(hello))

    async def push_for_ever(self) -> None:
        """Send pushes of nothing that could be stored, until the server ends the connection."""
        pushes = frame(orjson.dumps({"kind": "push", "changes": [{}] * 256}))
        while True:
            await asyncio.get_running_loop().sock_sendall(self.socket, pushes)

    def close(self) -> None:
        """Let go."""
        self.socket.close()
