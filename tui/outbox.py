"""Own entries: those on their way to the office, and those whose fate is in its log, kept for the life of the profile.

An entry leaves the outbox only in the transaction that stores where it stands in the log (promise 4). An ack is a hint
and changes a label; it says where an entry stands only when that lies before the place up to which the log was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import orjson

from shared.board.change import Change, canonical, encode
from shared.board.log_record import APPLIED
from shared.board.record import owner_of
from tui.disk import Disk
from tui.waiting import ACKED, ASKING, REFUSED, SAVED, SENT, Labels, Landed, Logged, Waiting, renamed

ID_REUSED: Final = "id-reused"
MALFORMED: Final = "malformed"
_FILE: Final = b'"hash":'
"""What stands in the canonical bytes of every entry that names a file, and never inside a text."""
SCHEMA: Final = """
CREATE TABLE outbox (
    n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, address TEXT NOT NULL,
    label TEXT NOT NULL, seq INTEGER, body BLOB NOT NULL
);
CREATE INDEX outbox_owner ON outbox (owner);
CREATE INDEX outbox_label ON outbox (label);
CREATE TABLE mine (
    id TEXT PRIMARY KEY, n INTEGER NOT NULL, owner TEXT NOT NULL, address TEXT NOT NULL, seq INTEGER NOT NULL,
    status TEXT NOT NULL, at TEXT NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX mine_owner ON mine (owner, seq);
CREATE INDEX mine_status ON mine (status, seq)
"""


class Outbox:
    """Own entries in the laptop's file. Methods that say so belong into a transaction of the caller."""

    def __init__(self, disk: Disk, new_id: Callable[[], str]) -> None:
        self._disk = disk
        self._new_id = new_id

    # --- entering and sending ---

    def save(self, changes: Sequence[Change], *, asking: bool = False) -> None:
        """Put own entries into the outbox, all of one act or none; they are on the disk when this returns.

        Those that are `asking` stay here until somebody gives the word, and so do those that build on one of them: the
        office does not know yet what they have seen.
        """
        with self._disk.writing():
            waits = asking or not self._asking().isdisjoint(named for c in changes for named in _named_by(c))
            label = ASKING if waits else SAVED
            rows = [(c.id, owner_of(c.record), c.record, label, encode(c)) for c in changes]
            self._disk.executemany("INSERT INTO outbox (id, owner, address, label, body) VALUES (?, ?, ?, ?, ?)", rows)

    def give_word(self) -> int:
        """Let everything go that was asking for a person's word; how many entries that were."""
        with self._disk.writing():
            return self._disk.execute("UPDATE outbox SET label = ? WHERE label = ?", (SAVED, ASKING)).rowcount

    def due(self, limit: int, size: int) -> list[Waiting]:
        """The next entries to send, in the order they were made: at most `limit`, at most `size` bytes but one."""
        found: list[Waiting] = []
        total = 0
        for waiting in self._waiting("WHERE label = ? ORDER BY n LIMIT ?", (SAVED, limit)):
            total += len(waiting.body)
            if found and total > size:
                break
            found.append(waiting)
        return found

    def note_sent(self, waiting: Iterable[Waiting]) -> None:
        """These are on their way."""
        with self._disk.writing(durable=False):
            self._disk.executemany("UPDATE outbox SET label = ? WHERE n = ?", [(SENT, w.n) for w in waiting])

    def note_outcomes(self, outcomes: Iterable[tuple[str, str, int | None]], read: int) -> Landed:
        """Take an ack: (id, outcome, seq) each, with the log read up to `read` on the connection that brought it.

        What stands before that place has been read, as part of a snapshot or long ago, and will not come again.
        """
        landed: dict[str, str] = {}
        owners: set[str] = set()
        with self._disk.writing():
            for change_id, outcome, seq in outcomes:
                if outcome == ID_REUSED:
                    self._rename(change_id)
                elif seq is not None and seq <= read:
                    if found := self._move(change_id, seq, outcome):
                        owners |= found
                        landed[change_id] = outcome
                elif seq is not None or outcome == MALFORMED:
                    label = REFUSED if seq is None else ACKED
                    self._disk.execute("UPDATE outbox SET label = ?, seq = ? WHERE id = ?", (label, seq, change_id))
        return Landed(landed, frozenset(owners))

    def send_again(self) -> None:
        """Make everything due anew, as a new connection knows nothing of what went over the last one."""
        with self._disk.writing(durable=False):
            self._send_all_again()

    def send_refused_again(self) -> None:
        """Make due what is sent and not acked: the office has turned a push down as a whole."""
        with self._disk.writing(durable=False):
            self._disk.execute("UPDATE outbox SET label = ? WHERE label = ?", (SAVED, SENT))

    # --- within a transaction of the replica ---

    def land(self, logged: Iterable[Logged]) -> Landed:
        """Move the entries that the log now holds to what is kept for life. Part of a transaction.

        An entry whose id the log holds with other content gets a new id, and both survive.
        """
        landed: dict[str, str] = {}
        owners: set[str] = set()
        waiting = self.size()
        for record in logged:
            if not waiting and not record.own:
                continue
            row = self._disk.execute("SELECT body FROM outbox WHERE id = ?", (record.id,)).fetchone()
            if row is None:
                if record.own:
                    self._adopt(record)
                continue
            if orjson.loads(row[0]) != record.change:
                self._rename(record.id)
                continue
            owners |= self._move(record.id, record.seq, record.status, record.at)
            landed[record.id] = record.status
        return Landed(landed, frozenset(owners))

    def send_lost_again(self, read: int) -> None:
        """Make due what was acked at a place that has been read, where it was not. Part of a transaction."""
        self._disk.execute("UPDATE outbox SET label = ?, seq = NULL WHERE label = ? AND seq <= ?", (SAVED, ACKED, read))

    def offer_again(self, after: int) -> None:
        """Put back what stood in the log behind `after`, in its old order, and make all due. Part of a transaction."""
        self._disk.execute(
            "INSERT OR IGNORE INTO outbox (n, id, owner, address, label, body) "
            "SELECT n, id, owner, address, ?, body FROM mine WHERE seq > ?",
            (SAVED, after),
        )
        self._disk.execute("DELETE FROM mine WHERE seq > ?", (after,))
        self._send_all_again()

    # --- what there is ---

    def waiting(self, owner: str | None = None) -> list[Waiting]:
        """What the office's log does not hold yet, of one unit or of all, in the order of entry."""
        if owner is None:
            return list(self._waiting("ORDER BY n", ()))
        return list(self._waiting("WHERE owner = ? ORDER BY n", (owner,)))

    def own(self) -> Iterator[Waiting]:
        """Every own entry, sent or not, with its label or its status, the newest first."""
        query = "SELECT n, id, body, label FROM outbox UNION ALL SELECT n, id, body, status FROM mine ORDER BY n DESC"
        return (Waiting(*row) for row in self._disk.execute(query))

    def with_files(self, *, gone_out: bool = False) -> Iterator[Waiting]:
        """Every own entry whose values may name a file, the newest first; with `gone_out` only those that were sent."""
        here = (SAVED, ASKING, REFUSED) if gone_out else ("", "", "")
        query = (
            "SELECT n, id, body, label FROM outbox WHERE instr(body, ?) AND label NOT IN (?, ?, ?) "
            "UNION ALL SELECT n, id, body, status FROM mine WHERE instr(body, ?) ORDER BY n DESC"
        )
        return (Waiting(*row) for row in self._disk.execute(query, (_FILE, *here, _FILE)))

    def unsent(self, owner: str) -> frozenset[str]:
        """The addresses of a unit's entries that the office's log does not hold yet."""
        return frozenset(row[0] for row in self._disk.execute("SELECT address FROM outbox WHERE owner = ?", (owner,)))

    def owners(self) -> set[str]:
        """The units with entries that the office's log does not hold yet."""
        return {row[0] for row in self._disk.execute("SELECT DISTINCT owner FROM outbox")}

    def size(self) -> int:
        """How many entries the office's log does not hold yet."""
        return int(self._disk.execute("SELECT COUNT(*) FROM outbox").fetchone()[0])

    def open(self) -> int:
        """How many of them can still get there without anybody's doing."""
        return int(
            self._disk.execute("SELECT COUNT(*) FROM outbox WHERE label NOT IN (?, ?)", (REFUSED, ASKING)).fetchone()[0]
        )

    def unanswered(self) -> int:
        """How many of them the office has not acknowledged, though it could."""
        query = "SELECT COUNT(*) FROM outbox WHERE label IN (?, ?)"
        return int(self._disk.execute(query, (SAVED, SENT)).fetchone()[0])

    def newest(self) -> int:
        """The place of the entry that was made last of those that wait; 0 when none does."""
        return int(self._disk.execute("SELECT MAX(n) FROM outbox").fetchone()[0] or 0)

    def labels(self) -> Labels:
        """How many own entries are where, before anybody decided on those that are held."""
        waiting = dict(self._disk.execute("SELECT label, COUNT(*) FROM outbox GROUP BY label"))
        fate = dict(self._disk.execute("SELECT status, COUNT(*) FROM mine GROUP BY status"))
        on_board = fate.pop(APPLIED, 0)
        sent = waiting.get(SENT, 0) + waiting.get(ACKED, 0)
        need = sum(fate.values()) + waiting.get(REFUSED, 0) + waiting.get(ASKING, 0)
        return Labels(waiting.get(SAVED, 0), sent, on_board, need)

    # --- inside ---

    def _asking(self) -> set[str]:
        return {row[0] for row in self._disk.execute("SELECT id FROM outbox WHERE label = ?", (ASKING,))}

    def _waiting(self, clause: str, values: Sequence[str | int]) -> Iterator[Waiting]:
        rows = self._disk.execute(f"SELECT n, id, body, label FROM outbox {clause}", values)  # noqa: S608 -- own text
        return (Waiting(*row) for row in rows)

    def _send_all_again(self) -> None:
        self._disk.execute("UPDATE outbox SET label = ?, seq = NULL WHERE label NOT IN (?, ?)", (SAVED, SAVED, ASKING))

    def _adopt(self, record: Logged) -> None:
        """Take in an own entry that this file has lost, as an older state of the laptop's disk was put back."""
        if self._disk.execute("SELECT 1 FROM mine WHERE id = ?", (record.id,)).fetchone() is None:
            address = str(record.change.get("record"))
            owner = owner_of(address) if "/" in address else ""
            row = (record.id, owner, address, SAVED, canonical(record.change))
            self._disk.execute("INSERT INTO outbox (id, owner, address, label, body) VALUES (?, ?, ?, ?, ?)", row)
            self._move(record.id, record.seq, record.status, record.at)

    def _move(self, change_id: str, seq: int, status: str, at: str = "") -> set[str]:
        row = self._disk.execute(
            "DELETE FROM outbox WHERE id = ? RETURNING n, owner, address, body", (change_id,)
        ).fetchone()
        if row is None:
            return set()
        n, owner, address, body = row
        at = at or str(orjson.loads(body)["at"])
        self._disk.execute(
            "INSERT OR REPLACE INTO mine VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (change_id, n, owner, address, seq, status, at, body),
        )
        return {owner}

    def _rename(self, old: str) -> None:
        """Give an entry another id, and tell those behind it that name it and have not been sent."""
        row = self._disk.execute("SELECT n FROM outbox WHERE id = ?", (old,)).fetchone()
        if row is None:
            return
        new = self._new_id()
        behind = self._disk.execute(
            "SELECT n, body FROM outbox WHERE n = ? OR (n > ? AND label = ?)", (row[0], row[0], SAVED)
        ).fetchall()
        for n, body in behind:
            if old.encode() in body:
                self._disk.execute("UPDATE outbox SET body = ? WHERE n = ?", (renamed(body, old, new), n))
        self._disk.execute("UPDATE outbox SET id = ?, label = ?, seq = NULL WHERE n = ?", (new, SAVED, row[0]))


def _named_by(change: Change) -> Iterator[str]:
    """The ids of the entries that one builds on: those it has seen, and the one it takes back."""
    for ids in change.seen.values():
        yield from ids
    if change.undoes is not None:
        yield change.undoes
