"""The end of the office's log as this laptop has read it: what the history of a unit is told from.

A record is known by the id of its change, not by its number: an office put back from a backup uses numbers again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from shared.board.log_record import LogRecord
from tui.disk import Disk

KEPT: Final = 200_000
SCHEMA: Final = """
CREATE TABLE tail (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, owner TEXT NOT NULL, status TEXT NOT NULL, device TEXT NOT NULL,
    at TEXT NOT NULL, chain TEXT NOT NULL, body BLOB NOT NULL, proof TEXT NOT NULL DEFAULT '',
    doubted INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX tail_seq ON tail (seq);
CREATE INDEX tail_owner ON tail (owner, seq)
"""
FROM_1: Final = """
ALTER TABLE tail ADD COLUMN proof TEXT NOT NULL DEFAULT '';
ALTER TABLE tail ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0
"""
_COLUMNS: Final = "seq, body, status, device, at, chain, proof"
_EVERY: Final = """
SELECT seq, body, status, device, at, chain, proof FROM tail
UNION ALL
SELECT seq, body, status, '', at, '', '' FROM mine WHERE NOT EXISTS (SELECT 1 FROM tail WHERE tail.id = mine.id)
ORDER BY seq
"""
_HISTORY: Final = """
SELECT seq, body, status, device, at, chain, proof FROM tail WHERE owner = :owner
UNION ALL
SELECT seq, body, status, '', at, '', '' FROM mine
WHERE owner = :owner AND NOT EXISTS (SELECT 1 FROM tail WHERE tail.id = mine.id)
ORDER BY seq DESC LIMIT :limit
"""


class Tail:
    """Pulled records in the laptop's file. Methods that write belong into a transaction of the caller."""

    def __init__(self, disk: Disk, kept: int = KEPT) -> None:
        self._disk = disk
        self._kept = kept

    def keep(self, read: Iterable[tuple[str, str, LogRecord]], to: int = 0) -> None:
        """Keep these, (id, owner, record) each, and let go of what lies too far behind `to`.

        The office has them where they have just been read: of these there is no doubt any more.
        """
        rows = [(key, r.seq, owner, r.status, r.device, r.at, r.chain, r.body, r.proof) for key, owner, r in read]
        self._disk.executemany("INSERT OR REPLACE INTO tail VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", rows)
        self._disk.execute("DELETE FROM tail WHERE seq <= ?", (to - self._kept,))

    def reaches_back(self, to: int) -> int:
        """The seq before the first record that there is room for, when the newest is `to`."""
        return max(0, to - self._kept)

    def doubt(self) -> None:
        """An office that was put back may have lost all of this."""
        self._disk.execute("UPDATE tail SET doubted = 1")

    def doubted(self) -> list[str]:
        """The ids of what the office may have lost and has proven, in the order of the log."""
        query = "SELECT id FROM tail WHERE doubted AND proof <> '' ORDER BY seq"
        return [row[0] for row in self._disk.execute(query)]

    def first_at(self, after: int) -> str:
        """The office's time of the first record kept that follows a place; empty when none does."""
        row = self._disk.execute("SELECT at FROM tail WHERE seq > ? ORDER BY seq LIMIT 1", (after,)).fetchone()
        return str(row[0]) if row else ""

    def get(self, ids: Iterable[str]) -> list[LogRecord]:
        """Those of these records that are kept, in the order asked for."""
        query = f"SELECT {_COLUMNS} FROM tail WHERE id = ?"  # noqa: S608 -- own text
        rows = (self._disk.execute(query, (each,)).fetchone() for each in ids)
        return [LogRecord(*row) for row in rows if row is not None]

    def every(self) -> Iterator[LogRecord]:
        """All that is known of the log, and own entries of it, in its order."""
        return (LogRecord(*row) for row in self._disk.execute(_EVERY))

    def after(self, seq: int, limit: int) -> list[LogRecord]:
        """The newest `limit` records behind a place in the log, newest first."""
        query = f"SELECT {_COLUMNS} FROM tail WHERE seq > ? ORDER BY seq DESC LIMIT ?"  # noqa: S608 -- own text
        return [LogRecord(*row) for row in self._disk.execute(query, (seq, limit))]

    def narrow(self, may_stay: Callable[[str], bool]) -> None:
        """Let go of the units that this laptop may read no longer; all else stays, after a reset too."""
        owners = [row[0] for row in self._disk.execute("SELECT DISTINCT owner FROM tail")]
        gone = [(owner,) for owner in owners if not may_stay(owner)]
        self._disk.executemany("DELETE FROM tail WHERE owner = ?", gone)

    def history(self, owner: str, limit: int) -> list[LogRecord]:
        """What is known of a unit's history, newest first: what was read of others, and every own entry."""
        return [LogRecord(*row) for row in self._disk.execute(_HISTORY, {"owner": owner, "limit": limit})]
