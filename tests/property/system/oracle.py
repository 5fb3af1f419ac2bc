"""What an onlooker knows who sees every screen and every disk, and trusts no id: who entered what, having seen what.

"On the screen when the editor opened" lives here, not in the change. An entry is known by the mark that it carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from server.ledger import Committed, Outcome
from shared.board.change import JSON, Change
from shared.board.holds import OTHER_AUTHOR, released_by
from shared.board.log_record import APPLIED, Cursor, LogRecord
from shared.board.record import kind_of, owner_of
from shared.rights import readable
from tests.property.system.bodies import Row, address_of, id_of, is_typed, mark_of, marks, names_of, released_in
from tests.property.system.durable import Disk
from tests.property.system.laptop import MARK, Laptop, Shown
from tests.property.system.office import ServedOffice

Heads = dict[tuple[str, str], dict[int, JSON]]
"""(address, field) → entry → value."""


class Entered(NamedTuple):
    """One entry as it was made."""

    address: str
    values: Mapping[str, JSON]
    shown: Shown


class Oracle:
    """Everything that was ever entered, every history the office ever had, and who holds what."""

    def __init__(self) -> None:
        self.entries: dict[int, Entered] = {}
        self.paths: dict[str, tuple[Row, ...]] = {}
        self.own: dict[str, set[int]] = {}
        """Laptop → what was entered there, as far as the disk it has now has ever held it."""
        self.alive: set[int] = set()
        """What was saved, and did not go with the last disk that held it."""
        self.acked: set[int] = set()
        """What the office has answered for since its log was last put back."""
        self._number = 0
        self._stood: dict[int, set[tuple[str, str]]] = {}

    # --- entering ---

    def enter(self, address: str, values: Mapping[str, JSON], shown: Shown) -> int:
        """Somebody has pressed the key; the number by which the entry is known."""
        self._number += 1
        self.entries[self._number] = Entered(address, dict(values), shown)
        return self._number

    def saved(self, laptop: str, numbers: Iterable[int]) -> None:
        """The laptop has said so."""
        self.own.setdefault(laptop, set()).update(numbers)
        self.alive.update(numbers)

    def never_saved(self, numbers: Iterable[int]) -> None:
        """The power went before the laptop said anything, and nothing is there."""
        for number in numbers:
            del self.entries[number]

    # --- what should be ---

    def counted(self, path: Iterable[Row]) -> list[int]:
        """What of a log counts: what is applied, and what was held and has been released."""
        counted = [row for row in path if row.status == APPLIED]
        return [row.entry for row in counted] + [row.releases for row in counted if row.releases is not None]

    def heads(self, numbers: Iterable[int]) -> Heads:
        """The definition, by brute force: every value that nobody has replaced who had it on the screen."""
        numbers = set(numbers)
        named = {
            (self.entries[n].address, name, seen)
            for n in numbers
            for name, shown in self.entries[n].shown.items()
            for seen in shown
        }
        found: Heads = {}
        for n in numbers:
            address, values, _ = self.entries[n]
            for name, value in values.items():
                if (address, name, n) not in named and is_typed(address, name):
                    found.setdefault((address, name), {})[n] = value
        return found

    def confirmed(self, laptop: Laptop) -> list[Row]:
        """What is applied in the log up to the laptop's cursor, as far as it may be read there."""
        replica = laptop.drive.replica
        cursor, areas = replica.cursor(), replica.areas() or ("*",)
        path = self.paths[cursor.chain] if cursor is not None else ()
        return [row for row in path if row.status == APPLIED and _may_read(areas, row.address)]

    def on_screen(self, laptop: Laptop) -> Heads:
        """What this laptop has to show."""
        own = laptop.drive.column("SELECT body FROM outbox")
        released = [number for body in own if (number := released_in(body)) is not None]
        return self.heads([*self.counted(self.confirmed(laptop)), *marks(own), *released])

    def shown(self, laptop: Laptop, address: str) -> dict[str, frozenset[int]]:
        """Field → the entries whose values stand on the screen on this address."""
        found = self.on_screen(laptop).items()
        return {name: frozenset(values) for (where, name), values in found if where == address}

    def entry_on_screen(self, laptop: Laptop, address: str, change_id: str) -> int:
        """Which entry it is that has this id there."""
        cursor = laptop.drive.replica.cursor()
        path = self.paths[cursor.chain] if cursor is not None else ()
        return names_of(path, laptop.drive.column("SELECT body FROM outbox"))[address, change_id]

    def is_taken_back(self, entry: int, made: Sequence[Change], standing: Shown) -> None:
        """Undo: every field of the entry that still stands gets what it replaced, or what stands beside it."""
        _, values, shown = self.entries[entry]
        for change in made:
            for name, value in change.values.items():
                beside = standing[name] - {entry}
                before = [self.entries[n].values[name] for n in beside or shown.get(name, frozenset())]
                assert entry in standing[name], "what does not stand any more was taken back"
                assert value in (before or [None]), f"{values[name]} of {name} was not what was there before"

    # --- the office, seen from outside ---

    def begin(self, log: Sequence[LogRecord], origin: Cursor) -> None:
        """The log that everything starts from; what it holds nobody has entered."""
        self.paths[origin.chain] = ()
        self.learn(origin.chain, log)
        for record in log:
            change = record.change()
            assert change is not None
            self.entries[mark_of(record.body)] = Entered(change.record, change.values, {})

    def committed(self, head: Cursor, done: Committed) -> None:
        """Something new stands in the log."""
        self.learn(head.chain, done.records)

    def ack_leaves(self, log: Disk, results: Sequence[Outcome]) -> None:
        """Promise 1, acknowledged is durable: a crash at this moment would take nothing of it back."""
        for result in results:
            if result.seq is None:
                assert result.outcome in {"id-reused", "malformed"}, "a change was answered for that stands nowhere"
                continue
            assert result.seq <= log.durable, "an ack left before its change was on the disk"
            (body, status) = _stored(log, result.seq)
            if result.outcome != "id-reused":
                assert (id_of(body), status) == (result.id, result.outcome), "an ack names another change"
                self.acked.add(mark_of(body))

    def batch_leaves(self, log: Disk, to: Cursor) -> None:
        """Promise 1, nothing is published that a crash could take back."""
        assert to.seq <= log.durable, "a record was published before it was on the disk"
        assert log.chain_at(to.seq) == to.chain, "a place was published that the log does not have"

    def held_by(self, office: ServedOffice) -> set[int]:
        """What stands in the office's log."""
        return set(marks(row[0] for row in office.log._db.execute("SELECT body FROM log")))

    def learn(self, chain: str, records: Iterable[LogRecord]) -> None:
        """These records stand in the log behind the one of this chain."""
        path = self.paths[chain]
        for record in records:
            change = record.change()
            address = change.record if change is not None else ""
            device = change.device if change is not None else ""
            self._note_first(record, device)
            released = released_by(change) if change is not None else None
            releases = int(released.extra[MARK]) if released is not None else None
            path = (*path, Row(mark_of(record.body), id_of(record.body), address, record.status, device, releases))
            self.paths[record.chain] = path

    def _note_first(self, record: LogRecord, device: str) -> None:
        """Promise 6: what another laptop brings back stands as it first stood, with its status and its time."""
        entry, stood = mark_of(record.body), (record.status, record.at)
        brought = record.device != device and record.status != OTHER_AUTHOR
        known = self._stood.setdefault(entry, set())
        assert not brought or stood in known, f"{entry} was brought back as {stood}, and stood as {known}"
        known.add(stood)


@cache
def _may_read(areas: tuple[str, ...], address: str) -> bool:
    return readable(areas, kind_of(address), owner_of(address))


def in_tail(laptop: Laptop, areas: tuple[str, ...]) -> set[int]:
    """What others entered in these areas, and this laptop has read and can prove."""
    bodies = laptop.drive.column("SELECT body FROM tail WHERE proof <> ''")
    return {mark_of(body) for body in bodies if _may_read(areas, address_of(body))}


def on_disk(laptop: Laptop) -> tuple[list[int], list[int]]:
    """The entries made here that the laptop's file holds: those that wait, and those kept for life."""
    column = laptop.drive.column
    return marks(column("SELECT body FROM outbox ORDER BY n")), marks(column("SELECT body FROM mine"))


def _stored(log: Disk, seq: int) -> tuple[bytes, str]:
    row = log._db.execute("SELECT body, status FROM log WHERE seq = ?", (seq,)).fetchone()
    assert row is not None, "an ack names a place that is not in the log"
    return row[0], row[1]
