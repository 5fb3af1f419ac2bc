"""`guatu conflicts` and `guatu settle`: all values are shown, and the one that is taken names exactly those."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared.board.change import JSON
from shared.board.record import step_address, unit_address
from tests.logbook import number_id
from tests.shell import COMMUNITY, STEP, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code
from tui.telling import when_told

pytestmark = pytest.mark.usefixtures("english")
DONE = {"state": "done", "done_on": "2026-10-01"}


def laptop(folder: Path, *values: dict[str, JSON], address: str = STEP, **who: Any) -> Shell:
    """A laptop that has read these entries, none of which has seen another."""
    book = district()
    for number, each in enumerate(values, 101):
        write(book, entry(number, each, address, author=f"成员{number}"), "2026-10-02")
    return Shell(folder / "guatu", book, **who)


def only(shell: Shell) -> dict[str, Any]:
    (found,) = shell.tell("conflicts")
    assert isinstance(found, dict)
    return found


def test_other_programs_are_told_every_value_with_who_entered_it_and_when(tmp_path: Path) -> None:
    shell = laptop(tmp_path, DONE, {"state": "doing"})
    found = only(shell)
    assert {"id", "unit", "step", "field", "values"} <= set(found)
    assert (found["unit"], found["step"], found["field"]) == (VILLAGE, "1.1", "state")
    assert [value["value"] for value in found["values"]] == ["done", "doing"]
    assert [value["by"] for value in found["values"]] == ["成员101", "成员102"]
    assert [value["change"] for value in found["values"]] == [number_id(101), number_id(102)]
    assert all(value["at"] == "2026-04-10T12:00:00+08:00" for value in found["values"])
    assert found["id"] == only(shell)["id"]
    assert shell.tell("status")["conflicts"] == 1


def test_a_collision_on_no_step_names_its_record(tmp_path: Path) -> None:
    address = unit_address(VILLAGE)
    windows = [{"window.1": {"first": "2026-09-02", "last": f"2026-12-0{n}", "reason": "秋收"}} for n in (1, 2)]
    found = only(laptop(tmp_path, *windows, address=address))
    assert (found["step"], found["record"], found["field"]) == (None, address, "window.1")


def test_words_show_each_value_with_its_number(tmp_path: Path) -> None:
    shell = laptop(tmp_path, {"note": "甲\x1b[2J"}, {"note": "乙"})
    said = shell.say("conflicts").splitlines()
    assert said[0].endswith("陆大村 1.1  note")
    assert said[1].split() == ["1", '"甲?[2J"', "成员101", *when_told("2026-04-10T12:00:00+08:00").split()]
    assert said[2].split()[:2] == ["2", '"乙"']
    assert shell.say("conflicts", lang="zh") != shell.say("conflicts")
    assert laptop(tmp_path / "other").say("conflicts") == "No collisions.\n"


@pytest.mark.parametrize(("number", "expected"), [(1, "done"), (2, "doing")])
def test_taking_one_settles_and_has_seen_all_that_was_shown(tmp_path: Path, number: int, expected: str) -> None:
    shell = laptop(tmp_path, DONE, {"state": "doing"})
    shell.say("settle", only(shell)["id"], "--take", str(number))
    assert shell.values()["state"] == [expected]
    assert shell.tell("conflicts") == []
    (made,) = shell.waiting()
    assert set(made.seen["state"]) == {number_id(101), number_id(102)}
    assert made.values.get("done_on") == ("2026-10-01" if expected == "done" else None)


def test_a_value_that_arrived_meanwhile_stays(tmp_path: Path) -> None:
    shell = laptop(tmp_path, DONE, {"state": "doing"})
    shell.say("settle", only(shell)["id"], "--take", "1")
    write(shell.book, entry(150, {"state": "returned"}))
    shell.send()
    assert sorted(map(str, shell.values()["state"])) == ["done", "returned"]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("--value", "submitted", "--on", "2026-10-05"), {"state": ["submitted"], "submitted_on": ["2026-10-05"]}),
        (("--value", "done"), {"state": ["done"], "done_on": ["2026-10-01"]}),
        (("--value", "done", "--on", "2026-10-06"), {"state": ["done"], "done_on": ["2026-10-06"]}),
        (("--value", "todo"), {"state": ["todo"], "done_on": ["2026-10-01"]}),
    ],
)
def test_another_state_can_be_entered_with_its_day(
    tmp_path: Path, words: tuple[str, ...], values: dict[str, list[JSON]]
) -> None:
    shell = laptop(tmp_path, DONE, {"state": "doing"})
    shell.say("settle", only(shell)["id"], *words)
    assert {name: shell.values()[name] for name in values} == values


def test_done_that_nobody_had_entered_gets_today(tmp_path: Path) -> None:
    shell = laptop(tmp_path, {"state": "todo"}, {"state": "doing"})
    shell.say("settle", only(shell)["id"], "--value", "done")
    assert shell.values()["done_on"] == [shell.waiting()[0].at[:10]]


def test_notes_can_be_kept_both_in_one(tmp_path: Path) -> None:
    shell = laptop(tmp_path, {"note": "甲"}, {"note": "乙\n"}, {"note": "甲"})
    shell.say("settle", only(shell)["id"], "--both")
    assert shell.values()["note"] == ["甲\n乙"]


def test_many_are_settled_in_one_act_and_a_step_by_one_change(tmp_path: Path) -> None:
    shell = laptop(tmp_path, DONE, {"state": "done", "done_on": "2026-10-09", "note": "甲"}, {"note": "乙"})
    other = step_address(COMMUNITY, "1.2")
    for number in (160, 161):
        write(shell.book, entry(number, {"note": str(number)}, other))
    shell.read()
    ids = [each["id"] for each in shell.tell("conflicts")]
    assert len(ids) == 3
    assert shell.say("settle", *ids, "--take", "2").startswith("Settled 3;")
    first, second = shell.waiting()
    assert first.act == second.act is not None
    assert {first.record, second.record} == {STEP, other}
    assert shell.tell("conflicts") == []
    assert {name: set(map(str, found)) for name, found in shell.values().items()} == {
        "state": {"done"}, "done_on": {"2026-10-09"}, "note": {"乙"},
    }  # fmt: skip


def test_a_day_that_is_settled_itself_wins_over_the_one_of_the_state(tmp_path: Path) -> None:
    shell = laptop(tmp_path, {"done_on": "2026-10-03"}, DONE, {"state": "doing"})
    shell.say("settle", *(each["id"] for each in shell.tell("conflicts")), "--take", "1")
    assert shell.values() == {"state": ["done"], "done_on": ["2026-10-03"]}
    assert len(shell.waiting()) == 1


def test_a_settled_collision_is_brought_back_by_undo(tmp_path: Path) -> None:
    shell = laptop(tmp_path, DONE, {"state": "doing"})
    shell.say("settle", only(shell)["id"], "--take", "2")
    shell.say("undo")
    assert sorted(map(str, shell.values()["state"])) == ["doing", "done"]
    shell.say("undo")
    assert shell.values()["state"] == ["doing"]


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("--take", "3"), Code.USAGE, "Collision {id} has the values 1 to 2."),
        (("--take", "0"), Code.USAGE, "Collision {id} has the values 1 to 2."),
        (("--take", "-1"), Code.USAGE, "Collision {id} has the values 1 to 2."),
        (("--both",), Code.USAGE, "Only notes can be kept both in one; take one of the values."),
        (("--value", "finished"), Code.USAGE, "finished is no state; choose one of todo, "),
        (("--value", "done", "--on", "gestern"), Code.USAGE, "This is not a day; write it like 2026-11-23."),
        ((), Code.USAGE, "Say one of --take N, --value V and --both."),
        (("--take", "1", "--both"), Code.USAGE, "Say one of --take N, --value V and --both."),
    ],
)
def test_what_cannot_be_settled_so_is_said_and_nothing_saved(
    tmp_path: Path, words: tuple[str, ...], code: Code, line: str
) -> None:
    shell = laptop(tmp_path, DONE, {"state": "doing"})
    known = only(shell)["id"]
    assert shell.refuse("settle", known, *words, code=code).startswith(line.format(id=known))
    assert shell.waiting() == []


def test_a_collision_that_is_not_there_is_said(tmp_path: Path) -> None:
    shell = laptop(tmp_path, DONE)
    line = shell.refuse("settle", "00000000", "--take", "1")
    assert line == "There is no collision 00000000 here; guatu conflicts lists them."


def test_who_has_no_right_settles_nothing(tmp_path: Path) -> None:
    shell = laptop(tmp_path, DONE, {"state": "doing"}, role="viewer")
    line = shell.refuse("settle", only(shell)["id"], "--take", "1")
    assert line == "Your role or area does not allow this entry; ask the office."
