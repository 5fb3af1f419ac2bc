"""The log's tail, encoded once for all readers: what follows a cursor, as one frame."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

import orjson

from server.ledger import Author
from server.log import Log
from shared.board.change import Change
from shared.board.log_record import Cursor, LogRecord, genesis
from shared.board.record import kind_of, owner_of
from shared.protocol import MAX_BATCH_BYTES, MAX_BATCH_RECORDS
from shared.rights import EVERYWHERE, Role, covers

TAIL_RECORDS: Final = 8192
FRAMES: Final = 64
_EVERYBODYS: Final = frozenset({"campaign", "group", "hold"})


class Line(NamedTuple):
    """One record ready to travel, and what decides who may read it."""

    seq: int
    chain: str
    kind: str
    owner: str
    device: str
    encoded: bytes


class Feed:
    """A window on the end of the log. `extend` after each commit; `batch` gives any reader what follows its cursor."""

    def __init__(self, log: Log, thread: ThreadPoolExecutor, head: Cursor) -> None:
        self._log = log
        self._thread = thread
        self._tail: deque[Line] = deque(maxlen=TAIL_RECORDS)
        self._frames: OrderedDict[tuple[int, tuple[str, ...]], tuple[bytes, Cursor]] = OrderedDict()
        self.head = head
        self.origin = Cursor(head.board, 0, genesis(head.board))

    def extend(self, records: Sequence[LogRecord], changes: Sequence[Change | None]) -> None:
        """Take in what has just been committed."""
        self._frames.clear()
        for record, change in zip(records, changes, strict=True):
            self._tail.append(_line(record, change))
        if records:
            self.head = Cursor(self.head.board, records[-1].seq, records[-1].chain)

    async def batch(self, cursor: Cursor, reader: Author) -> tuple[bytes, Cursor]:
        """The frame that leads from `cursor` towards the head, with what this reader may read, and where it leads."""
        key = (cursor.seq, reader.areas if reader.role is not Role.ADMIN else (EVERYWHERE,))
        if (found := self._frames.get(key)) is not None:
            return found
        lines = self._recent(cursor) if self._covers(cursor) else await self._older(cursor)
        chosen = _page(lines)
        visible = [line for line in chosen if _readable(line, key[1]) or line.device == reader.device]
        to = Cursor(cursor.board, chosen[-1].seq, chosen[-1].chain) if chosen else cursor
        frame = encode_batch(cursor, visible, to, to.seq == self.head.seq)
        if all(_readable(line, key[1]) for line in visible):
            self._remember(key, (frame, to))
        return frame, to

    async def holds(self, cursor: Cursor) -> bool:
        """Whether a cursor is a place in this very log: a server put back from a backup is recognised by the chain."""
        if cursor == self.head:
            return True
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._log.chain_at, cursor.seq) == cursor.chain

    def _covers(self, cursor: Cursor) -> bool:
        return bool(self._tail) and self._tail[0].seq <= cursor.seq + 1

    def _recent(self, cursor: Cursor) -> Iterable[Line]:
        missing = min(self.head.seq - cursor.seq, len(self._tail))
        start = len(self._tail) - missing
        return (self._tail[index] for index in range(start, min(start + MAX_BATCH_RECORDS, len(self._tail))))

    async def _older(self, cursor: Cursor) -> Iterable[Line]:
        read: Callable[[int, int], list[LogRecord]] = self._log.read
        loop = asyncio.get_running_loop()
        records = await loop.run_in_executor(self._thread, read, cursor.seq, MAX_BATCH_RECORDS)
        return [_line(record, record.change()) for record in records]

    def _remember(self, key: tuple[int, tuple[str, ...]], value: tuple[bytes, Cursor]) -> None:
        self._frames[key] = value
        while len(self._frames) > FRAMES:
            self._frames.popitem(last=False)


def encode_batch(start: Cursor, lines: Iterable[Line], to: Cursor, at_head: bool) -> bytes:
    """The bytes of a batch frame over lines that are encoded already."""
    return b'{"kind":"batch","from":%b,"records":[%b],"to":%b,"at_head":%b}' % (
        orjson.dumps(start._asdict()),
        b",".join(line.encoded for line in lines),
        orjson.dumps(to._asdict()),
        b"true" if at_head else b"false",
    )


def _page(lines: Iterable[Line]) -> list[Line]:
    chosen: list[Line] = []
    size = 0
    for line in lines:
        size += len(line.encoded)
        if chosen and size > MAX_BATCH_BYTES:
            break
        chosen.append(line)
    return chosen


def _line(record: LogRecord, change: Change | None) -> Line:
    kind, owner = (kind_of(change.record), owner_of(change.record)) if change else ("", "")
    return Line(record.seq, record.chain, kind, owner, record.device, record.encode())


def _readable(line: Line, areas: tuple[str, ...]) -> bool:
    return line.kind in _EVERYBODYS or covers(areas, line.owner)
