"""What a laptop shows is the fold of what the office confirmed and what was entered here, whatever came in what order.

One laptop, an office that writes others' entries between its own, takes, holds and loses what is pushed, and is put
back from backups; every answer may come late, twice or not at all. After each step the laptop is held against the
definition: the heads of a field are the changes on it that no `seen` names (architecture §3), over all changes that
the office's log holds up to the laptop's cursor and all that wait here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.board.change import Change
from shared.board.holds import KIND
from shared.board.log_record import APPLIED, LogRecord
from shared.board.record import Record, kind_of, owner_of, step_address
from shared.board.standing import standing_of
from tests.logbook import OTHER, UNIT, Logbook, change
from tui.replica import Replica

ADDRESSES = (step_address(UNIT, "1.1"), step_address(UNIT, "1.2"), step_address(OTHER, "1.1"))
FIELDS = ("state", "note", "done_on")
Heads = dict[tuple[str, str], dict[str, Any]]


def heads(changes: Iterable[Change]) -> Heads:
    """The definition: (address, field) → id → value, of every change that nobody's `seen` names."""
    every = list(changes)
    named = {(c.record, name, i) for c in every for name, ids in c.seen.items() for i in ids}
    found: Heads = {}
    for each in every:
        for name, value in each.values.items():
            if (each.record, name, each.id) not in named:
                found.setdefault((each.record, name), {})[each.id] = value
    return found


def heads_of(known: Mapping[str, Record]) -> Heads:
    """The same as a laptop has it."""
    return {
        (address, name): {head.id: head.value for head in record.heads(name)}
        for address, record in known.items()
        if kind_of(address) != KIND  # what is noted of held changes is no entry of anybody's
        for name in record.fields()
    }


class Hasty(sqlite3.Connection):
    """A connection that leaves syncing to the system: nothing here loses its power."""

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        return super().execute("PRAGMA synchronous=OFF" if sql.startswith("PRAGMA synchronous") else sql, values)


