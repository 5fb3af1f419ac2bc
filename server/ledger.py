"""The ledger: authorise → order → commit → publish, free of transport and of disks.

`commit` may run in a thread while the event loop goes on; `publish` belongs to the loop. Between the two nothing is
seen by anyone, so that nothing is published which a crash could take back (promise 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Protocol

from server.log import Draft, Known, Log
from shared.board.change import MAX_BYTES, Change, Undecodable, canonical, content_hash, from_json, is_id
from shared.board.log_record import APPLIED, HELD, Cursor, LogRecord, genesis
from shared.board.record import Record, kind_of, owner_of, rest_of
from shared.board.reduce import reduce
from shared.protocol import MAX_STORED
from shared.rights import Role, actions_of, may

ENVELOPE: Final = 16
"""How many levels of JSON the board, a batch or a snapshot may put around a change."""
PAGE: Final = 512
MAX_ENTRIES: Final = 256
MAX_NAMED: Final = 4096
"""What one record may hold of standing entries and of replaced ids: each further change on it costs as much again."""
ID_REUSED: Final = "id-reused"
MALFORMED: Final = "malformed"


class Author(NamedTuple):
    """Whose device speaks: the member, what they may do and where."""

    device: str
    member: str
    role: Role
    areas: tuple[str, ...]


class Offered(NamedTuple):
    """A change as it came in: its id, its canonical bytes, and the change where some format reads it."""

    id: str
    body: bytes
    change: Change | None


class Submission(NamedTuple):
    """What one device offers at once, in the order in which it was entered."""

    author: Author
    offered: tuple[Offered, ...]


class Outcome(NamedTuple):
    """What became of one change: `applied`, `held:<reason>`, `id-reused` or `malformed`, and its seq if it has one."""

    id: str
    outcome: str
    seq: int | None


class Board(Protocol):
    """The records as they stand."""

    def get(self, address: str) -> Record | None:
        """The record on an address, or nothing when nobody has touched it."""

    def put(self, changed: Mapping[str, Record], first_seen: Mapping[str, int], cursor: Cursor) -> None:
        """Take these records, and stand at `cursor`."""


class Steps(Protocol):
    """What the ledger needs to know of campaigns: whether a unit of a kind has a step."""

    def verdict(self, kind: str, step: str, revision: int) -> str:
        """`known`, `retired` or `unknown` for a step of this kind of unit, by the campaign revision answered."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one transaction stored, and what to tell whom: outcomes in the order of the submissions."""

    records: tuple[LogRecord, ...]
    changes: tuple[Change | None, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]


def offer(body: Any) -> Offered | None:
    """Read one change as it came in; nothing when the log could not keep it: no id, too deep, or beyond all bounds."""
    if not isinstance(body, dict) or not is_id(body.get("id")):
        return None
    encoded = _encoded(body)
    if encoded is None or len(encoded) > MAX_STORED:
        return None
    try:
        return Offered(body["id"], encoded, from_json(body))
    except Undecodable:
        return Offered(body["id"], encoded, None)


def _encoded(body: Any) -> bytes | None:
    """The canonical bytes, or nothing when it nests so deep that no JSON writer would take it with what goes around."""
    for _ in range(ENVELOPE):
        body = [body]
    try:
        return canonical(body)[ENVELOPE:-ENVELOPE]
    except TypeError:
        return None


