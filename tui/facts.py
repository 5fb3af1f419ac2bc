"""Small facts in the laptop's file: where it stands, for whom, and what it still owes the office."""

from __future__ import annotations

from typing import Final

from tui.disk import Disk

SCHEMA: Final = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"


class Facts:
    """Texts by their names. `put` belongs into a transaction of the caller."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def get(self, key: str) -> str | None:
        """A small fact, or nothing when nobody has said it."""
        row = self._disk.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def put(self, key: str, value: str) -> None:
        """Keep a small fact."""
        self._disk.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
