"""The laptop's copy of the board: what the office has confirmed up to a cursor, and own entries on top of it.

What people see is always the fold of confirmed records and outbox. A batch moves the records, the cursor and the own
entries it holds in one transaction, so that no crash leaves them out of step. One instance belongs to one thread at a
time.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from shared.board.change import Change
from shared.board.holds import OTHER_AUTHOR, UNPROVEN, effects
from shared.board.log_record import APPLIED, HELD, Cursor, LogRecord
from shared.board.record import Record, kind_of
from shared.board.reduce import reduce
from shared.board.standing import Standing, standing_in, standing_of
from shared.rights import covers, readable
from tui import bygone, confirmed, facts, looks, outbox, tail
from tui.bygone import Bygone
from tui.confirmed import Confirmed, Read, read
from tui.disk import Connect, Disk
from tui.facts import Facts
from tui.looks import Looks
from tui.outbox import Outbox
from tui.tail import Tail
from tui.waiting import Labels, Landed, Logged, Waiting

__all__ = ["Applied", "Batch", "Labels", "Replica", "Shown"]

RESERVE: Final = 16 * 1024 * 1024
"""Bytes of the disk that are kept back for own entries."""
READ_AT: Final = "read-at"
"""The small fact that says when this laptop last stood at the office's head, ISO 8601."""
FORMAT: Final = 2
_SCHEMA: Final = f"""
{facts.SCHEMA};
{confirmed.SCHEMA};
{outbox.SCHEMA};
{tail.SCHEMA};
{looks.SCHEMA}
"""
_STEPS: Final = {1: f"{tail.FROM_1};{looks.SCHEMA};{bygone.FROM_1}"}


class NoRoom(Exception):
    """The disk has only the room left that is kept for what people enter here; nothing more is read from the office."""


class Batch(NamedTuple):
    """What the office sent: the records that lead from one cursor to another."""

    start: Cursor
    records: tuple[LogRecord, ...]
    to: Cursor
    at_head: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """What a batch did: the units of which something else is shown now, and own entries that landed, by status."""

    owners: frozenset[str]
    landed: Mapping[str, str] = field(default_factory=dict)


class Shown(NamedTuple):
    """What is known of one unit, as far as a row shows it, and the addresses of entries that are not on the board."""

    standing: Standing
    unsent: frozenset[str]


