"""How a change is judged: whose it may be, whether it fits the campaign, and what a verdict on a held one may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, Protocol

from server.log import Draft, Known, Log
from server.numbering import wants_number
from server.offered import ID_REUSED, Author, Offered, Outcome
from shared.board import holds
from shared.board.change import MAX_BYTES, MAX_STORED, Change, canonical, content_hash, encode
from shared.board.holds import effects, released_by
from shared.board.log_record import APPLIED, HELD, Cursor
from shared.board.record import Record, kind_of, owner_of, rest_of
from shared.board.reduce import reduce
from shared.rights import actions_of, may

MAX_ENTRIES: Final = 256
MAX_NAMED: Final = 4096
"""What one record may hold of standing entries and of replaced ids: each further change on it costs as much again."""
FUTURE: Final = 2**31 - 1
"""A revision that no campaign has reached: what is judged by it is judged by the newest one."""


class Board(Protocol):
    """The records as they stand."""

    def get(self, address: str) -> Record | None:
        """The record on an address, or nothing when nobody has touched it."""

    def of_kind(self, kind: str) -> Iterable[Record]:
        """All records of a kind."""

    def put(self, changed: Mapping[str, Record], first_seen: Mapping[str, int], cursor: Cursor) -> None:
        """Take these records, and stand at `cursor`."""


class Steps(Protocol):
    """What the ledger needs to know of campaigns: whether a unit of a kind has a step."""

    def verdict(self, kind: str, step: str, revision: int) -> str:
        """`known`, `retired` or `unknown` for a step of this kind of unit, by the campaign revision answered."""


class Judged:
    """The changes of one transaction while they are judged, each as if those before it already stood."""

    def __init__(self, log: Log, board: Board, steps: Steps, now: str) -> None:
        self._log, self._board, self._steps, self._now = log, board, steps, now
        self._known: dict[bytes, Known] = {}
        self._standing: dict[str, Record] = {}
        self._brought_back: set[str] = set()
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
        change, status = offered.change, self._status(offered, author)
        address, owner = (change.record, owner_of(change.record)) if change else ("", "")
        at = offered.returned.at if offered.returned is not None and offered.returned.proven else self._now
        draft = Draft(key, digest, address, owner, status, author.device, at, offered.body)
        self.fresh[offered.id] = (draft, change)
        if offered.returned is not None:
            self._brought_back.add(offered.id)
        return None

    def unnumbered(self) -> list[Record]:
        """What now counts and has no number of the office's; what laptops bring back may have one that still comes."""
        touched: dict[str, Record] = {}
        for change_id, (draft, change) in self.fresh.items():
            if draft.status == APPLIED and change is not None and change_id not in self._brought_back:
                for effect in effects(draft.status, draft.device, change, draft.body):
                    record = self._standing.get(effect.record)
                    if record is not None and wants_number(record):
                        touched[record.address] = record
        return list(touched.values())

    def add(self, change: Change) -> None:
        """Let an entry of the office's own go along, as one that counts."""
        body = encode(change)
        key, owner = bytes.fromhex(change.id), owner_of(change.record)
        draft = Draft(key, content_hash(body), change.record, owner, APPLIED, change.device, self._now, body)
        self.fresh[change.id] = (draft, change)
        self._standing[change.record] = reduce(self._standing_on(change.record), change)

    def _status(self, offered: Offered, author: Author) -> str:
        try:
            status = _ended(offered, author) if author.revoked else self._judge(offered, author)
            after = self._after(status, offered, author)
            if status == APPLIED and any(_crowded(self._standing_on(each.address), each) for each in after):
                status = HELD + "crowded"
                after = self._after(status, offered, author)
        except Exception:  # a change that we cannot judge must not stop those beside it (promise 11)
            return HELD + "unjudged"
        self._standing.update({each.address: each for each in after})
        return status

    def _after(self, status: str, offered: Offered, author: Author) -> list[Record]:
        done = effects(status, author.device, offered.change, offered.body)
        return [reduce(self._standing_on(effect.record), effect) for effect in done]

    def _standing_on(self, address: str) -> Record:
        return self._get(address) or Record(address)

    def _get(self, address: str) -> Record | None:
        return self._standing.get(address) or self._board.get(address)

    def _judge(self, offered: Offered, author: Author) -> str:
        if offered.returned is not None:
            return offered.returned.status if offered.returned.proven else holds.UNPROVEN
        change = offered.change
        if change is None:
            return HELD + "undecodable"
        if not _is_own(change, author):
            return holds.OTHER_AUTHOR
        if len(offered.body) > (MAX_STORED if kind_of(change.record) == holds.KIND else MAX_BYTES):
            return HELD + "too-large"
        owner = owner_of(change.record)
        if not may(author.role, author.areas, owner, actions_of(change, self._get(change.record))):
            return HELD + "no-right"
        return self._decides(change, author) if kind_of(change.record) == holds.KIND else self._fits(change, owner)

    def _decides(self, change: Change, author: Author) -> str:
        """A verdict is about a change that is held; a release lets count what its own author may enter."""
        held = self._get(change.record)
        if held is None or held.value("status") is None or not holds.FIELDS.issuperset({*change.values, *change.seen}):
            return HELD + "unknown-hold"
        if change.values.get("of", held.value("device")) != held.value("device"):
            return HELD + "unknown-hold"
        if change.values.get("verdict") == holds.Verdict.DECLINED:
            return APPLIED
        released = released_by(change)
        # A verdict that is held would stand without its effect if it were released: it is given anew instead.
        if released is None or kind_of(released.record) == holds.KIND or not self._is_that(released, change):
            return HELD + "unknown-hold"
        owner = owner_of(released.record)
        if not may(author.role, author.areas, owner, actions_of(released, self._get(released.record))):
            return HELD + "no-right"
        return self._fits(replace(released, revision=FUTURE), owner)

    def _is_that(self, released: Change, verdict: Change) -> bool:
        """Whether the change that a verdict brings along is the one the log holds on that record, to the letter."""
        digest = content_hash(canonical(verdict.values.get("change")))
        queued = self.fresh.get(released.id)
        found = self._log.find([bytes.fromhex(released.id)]).values() if queued is None else (queued[0],)
        same = any(known.hash == digest and known.status != APPLIED for known in found)
        return same and holds.hold_address(owner_of(released.record), released.id) == verdict.record

    def _fits(self, change: Change, owner: str) -> str:
        if kind_of(change.record) != "step":
            return APPLIED
        unit = self._get(f"unit/{owner}")
        if unit is None:
            return HELD + "unknown-unit"
        verdict = self._steps.verdict(str(unit.value("kind")), rest_of(change.record), change.revision)
        return APPLIED if verdict == "known" else f"{HELD}{verdict}-step"


def _ended(offered: Offered, author: Author) -> str:
    """How everything stands that comes from a device whose rights have ended, for its author to see alone."""
    mine = offered.change is None or _is_own(offered.change, author)
    return HELD + "revoked" if mine else holds.OTHER_AUTHOR


def _is_own(change: Change, author: Author) -> bool:
    return change.device == author.device and change.author == author.member


def _crowded(before: Record, after: Record) -> bool:
    """Whether a change would make a record larger than anybody's work could; one that settles is always let in."""
    if len(after.entries) > max(MAX_ENTRIES, len(before.entries)):
        return True
    return sum(len(ids) for ids in after.named.values()) > MAX_NAMED
