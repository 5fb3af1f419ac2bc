"""The log's tail, encoded once for all readers: what follows a cursor, as one frame."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple

import orjson

from server.clerk import Clerk
from server.ledger import Author
from server.log import Log
from shared.board import holds
from shared.board.change import Change
from shared.board.log_record import Cursor, LogRecord, genesis
from shared.board.record import kind_of, owner_of
from shared.protocol import MAX_BATCH_BYTES, MAX_BATCH_RECORDS
from shared.rights import covers, reach, readable

TAIL_RECORDS: Final = 8192
TAIL_BYTES: Final = 16 * 1024 * 1024
FRAMES: Final = 64

Prove = Callable[[LogRecord], LogRecord]


class Line(NamedTuple):
    """One record ready to travel, and what decides who may read it: its area, and which devices it concerns."""

    seq: int
    chain: str
    kind: str
    owner: str
    devices: frozenset[str]
    applied: bool
    encoded: bytes


class _Frame(NamedTuple):
    """A batch for everybody who reads the same areas, but for the devices whose own records lie outside them."""

    encoded: bytes
    to: Cursor
    strangers: frozenset[str]


class Feed:
    """A window on the end of the log. `extend` after each commit; `batch` gives any reader what follows its cursor.

    `log` and `clerk` are for reading alone: a laptop that catches up does not wait for commits, nor they for it.
    `verdict` is the seq of the newest verdict that counts.
    """

    def __init__(self, log: Log, clerk: Clerk, head: Cursor, prove: Prove = lambda record: record) -> None:
        self._log = log
        self._clerk = clerk
        self._prove = prove
        self._tail: deque[Line] = deque()
        self._tail_bytes = 0
        self._paging = asyncio.Lock()
        self._frames: OrderedDict[tuple[int, tuple[str, ...]], _Frame] = OrderedDict()
        self.head = head
        self.verdict = log.last_verdict()
        self.origin = Cursor(head.board, 0, genesis(head.board))

    def extend(self, records: Sequence[LogRecord], changes: Sequence[Change | None]) -> None:
        """Take in what has just been committed."""
        self._frames.clear()
        for record, change in zip(records, changes, strict=True):
            line = self._line(record, change)
            if line.kind == holds.KIND and line.applied:
                self.verdict = line.seq
            self._tail.append(line)
            self._tail_bytes += len(line.encoded)
        while len(self._tail) > TAIL_RECORDS or self._tail_bytes > TAIL_BYTES:
            self._tail_bytes -= len(self._tail.popleft().encoded)
        if records:
            self.head = Cursor(self.head.board, records[-1].seq, records[-1].chain)

    async def batch(self, cursor: Cursor, reader: Author) -> tuple[bytes, Cursor]:
        """The frame that leads from `cursor` towards the head, with what this reader may read, and where it leads."""
        areas = reach(reader.role, reader.areas)
        found = self._frames.get((cursor.seq, areas))
        if found is not None and reader.device not in found.strangers:
            return found.encoded, found.to
        recent = self._covers(cursor)
        lines = self._recent(cursor) if recent else await self._clerk.do(self._older, cursor.seq, self.head.seq)
        chosen = _page(lines)
        to = Cursor(cursor.board, chosen[-1].seq, chosen[-1].chain) if chosen else cursor
        frame = encode_batch(cursor, [x for x in chosen if _may_read(x, areas, reader.device)], to, to == self.head)
        strangers = frozenset().union(*(line.devices for line in chosen if not _may_read(line, areas, "")))
        if reader.device not in strangers:
            self._remember((cursor.seq, areas), _Frame(frame, to, strangers))
        return frame, to

    async def past(self, upto: int, limit: int, reader: Author) -> tuple[list[Line], int]:
        """What this reader may read of the `limit` records up to `upto`, and the seq before the first of them."""
        upto = min(upto, self.head.seq)
        async with self._paging:  # one page after the other: who catches up or says hello comes in between
            lines = await self._clerk.do(self._bygone, upto, limit)
        areas = reach(reader.role, reader.areas)
        return [x for x in lines if _may_read(x, areas, reader.device)], lines[0].seq - 1 if lines else 0

    async def unknown(self, ids: Sequence[str]) -> list[str]:
        """Those of these ids that the log does not hold, in their order."""
        keys = {each: bytes.fromhex(each) for each in ids}
        known = await self._clerk.do(self._log.find, keys.values())
        return [each for each, key in keys.items() if key not in known]

    async def holds(self, cursor: Cursor) -> bool:
        """Whether a cursor is a place in this very log: a server put back from a backup is recognised by the chain."""
        if cursor in (self.head, self.origin):
            return True
        return await self._clerk.do(self._log.chain_at, cursor.seq) == cursor.chain

    def _covers(self, cursor: Cursor) -> bool:
        return cursor.seq >= self.head.seq or (bool(self._tail) and self._tail[0].seq <= cursor.seq + 1)

    def _recent(self, cursor: Cursor) -> list[Line]:
        missing = max(0, min(self.head.seq - cursor.seq, len(self._tail)))
        if missing <= MAX_BATCH_RECORDS:  # from the near end: a deque is slow to reach from the far one
            return list(islice(reversed(self._tail), missing))[::-1]
        start = len(self._tail) - missing
        return list(islice(self._tail, start, start + MAX_BATCH_RECORDS))

    def _older(self, after: int, head: int) -> list[Line]:
        # The log may be ahead of what is published; nobody is told of that before the board has it.
        records = self._log.read(after, min(MAX_BATCH_RECORDS, head - after))
        return [self._line(record, record.change()) for record in records]

    def _bygone(self, upto: int, limit: int) -> list[Line]:
        return [self._line(record, record.change()) for record in self._log.before(upto, limit)]

    def _line(self, record: LogRecord, change: Change | None) -> Line:
        kind, owner = (kind_of(change.record), owner_of(change.record)) if change else ("", "")
        devices = frozenset((record.device,)) if change is None else _concerned(record.device, change)
        encoded = self._prove(record).encode()
        return Line(record.seq, record.chain, kind, owner, devices, record.applied, encoded)

    def _remember(self, key: tuple[int, tuple[str, ...]], frame: _Frame) -> None:
        self._frames[key] = frame
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


def _concerned(device: str, change: Change) -> frozenset[str]:
    """Who sent a record, whose entry it is, and whose entry it decides on: they read it wherever it lies."""
    of = change.values.get("of") if kind_of(change.record) == holds.KIND else None
    return frozenset((device, change.device, of if isinstance(of, str) and of else device))


def _may_read(line: Line, areas: tuple[str, ...], device: str) -> bool:
    """A device reads what lies in its areas and its own; what is held on the office's own records, only the office."""
    if device in line.devices:
        return True
    return readable(areas, line.kind, line.owner) if line.applied else covers(areas, line.owner)
