"""Where laptops stand that come by stick, as their last taken bundle said; what the answers to them start from.

A file of its own beside the log. When it is lost, the next answers begin with a snapshot and nothing else happens.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from server.offered import Outcome
from shared.board.log_record import Cursor

FILE: Final = "bundles.sqlite"
MAX_TOLD: Final = 65_536
_SCHEMA: Final = "CREATE TABLE IF NOT EXISTS stand (device TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID"


class Stand(NamedTuple):
    """A laptop's cursor and the areas that its records were made for, as far as it said; and what it must be told.

    `told`: outcomes that no batch from this cursor on need bring: they have no record of their own, or one before it.
    """

    cursor: Cursor | None = None
    areas: tuple[str, ...] | None = None
    told: tuple[Outcome, ...] = ()


class Taken:
    """What is known of laptops that came by stick, in one small file of a board's folder."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        path.touch(mode=0o600, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA busy_timeout=5000")
        self._db.execute(_SCHEMA)

    def __enter__(self) -> Taken:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def note(self, device: str, stand: Stand) -> None:
        """Remember where a laptop stands, in place of what was known of it; of outcomes the newest `MAX_TOLD`."""
        cursor, told = list(stand.cursor or ()), [list(each) for each in stand.told[-MAX_TOLD:]]
        body = orjson.dumps([cursor, stand.areas, told])
        self._db.execute("INSERT OR REPLACE INTO stand VALUES (?, ?)", (device, body))

    def stand(self, device: str) -> Stand:
        """Where a laptop stands as far as it is known."""
        row = self._db.execute("SELECT body FROM stand WHERE device = ?", (device,)).fetchone()
        if row is None:
            return Stand()
        cursor, areas, told = orjson.loads(row[0])
        return Stand(
            Cursor(*cursor) if cursor else None,
            tuple(areas) if areas is not None else None,
            tuple(Outcome(*each) for each in told),
        )
