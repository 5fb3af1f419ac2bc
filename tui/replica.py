"""The laptop's copy of the board: confirmed records, outbox, own history and pulled tail, in one SQLite file.

What people see is always the fold of confirmed records and outbox. A change leaves the outbox only in the transaction
that stores its log record (promise 4); an ack only changes its label. One instance belongs to one thread at a time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from shared.board import record as records
from shared.board.change import JSON, Change, canonical, encode, from_json
from shared.board.log_record import APPLIED, HELD, Cursor, LogRecord
from shared.board.record import Record, owner_of
from shared.board.reduce import fold, reduce

FORMAT: Final = 1
TAIL_KEPT: Final = 50_000
SAVED, SENT, ACKED = "saved", "sent", "acked"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS base (owner TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, body BLOB NOT NULL,
    label TEXT NOT NULL, seq INTEGER
);
CREATE INDEX IF NOT EXISTS outbox_owner ON outbox (owner);
CREATE TABLE IF NOT EXISTS mine (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, seq INTEGER NOT NULL, status TEXT NOT NULL, at TEXT NOT NULL,
    body BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tail (
    seq INTEGER PRIMARY KEY, owner TEXT NOT NULL, status TEXT NOT NULL, device TEXT NOT NULL, at TEXT NOT NULL,
    chain TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS tail_owner ON tail (owner, seq);
"""


class Waiting(NamedTuple):
    """An entry of the outbox: its place, the change, and how far it has come (`saved`, `sent`, `acked`)."""

    n: int
    change: Change
    label: str