class LaptopMachine(RuleBasedStateMachine):
    """One laptop and its office; `mine` is what was ever entered here, `sent` what is on the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "replica.sqlite"
        self.office = Logbook()
        self.mine: dict[str, Change] = {}
        self.sent: list[Change] = []
        self.acks: list[tuple[str, str, int | None]] = []
        self.read: list[LogRecord] = []
        self.number = 0
        self.replica = self._open(self.path)

    def teardown(self) -> None:
        self.replica.close()
        self.folder.cleanup()

    @initialize()
    def first_sync(self) -> None:
        self.replica.install(self.office.cursor(), self.office.lines())
        self._stand_at(0)

    @rule(
        address=st.sampled_from(ADDRESSES),
        names=st.sets(st.sampled_from(FIELDS), min_size=1),
        value=st.sampled_from("甲乙"),
        opened=st.booleans(),
    )
    def enter_here(self, address: str, names: set[str], value: str, opened: bool) -> None:
        shown = self.replica.records(owner_of(address)).get(address) or Record(address)
        entry = self._entry(address, names, value, shown.seen(*names) if opened else {}, "d1")
        self.replica.save([entry])
        self.mine[entry.id] = entry

    @rule(
        address=st.sampled_from(ADDRESSES),
        names=st.sets(st.sampled_from(FIELDS), min_size=1),
        value=st.sampled_from("甲乙"),
        opened=st.booleans(),
        late=st.integers(0, 3),
    )
    def enter_elsewhere(self, address: str, names: set[str], value: str, opened: bool, late: int) -> None:
        shown = self.office.standing(max(0, self.office.cursor().seq - late)).get(address) or Record(address)
        self.office.store(self._entry(address, names, value, shown.seen(*names) if opened else {}, "d2"))

    @rule()
    def connect(self) -> None:
        self.sent.clear()
        self.acks.clear()
        self.replica.outbox.send_again()

    @rule(limit=st.integers(1, 5))
    def push(self, limit: int) -> None:
        due = self.replica.outbox.due(limit, 100_000)
        self.replica.outbox.note_sent(due)
        self.sent += [c for w in due if (c := w.change()) is not None]

    @precondition(lambda self: self.sent)
    @rule(status=st.sampled_from([APPLIED, APPLIED, APPLIED, "held:no-right"]), keep=st.booleans())
    def take_push(self, status: str, keep: bool) -> None:
        """The office answers the entry that came first; the same one may come once more."""
        entry = self.sent[0] if keep else self.sent.pop(0)
        self.acks.append(_answer(self.office, entry, status))

    @precondition(lambda self: self.sent)
    @rule()
    def lose_push(self) -> None:
        self.sent.pop(0)

    @precondition(lambda self: self.acks and self._agrees())
    @rule(keep=st.booleans())
    def read_ack(self, keep: bool) -> None:
        """Answers come over a connection on which the office has agreed where this laptop stands."""
        self.replica.note_outcomes([self.acks[0] if keep else self.acks.pop(0)])

    @rule(count=st.integers(0, 6), skipped=st.integers(0, 2))
    def read_batch(self, count: int, skipped: int) -> None:
        cursor = self.replica.cursor()
        assert cursor is not None
        if not self._agrees():
            return
        start = self.office.cursor(min(cursor.seq + skipped, self.office.cursor().seq))
        upto = min(start.seq + count, self.office.cursor().seq)
        applied = self.replica.apply(self.office.batch(start, upto))
        assert (applied is None) == (start != cursor)
        self._stand_at(cursor.seq if applied is None else upto)

    @rule(behind=st.integers(0, 4))
    def restore_office(self, behind: int) -> None:
        self.office.restore(max(0, self.office.cursor().seq - behind))
        self.sent.clear()
        self.acks.clear()

    @rule(behind=st.integers(0, 2), same_lineage=st.booleans())
    def start_anew(self, behind: int, same_lineage: bool) -> None:
        seq = max(0, self.office.cursor().seq - behind)
        cursor = self.replica.cursor()
        common = cursor.seq if cursor is not None and same_lineage and self._agrees() else 0
        self.replica.install(self.office.cursor(seq), self.office.lines(seq), common=common)
        self._stand_at(seq)
        self.sent.clear()
        self.acks.clear()

    @rule()
    def restart(self) -> None:
        self.replica.close()
        self.replica = self._open(self.path)

    @rule()
    def come_to_an_end(self) -> None:
        """When faults stop, three rounds empty the outbox and make this laptop equal to one that starts now."""
        office, ended = Logbook(), self.path.with_name("ended.sqlite")
        office.records = list(self.office.records)
        self.replica._disk.execute("VACUUM INTO ?", (str(ended),))
        one, two = self._open(ended), self._open(self.path.with_name("new.sqlite"))
        for _ in range(3):
            _round(one, office)
        two.install(office.cursor(0), [])
        assert two.apply(office.batch(office.cursor(0))) is not None
        assert (one.outbox.size(), one.cursor()) == (0, two.cursor())
        assert all(one.records(unit) == two.records(unit) for unit in (UNIT, OTHER))
        for replica in (one, two):
            replica.close()
        for file in (*self.path.parent.glob("ended*"), *self.path.parent.glob("new*")):
            file.unlink()

    # --- what always holds ---

    @invariant()
    def the_view_is_the_fold(self) -> None:
        found: Heads = {}
        for unit in (UNIT, OTHER):
            found |= heads_of(self.replica.records(unit))
        confirmed = [c for record in self.read if record.applied and (c := record.change()) is not None]
        every = {c.id: c for c in (*confirmed, *self._waiting().values())}
        assert found == heads(every.values())

    @invariant()
    def nothing_entered_is_lost(self) -> None:
        waiting = self._waiting()
        kept = {row[0] for row in self.replica._disk.execute("SELECT id FROM mine")}
        assert kept.isdisjoint(waiting)
        assert kept | set(waiting) == set(self.mine)
        assert all(waiting[i] == self.mine[i] for i in waiting)
        assert sum(self.replica.labels()) == len(self.mine)

    @invariant()
    def the_whole_board_is_its_units(self) -> None:
        every = dict(self.replica.every())
        for unit in (UNIT, OTHER):
            records = self.replica.records(unit)
            assert (every[unit].standing if unit in every else standing_of({})) == standing_of(records)
            assert self.replica.outbox.unsent(unit) == {
                c.record for c in self._waiting().values() if owner_of(c.record) == unit
            }

    @invariant()
    def own_work_is_always_in_sight(self) -> None:
        read = {orjson.loads(record.body)["id"] for record in self.read}
        assert set(self.mine) <= read | set(self._waiting())

    # --- inside ---

    def _open(self, path: Path) -> Replica:
        return Replica(path, new_id=self._new_id, connect=partial(sqlite3.connect, factory=Hasty))

    def _new_id(self) -> str:
        raise AssertionError("no id is taken twice here")

    def _entry(
        self, address: str, names: set[str], value: str, seen: Mapping[str, tuple[str, ...]], device: str
    ) -> Change:
        self.number += 1
        # ids in an order of their own, so that nothing rests on their being drawn one after the other
        number = self.number * 2654435761 % 2**32
        known = {name: [int(i, 16) for i in ids] for name, ids in seen.items()}
        return change(number, dict.fromkeys(sorted(names), value), address, known, device)

    def _agrees(self) -> bool:
        cursor = self.replica.cursor()
        return cursor is not None and self.office.holds(cursor)

    def _stand_at(self, seq: int) -> None:
        self.read = self.office.records[:seq]
        cursor = self.replica.cursor()
        assert cursor == self.office.cursor(seq)

    def _waiting(self) -> dict[str, Change]:
        changes = [c for w in self.replica.outbox.waiting() if (c := w.change()) is not None]
        return {c.id: c for c in changes}


def _answer(office: Logbook, entry: Change, status: str) -> tuple[str, str, int | None]:
    """Take an entry, once, and say what became of it, every time."""
    for record in office.records:
        if orjson.loads(record.body)["id"] == entry.id:
            return entry.id, record.status, record.seq
    return entry.id, status, office.store(entry, status).seq


def _round(replica: Replica, office: Logbook) -> None:
    """One connection on which all goes well, from a snapshot if the office asks for that."""
    cursor = replica.cursor()
    if cursor is None or not office.holds(cursor):
        replica.install(office.cursor(), office.lines())
    replica.outbox.send_again()
    _read_on(replica, office)
    while due := replica.outbox.due(3, 100_000):
        replica.outbox.note_sent(due)
        replica.note_outcomes([_answer(office, c, APPLIED) for w in due if (c := w.change()) is not None])
    _read_on(replica, office)


def _read_on(replica: Replica, office: Logbook) -> None:
    cursor = replica.cursor()
    assert cursor is not None
    assert replica.apply(office.batch(cursor)) is not None


LaptopMachine.TestCase.settings = settings(
    max_examples=40, stateful_step_count=35, suppress_health_check=list(HealthCheck)
)
TestAnyOrder = LaptopMachine.TestCase
