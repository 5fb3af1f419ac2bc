"""`guatu visit add` and `guatu visits`: who was where, what was found, and where nobody was."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.shell import COMMUNITY, FAR, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code
from tui.laptop import local_now

pytestmark = pytest.mark.usefixtures("english")
NO_RIGHT = "Your role or area does not allow this entry; ask the office."


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", district())


def only(shell: Shell) -> Any:
    (found,) = shell.tell("visits")
    return found


def test_a_visit_keeps_day_people_what_was_looked_at_and_each_finding(shell: Shell) -> None:
    made = shell.tell(
        "visit", "add", "陆大村", "--on", "2026-09-20", "--who", "李某、王某", "--note", "座谈",
        "--finding", "台账不全", "--finding", " 公示缺 ", "--looked", "1.1", "--looked", "1.4",
        "--households", "党员,masses",
    )  # fmt: skip
    assert made == only(shell)
    assert (made["unit"], made["on"], made["who"], made["note"]) == (VILLAGE, "2026-09-20", "李某、王某", "座谈")
    assert (made["findings"], made["looked"]) == (["台账不全", "公示缺"], ["1.1", "1.4"])
    assert len(made["households"]) == 2
    assert (made["planned_on"], made["problems"]) == (None, [])
    assert shell.tell("show", VILLAGE)["visits"] == [{k: v for k, v in made.items() if k not in ("unit", "unit_name")}]


def test_words_tell_it_on_one_line_with_the_id_that_names_it(shell: Shell) -> None:
    said = shell.say("visit", "add", VILLAGE, "--on", "2026-09-20", "--who", "李某", "--finding", "甲")
    visit = only(shell)["id"]
    assert said == (
        f"Saved here: 陆大村, visit {visit[:8]}  2026-09-20  李某  1 finding. 1 waiting; guatu sync sends them.\n"
    )
    assert shell.say("visits") == f"{visit[:8]}  2026-09-20  陆大村  李某  1 finding\n1 visit.\n"


def test_a_planned_visit_waits_until_its_record_gets_a_day(shell: Shell) -> None:
    shell.say("visit", "add", VILLAGE, "--plan", "2026-09-25")
    planned = only(shell)
    assert (planned["on"], planned["planned_on"]) == (None, "2026-09-25")
    assert "planned for 2026-09-25" in shell.say("visits")
    shell.say("record", "set", VILLAGE, "visit", planned["id"][:6], "on=2026-09-26")
    assert only(shell)["on"] == "2026-09-26"


def test_visits_come_by_day_of_all_units_or_of_one(shell: Shell) -> None:
    for unit, day in ((VILLAGE, "2026-09-20"), (FAR, "2026-09-10"), (COMMUNITY, "2026-09-15")):
        shell.say("visit", "add", unit, "--on", day)
    assert [each["on"] for each in shell.tell("visits")] == ["2026-09-10", "2026-09-15", "2026-09-20"]
    assert [each["unit"] for each in shell.tell("visits", "--unit", "官塘")] == [COMMUNITY]


def test_coverage_names_those_nobody_came_to_first_then_the_longest_ago(shell: Shell) -> None:
    today = local_now().date()
    for unit, days in ((VILLAGE, 3), (VILLAGE, 9), (COMMUNITY, 5)):
        shell.say("visit", "add", unit, "--on", (today - timedelta(days=days)).isoformat())
    shell.say("visit", "add", FAR, "--plan", (today + timedelta(days=1)).isoformat())
    shell.say("visit", "add", FAR, "--on", (today + timedelta(days=1)).isoformat())
    told = shell.tell("visits", "--coverage")
    assert len(told) == 6
    assert [(each["unit"], each["count"], each["days"]) for each in told[-2:]] == [(COMMUNITY, 1, 5), (VILLAGE, 2, 3)]
    far = next(each for each in told if each["unit"] == FAR)
    assert (far["count"], far["last"], far["days"]) == (0, None, None), "a day to come is no visit yet"
    assert far["planned"] == [(today + timedelta(days=1)).isoformat()]
    said = shell.say("visits", "--coverage").splitlines()
    assert said[0].startswith("never  ")
    assert said[5] == f"3 days ago  陆大村  {VILLAGE}  2 visits"
    assert said[6:] == ["骆岗街道: 2 of 3 units visited.", "淝河镇: 0 of 3 units visited."]
    (one,) = shell.tell("visits", "--coverage", "--unit", "陆大村")
    assert one["last"] == (today - timedelta(days=3)).isoformat()


def test_what_people_typed_never_steers_the_terminal(shell: Shell) -> None:
    write(shell.book, entry(301, {"on": "2026-09-20", "who": "\x1b[2J李", "note": "a\nb"}, f"visit/{VILLAGE}/x"))
    shell.read()
    assert shell.say("visits").splitlines() == ["x  2026-09-20  陆大村  ?[2J李  a b", "1 visit."]


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        ((VILLAGE,), Code.USAGE, "Say --on DATE for a visit that took place, or --plan DATE for one to come."),
        ((VILLAGE, "--on", "gestern"), Code.WRONG, "day: This is not a day; write it like 2026-11-23."),
        ((VILLAGE, "--on", "2026-09-20", "--looked", "9.9"), Code.WRONG, "what was looked at: This is none of the ans"),
        ((VILLAGE, "--on", "2026-09-20", "--households", "x"), Code.WRONG, "households visited: This is none of the"),
        (
            (VILLAGE, "--on", "2026-09-20", "--who", "字" * 201),
            Code.WRONG,
            "who went: This text is too long; at most 200",
        ),
        ((VILLAGE, "--on", "2026-09-20", "--finding", "\x1b"), Code.WRONG, "findings, one a line: This text holds con"),
        (("王岗", "--on", "2026-09-20"), Code.WRONG, "No unit here is called 王岗"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_saved(
    shell: Shell, words: tuple[str, ...], code: Code, line: str
) -> None:
    assert shell.refuse("visit", "add", *words, code=code).startswith(line)
    assert shell.waiting() == []


def test_members_enter_visits_in_their_area_alone(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "member", district(), role="member", areas=("340111001",))
    shell.say("visit", "add", VILLAGE, "--on", "2026-09-20")
    assert shell.refuse("visit", "add", FAR, "--on", "2026-09-20") == NO_RIGHT
    assert len(shell.waiting()) == 1