class Batch(NamedTuple):
    """What the office sent: the records that lead from one cursor to another."""

    start: Cursor
    records: tuple[LogRecord, ...]
    to: Cursor
    at_head: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch did: the owners whose records changed, and own changes that are in the log now, by status."""

    owners: frozenset[str]
    landed: Mapping[str, str] = field(default_factory=dict)


class Labels(NamedTuple):
    """How many own entries are where: saved here, sent, on the board, and in need of a look."""

    saved: int
    sent: int
    on_board: int
    needs_look: int


class Replica:
    """One laptop's data in one file; every method that writes is durable when it returns."""

    def __init__(self, path: Path | str, *, reading: bool = False) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA busy_timeout=3000")
        if not reading:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)

    # --- what stands ---

    def cursor(self) -> Cursor | None:
        """Where in the office's log the confirmed records stand; nothing before the first sync."""
        value = self.meta("cursor")
        return Cursor(*orjson.loads(value)) if value else None

    def records(self, owner: str) -> dict[str, Record]:
        """Everything known of one unit: what the office has confirmed, and own entries on top of it."""
        row = self._db.execute("SELECT body FROM base WHERE owner = ?", (owner,)).fetchone()
        standing = _decode(orjson.loads(row[0])) if row else {}
        return _overlay(standing, self._waiting("WHERE owner = ?", (owner,)))

    def every(self) -> Iterator[tuple[str, dict[str, Record]]]:
        """Every unit with everything known of it; the whole board in one pass."""
        own: dict[str, list[Waiting]] = {}
        for waiting in self._waiting():
            own.setdefault(owner_of(waiting.change.record), []).append(waiting)
        for owner, body in self._db.execute("SELECT owner, body FROM base"):
            standing = _decode(orjson.loads(body))
            yield owner, _overlay(standing, own.pop(owner)) if owner in own else standing
        for owner, waitings in own.items():
            yield owner, _overlay({}, waitings)

    def unsent(self) -> dict[str, frozenset[str]]:
        """Owner → the addresses of own entries that the office has not confirmed yet."""
        found: dict[str, set[str]] = {}
        for waiting in self._waiting():
            address = waiting.change.record
            found.setdefault(owner_of(address), set()).add(address)
        return {owner: frozenset(addresses) for owner, addresses in found.items()}

    def history(self, owner: str, limit: int = 200) -> list[tuple[LogRecord, str]]:
        """What is known here of a unit's history, newest first, each with its label; own unsent entries come first."""
        waiting = [(_unlogged(w), w.label) for w in reversed(self._waiting("WHERE owner = ?", (owner,)))]
        query = "SELECT seq, body, status, device, at, chain FROM tail WHERE owner = ? ORDER BY seq DESC LIMIT ?"
        logged = [(LogRecord(*row), row[2]) for row in self._db.execute(query, (owner, limit))]
        return [*waiting, *logged][:limit]

    def held(self) -> list[tuple[str, str, Change]]:
        """Own entries the office holds: (status, since when, the entry), oldest first."""
        rows = self._db.execute("SELECT status, at, body FROM mine WHERE status <> ? ORDER BY seq", (APPLIED,))
        return [(status, at, from_json(orjson.loads(body))) for status, at, body in rows]

    def labels(self) -> Labels:
        """The counts that are always on the screen."""
        counts = dict(self._db.execute("SELECT label, COUNT(*) FROM outbox GROUP BY label"))
        landed = dict(self._db.execute("SELECT status = 'applied', COUNT(*) FROM mine GROUP BY 1"))
        return Labels(
            counts.get(SAVED, 0), counts.get(SENT, 0) + counts.get(ACKED, 0), landed.get(1, 0), landed.get(0, 0)
        )

    # --- entering and sending ---

    def save(self, changes: Sequence[Change]) -> None:
        """Put own entries into the outbox, all of one act or none; they are on the disk when this returns."""
        rows = [(change.id, owner_of(change.record), encode(change), SAVED) for change in changes]
        with self._transaction():
            self._db.executemany("INSERT INTO outbox (id, owner, body, label) VALUES (?, ?, ?, ?)", rows)

    def due(self, limit: int, size: int) -> list[Waiting]:
        """The next entries to send, in the order they were made: at most `limit`, at most `size` bytes but one."""
        found: list[Waiting] = []
        total = 0
        for n, body, label in self._db.execute(
            "SELECT n, body, label FROM outbox WHERE label = ? ORDER BY n LIMIT ?", (SAVED, limit)
        ):
            total += len(body)
            if found and total > size:
                break
            found.append(Waiting(n, from_json(orjson.loads(body)), label))
        return found

    def note_sent(self, waiting: Iterable[Waiting]) -> None:
        """These are on their way."""
        with self._transaction():
            self._db.executemany("UPDATE outbox SET label = ? WHERE n = ?", [(SENT, w.n) for w in waiting])

    def note_outcomes(self, outcomes: Iterable[tuple[str, str, int | None]], new_id: Callable[[], str]) -> None:
        """Take an ack, a hint: (id, outcome, seq). Nothing leaves the outbox; a taken id is replaced and sent again."""
        with self._transaction():
            for change_id, outcome, seq in outcomes:
                if outcome == "id-reused":
                    self._rename(change_id, new_id())
                elif seq is not None:
                    self._db.execute("UPDATE outbox SET label = ?, seq = ? WHERE id = ?", (ACKED, seq, change_id))

    def send_again(self, up_to: int | None = None) -> None:
        """Make due what was sent but never came back: all of it, or what was acked up to a seq that has been read."""
        with self._transaction():
            if up_to is None:
                self._db.execute("UPDATE outbox SET label = ? WHERE label <> ?", (SAVED, SAVED))
            else:
                query = "UPDATE outbox SET label = ?, seq = NULL WHERE label = ? AND seq <= ?"
                self._db.execute(query, (SAVED, ACKED, up_to))

    # --- what the office sends ---

    def apply(self, batch: Batch) -> Applied | None:
        """Fold a batch into the confirmed records, if it begins where they stand; otherwise nothing happens."""
        if batch.start != self.cursor():
            return None
        with self._transaction():
            landed = self._land(batch.records)
            owners = self._fold(batch.records)
            self._keep_tail(batch.records)
            self._set_cursor(batch.to)
        return Applied(owners, landed)

    def install(self, cursor: Cursor, lines: Iterable[tuple[str, bytes]]) -> None:
        """Replace the confirmed records by a snapshot's: (owner, JSON object address → record). The outbox stays.

        Own changes that the office's log may have lost go back to the outbox; those it still has, it answers as known.
        """
        with self._transaction():
            if self.cursor() is not None:
                self._db.execute(
                    "INSERT OR IGNORE INTO outbox (id, owner, body, label) "
                    "SELECT id, owner, body, ? FROM mine ORDER BY seq", (SAVED,),
                )  # fmt: skip
                self._db.execute("DELETE FROM mine")
                self._db.execute("DELETE FROM tail")
            self._db.execute("DELETE FROM base")
            self._db.executemany("INSERT INTO base VALUES (?, ?)", lines)
            self._set_cursor(cursor)

    def outbox_size(self) -> int:
        """How many own entries are not in the office's log yet."""
        return int(self._db.execute("SELECT COUNT(*) FROM outbox").fetchone()[0])

    # --- small facts ---

    def keep_campaign(self, digest: str, body: bytes) -> None:
        """Keep the campaign that holds now, as it travelled."""
        with self._transaction():
            self.set_meta("campaign", body.decode())
            self.set_meta("campaign-digest", digest)

    def meta(self, key: str) -> str | None:
        """A small fact that the laptop keeps."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # --- inside ---

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)

    def _waiting(self, where: str = "", values: tuple[str, ...] = ()) -> list[Waiting]:
        rows = self._db.execute(f"SELECT n, body, label FROM outbox {where} ORDER BY n", values)  # noqa: S608 -- own text
        return [Waiting(n, from_json(orjson.loads(body)), label) for n, body, label in rows]

    def _land(self, batch: Sequence[LogRecord]) -> dict[str, str]:
        landed: dict[str, str] = {}
        if self._db.execute("SELECT 1 FROM outbox LIMIT 1").fetchone() is None:
            return landed
        for record in batch:
            change_id = orjson.loads(record.body)["id"]
            row = self._db.execute("DELETE FROM outbox WHERE id = ? RETURNING owner, body", (change_id,)).fetchone()
            if row:
                values = (change_id, row[0], record.seq, record.status, record.at, row[1])
                self._db.execute("INSERT OR REPLACE INTO mine VALUES (?, ?, ?, ?, ?, ?)", values)
                landed[change_id] = record.status
        return landed

    def _fold(self, batch: Sequence[LogRecord]) -> frozenset[str]:
        by_owner: dict[str, list[Change]] = {}
        for record in batch:
            change = record.change() if record.applied else None
            if change is not None:
                by_owner.setdefault(owner_of(change.record), []).append(change)
        for owner, changes in by_owner.items():
            self._fold_owner(owner, changes)
        return frozenset(by_owner)

    def _fold_owner(self, owner: str, changes: Iterable[Change]) -> None:
        row = self._db.execute("SELECT body FROM base WHERE owner = ?", (owner,)).fetchone()
        bodies = orjson.loads(row[0]) if row else {}
        for change in changes:
            address = change.record
            standing = records.from_json(address, bodies[address]) if address in bodies else Record(address)
            bodies[address] = records.to_json(reduce(standing, change))
        self._db.execute("INSERT OR REPLACE INTO base VALUES (?, ?)", (owner, orjson.dumps(bodies)))

    def _keep_tail(self, batch: Sequence[LogRecord]) -> None:
        rows = [(r.seq, _owner(r), r.status, r.device, r.at, r.chain, r.body) for r in batch]
        self._db.executemany("INSERT OR REPLACE INTO tail VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        if batch:
            self._db.execute("DELETE FROM tail WHERE seq <= ?", (batch[-1].seq - TAIL_KEPT,))

    def _rename(self, old: str, new: str) -> None:
        row = self._db.execute("SELECT body FROM outbox WHERE id = ?", (old,)).fetchone()
        if row:
            body = encode(from_json(orjson.loads(row[0])).with_id(new))
            self._db.execute("UPDATE outbox SET id = ?, body = ?, label = ? WHERE id = ?", (new, body, SAVED, old))

    def _set_cursor(self, cursor: Cursor) -> None:
        self.set_meta("cursor", orjson.dumps(list(cursor)).decode())


class _Transaction:
    """All or nothing, and on the disk when it ends well."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:
            self._db.execute("ROLLBACK")


def _decode(bodies: Mapping[str, JSON]) -> dict[str, Record]:
    return {address: records.from_json(address, body) for address, body in bodies.items()}


def _overlay(standing: dict[str, Record], own: Iterable[Waiting]) -> dict[str, Record]:
    for waiting in own:
        address = waiting.change.record
        standing[address] = fold(standing.get(address) or Record(address), (waiting.change,))
    return standing


def _owner(record: LogRecord) -> str:
    body = orjson.loads(record.body)
    address = body.get("record") if isinstance(body, dict) else None
    return owner_of(address) if isinstance(address, str) and "/" in address else ""


def _unlogged(waiting: Waiting) -> LogRecord:
    change = waiting.change
    return LogRecord(0, canonical(orjson.loads(encode(change))), HELD + waiting.label, change.device, change.at, "")
