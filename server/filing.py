"""Files as they come and go while the board is served: taken in block by block, in a thread, each bounded in time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import aiohttp

from server.bounds import Bounds
from server.cabinet import Arriving, Cabinet
from server.clerk import Clerk
from server.ledger import Author, Committed
from server.named import Board, Named
from shared.errors import Refused
from shared.rights import reach

BLOCK: Final = 256 * 1024
"""Bytes that are gathered before the disk is asked."""


class Filing:
    """The files of a board that is served. Belongs to the loop; all that blocks is done by its clerk."""

    def __init__(self, folder: Path, board: Board, bounds: Bounds) -> None:
        self._clerk = Clerk("attachments")
        self._bounds = bounds
        self._sending: set[str] = set()
        self.cabinet = Cabinet(folder, bounds)
        self._named = Named(board, self._clerk)

    def note(self, committed: Committed) -> None:
        """Take in what has just been published."""
        self._named.note(committed.records, committed.changes)

    async def take(self, digest: str, author: Author, size: int | None, body: aiohttp.StreamReader) -> int:
        """Keep a file that arrives, durable on return; its size. Raises what is wrong with it.

        A device sends one after the other, only so many send at once, and nobody takes for ever.
        """
        if author.device in self._sending or len(self._sending) >= self._bounds.arriving:
            raise Refused("files-busy")
        self._sending.add(author.device)
        try:
            return await self._take(digest, author.device, size, body)
        finally:
            self._sending.discard(author.device)

    async def place(self, digest: str, reader: Author) -> Path | None:
        """Where a file lies that a record names which this reader reads; nothing for any other."""
        if not await self._named.readable(digest, reach(reader.role, reader.areas)):
            return None
        return await self._clerk.do(self.cabinet.place, digest)

    async def missing(self, hashes: Sequence[str], asker: Author) -> list[str]:
        """Those that the office lacks, as far as it tells this device, each once.

        It tells of those that the device gave itself, and of those that a record names which it reads.
        """
        hashes = tuple(dict.fromkeys(hashes))
        here, given = await self._clerk.do(self._look, hashes, asker.device)
        areas = reach(asker.role, asker.areas)
        there = {each for each in here if each in given or await self._named.readable(each, areas)}
        return [each for each in hashes if each not in there]

    async def leave(self) -> None:
        """Let go of everything."""
        try:
            await self._clerk.do(self.cabinet.close)
        finally:
            await self._clerk.leave()

    async def _take(self, digest: str, device: str, size: int | None, body: aiohttp.StreamReader) -> int:
        arriving = await self._clerk.do(self.cabinet.begin, digest, device, size)
        try:
            async with asyncio.timeout(self._bounds.upload):
                await self._read(arriving, body)
            await self._clerk.do(self.cabinet.keep, arriving)
        except TimeoutError:
            raise Refused("bad-request", where="the file did not arrive in time") from None
        finally:
            await asyncio.shield(self._clerk.do(self.cabinet.end, arriving))
        return arriving.size

    async def _read(self, arriving: Arriving, body: aiohttp.StreamReader) -> None:
        block = bytearray()
        while True:
            async with asyncio.timeout(self._bounds.stall):
                part = await body.readany()
            block += part
            if len(block) >= BLOCK or (block and not part):
                await self._clerk.do(arriving.write, bytes(block))
                block.clear()
            if not part:
                return

    def _look(self, hashes: Sequence[str], device: str) -> tuple[list[str], set[str]]:
        here = [each for each in hashes if self.cabinet.place(each) is not None]
        return here, self.cabinet.gave(device, here)
