"""What the office's log held before this laptop read it live, and what an office that was put back may have lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import orjson

from shared.board.change import Change
from shared.board.log_record import LogRecord
from tui.confirmed import Read, read
from tui.disk import Disk
from tui.facts import Facts
from tui.tail import Tail
from tui.waiting import Waiting

PAST: Final = "past"
"""The small fact that says down to which seq the log is known here."""
FROM_1: Final = "INSERT OR IGNORE INTO meta SELECT 'past', json_extract(value, '$[1]') FROM meta WHERE key = 'cursor'"

_FIND: Final = """
SELECT body FROM outbox WHERE id = :id UNION ALL SELECT body FROM mine WHERE id = :id
UNION ALL SELECT body FROM tail WHERE id = :id LIMIT 1
"""
_IDS: Final = """
SELECT id FROM outbox WHERE id >= :first AND id < :last UNION SELECT id FROM mine WHERE id >= :first AND id < :last
UNION SELECT id FROM tail WHERE id >= :first AND id < :last LIMIT :limit
"""
_ACT: Final = """
SELECT body FROM (
    SELECT body, seq FROM tail WHERE instr(body, :act)
    UNION SELECT body, seq FROM mine WHERE instr(body, :act)
    UNION SELECT body, 9e15 + n FROM outbox WHERE instr(body, :act)
) GROUP BY body ORDER BY MIN(seq)
"""
_OWN: Final = "SELECT seq, body, status, '', at, '' FROM mine ORDER BY seq DESC LIMIT ?"


class Bygone:
    """The log as far as this laptop knows it. `take` sees to what pages of it say about own entries."""

    def __init__(
        self,
        disk: Disk,
        facts: Facts,
        tail: Tail,
        take: Callable[[list[Read]], object],
        ours: Callable[[list[Read]], list[Read]],
    ) -> None:
        self._disk, self._facts, self._tail, self._take, self._ours = disk, facts, tail, take, ours

    # --- before the first sync ---

    def log(self) -> Iterator[LogRecord]:
        """All that is known here of the office's log, in its order."""
        return self._tail.every()

    def find(self, change_id: str) -> Change | None:
        """An entry by its id, as far as it is known here: in the log or still waiting."""
        row = self._disk.execute(_FIND, {"id": change_id}).fetchone()
        return Waiting(0, change_id, row[0], "").change() if row else None

    def ids(self, beginning: str, limit: int = 2) -> list[str]:
        """The ids, known here, of entries that begin so."""
        bounds = {"first": beginning, "last": beginning + "g", "limit": limit}
        return [row[0] for row in self._disk.execute(_IDS, bounds)]

    def of_act(self, act: str) -> list[Change]:
        """Everything entered in one bulk act, as far as it is known here, in the order of the log."""
        rows = self._disk.execute(_ACT, {"act": act})
        found = (Waiting(0, "", row[0], "").change() for row in rows)
        return [change for change in found if change is not None and change.act == act]

    def newest(self, after: int, limit: int) -> list[LogRecord]:
        """The newest records behind a place in the log, newest first."""
        return self._tail.after(after, limit)

    def own(self, limit: int) -> list[LogRecord]:
        """The newest own entries that stand in the log, newest first; those that wait are in the outbox."""
        return [LogRecord(*row) for row in self._disk.execute(_OWN, (limit,))]

    def known_behind(self) -> int:
        """The seq behind which the log is known here without a gap; 0 when it is known from its beginning."""
        cursor = self._facts.get("cursor")
        kept = self._tail.reaches_back(orjson.loads(cursor)[1]) if cursor else 0
        return max(self._read_back_to(), kept)

    def known_since(self) -> str | None:
        """The office's time of the first record from which on all is known here, or nothing when all is known.

        An empty text while nothing of the log is known.
        """
        behind = self.known_behind()
        return self._tail.first_at(behind) if behind else None

    def wanted(self, head: int) -> int | None:
        """Up to which record this laptop would like to know more, or nothing when it knows all it has room for."""
        known = self._read_back_to()
        return known if known > self._tail.reaches_back(head) else None

    def keep(self, upto: int, records: Sequence[LogRecord], before: int) -> None:
        """Take in a page of the log, from behind `before` to `upto`; one that is not wanted is left.

        What lies beyond the areas held here is left out, though the office may have given it, as rights change.
        """
        with self._disk.writing(durable=False):
            if upto != self._read_back_to():
                return
            log = self._ours([read(record) for record in records])
            self._tail.keep([(r.id, r.owner, r.record) for r in log])
            self._take(log)
            self._facts.put(PAST, str(before))

    def begin(self, seq: int, *, healing: bool) -> None:
        """From now on nothing is known before `seq`; `healing`: but much may be that the office has lost. Part of a
        transaction."""
        self._facts.put(PAST, str(seq))
        if healing:
            self._tail.doubt()

    # --- after the office was put back ---

    def to_offer(self) -> list[str]:
        """The ids of all records known here that the office can recognise, and may have lost (promise 6).

        Each is offered at every connection until it has been read again: what an office has answered for, it may yet
        lose, when it is put back once more to a place that this laptop stands behind.
        """
        return self._tail.doubted()

    def give(self, ids: Iterable[str]) -> list[LogRecord]:
        """Those of these records that are known here, each with the office's proof."""
        return self._tail.get(ids)

    # --- inside ---

    def _read_back_to(self) -> int:
        """Down to which seq the log has been read, whatever was let go of since."""
        return int(self._facts.get(PAST) or 0)