class Ledger:
    """One board's log and the records it makes. Every change of every route comes through `commit`."""

    def __init__(self, log: Log, board: Board, steps: Steps, clock: Callable[[], datetime]) -> None:
        self._log = log
        self._board = board
        self._steps = steps
        self._clock = clock
        board_id = log.head().board
        self.head = Cursor(board_id, 0, genesis(board_id))

    def commit(self, submissions: Sequence[Submission]) -> Committed:
        """Judge and store these changes in one durable transaction.

        Every well-formed change is stored, also one that is held; one whose id is known with the same content gets its
        first outcome again; one whose id is known with other content is told so. Raises `HeadMoved` when another
        process has written: `catch_up`, then commit again.
        """
        batch = _Batch(self._log, self._board, self._steps, self._clock().isoformat(timespec="milliseconds"))
        batch.recall(o for s in submissions for o in s.offered)
        verdicts = [[batch.weigh(o, s.author) for o in s.offered] for s in submissions]
        records = self._log.append(self.head, batch.drafts()) if batch.fresh else []
        numbers = dict(zip(batch.fresh, records, strict=True))
        outcomes = tuple(
            tuple(
                v or Outcome(o.id, numbers[o.id].status, numbers[o.id].seq) for v, o in zip(row, s.offered, strict=True)
            )
            for row, s in zip(verdicts, submissions, strict=True)
        )
        return Committed(tuple(records), tuple(change for _, change in batch.fresh.values()), outcomes)

    def publish(self, committed: Committed) -> None:
        """Fold what has been stored into the board and move the head."""
        self._fold(zip(committed.records, committed.changes, strict=True))

    def missed(self) -> Committed:
        """The next records in the log that the board has not seen, as another process wrote them; publish them."""
        records = tuple(self._log.read(self.head.seq, PAGE))
        return Committed(records, tuple(record.change() for record in records), ())

    def catch_up(self) -> int:
        """Fold everything in the log that the board has not seen; returns how many records that were."""
        count = 0
        while (missed := self.missed()).records:
            self.publish(missed)
            count += len(missed.records)
        return count

    def stand_at(self, cursor: Cursor) -> None:
        """Say that the board already holds everything up to this place in the log."""
        self.head = cursor

    def _fold(self, pairs: Iterable[tuple[LogRecord, Change | None]]) -> None:
        changed: dict[str, Record] = {}
        first_seen: dict[str, int] = {}
        cursor = self.head
        for record, change in pairs:
            cursor = Cursor(cursor.board, record.seq, record.chain)
            if change is None or not record.applied:
                continue
            address = change.record
            standing = changed.get(address) or self._board.get(address)
            if standing is None:
                standing = Record(address)
                first_seen[address] = record.seq
            changed[address] = reduce(standing, change)
        self._board.put(changed, first_seen, cursor)
        self.head = cursor


class _Batch:
    """The changes of one transaction while they are judged, each as if those before it already stood."""

    def __init__(self, log: Log, board: Board, steps: Steps, now: str) -> None:
        self._log, self._board, self._steps, self._now = log, board, steps, now
        self._known: dict[bytes, Known] = {}
        self._standing: dict[str, Record] = {}
        self.fresh: dict[str, tuple[Draft, Change | None]] = {}

    def recall(self, offered: Iterable[Offered]) -> None:
        """Look up which of these the log already holds."""
        self._known = self._log.find({bytes.fromhex(o.id) for o in offered})

    def drafts(self) -> list[Draft]:
        """What the log has to store."""
        return [draft for draft, _ in self.fresh.values()]

    def weigh(self, offered: Offered, author: Author) -> Outcome | None:
        """The outcome of a change whose id is known; nothing for a new one, which becomes a draft."""
        key, digest = bytes.fromhex(offered.id), content_hash(offered.body)
        if (first := self._known.get(key)) is not None:
            return Outcome(offered.id, first.status if first.hash == digest else ID_REUSED, first.seq)
        if (queued := self.fresh.get(offered.id)) is not None:
            return None if queued[0].hash == digest else Outcome(offered.id, ID_REUSED, None)
        change, status = offered.change, self._verdict(offered, author)
        address, owner = (change.record, owner_of(change.record)) if change else ("", "")
        draft = Draft(key, digest, address, owner, status, author.device, self._now, offered.body)
        self.fresh[offered.id] = (draft, change)
        return None

    def _verdict(self, offered: Offered, author: Author) -> str:
        try:
            status, change = self._judge(offered, author), offered.change
            if change is not None and status == APPLIED:
                standing = self._get(change.record) or Record(change.record)
                after = reduce(standing, change)
                if _crowded(standing, after):
                    return HELD + "crowded"
                self._standing[change.record] = after
        except Exception:  # a change that we cannot judge must not stop those beside it (promise 11)
            return HELD + "unjudged"
        return status

    def _get(self, address: str) -> Record | None:
        return self._standing.get(address) or self._board.get(address)

    def _judge(self, offered: Offered, author: Author) -> str:
        change = offered.change
        if change is None:
            return HELD + "undecodable"
        if len(offered.body) > MAX_BYTES:
            return HELD + "too-large"
        if change.device != author.device or change.author != author.member:
            return HELD + "other-author"
        owner = owner_of(change.record)
        if not may(author.role, author.areas, owner, actions_of(change, self._get(change.record))):
            return HELD + "no-right"
        return self._fits(change, owner)

    def _fits(self, change: Change, owner: str) -> str:
        if kind_of(change.record) != "step":
            return APPLIED
        unit = self._get(f"unit/{owner}")
        if unit is None:
            return HELD + "unknown-unit"
        verdict = self._steps.verdict(str(unit.value("kind")), rest_of(change.record), change.revision)
        return APPLIED if verdict == "known" else f"{HELD}{verdict}-step"


def _crowded(before: Record, after: Record) -> bool:
    """Whether a change would make a record larger than anybody's work could; one that settles is always let in."""
    if len(after.entries) > max(MAX_ENTRIES, len(before.entries)):
        return True
    return sum(len(ids) for ids in after.named.values()) > MAX_NAMED
