"""A laptop's disk: an image that can be put aside, put back and copied, and that forgets what was not synced.

SQLite itself works on it, in memory; a statement can be the last one before the power goes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tui.replica import RESERVE, Replica

NOWHERE = Path(os.devnull)
"""What a replica is given for a path: its bytes are the drive's."""


class PowerCut(BaseException):
    """The laptop is off."""


class Platter(sqlite3.Connection):
    """A connection that knows what of its file would outlive the power, and may be told to lose it."""

    left: int | None = None
    synced: bytes | None = None
    _lazy = False

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if sql.startswith("PRAGMA synchronous"):
            self._note_syncing(lazy=not sql.endswith("FULL"))
        self._spend()
        done = super().execute(sql, values)
        if sql == "COMMIT" and not self._lazy:
            self.synced = None
        return done

    def executemany(self, sql: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        self._spend()
        return super().executemany(sql, rows)

    def left_behind(self, *, powerless: bool) -> bytes:
        """What the next start finds: everything committed, or without power only what was synced."""
        if self.in_transaction:
            super().execute("ROLLBACK")
        return self.synced if powerless and self.synced is not None else self.serialize()

    def _note_syncing(self, *, lazy: bool) -> None:
        # In WAL a commit that is not synced outlives the program, and is synced with the next one that is.
        if lazy and self.synced is None and not self.in_transaction:
            self.synced = self.serialize()
        self._lazy = lazy

    def _spend(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise PowerCut


class Drive:
    """One disk, with the replica that is open on it."""

    def __init__(self, image: bytes | None, device: str, new_id: Callable[[], str]) -> None:
        self._image = image
        self.device = device
        self.room = RESERVE
        self._new_id = new_id
        self._starts = 0
        self.replica = self._open()

    def image(self) -> bytes:
        """A copy of the whole disk, as it is now."""
        return self._platter.serialize()

    def restart(self, image: bytes | None = None, *, powerless: bool = False) -> None:
        """Switch off and on again: without power what was not synced is gone; `image` was put back meanwhile."""
        self._image = image if image is not None else self._platter.left_behind(powerless=powerless)
        self._platter.left = None
        self.replica.close()
        self.replica = self._open()

    def fail_after(self, statements: int | None) -> None:
        """From now on the power lasts for so many statements, or for good."""
        self._platter.left = statements

    @contextmanager
    def at_ease(self) -> Iterator[None]:
        """Nothing happens to the laptop while somebody looks at it."""
        left, self._platter.left = self._platter.left, None
        yield
        self._platter.left = left

    def moment(self) -> tuple[int, int]:
        """A value that is another one after every change of the file."""
        return self._starts, self._platter.total_changes

    def column(self, query: str) -> list[Any]:
        """What one column of the file holds, as another program would read it."""
        return [row[0] for row in sqlite3.Connection.execute(self._platter, query)]

    def _open(self) -> Replica:
        return Replica(NOWHERE, device=self.device, room=lambda: self.room, new_id=self._new_id, connect=self._connect)

    def _connect(self, *_: Any, **__: Any) -> sqlite3.Connection:
        self._platter = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, factory=Platter)
        self._starts += 1
        if self._image is not None:
            self._platter.deserialize(self._image)
        return self._platter
