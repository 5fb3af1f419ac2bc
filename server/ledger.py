"""The ledger: authorise → order → commit → publish, free of transport and of disks.

`commit` may run in a thread while the event loop goes on; `publish` belongs to the loop. Between the two nothing is
seen by anyone, so that nothing is published which a crash could take back (promise 1).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from server.judging import Board, Judged, Steps
from server.log import Log
from server.numbering import Numbers
from server.offered import ENVELOPE, ID_REUSED, MALFORMED, Author, Offered, Outcome, Submission, offer, returned
from shared.board.change import Change
from shared.board.holds import effects
from shared.board.log_record import Cursor, LogRecord, genesis
from shared.board.record import Record
from shared.board.reduce import reduce

__all__ = [
    "ENVELOPE", "ID_REUSED", "MALFORMED", "Author", "Board", "Committed", "Ledger", "Offered", "Outcome", "Steps",
    "Submission", "offer", "returned",
]  # fmt: skip

PAGE: Final = 512


@dataclass(frozen=True, slots=True)
class Committed:
    """What one transaction stored, and what to tell whom: outcomes in the order of the submissions."""

    records: tuple[LogRecord, ...]
    changes: tuple[Change | None, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]


class Ledger:
    """One board's log and the records it makes. Every change of every route comes through `commit`."""

    def __init__(
        self,
        log: Log,
        board: Board,
        steps: Steps,
        clock: Callable[[], datetime],
        new_id: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self._log = log
        self._board = board
        self._steps = steps
        self._clock = clock
        self._numbers = Numbers(board.of_kind, new_id)
        board_id = log.head().board
        self.head = Cursor(board_id, 0, genesis(board_id))

    def commit(self, submissions: Sequence[Submission]) -> Committed:
        """Judge and store these changes in one durable transaction.

        Every well-formed change is stored, also one that is held; one whose id is known with the same content gets its
        first outcome again; one whose id is known with other content is told so. What the office numbers gets its
        number in the same transaction. Raises `HeadMoved` when another process has written: `catch_up`, then commit
        again.
        """
        now = self._clock()
        batch = Judged(self._log, self._board, self._steps, now.isoformat(timespec="milliseconds"))
        batch.recall(o for s in submissions for o in s.offered)
        verdicts = [[batch.weigh(o, s.author) for o in s.offered] for s in submissions]
        for number in self._numbers.given(batch.unnumbered(), now):
            batch.add(number)
        records = self._log.append(self.head, batch.drafts()) if batch.fresh else []
        numbers = dict(zip(batch.fresh, records, strict=True))
        outcomes = tuple(
            tuple(
                v or Outcome(o.id, numbers[o.id].status, numbers[o.id].seq) for v, o in zip(row, s.offered, strict=True)
            )
            for row, s in zip(verdicts, submissions, strict=True)
        )
        return Committed(tuple(records), tuple(change for _, change in batch.fresh.values()), outcomes)

    def publish(self, committed: Committed) -> None:
        """Fold what has been stored into the board and move the head."""
        self._fold(zip(committed.records, committed.changes, strict=True))

    def missed(self) -> Committed:
        """The next records in the log that the board has not seen, as another process wrote them; publish them."""
        records = tuple(self._log.read(self.head.seq, PAGE))
        return Committed(records, tuple(record.change() for record in records), ())

    def catch_up(self) -> int:
        """Fold everything in the log that the board has not seen; returns how many records that were."""
        count = 0
        while (missed := self.missed()).records:
            self.publish(missed)
            count += len(missed.records)
        return count

    def stand_at(self, cursor: Cursor) -> None:
        """Say that the board already holds everything up to this place in the log."""
        self.head = cursor

    def _fold(self, pairs: Iterable[tuple[LogRecord, Change | None]]) -> None:
        changed: dict[str, Record] = {}
        first_seen: dict[str, int] = {}
        cursor = self.head
        for record, change in pairs:
            cursor = Cursor(cursor.board, record.seq, record.chain)
            for effect in effects(record.status, record.device, change, record.body):
                address = effect.record
                standing = changed.get(address) or self._board.get(address)
                if standing is None:
                    standing = Record(address)
                    first_seen[address] = record.seq
                changed[address] = reduce(standing, effect)
                self._numbers.note(changed[address])
        self._board.put(changed, first_seen, cursor)
        self.head = cursor
