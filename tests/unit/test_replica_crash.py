"""A laptop that dies, or whose disk says no, at any statement of a write: all of the write is there, or nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.logbook import OTHER, UNIT, Logbook, change, number_id, unit
from tui.disk import DiskFailed
from tui.replica import Replica

Work = Callable[[Replica], object]


class Died(BaseException):
    """The power went."""


class Mortal(sqlite3.Connection):
    """A connection that fails at the n-th statement from when it is told so, each row of many counting as one."""

    left: int | None = None
    how: BaseException = Died()
    only = ""
    once = False

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if sql.startswith(self.only):
            self._tick()
        return super().execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        for row in rows:
            self._tick()
            super().execute(sql, row)
        return self.cursor()

    def _tick(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None if self.once else self.left
                raise self.how


class Ward:
    """A replica on a mortal connection."""

    def __init__(self, path: Path) -> None:
        self.connections: list[Mortal] = []
        numbers = iter(range(900, 1000))
        self.replica = Replica(path, connect=self._connect, new_id=lambda: number_id(next(numbers)))

    def die(self, after: int) -> None:
        """From now on, die after so many statements, and at every one behind."""
        self.connections[0].left = after

    def fail(self, after: int, how: BaseException, only: str = "", *, once: bool = True) -> None:
        """Fail after so many statements (that begin so), once or until `recover`."""
        connection = self.connections[0]
        connection.left, connection.how, connection.only, connection.once = after, how, only, once

    def recover(self) -> None:
        """Fail no more."""
        self.connections[0].left = None

    def _connect(self, *args: Any, **more: Any) -> sqlite3.Connection:
        connection = sqlite3.connect(*args, factory=Mortal, **more)
        self.connections.append(connection)
        return connection


def everything(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as another program reads them."""
    tables = ("meta", "base", "outbox", "mine", "tail")
    reader = sqlite3.connect(path)
    try:
        return {table: sorted(reader.execute(f"SELECT * FROM {table}")) for table in tables}
    finally:
        reader.close()


