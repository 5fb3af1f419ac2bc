"""The change log: every entry ever made, in the order it was committed. The log is the truth; it is never cut.

`Log` is the narrow door any engine can stand behind; `tests/contract` states what it promises. `SqliteLog` is the
default: WAL, `synchronous=FULL`, so that a returned `append` is on the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from shared.board.log_record import APPLIED, Cursor, LogRecord, genesis, link

FORMAT: Final = 1
PAGE_BYTES: Final = 4 * 1024 * 1024
"""What is read of the log at once, whatever people wrote."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log (
    seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, hash BLOB NOT NULL, address TEXT NOT NULL, owner TEXT NOT NULL,
    status TEXT NOT NULL, device TEXT NOT NULL, at TEXT NOT NULL, chain BLOB NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS log_owner ON log (owner, seq);
CREATE INDEX IF NOT EXISTS log_verdict ON log (seq) WHERE substr(address, 1, 5) = 'hold/';
"""


class Draft(NamedTuple):
    """A change that has been judged and waits for its number. `id` and `hash` are 16 bytes each."""

    id: bytes
    hash: bytes
    address: str
    owner: str
    status: str
    device: str
    at: str
    body: bytes


class Known(NamedTuple):
    """What the log remembers of an id: where it stands, how it was judged, the hash of its content, who sent it."""

    seq: int
    status: str
    hash: bytes
    device: str


class HeadMoved(Exception):
    """Another process has appended since; read on from your head and try again. Nothing was written."""


class LogCorrupt(Exception):
    """The log's chain breaks at `seq`: what is there is not what was written."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"chain breaks at {seq}")
        self.seq = seq


class LogOfNewerFormat(Exception):
    """A later guatu wrote this log; this one leaves it alone. Install that version again."""


class Log(Protocol):
    """A gap-free, chained, durable sequence of records with every id remembered for ever."""

    def head(self) -> Cursor:
        """Where the log ends now."""

    def append(self, after: Cursor, drafts: Sequence[Draft]) -> list[LogRecord]:
        """Number and store all drafts in one durable transaction, or raise `HeadMoved` and store none."""

    def read(self, after: int, limit: int) -> list[LogRecord]:
        """Up to `limit` records that follow `after`, in order; fewer when they are large, but at least one.

        Raises `LogCorrupt` rather than give out what does not follow from the record before it.
        """

    def find(self, ids: Iterable[bytes]) -> dict[bytes, Known]:
        """What is known of these ids; an id never seen is left out."""

    def before(self, upto: int, limit: int) -> list[LogRecord]:
        """The `limit` records that end with `upto`, in order; fewer when they are large, but at least one."""

    def history(self, owner: str, limit: int, address: str | None = None) -> list[LogRecord]:
        """The newest `limit` records of one owner (or of one address of it), newest first."""

    def last_verdict(self) -> int:
        """The seq of the newest verdict that counts, 0 when there is none."""

    def chain_at(self, seq: int) -> str | None:
        """The chain value of a record, or nothing when the log is shorter."""

    def backup(self, path: Path) -> None:
        """Write a consistent copy while the log is in use."""

    def close(self) -> None:
        """Let go of the file."""


