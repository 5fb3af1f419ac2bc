"""What every log promises, whatever engine stands behind it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server import log as logs
from server.log import HeadMoved, Known, Log, LogCorrupt, LogOfNewerFormat, SqliteLog, verify
from shared.board.log_record import Cursor, genesis
from tests.contract.drafts import draft

BOARD = "b0" * 16
Open = Callable[[], Log]


def open_sqlite(folder: Path) -> Log:
    return SqliteLog(folder / "log.sqlite", board=BOARD)


@pytest.fixture(params=[open_sqlite], ids=["sqlite"])
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the log of this test with the engine under test, any number of times."""
    opened: list[Log] = []

    def open_log() -> Log:
        opened.append(request.param(tmp_path))
        return opened[-1]

    yield open_log
    for log in opened:
        log.close()


@pytest.fixture
def log(reopen: Open) -> Log:
    return reopen()


def fill(log: Log, count: int) -> None:
    log.append(log.head(), [draft() for _ in range(count)])


def test_an_empty_log_ends_at_the_genesis_of_its_board(log: Log) -> None:
    assert log.head() == Cursor(BOARD, 0, genesis(BOARD)) == verify(log)
    assert log.read(0, 10) == []
    assert log.chain_at(0) == genesis(BOARD)
    assert log.chain_at(1) is None


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 5), max_size=6))
def test_records_are_numbered_without_gaps_and_chained(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    log = open_sqlite(tmp_path_factory.mktemp("log"))
    try:
        returned = [record for size in sizes for record in log.append(log.head(), [draft() for _ in range(size)])]
        assert [record.seq for record in returned] == list(range(1, sum(sizes) + 1))
        assert log.read(0, 1000) == returned
        assert verify(log) == log.head()
        assert [log.chain_at(record.seq) for record in returned] == [record.chain for record in returned]
    finally:
        log.close()


def test_who_stands_behind_the_head_writes_nothing(log: Log) -> None:
    stale = log.head()
    fill(log, 1)
    with pytest.raises(HeadMoved):
        log.append(stale, [draft(), draft()])
    assert log.head().seq == 1
    log.append(log.head(), [draft()])
    assert verify(log).seq == 2


def test_the_chain_of_another_history_is_behind_the_head_too(log: Log) -> None:
    fill(log, 1)
    with pytest.raises(HeadMoved):
        log.append(log.head()._replace(chain="00" * 16), [draft()])


def test_an_id_is_known_for_ever_with_where_it_stands_how_it_was_judged_and_its_content(log: Log) -> None:
    first, held, never = draft(), draft(status="held:no-right"), draft()
    fill(log, 3)
    log.append(log.head(), [first, held])
    fill(log, 3)
    assert log.find([first.id, held.id, never.id]) == {
        first.id: Known(4, "applied", first.hash, first.device),
        held.id: Known(5, "held:no-right", held.hash, held.device),
    }


def test_a_batch_with_a_known_id_is_stored_not_at_all(log: Log) -> None:
    known = draft()
    log.append(log.head(), [known])
    with pytest.raises(sqlite3.IntegrityError):
        log.append(log.head(), [draft(), known])
    assert log.head().seq == 1
    fill(log, 1)
    assert verify(log).seq == 2


def test_reading_goes_on_where_it_stopped_and_never_returns_nothing_before_the_end(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "PAGE_BYTES", 2000)
    log.append(log.head(), [draft(text="长" * 1000) for _ in range(3)])
    fill(log, 20)
    seen = [0]
    while page := log.read(seen[-1], 8):
        assert len(page) <= 8
        seen += [record.seq for record in page]
    assert seen == list(range(24))
    assert [record.seq for record in log.read(0, 8)] == [1], "a page holds so many bytes, but always one record"


def test_history_is_of_one_owner_or_one_address_newest_first(log: Log) -> None:
    addresses = ["step/340111001200/1.1", "step/340111001200/1.2", "step/340111001201/1.1"]
    for address in (*addresses, *addresses):
        log.append(log.head(), [draft(address=address)])
    assert [record.seq for record in log.history("340111001200", 10)] == [5, 4, 2, 1]
    assert [record.seq for record in log.history("340111001200", 2)] == [5, 4]
    assert [record.seq for record in log.history("340111001200", 10, addresses[0])] == [4, 1]
    assert log.history("340111001", 10) == []


def test_a_log_that_is_opened_again_goes_on_where_it_was(reopen: Open) -> None:
    first = reopen()
    fill(first, 3)
    head, records = first.head(), first.read(0, 10)
    first.close()
    again = reopen()
    assert (again.head(), again.read(0, 10)) == (head, records)
    fill(again, 1)
    assert verify(again).seq == 4


@pytest.mark.parametrize("column", ["body", "status", "device", "at", "chain"])
def test_whatever_is_changed_in_a_record_is_noticed_at_that_record(reopen: Open, tmp_path: Path, column: str) -> None:
    log = reopen()
    fill(log, 5)
    with sqlite3.connect(tmp_path / "log.sqlite") as db:
        (before,) = db.execute(f"SELECT {column} FROM log WHERE seq = 3").fetchone()
        after = before[:-1] + (b"\x00" if isinstance(before, bytes) else "x")
        db.execute(f"UPDATE log SET {column} = ? WHERE seq = 3", (after,))
    db.close()
    with pytest.raises(LogCorrupt) as caught:
        verify(log)
    assert caught.value.seq == 3


def test_a_record_that_is_gone_is_noticed(reopen: Open, tmp_path: Path) -> None:
    log = reopen()
    fill(log, 5)
    with sqlite3.connect(tmp_path / "log.sqlite") as db:
        db.execute("DELETE FROM log WHERE seq = 3")
    db.close()
    with pytest.raises(LogCorrupt):
        verify(log)


def test_two_processes_that_write_at_once_make_one_log(reopen: Open, tmp_path: Path) -> None:
    log = reopen()
    command = [sys.executable, "-m", "tests.contract.appender", str(tmp_path / "log.sqlite"), "40"]
    writers = [subprocess.Popen(command, cwd=Path(__file__).parents[2]) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert [record.seq for record in log.read(0, 100)] == list(range(1, 81))
    assert verify(log).seq == 80


def test_a_backup_made_while_the_log_is_written_is_a_log_as_it_once_was(reopen: Open, tmp_path: Path) -> None:
    log, writer = reopen(), reopen()
    fill(log, 200)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            fill(writer, 1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(3):
            log.backup(tmp_path / f"copy{number}.sqlite")
    finally:
        stop.set()
        thread.join()
    for number in range(3):
        copy = SqliteLog(tmp_path / f"copy{number}.sqlite")
        head = verify(copy)
        assert head.seq >= 200
        assert log.chain_at(head.seq) == head.chain
        copy.close()


class TestSqlite:
    """What SQLite in particular has to be told to keep those promises."""

    def test_what_is_appended_is_on_the_disk_when_it_returns(self, tmp_path: Path) -> None:
        log = SqliteLog(tmp_path / "log.sqlite", board=BOARD)
        assert log._db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert log._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        log.close()

    def test_a_full_disk_stores_nothing_and_leaves_the_log_whole(self, tmp_path: Path) -> None:
        log = SqliteLog(tmp_path / "log.sqlite", board=BOARD)
        fill(log, 1)
        (pages,) = log._db.execute("PRAGMA page_count").fetchone()
        log._db.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(sqlite3.OperationalError, match="full"):
            log.append(log.head(), [draft(text="长" * 5000) for _ in range(20)])
        assert verify(log).seq == 1
        log.close()

    def test_waiting_in_vain_for_another_writer_is_no_fault_of_the_disk(self, tmp_path: Path) -> None:
        log = SqliteLog(tmp_path / "log.sqlite", board=BOARD, patience=0)
        other = sqlite3.connect(tmp_path / "log.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HeadMoved):
            log.append(log.head(), [draft()])
        other.execute("ROLLBACK")
        other.close()
        fill(log, 1)
        assert log.head().seq == 1
        log.close()

    def test_a_backup_ends_although_another_process_never_stops_writing(self, tmp_path: Path) -> None:
        log = SqliteLog(tmp_path / "log.sqlite", board=BOARD)
        for _ in range(40):
            log.append(log.head(), [draft(text="长" * 8000) for _ in range(50)])
        stop = threading.Event()

        def write() -> None:
            other = sqlite3.connect(tmp_path / "log.sqlite", isolation_level=None)
            other.execute("PRAGMA synchronous=OFF")
            while not stop.is_set():
                other.execute("INSERT OR REPLACE INTO meta VALUES ('written', random())")
            other.close()

        making = threading.Thread(target=log.backup, args=(tmp_path / "copy.sqlite",), daemon=True)
        writing = threading.Thread(target=write)
        writing.start()
        try:
            making.start()
            making.join(5)
            assert not making.is_alive()
        finally:
            stop.set()
            writing.join()
            making.join()
        copy = SqliteLog(tmp_path / "copy.sqlite")
        assert verify(copy) == log.head()
        copy.close()
        log.close()

    def test_the_log_of_a_later_guatu_is_left_alone(self, tmp_path: Path) -> None:
        SqliteLog(tmp_path / "log.sqlite", board=BOARD).close()
        db = sqlite3.connect(tmp_path / "log.sqlite")
        db.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
        db.commit()
        db.close()
        with pytest.raises(LogOfNewerFormat):
            SqliteLog(tmp_path / "log.sqlite")

    def test_another_process_that_wrote_is_noticed(self, tmp_path: Path) -> None:
        log = SqliteLog(tmp_path / "log.sqlite", board=BOARD)
        other = SqliteLog(tmp_path / "log.sqlite")
        before = log.data_version()
        fill(other, 1)
        assert log.data_version() != before
        log.close()
        other.close()
