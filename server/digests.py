"""The digest of what a reader may read, so that a laptop can prove that it holds the same (promise 3)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Final

from server.breath import Breath
from server.store import META, Store, Tables, cursor_of
from shared.board.digest import Digest
from shared.board.log_record import Cursor

KEPT: Final = 64


class Digests:
    """Digests of the board at its head, for whoever asks: worked out in slices, one at a time, and kept for a while."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._working = asyncio.Lock()
        self._kept: OrderedDict[tuple[Cursor | None, tuple[str, ...]], str] = OrderedDict()

    async def of(self, areas: tuple[str, ...]) -> tuple[Cursor | None, str]:
        """The place at which the board stood just now, and the digest of what these areas read of it there."""
        async with self._working:
            image = self._store.image()
            key = (cursor_of(image), areas)
            if key not in self._kept:
                self._kept[key] = await _digest(image, areas)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            return key[0], self._kept[key]


async def _digest(image: Tables, areas: tuple[str, ...]) -> str:
    found, breath = Digest(areas), Breath()
    for kind in image.keys() - {META}:
        for document in image[kind].values():
            if breath.due():
                await breath.take()
            found.take(f"{kind}/{document['id']}", document)
    return found.hex()
