"""A wire between a client and a server that counts what comes back, for systems that would not say."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_BLOCK: Final = 64 * 1024


class Wire:
    """A port that leads to another; `received` counts the bytes that the server has sent."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._door = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self.port: int = self._door.getsockname()[1]
        self.received = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Cut all connections."""
        for end in (self._door, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [client, server]
                threading.Thread(target=self._carry, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client, True), daemon=True).start()

    def _carry(self, start: socket.socket, end: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := start.recv(_BLOCK):
                if counted:
                    with self._lock:
                        self.received += len(data)
                end.sendall(data)
            end.shutdown(socket.SHUT_WR)


@contextmanager
def counted(to: int) -> Iterator[Wire]:
    """Such a wire, until the block ends."""
    wire = Wire(to)
    try:
        yield wire
    finally:
        wire.close()