def _book() -> Logbook:
    book = Logbook()
    book.store(unit(1))
    book.store(change(2, {"state": "doing"}, device="d2"))
    book.store(change(20, {"note": "早"}))
    return book


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A profile in mid-life: synced, one own entry in the log, one sent, one acked, one saved."""
    path, book = tmp_path / "prepared.sqlite", _book()
    replica = Replica(path)
    replica.save([change(20, {"note": "早"})])
    replica.install(book.cursor(0), [], areas=("340111",))
    assert replica.apply(book.batch(book.cursor(0))) is not None
    replica.save([change(21, {"note": "甲"}), change(22, {"note": "乙"}), change(23, {"note": "丙"})])
    replica.outbox.note_sent(replica.outbox.due(2, 10_000))
    replica.note_outcomes([(number_id(22), "applied", 4)])
    replica.close()
    return path


def _save(replica: Replica) -> None:
    replica.save([change(30, {"note": "丁"}), change(31, {"note": "戊"}, f"step/{OTHER}/1.1")])


def _apply(replica: Replica) -> None:
    book = _book()
    start = book.cursor()
    book.store(change(22, {"note": "乙"}))
    book.store(change(21, {"note": "甲"}), "held:no-right")
    book.store(unit(5, OTHER))
    assert replica.apply(book.batch(start)) is not None


def _land_twice_named(replica: Replica) -> None:
    book = _book()
    start = book.cursor()
    book.store(change(23, {"note": "别人"}, device="d9"))
    assert replica.apply(book.batch(start)) is not None


def _install(replica: Replica) -> None:
    book = _book()
    book.store(unit(5, OTHER))
    replica.install(book.cursor(), book.lines(), areas=("340111001",), campaign=("d" * 32, b"{}"))


def _note(replica: Replica) -> None:
    replica.note_outcomes(
        [(number_id(21), "applied", 3), (number_id(22), "id-reused", None), (number_id(23), "malformed", None)]
    )


WORK: Sequence[Work] = (
    _save,
    _apply,
    _land_twice_named,
    _install,
    _note,
    lambda replica: replica.keep_campaign("e" * 32, b"{}"),
)
LABELS: Sequence[Work] = (
    lambda replica: replica.outbox.note_sent(replica.outbox.due(9, 10_000)),
    lambda replica: replica.outbox.send_again(),
    lambda replica: replica.outbox.send_refused_again(),
    lambda replica: replica.set_meta("head", "9"),
)


def run_into(prepared: Path, target: Path, work: Work, after: int) -> bool:
    """Die after so many statements of this work, on a copy; whether the work came to its end instead."""
    shutil.copy(prepared, target)
    ward = Ward(target)
    ward.die(after)
    try:
        work(ward.replica)
    except Died:
        ended = False
    else:
        ended = True
    ward.recover()
    ward.replica.close()
    return ended


@pytest.mark.parametrize("work", WORK)
def test_a_death_at_any_statement_leaves_all_of_a_write_or_nothing(prepared: Path, tmp_path: Path, work: Work) -> None:
    target = tmp_path / "replica.sqlite"
    before = everything(prepared)
    for after in count():
        if run_into(prepared, target, work, after):
            break
        assert everything(target) == before
    assert after > 2
    assert everything(target) != before


@pytest.mark.parametrize("work", LABELS)
def test_a_death_while_a_label_is_noted_loses_at_most_the_label(prepared: Path, tmp_path: Path, work: Work) -> None:
    target = tmp_path / "replica.sqlite"
    before = everything(prepared)
    run_into(prepared, target, work, 1000)
    possible = (before, everything(target))
    for after in count():
        if run_into(prepared, target, work, after):
            break
        assert everything(target) in possible


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("work", WORK)
def test_a_write_that_fails_midway_is_taken_back_and_the_next_one_goes_well(
    prepared: Path, tmp_path: Path, work: Work, once: bool
) -> None:
    target = tmp_path / "replica.sqlite"
    before = everything(prepared)
    shutil.copy(prepared, target)
    ward = Ward(target)
    for after in count():
        ward.fail(after, _full(), once=once)
        try:
            work(ward.replica)
            break
        except sqlite3.OperationalError:
            ward.recover()
            assert everything(target) == before
    ward.recover()
    assert after > 2
    ward.replica.save([change(77, {"note": "还在"})])
    assert everything(target) != before
    ward.replica.close()


def test_a_full_disk_at_the_commit_refuses_loudly_and_takes_the_entry_once_there_is_room(prepared: Path) -> None:
    ward = Ward(prepared)
    ward.fail(0, _full(), only="COMMIT")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        _save(ward.replica)
    assert ward.replica.outbox.size() == 3
    _save(ward.replica)
    assert ward.replica.outbox.size() == 5
    ward.replica.close()


def test_after_a_failed_sync_nothing_is_written_until_a_new_start(prepared: Path) -> None:
    ward = Ward(prepared)
    fault = sqlite3.OperationalError("disk I/O error")
    fault.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    ward.fail(0, fault, only="COMMIT")
    with pytest.raises(sqlite3.OperationalError, match="I/O"):
        _save(ward.replica)
    with pytest.raises(DiskFailed):
        _save(ward.replica)
    assert ward.replica.records(UNIT), "what stands can still be read"
    ward.replica.close()
    again = Replica(prepared)
    _save(again)
    again.close()


@pytest.mark.parametrize("after", range(12))
def test_a_first_start_that_dies_leaves_a_file_that_the_next_start_takes(tmp_path: Path, after: int) -> None:
    path = tmp_path / "replica.sqlite"
    connections: list[Mortal] = []

    def connect(*args: Any, **more: Any) -> sqlite3.Connection:
        connection = sqlite3.connect(*args, factory=Mortal, **more)
        connection.left = after
        connections.append(connection)
        return connection

    with pytest.raises(Died):
        Replica(path, connect=connect)
    replica = Replica(path)
    replica.save([change(1, {"note": "甲"})])
    assert replica.labels().saved == 1
    replica.close()


def _full() -> sqlite3.OperationalError:
    fault = sqlite3.OperationalError("database or disk is full")
    fault.sqlite_errorcode = sqlite3.SQLITE_FULL
    return fault