class SqliteLog:
    """The log in one SQLite file; one instance belongs to one thread at a time.

    `patience`: the seconds for which an append waits for another process that is writing.
    """

    def __init__(self, path: Path, board: str | None = None, patience: float = 5.0) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=64)
        try:
            self.board: Final[str] = self._open(board, patience)
        except UnicodeDecodeError:  # sqlite3 met bytes of the schema that are no text
            self._db.close()
            raise LogCorrupt(0) from None
        except BaseException:
            self._db.close()
            raise

    def _open(self, board: str | None, patience: float) -> str:
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        self._db.executescript(_SCHEMA)
        if board is not None:
            values = [("board", board), ("format", str(FORMAT))]
            self._db.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", values)
        meta = dict(self._db.execute("SELECT key, value FROM meta"))
        form = str(meta.get("format", ""))
        if "board" not in meta or not form.isdecimal():
            raise LogCorrupt(0)
        if int(form) > FORMAT:
            raise LogOfNewerFormat(form)
        return str(meta["board"])

    def head(self) -> Cursor:
        """Where the log ends now."""
        row = self._db.execute("SELECT seq, chain FROM log ORDER BY seq DESC LIMIT 1").fetchone()
        return Cursor(self.board, row[0], _chain(*row)) if row else Cursor(self.board, 0, genesis(self.board))

    def append(self, after: Cursor, drafts: Sequence[Draft]) -> list[LogRecord]:
        """Number and store all drafts in one durable transaction, or raise `HeadMoved` and store none.

        Any other error of the disk leaves nothing stored that is known to be stored: stop, reopen, never try again.
        """
        self._begin()
        try:
            if self.head() != after:
                raise HeadMoved
            records = _number(after, drafts)
            rows = [
                (r.seq, d.id, d.hash, d.address, d.owner, d.status, d.device, d.at, bytes.fromhex(r.chain), d.body)
                for r, d in zip(records, drafts, strict=True)
            ]
            self._db.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        return records

    def _begin(self) -> None:
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise HeadMoved from fault  # another process is writing all the while: no fault of the disk
            raise

    def read(self, after: int, limit: int) -> list[LogRecord]:
        """Up to `limit` records that follow `after`, in order; fewer when they are large, but at least one.

        Raises `LogCorrupt` rather than give out what does not follow from the record before it.
        """
        query = "SELECT seq, body, status, device, at, chain FROM log WHERE seq > ? ORDER BY seq LIMIT ?"
        return self._proved(_within(self._db.execute(query, (after, limit))))

    def before(self, upto: int, limit: int) -> list[LogRecord]:
        """The `limit` records that end with `upto`, in order; fewer when they are large, but at least one."""
        query = "SELECT seq, body, status, device, at, chain FROM log WHERE seq <= ? ORDER BY seq DESC LIMIT ?"
        return self._proved(_within(self._db.execute(query, (upto, limit)))[::-1])

    def last_verdict(self) -> int:
        """The seq of the newest verdict that counts, 0 when there is none."""
        query = "SELECT seq FROM log WHERE substr(address, 1, 5) = 'hold/' AND status = ? ORDER BY seq DESC LIMIT 1"
        row = self._db.execute(query, (APPLIED,)).fetchone()
        return int(row[0]) if row else 0

    def find(self, ids: Iterable[bytes]) -> dict[bytes, Known]:
        """What is known of these ids; an id never seen is left out."""
        found: dict[bytes, Known] = {}
        for key in ids:
            row = self._db.execute("SELECT seq, status, hash, device FROM log WHERE id = ?", (key,)).fetchone()
            if row:
                found[key] = Known(*row)
        return found

    def history(self, owner: str, limit: int, address: str | None = None) -> list[LogRecord]:
        """The newest `limit` records of one owner (or of one address of it), newest first."""
        columns = "SELECT seq, body, status, device, at, chain FROM log WHERE owner = ?"
        if address is None:
            rows = self._db.execute(columns + " ORDER BY seq DESC LIMIT ?", (owner, limit))
        else:
            rows = self._db.execute(columns + " AND address = ? ORDER BY seq DESC LIMIT ?", (owner, address, limit))
        return self._proved(_within(rows)[::-1])[::-1]

    def filed(self, after: int, limit: int) -> list[tuple[int, str, str]]:
        """Under which address and owner `history` finds the records that follow `after`: (seq, address, owner) each."""
        query = "SELECT seq, address, owner FROM log WHERE seq > ? ORDER BY seq LIMIT ?"
        return self._db.execute(query, (after, limit)).fetchall()

    def is_sound(self) -> bool:
        """Whether the database finds nothing wrong with its own pages and indexes; reads all of it."""
        return bool(self._db.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")

    def chain_at(self, seq: int) -> str | None:
        """The chain value of a record, or nothing when the log is shorter."""
        if seq == 0:
            return genesis(self.board)
        row = self._db.execute("SELECT chain FROM log WHERE seq = ?", (seq,)).fetchone()
        return _chain(seq, row[0]) if row else None

    def _proved(self, records: list[LogRecord]) -> list[LogRecord]:
        """These records, in order; raises `LogCorrupt` at the first that does not follow from the one before it."""
        last = 0
        chain: str | None = genesis(self.board)
        for record in records:
            if record.seq != last + 1:
                chain = self.chain_at(record.seq - 1)
            if chain is None or record.chain != link(chain, record):
                raise LogCorrupt(record.seq)
            last, chain = record.seq, record.chain
        return records

    def data_version(self) -> int:
        """A number that changes when another process has written."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def backup(self, path: Path) -> None:
        """Write a consistent copy while the log is in use."""
        with closing(sqlite3.connect(path)) as target:
            self._db.backup(target)  # in one step: one of several begins again whenever somebody writes

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def verify(log: Log, page: int = 1000) -> Cursor:
    """Walk the whole chain and return the head it leads to; raise `LogCorrupt` at the first record that breaks it."""
    board = log.head().board
    cursor = Cursor(board, 0, genesis(board))
    while records := log.read(cursor.seq, page):
        for record in records:
            cursor = Cursor(board, record.seq, record.chain)
    return cursor


def _number(after: Cursor, drafts: Sequence[Draft]) -> list[LogRecord]:
    records: list[LogRecord] = []
    chain = after.chain
    for seq, draft in enumerate(drafts, after.seq + 1):
        record = LogRecord(seq, draft.body, draft.status, draft.device, draft.at, "")
        chain = link(chain, record)
        records.append(replace(record, chain=chain))
    return records


def _within(rows: sqlite3.Cursor) -> list[LogRecord]:
    """The rows as records, as far as a page of `PAGE_BYTES` holds them."""
    found: list[LogRecord] = []
    size = 0
    for row in rows:
        size += len(row[1])
        if found and size > PAGE_BYTES:
            break
        found.append(_record(row))
    rows.close()  # a statement left open would keep the WAL from being folded back
    return found


def _record(row: tuple[int, bytes, str, str, str, bytes]) -> LogRecord:
    seq, body, status, device, at, chain = row
    if not isinstance(body, bytes):
        raise LogCorrupt(seq)
    return LogRecord(seq, body, status, device, at, _chain(seq, chain))


def _chain(seq: int, stored: object) -> str:
    """A chain value as it travels; raises `LogCorrupt` where something else is stored."""
    if not isinstance(stored, bytes):
        raise LogCorrupt(seq)
    return stored.hex()
