"""`guatu log`, `changes` and `--as-of`: what happened, with before and after, and the board as it was on a day."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest

from shared.board.log_record import Cursor
from tests.logbook import BOARD, Logbook, number_id
from tests.shell import COMMUNITY, FAR, STEP, VILLAGE, Shell, district, entry, write
from tests.tui import boards
from tui.as_of import NotKnown, end_of, view_at
from tui.commands.failing import Code
from tui.replica import Replica
from tui.telling import when_told
from tui.view import BoardView

pytestmark = pytest.mark.usefixtures("english")


def story() -> Logbook:
    """A village that begins in September, is returned in October and is done in November; others do little."""
    book = district()
    write(book, entry(101, {"state": "doing"}), "2026-09-10")
    write(book, entry(102, {"note": "x"}, f"step/{COMMUNITY}/1.2", author="赵员"), "2026-09-20")
    write(book, entry(103, {"state": "returned", "note": "补"}, STEP, {"state": [101]}, author="王组长"), "2026-10-05")
    write(book, entry(104, {"state": "done"}, f"step/{FAR}/1.1"), "2026-10-06", "held:no-right")
    write(book, entry(105, {"state": "done", "done_on": "2026-11-01"}, STEP, {"state": [103]}), "2026-11-02")
    return book


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", story())


def ids(lines: list[dict[str, Any]]) -> list[int]:
    return [int(line["change"], 16) for line in lines]


# --- log ---


@pytest.mark.parametrize("words", [("log",), ("show", VILLAGE), ("status",)])
def test_a_reader_who_has_enough_is_no_fault_of_the_disk(shell: Shell, words: tuple[str, ...]) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    environment = {**os.environ, "GUATU_HOME": str(shell.home), "GUATU_LANG": "en"}
    command = [sys.executable, "-m", "tui", *words]
    try:
        done = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, env=environment, check=False, timeout=60)
    finally:
        os.close(writes)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_units_history_is_told_newest_first_with_before_and_after(shell: Shell) -> None:
    lines = shell.tell("log", VILLAGE)
    assert ids(lines) == [105, 103, 101, 6]
    done, back, first, _unit = lines
    assert (done["before"], done["values"]) == (
        {"state": ["returned"], "done_on": []},
        {"state": "done", "done_on": "2026-11-01"},
    )
    assert (back["before"]["state"], first["before"]["state"]) == (["doing"], [])
    assert (done["at"], done["entered"]) == ("2026-11-02T12:00:00.000+00:00", "2026-04-10T12:00:00+08:00")
    assert (done["by"], done["unit"], done["step"], done["label"]) == ("李员", VILLAGE, "1.1", "applied")
    assert done["text"] == "陆大村 1.1: returned → done (2026-11-01), by 李员"
    assert shell.say("log", "陆大村").splitlines()[0] == f"00000000  {when_told(done['at'])}  {done['text']}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), [105, 104, 103, 102, 101]),
        (("--step", "1.2"), [102]),
        (("--step", "1.1", "陆大村"), [105, 103, 101]),
        (("--by", "赵员"), [102]),
        (("--town", "340111100"), [104]),
        (("--town", "340111001"), [105, 103, 102, 101]),
        (("--since", "2026-10-05"), [105, 104, 103]),
        (("--since", "2026-09-20", "--until", "2026-10-05"), [103, 102]),
        (("--limit", "2"), [105, 104]),
        (("--until", "2026-08-31"), []),
    ],
)
def test_only_what_is_asked_for_is_told(shell: Shell, words: tuple[str, ...], expected: list[int]) -> None:
    assert [number for number in ids(shell.tell("log", *words)) if number > 100] == expected


def test_what_waits_here_leads_with_its_label_and_what_it_stands_on(shell: Shell) -> None:
    shell.say("set", VILLAGE, "1.1", "doing")
    shell.say("set", VILLAGE, "1.1", "submitted")
    newest, before = shell.tell("log", VILLAGE)[:2]
    assert (newest["label"], newest["seq"], newest["before"]["state"]) == ("saved", None, ["doing"])
    assert (before["label"], before["before"]["state"]) == ("saved", ["done"])
    assert "[saved here]" in shell.say("log", VILLAGE).splitlines()[0]
    shell.send()
    assert [line["label"] for line in shell.tell("log", VILLAGE)[:2]] == ["applied", "applied"]


def test_a_held_entry_is_told_as_held(shell: Shell) -> None:
    held = shell.tell("log", FAR)[0]
    assert (held["label"], held["before"]) == ("held:no-right", {"state": []})
    assert "[held: no right in that area]" in shell.say("log", FAR)


def test_nothing_typed_steers_the_terminal(shell: Shell) -> None:
    write(shell.book, entry(150, {"note": "\x1b[2J\n二"}), "2026-11-03")
    shell.read()
    said = shell.say("log", "--limit", "1")
    assert "\x1b" not in said
    assert said.count("\n") == 1


def test_a_history_that_is_known_from_some_point_on_says_so(tmp_path: Path) -> None:
    shell = late(tmp_path)
    said = shell.say("log")
    assert said.splitlines()[-1] == (
        f"Known here from {when_told('2026-10-06T12:00:00Z')} on; what was before, guatu sync reads from the office."
    )
    assert shell.tell("status")["known_since"] == "2026-10-06T12:00:00.000+00:00"


def test_a_whole_history_says_nothing_of_the_kind(shell: Shell) -> None:
    assert "Known here from" not in shell.say("log")
    assert shell.tell("status")["known_since"] is None


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("王岗村",), Code.WRONG, "No unit here is called 王岗村"),
        (("--since", "gestern"), Code.USAGE, "This is not a day"),
        (("--limit", "0"), Code.USAGE, "At least one."),
    ],
)
def test_what_is_wrong_with_a_question_is_said(shell: Shell, words: tuple[str, ...], code: Code, line: str) -> None:
    assert shell.refuse("log", *words, code=code).startswith(line)


# --- the board of a day ---


def late(folder: Path) -> Shell:
    """A laptop that came when four entries had been made, and does not know what they were."""
    book = story()
    shell = Shell(folder / "late", Logbook())
    at = 9
    replica = Replica(shell.home / "replica.sqlite")
    replica.install(book.cursor(at), book.lines(at))
    replica.close()
    shell.book = book
    shell.read()
    return shell


@pytest.mark.parametrize(
    ("day", "state", "done"),
    [
        ("2026-09-09", "todo", 0),
        ("2026-09-10", "doing", 0),
        ("2026-10-04", "doing", 0),
        ("2026-10-05", "returned", 0),
        ("2026-11-02", "done", 1),
    ],
)
def test_the_board_is_shown_as_it_was_at_the_end_of_a_day(shell: Shell, day: str, state: str, done: int) -> None:
    body = shell.tell("status", "--as-of", day)
    assert (body["done"], body["as_of"], body["units"]) == (done, day, 6)
    assert set(body) == {*shell.tell("status"), "as_of"}
    step = shell.tell("show", VILLAGE, "--as-of", day)["steps"][0]
    assert step["state"] == state
    assert f"As it stood at the end of {day}." in shell.say("status", "--as-of", day)


def test_its_lights_are_those_of_that_day_and_none_is_unknown(shell: Shell) -> None:
    day = shell.tell("status", "--as-of", "2026-11-20")
    assert day["unknown"] == 0
    assert day["overdue"] > 0
    early = shell.tell("show", VILLAGE, "--as-of", "2026-09-10")["steps"][0]
    assert early["light"] == "正"


def test_before_the_first_entry_there_is_an_empty_board(shell: Shell) -> None:
    assert shell.tell("status", "--as-of", "2026-08-31")["units"] == 0
    assert shell.tell("status", "--as-of", "0001-01-01")["units"] == 0
    assert shell.refuse("show", VILLAGE, "--as-of", "2026-08-31").startswith("No unit here is called")


def test_own_entries_count_from_when_the_office_had_them(shell: Shell) -> None:
    shell.say("set", COMMUNITY, "1.1", "done", "--on", "2026-09-02")
    assert shell.tell("status", "--as-of", "2026-11-20")["done"] == 1
    assert shell.tell("status")["done"] == 2


@pytest.mark.parametrize("words", [("status",), ("show", VILLAGE)])
def test_a_day_that_is_not_known_or_has_not_come_is_said(tmp_path: Path, shell: Shell, words: tuple[str, ...]) -> None:
    line = late(tmp_path).refuse(*words, "--as-of", "2026-11-01", code=Code.NOT_JOINED)
    assert line.startswith("The history is not known on this laptop from its beginning; guatu sync")
    assert shell.refuse(*words, "--as-of", "9999-12-31", code=Code.USAGE) == "9999-12-31 has not come yet."
    assert shell.refuse(*words, "--as-of", "gestern", code=Code.USAGE).startswith("This is not a day")


def test_a_laptop_that_has_let_go_of_the_beginning_does_not_know_it(shell: Shell) -> None:
    with shell._replica() as replica:
        assert isinstance(view_at(replica, boards.identity(), date(2026, 11, 1)), BoardView)
        replica._tail._kept = 4
        known = view_at(replica, boards.identity(), date(2026, 11, 1))
        assert known == NotKnown("2026-09-20T12:00:00.000+00:00")


def test_a_day_ends_at_the_laptops_midnight() -> None:
    assert end_of(date(2026, 11, 1), UTC).isoformat() == "2026-11-02T00:00:00+00:00"
    assert end_of(date(2026, 11, 1)).timestamp() % 900 == 0


def test_a_laptop_shows_only_the_areas_it_holds(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "guatu", story(), areas=("340111001",))
    with shell._replica() as replica:
        view = view_at(replica, boards.identity(areas=("340111001",)), date(2026, 11, 1))
    assert isinstance(view, BoardView)
    assert set(view.rows) == {"340111001", COMMUNITY, VILLAGE}


def test_before_the_first_sync_there_is_no_board_of_any_day(tmp_path: Path) -> None:
    replica = Replica(tmp_path / "replica.sqlite")
    assert view_at(replica, boards.identity(), date(2026, 11, 1)) == NotKnown("")
    replica.install(Cursor(BOARD, 5, "00" * 16), [])
    assert view_at(replica, boards.identity(), date(2026, 11, 1)) == NotKnown("")
    replica.close()


# --- what changed between two days ---


def test_what_changed_between_two_days_is_told_unit_by_unit_and_counted(shell: Shell) -> None:
    body = shell.tell("changes", "--since", "2026-09-30", "--until", "2026-11-02")
    village = next(unit for unit in body["units"] if unit["code"] == VILLAGE)
    first = next(step for step in village["steps"] if step["step"] == "1.1")
    assert first["before"] == {"state": "doing", "light": "正"}
    assert first["after"] == {"state": "done", "light": "毕"}
    counts = body["counts"]
    assert (body["since"], body["until"]) == ("2026-09-30", "2026-11-02")
    assert counts["units"] == len(body["units"])
    assert counts["steps"] == sum(len(unit["steps"]) for unit in body["units"])
    assert (counts["before"]["done"], counts["after"]["done"]) == (0, 1)
    assert {"before": "正", "after": "毕", "steps": 1} in counts["lights"]


def test_it_is_told_in_words_too(shell: Shell) -> None:
    said = shell.say("changes", "--since", "2026-09-30", "--until", "2026-11-02").splitlines()
    assert "陆大村 1.1: 正 in progress → 毕 done" in said
    assert said[-1].startswith("2026-09-30 to 2026-11-02: ")
    assert said[-1].endswith("done 0 → 1.")


def test_a_day_against_itself_shows_nothing(shell: Shell) -> None:
    body = shell.tell("changes", "--since", "2026-10-01", "--until", "2026-10-01")
    assert (body["units"], body["counts"]["steps"], body["counts"]["lights"]) == ([], 0, [])


def test_a_unit_that_came_meanwhile_changes_from_nothing(shell: Shell) -> None:
    body = shell.tell("changes", "--since", "2026-08-31", "--until", "2026-09-01")
    assert {unit["code"] for unit in body["units"]} == {code for code, _ in boards.UNITS}
    assert {step["before"]["light"] for unit in body["units"] for step in unit["steps"]} == {" "}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--since", "2026-11-02", "--until", "2026-11-01"), Code.USAGE),
        (("--since", "9999-12-31"), Code.USAGE),
        ((), Code.USAGE),
    ],
)
def test_days_that_make_no_sense_are_refused(shell: Shell, words: tuple[str, ...], code: Code) -> None:
    shell.refuse("changes", *words, code=code)


# --- what status says of itself ---


def test_status_tells_where_own_entries_are_and_the_digest_of_the_rest(shell: Shell) -> None:
    before = shell.tell("status")
    shell.say("set", COMMUNITY, "1.1", "doing")
    after = shell.tell("status")
    assert after["labels"] == {"saved": 1, "sent": 0, "on_board": 0, "needs_look": 0}
    assert after["digest"] == before["digest"], "only what the office has confirmed counts"
    shell.send()
    assert shell.tell("status")["digest"] != before["digest"]
    assert shell.tell("status")["labels"]["on_board"] == 1
    assert after["copied"] is None
    with shell._replica() as replica:
        replica.set_meta("copied", "2026-11-01T00:00:00+00:00")
    assert shell.tell("status")["copied"] == "2026-11-01T00:00:00+00:00"


def test_two_laptops_that_read_the_same_have_one_digest(shell: Shell, tmp_path: Path) -> None:
    other = Shell(tmp_path / "other", shell.book)
    assert shell.tell("status")["digest"] == other.tell("status")["digest"]
    assert number_id(0) != other.tell("status")["digest"]
    write(other.book, replace(entry(170, {"note": "y"}), author="李"))
    other.read()
    assert shell.tell("status")["digest"] != other.tell("status")["digest"]
