"""`guatu show`: the whole story of a unit, as it is and as it was; and the counts of the board."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.board.record import step_address
from tests.shell import VILLAGE, Shell, district, entry, write

pytestmark = pytest.mark.usefixtures("english")
KEYS = {"documents", "problems", "visits", "surveys", "redo", "records"}
SHEET = {"issued": 167, "returned": 160, "valid": 158, "count.effect.satisfied": 78, "count.effect.dissatisfied": 80}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", district())


def told(shell: Shell) -> Shell:
    """A village with a paper, a problem, a visit and a survey, each of another day of September."""
    book, step = shell.book, step_address(VILLAGE, "1.5")
    paper = {"step": "1.5", "sort": "plan", "title": "方案", "submitted_on": "2026-09-05"}
    write(book, entry(301, paper, f"document/{VILLAGE}/d"), "2026-09-05")
    write(book, entry(302, {"state": "submitted", "submitted_on": "2026-09-05"}, step), "2026-09-05")
    problem = {"title": "路", "severity": "low", "due_on": "2026-09-08", "stage": "open"}
    write(book, entry(303, problem, f"problem/{VILLAGE}/p"), "2026-09-06")
    write(book, entry(304, {"on": "2026-09-07"}, f"visit/{VILLAGE}/v"), "2026-09-07")
    write(book, entry(305, {**SHEET, "on": "2026-09-09"}, f"survey/{VILLAGE}/s"), "2026-09-09")
    measured = {"stage": "measured", "measured_on": "2026-09-10"}
    write(book, entry(306, measured, f"problem/{VILLAGE}/p", seen={"stage": (303,)}), "2026-09-10")
    shell.read()
    return shell


def test_a_unit_of_which_nothing_was_entered_has_every_key(shell: Shell) -> None:
    body = shell.tell("show", VILLAGE)
    assert set(body) >= KEYS
    assert (body["documents"], body["problems"], body["visits"], body["surveys"], body["redo"]) == (
        [],
        [],
        [],
        [],
        None,
    )
    assert not any(body["records"].values())
    assert not set(body["records"]) & {"document", "problem", "lookback", "escalation", "visit", "survey"}
    assert {step["rounds"] for step in body["steps"]} == {0}
    assert "Papers" not in shell.say("show", VILLAGE)


@pytest.mark.parametrize(
    ("day", "counts", "light"),
    [
        ("2026-09-04", (0, 0, 0, 0), None),
        ("2026-09-06", (1, 1, 0, 0), "临"),
        ("2026-09-09", (1, 1, 1, 1), "逾"),
        ("2026-09-10", (1, 1, 1, 1), "审"),
    ],
)
def test_the_story_of_a_day_is_what_the_office_had_by_then(
    shell: Shell, day: str, counts: tuple[int, ...], light: str | None
) -> None:
    body = told(shell).tell("show", VILLAGE, "--as-of", day)
    assert tuple(len(body[name]) for name in ("documents", "problems", "visits", "surveys")) == counts
    assert [each["light"] for each in body["problems"]] == ([light] if light else [])
    assert (body["redo"] is not None) == (counts[3] == 1)
    status = shell.tell("status", "--as-of", day)
    assert (status["problems"], status["late_problems"], status["redos"]) == (counts[1], int(light == "逾"), counts[3])


def test_the_days_of_the_review_are_counted_to_that_day(shell: Shell) -> None:
    for day, days in (("2026-09-05", 0), ("2026-09-09", 4)):
        (paper,) = told(shell).tell("show", VILLAGE, "--as-of", day)["documents"]
        assert (paper["state"], paper["days"], paper["rounds"][0]["days"]) == ("waiting", days, days)


def test_words_tell_each_section_in_either_language(shell: Shell) -> None:
    said = told(shell).say("show", VILLAGE)
    told_lines = said[said.index("Papers") :].splitlines()
    assert [line for line in told_lines if not line.startswith(" ")] == [
        "Papers",
        "Problems",
        "Visits",
        "Surveys",
        "Redo",
    ]
    assert told_lines[1].startswith("  1.5  plan  方案  waits for review  1 round  ")
    assert told_lines[3] == "  审   T-p  low  路  2026-09-08  measure done"
    assert told_lines[5] == "  v  2026-09-07"
    assert told_lines[7] == "  s  2026-09-09  167/160/158  effect: 80 of 158 dissatisfied  under the threshold"
    assert "已整改" in shell.say("show", VILLAGE, lang="zh")


def test_a_redo_of_which_every_step_is_done_again_is_not_counted_as_open(shell: Shell) -> None:
    told(shell)
    for step in ("3.1", "3.2"):
        shell.say("set", VILLAGE, step, "done", "--on", "2026-09-20")
    assert shell.tell("status")["redos"] == 0
    assert shell.tell("show", VILLAGE)["redo"]["open"] is False


def test_a_step_of_the_redo_that_does_not_apply_after_all_is_not_waited_for(shell: Shell) -> None:
    told(shell)
    shell.say("set", VILLAGE, "3.1", "na", "--on", "2026-09-20")
    shell.say("set", VILLAGE, "3.2", "done", "--on", "2026-09-20")
    assert shell.tell("status")["redos"] == 0
    assert [each["redone"] for each in shell.tell("show", VILLAGE)["redo"]["steps"]] == [True, True]


def test_an_answer_of_a_newer_program_is_shown_as_it_is(shell: Shell) -> None:
    paper = {"step": "1.5", "sort": "plan", "title": "方案", "submitted_on": "2026-09-05", "outcome": "accepted"}
    write(shell.book, entry(301, paper, f"document/{VILLAGE}/d"), "2026-09-05")
    shell.read()
    assert "accepted" in shell.say("show", VILLAGE)
    assert shell.tell("show", VILLAGE)["documents"][0]["state"] == "accepted"