class Replica:
    """One laptop's data in one file. What a method has written is on the disk when it returns, if it does not say else.

    Raises `tui.disk.NewerFormat` and, for those who only read, `tui.disk.NothingWritten`.
    """

    def __init__(
        self,
        path: Path,
        *,
        device: str = "",
        reading: bool = False,
        room: Callable[[], int] = lambda: RESERVE,
        new_id: Callable[[], str] = lambda: secrets.token_hex(16),
        connect: Connect = sqlite3.connect,
    ) -> None:
        self._disk = Disk(path, FORMAT, _SCHEMA, steps=_STEPS, reading=reading, connect=connect)
        self._device = device
        self._room = room
        self._facts = Facts(self._disk)
        self._confirmed = Confirmed(self._disk)
        self._tail = Tail(self._disk)
        self.outbox: Final = Outbox(self._disk, new_id)
        self.looks: Final = Looks(self._disk)
        self.bygone: Final = Bygone(self._disk, self._facts, self._tail, self._take, self._ours)

    # --- what stands ---

    def cursor(self) -> Cursor | None:
        """Where in the office's log the confirmed records stand; nothing before the first sync."""
        value = self.meta("cursor")
        return Cursor(*orjson.loads(value)) if value else None

    def areas(self) -> tuple[str, ...] | None:
        """For which areas the confirmed records were made, as far as the office said."""
        value = self.meta("areas")
        return tuple(orjson.loads(value)) if value else None

    def digest(self) -> str:
        """The digest of the confirmed records; the office has the same at this cursor (promise 3)."""
        return self._confirmed.digest(self.areas())

    def records(self, owner: str, only: tuple[str, ...] = ("",)) -> dict[str, Record]:
        """What is known of one unit: what the office has confirmed, and own entries on top of it.

        `only`: of addresses that begin so, where all that stands on a unit is more than is asked for.
        """
        standing = self._confirmed.records(owner, only)
        for waiting in self.outbox.waiting(owner):
            change = waiting.change()
            for effect in effects(APPLIED, "", change, waiting.body):
                if effect.record.startswith(only):
                    standing[effect.record] = reduce(standing.get(effect.record) or Record(effect.record), effect)
        return standing

    def shown(self, owner: str) -> Shown:
        """What a row shows of one unit."""
        return Shown(standing_of(self.records(owner)), self.outbox.unsent(owner))

    def every(self) -> Iterator[tuple[str, Shown]]:
        """Every unit with what a row shows of it, in no order: the whole board in one pass."""
        own = self.outbox.owners()
        for owner, body in self._confirmed.every():
            if owner in own:
                own.discard(owner)
                yield owner, self.shown(owner)
            else:
                yield owner, Shown(standing_in(orjson.loads(body)), frozenset())
        for owner in own:
            yield owner, self.shown(owner)

    def holding(self, *texts: str) -> list[str]:
        """The units whose records may hold one of these texts, as JSON has it, by code: those with own entries, too.

        So that a few records are found without reading all of them.
        """
        return sorted(self.outbox.owners().union(*map(self._confirmed.holding, texts)))

    def collisions(self) -> int:
        """How many fields of the whole board hold different values side by side."""
        return sum(len(fields) for _, shown in self.every() for fields in shown.standing.collisions.values())

    def history(self, owner: str, limit: int = 200) -> list[tuple[LogRecord, str]]:
        """What is known here of a unit's history, newest first, each with its label; entries not in the log lead."""
        waiting = [(_unlogged(w), w.label) for w in reversed(self.outbox.waiting(owner))]
        return [*waiting, *((record, record.status) for record in self._tail.history(owner, limit))][:limit]

    # --- own entries ---

    def save(self, changes: Sequence[Change], *, asking: bool = False) -> None:
        """Put own entries into the outbox, all of one act or none; they are on the disk when this returns."""
        self.outbox.save(changes, asking=asking)

    def labels(self) -> Labels:
        """How many own entries are where; the counts that are always on the screen."""
        saved, sent, on_board, needs_look = self.outbox.labels()
        released, looked = self.looks.settled()
        return Labels(saved, sent, on_board + released, needs_look - released - looked)

    def note_outcomes(self, outcomes: Iterable[tuple[str, str, int | None]]) -> Landed:
        """Take an ack, a hint: (id, outcome, seq) each. See `Outbox.note_outcomes`."""
        cursor = self.cursor()
        return self.outbox.note_outcomes(outcomes, cursor.seq if cursor else 0)

    # --- what the office sends ---

    def apply(self, batch: Batch) -> Applied | None:
        """Fold a batch into the confirmed records, if it begins where they stand; otherwise nothing happens.

        Raises `NoRoom` when the disk has no more room than own entries may need.
        """
        self._keep_room()
        with self._disk.writing():
            if batch.start != self.cursor() or not _in_order(batch):
                return None
            log = [read(record) for record in batch.records]
            landed = self._take(log)
            owners = self._confirmed.fold(log, self.areas())
            self._tail.keep([(r.id, r.owner, r.record) for r in log], batch.to.seq)
            self._facts.put("cursor", orjson.dumps(list(batch.to)).decode())
            if batch.at_head:
                self.outbox.send_lost_again(batch.to.seq)
        return Applied(owners | landed.owners, landed.status)

    def install(
        self,
        cursor: Cursor,
        lines: Iterable[tuple[str, bytes]],
        *,
        areas: tuple[str, ...] | None = None,
        campaign: tuple[str, bytes] | None = None,
        common: int = 0,
        healing: bool = False,
    ) -> None:
        """Replace the confirmed records by a snapshot's lines: (unit, JSON object address → record) each.

        `areas`: what it was made for, if the office said. `campaign`: digest and body, if it came along. What was
        entered here stays. Own entries that stood in the log behind `common`, the last place known to be in the
        office's history, go back to the outbox, as an office put back from a backup may have lost them; those that it
        has, it answers as known. `healing`: what others entered is to be offered, too. Raises `NoRoom`.
        """
        self._keep_room()
        with self._disk.writing():
            self.outbox.offer_again(min(common, cursor.seq))
            self._confirmed.replace(lines)
            if areas is not None:
                self._tail.narrow(lambda owner: covers(areas, owner) or bool(self._confirmed.bodies(owner)))
                self._facts.put("areas", orjson.dumps(areas).decode())
            if campaign is not None:
                self._put_campaign(*campaign)
            self._facts.put("cursor", orjson.dumps(list(cursor)).decode())
            self.bygone.begin(cursor.seq, healing=healing)

    # --- small facts ---

    def keep_campaign(self, digest: str, body: bytes) -> None:
        """Keep the campaign that holds now, as it travelled."""
        with self._disk.writing():
            self._put_campaign(digest, body)

    def meta(self, key: str) -> str | None:
        """A small fact that the laptop keeps."""
        return self._facts.get(key)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a small fact that the office says again at the next connection; on the disk soon."""
        with self._disk.writing(durable=False):
            self._facts.put(key, value)

    def still(self) -> AbstractContextManager[None]:
        """Everything read within the block is of one moment, whatever another program writes meanwhile."""
        return self._disk.still()

    def version(self) -> int:
        """A number that changes when another program has written."""
        return self._disk.version()

    def close(self) -> None:
        """Let go of the file."""
        self._disk.close()

    # --- inside ---

    def _take(self, log: list[Read]) -> Landed:
        """See to what the log says about own entries. Part of a transaction."""
        self.looks.note_verdicts(log)
        return self.outbox.land(
            Logged(r.id, r.record.seq, r.record.status, r.record.at, r.body, self._is_own(r)) for r in log
        )

    def _ours(self, log: list[Read]) -> list[Read]:
        """What of the log lies in the areas held here, or is about entries of this device."""
        areas = self.areas()
        return [each for each in log if areas is None or _lies_in(each, areas) or self._device in _devices(each)]

    def _is_own(self, read: Read) -> bool:
        """Whether it was made here; what this device only brought back to an office is not its own.

        What others say in this device's name is not, either.
        """
        made = read.record.device if read.change is None else read.change.device
        return bool(self._device) and made == self._device and read.record.status not in (OTHER_AUTHOR, UNPROVEN)

    def _keep_room(self) -> None:
        if self._room() < RESERVE:
            raise NoRoom

    def _put_campaign(self, digest: str, body: bytes) -> None:
        self._facts.put("campaign", body.decode())
        self._facts.put("campaign-digest", digest)


def _lies_in(read: Read, areas: Collection[str]) -> bool:
    return readable(areas, kind_of(read.change.record) if read.change is not None else "", read.owner)


def _devices(read: Read) -> tuple[object, ...]:
    """Whose entry it is, who brought it, and on whose it decides."""
    change = read.change
    return (read.record.device, change.device, change.values.get("of")) if change is not None else (read.record.device,)


def _in_order(batch: Batch) -> bool:
    """Whether its records lie between its ends, each behind the one before."""
    seqs = [batch.start.seq, *(record.seq for record in batch.records)]
    return all(before < after for before, after in pairwise(seqs)) and seqs[-1] <= batch.to.seq


def _unlogged(waiting: Waiting) -> LogRecord:
    """An entry that has no place in the log yet, in the form of those that do."""
    body = orjson.loads(waiting.body)
    return LogRecord(0, waiting.body, HELD + waiting.label, str(body.get("device")), str(body.get("at")), "")
