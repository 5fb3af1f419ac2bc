"""The end of the office's log as this laptop has read it: what the history of a unit is told from.

A record is known by the id of its change, not by its number: an office put back from a backup uses numbers again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from shared.board.log_record import LogRecord
from tui.disk import Disk

KEPT: Final = 50_000
SCHEMA: Final = """
CREATE TABLE tail (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, owner TEXT NOT NULL, status TEXT NOT NULL, device TEXT NOT NULL,
    at TEXT NOT NULL, chain TEXT NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX tail_seq ON tail (seq);
CREATE INDEX tail_owner ON tail (owner, seq)
"""
_HISTORY: Final = """
SELECT seq, body, status, device, at, chain FROM tail WHERE owner = :owner
UNION ALL
SELECT seq, body, status, '', at, '' FROM mine
WHERE owner = :owner AND NOT EXISTS (SELECT 1 FROM tail WHERE tail.id = mine.id)
ORDER BY seq DESC LIMIT :limit
"""


class Tail:
    """Pulled records in the laptop's file. Methods that write belong into a transaction of the caller."""

    def __init__(self, disk: Disk, kept: int = KEPT) -> None:
        self._disk = disk
        self._kept = kept

    def keep(self, read: Iterable[tuple[str, str, LogRecord]], to: int) -> None:
        """Keep these, (id, owner, record) each, and let go of what lies too far behind `to`."""
        rows = [(key, r.seq, owner, r.status, r.device, r.at, r.chain, r.body) for key, owner, r in read]
        self._disk.executemany("INSERT OR REPLACE INTO tail VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self._disk.execute("DELETE FROM tail WHERE seq <= ?", (to - self._kept,))

    def narrow(self, may_stay: Callable[[str], bool]) -> None:
        """Let go of the units that this laptop may read no longer; all else stays, after a reset too."""
        owners = [row[0] for row in self._disk.execute("SELECT DISTINCT owner FROM tail")]
        gone = [(owner,) for owner in owners if not may_stay(owner)]
        self._disk.executemany("DELETE FROM tail WHERE owner = ?", gone)

    def history(self, owner: str, limit: int) -> list[LogRecord]:
        """What is known of a unit's history, newest first: what was read of others, and every own entry."""
        return [LogRecord(*row) for row in self._disk.execute(_HISTORY, {"owner": owner, "limit": limit})]
