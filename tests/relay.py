"""Somebody between laptop and office: takes connections on a port of its own, and lets go of all of them at its end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, Final, Self

from server.site import leave

HOST: Final = "127.0.0.1"


class Relay(ABC):
    """Takes connections for an office at `url`; laptops use the address of the relay."""

    def __init__(self, url: str) -> None:
        self._target = int(url.rpartition(":")[2])
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._let_in, HOST, 0)
        self.url = f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        await leave(self._server)
        self._server = None
        while self._tasks:
            self.cut()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self.cut()

    def cut(self) -> None:
        """Break every connection there is."""
        for writer in list(self._writers):
            writer.transport.abort()
        self._writers.clear()

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:  # it was let in at the very end
            writer.transport.abort()
            return
        self._writers.add(writer)
        self._begin(self._join(reader, writer))

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the office; raises `OSError` when there is none."""
        there, back = await asyncio.open_connection(HOST, self._target)
        self._writers.add(back)
        return there, back

    @abstractmethod
    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Do with a connection what this one does, until it is over."""

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
