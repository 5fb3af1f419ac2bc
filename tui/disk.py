"""The laptop's one file on the disk: opened for its user alone, written in transactions that hold or never were."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

PAGE: Final = 8192
"""Bytes of a page: what stands on a unit in mid-campaign fits into one."""
WAL_KEPT: Final = 16 * 1024 * 1024
BUSY: Final = 3000

Connect = Callable[..., sqlite3.Connection]


class NewerFormat(Exception):
    """A later guatu wrote this file; this one leaves it alone. Install that version again."""


class OlderFormat(Exception):
    """An earlier guatu wrote this file; it is brought up to date by the next program that may write."""


class NothingWritten(Exception):
    """The file holds nothing yet, and whoever only reads cannot begin it."""


class DiskFailed(sqlite3.OperationalError):
    """The disk failed in an earlier write. Nothing more is written: what it holds is only known after a new start."""


class Disk:
    """One SQLite file. Who is `reading` changes nothing, and sees what another program has committed.

    `steps`: for each earlier format, the statements that lead from it to the next one.
    """

    def __init__(
        self,
        path: Path,
        form: int,
        schema: str,
        *,
        steps: Mapping[int, str] | None = None,
        reading: bool = False,
        connect: Connect = sqlite3.connect,
    ) -> None:
        self._steps = steps or {}
        self._failed = False
        if not reading:
            _begin_privately(path)
        where = f"{path.absolute().as_uri()}?mode=rw"
        self._db = connect(where, uri=True, isolation_level=None, check_same_thread=False)
        try:
            self._open(form, schema, reading=reading)
        except BaseException:
            self._db.close()
            raise

    def execute(self, query: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self._db.execute(query, values)

    def executemany(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        self._db.executemany(query, rows)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[None]:
        """All of the block or nothing; on the disk when it ends well, if `durable`, else soon.

        After a write that the disk failed (not: for which it has no room) every further one raises `DiskFailed`, as
        what has reached the disk is not known any more and a sync that failed must not be tried again.
        """
        if self._failed:
            raise DiskFailed("the disk failed before; start again")
        if not durable:
            self._db.execute("PRAGMA synchronous=NORMAL")
        try:
            with self._transaction("BEGIN IMMEDIATE"):
                yield
        finally:
            if not durable:
                self._db.execute("PRAGMA synchronous=FULL")

    @contextmanager
    def still(self) -> Iterator[None]:
        """Everything read within the block is of one moment, whatever others write meanwhile."""
        with self._transaction("BEGIN"):
            yield

    def version(self) -> int:
        """A number that changes when another program has written."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        if self._db.in_transaction:  # left behind by a rollback that failed, too
            self._db.execute("ROLLBACK")
        self._db.execute(begin)
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException as fault:
            code = getattr(fault, "sqlite_errorcode", None) or 0
            self._failed = self._failed or code & 0xFF == sqlite3.SQLITE_IOERR
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _open(self, form: int, schema: str, *, reading: bool) -> None:
        self._db.execute(f"PRAGMA busy_timeout={BUSY}")
        found = int(self._db.execute("PRAGMA user_version").fetchone()[0])
        if found > form:
            raise NewerFormat(found)
        if reading:
            if found == 0:
                raise NothingWritten
            if found < form:
                raise OlderFormat(found)
            self._db.execute("PRAGMA query_only=ON")
            return
        self._db.execute(f"PRAGMA page_size={PAGE}")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(f"PRAGMA journal_size_limit={WAL_KEPT}")
        if found < form:
            with self.writing():
                for step in [schema] if found == 0 else [self._steps[each] for each in range(found, form)]:
                    for statement in step.split(";"):
                        self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={form}")


def _begin_privately(path: Path) -> None:
    """Make the file, if it is not there, readable by its user alone; SQLite gives its companions the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
