"""Own entries in need of a look: what the office holds, what was decided about it, and what nobody has sent yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.board.change import Change
from shared.board.holds import KIND
from shared.board.record import kind_of, rest_of
from tui.confirmed import Read
from tui.disk import Disk
from tui.waiting import ASKING, REFUSED, Look, Waiting

SCHEMA: Final = """
CREATE TABLE verdict (
    id TEXT PRIMARY KEY, verdict TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE looked (id TEXT PRIMARY KEY) WITHOUT ROWID
"""
_HELD: Final = """
SELECT m.n, m.id, m.body, COALESCE(v.verdict, m.status), COALESCE(v.at, m.at), COALESCE(v.author, ''),
    COALESCE(v.reason, '')
FROM mine m LEFT JOIN verdict v ON v.id = m.id
WHERE (m.status < 'applied' OR m.status > 'applied') AND COALESCE(v.verdict, '') <> 'released'
    AND NOT EXISTS (SELECT 1 FROM looked l WHERE l.id = m.id)
ORDER BY m.seq
"""
_HERE: Final = "SELECT n, id, body, label, '', '', '' FROM outbox WHERE label IN (?, ?) ORDER BY n"
_NOTE: Final = """
INSERT INTO verdict VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
SET verdict = excluded.verdict, author = excluded.author, at = excluded.at, reason = excluded.reason
WHERE verdict.verdict <> 'released'
"""
_RELEASED: Final = """
SELECT COUNT(*) FROM verdict v JOIN mine m ON m.id = v.id WHERE v.verdict = 'released' AND m.status <> 'applied'
"""
_LOOKED: Final = """
SELECT COUNT(*) FROM looked l JOIN mine m ON m.id = l.id LEFT JOIN verdict v ON v.id = l.id
WHERE m.status <> 'applied' AND COALESCE(v.verdict, '') <> 'released'
"""


class Looks:
    """What the office said about own entries, in the laptop's file; whatever order it came in."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def every(self) -> Iterator[Look]:
        """All that need a look: held and declined ones in the order of the log, then those that are still here."""
        rows = [*self._disk.execute(_HELD), *self._disk.execute(_HERE, (REFUSED, ASKING))]
        for n, change_id, body, status, at, author, reason in rows:
            change = Waiting(n, change_id, body, status).change()
            if change is not None:
                yield Look(status, at or change.at, change, author, reason)

    def note_looked(self, change_id: str) -> None:
        """Somebody has seen what became of this entry: it stays in the history, and asks no more."""
        with self._disk.writing():
            self._disk.execute("INSERT OR IGNORE INTO looked VALUES (?)", (change_id,))

    def note_verdicts(self, log: list[Read]) -> None:
        """Remember what was decided about held entries. Part of a transaction.

        What was once released counts, whatever anybody says after it; that is taken back by taking back the entry.
        """
        for read in log:
            if read.record.applied and read.change is not None and kind_of(read.change.record) == KIND:
                self._disk.execute(_NOTE, _row(read.change))

    def settled(self) -> tuple[int, int]:
        """How many own entries were held and then released; and how many more somebody has looked at."""
        released, looked = (int(self._disk.execute(query).fetchone()[0]) for query in (_RELEASED, _LOOKED))
        return released, looked


def _row(verdict: Change) -> tuple[str, ...]:
    said, reason = verdict.values.get("verdict"), verdict.values.get("reason")
    return rest_of(verdict.record), str(said), verdict.author, verdict.at, reason if isinstance(reason, str) else ""
