"""Which records name which file, kept beside the board so that nobody's question is a walk over all of it.

The index only points: whether a record still names a file, and who reads that record, is asked of the board each time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from server.breath import Breath
from server.clerk import Clerk
from server.store import DOCUMENTS_AT_ONCE, META, Tables
from shared.attached import named_in
from shared.board.change import Change
from shared.board.holds import effects
from shared.board.log_record import LogRecord
from shared.board.record import Record, kind_of, owner_of
from shared.rights import readable

_NEVER: Final = frozenset({META, "unit", "step", "campaign", "group"})
"""Tables that hold no paper; the steps are most of a board."""


class Board(Protocol):
    """What the index asks of the board."""

    def get(self, address: str) -> Record | None:
        """The record on an address."""

    def image(self) -> Tables:
        """All records as they are now."""


class Named:
    """The addresses of the records that name a file, by its hash. Belongs to the loop; reads the board once, when asked
    first."""

    def __init__(self, board: Board, clerk: Clerk) -> None:
        self._board = board
        self._clerk = clerk
        self._addresses: dict[str, set[str]] = {}
        self._reading = asyncio.Lock()
        self._read = False

    def note(self, records: Sequence[LogRecord], changes: Sequence[Change | None]) -> None:
        """Take in what has just been published."""
        for record, change in zip(records, changes, strict=True):
            if b'"hash":' in record.body:
                for effect in effects(record.status, record.device, change, record.body):
                    if kind_of(effect.record) not in _NEVER:
                        for each in named_in(effect.values):
                            self._addresses.setdefault(each.hash, set()).add(effect.record)

    async def readable(self, digest: str, areas: tuple[str, ...]) -> bool:
        """Whether a record names this file now that lies where somebody with these areas reads."""
        async with self._reading:
            if not self._read:
                for found, addresses in (await self._clerk.do(_scan, self._board.image())).items():
                    self._addresses.setdefault(found, set()).update(addresses)
                self._read = True
        breath = Breath()
        for address in tuple(self._addresses.get(digest, ())):
            if breath.due():  # a notice that a whole district names has thousands of them
                await breath.take()
            if readable(areas, kind_of(address), owner_of(address)) and self._names(address, digest):
                return True
        return False

    def _names(self, address: str, digest: str) -> bool:
        record = self._board.get(address)
        entries = record.entries if record is not None else ()
        return any(each.hash == digest for entry in entries for each in named_in(entry.values))


def _scan(tables: Tables) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for kind in tables.keys() - _NEVER:
        for place, document in enumerate(tables[kind].values()):
            if place % DOCUMENTS_AT_ONCE == 0:
                time.sleep(0)  # lets the event loop's thread have the interpreter
            for digest in _hashes(document["entries"]):
                found.setdefault(digest, set()).add(f"{kind}/{document['id']}")
    return found


def _hashes(entries: Iterable[Sequence[object]]) -> set[str]:
    return {each.hash for entry in entries for each in named_in(entry[4])}  # type: ignore[arg-type]  # as it was written
