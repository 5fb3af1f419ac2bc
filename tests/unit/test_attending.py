"""Where somebody looks: a step's meeting without those who had to come, and how many members study reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.board.chart import Chart
from shared.board.record import unit_address
from shared.board.unit import values_of
from shared.campaign.calendar import with_start
from shared.campaign.loader import builtin
from tests.logbook import change
from tests.shell import VILLAGE, Shell, district, entry, write
from tests.tui import boards
from tests.unit.test_chart import entered
from tui.past import History
from tui.screens.detail import step_detail
from tui.screens.unit_text import about_text
from tui.view import Day

pytestmark = pytest.mark.usefixtures("english")

CHART = Chart(with_start(builtin("baohe-2009"), "2026-09"))
UNIT = boards.unit(VILLAGE, "陆大村民委员会")
DAY = Day(boards.TODAY)
HELD = {
    "sort": "branch-life",
    "on": "2026-11-20",
    "steps": ["2.1"],
    "attended": ["town_team"],
    "absence": "[b]病\x1b假",
}
STUDY = {"on": "2026-10-03", "sort": "together", "members": 41, "present": 33, "at_home": 6}
RECORDS = entered(
    change(1, values_of(UNIT), unit_address(VILLAGE)),
    change(2, HELD, f"meeting/{VILLAGE}/{'a' * 32}"),
    change(3, STUDY, f"study/{VILLAGE}/{'b' * 32}"),
)


def flat(text: str) -> str:
    """The words without the line breaks that a narrow pane puts between them."""
    return " ".join(text.split())


def test_a_step_says_who_comes_who_may_be_invited_and_who_did_not_come() -> None:
    said = flat(step_detail(CHART, UNIT, "2.1", RECORDS, DAY).plain)
    assert "Attended by: members of the town's leading team, instructor (guidance group) " in said
    assert "May be invited: representatives of the masses" in said
    assert "! 2.1: instructor (guidance group) had to come and did not ([b]病?假)" in said


def test_a_step_whose_meeting_was_not_held_yet_reproaches_nobody() -> None:
    assert "had to come" not in step_detail(CHART, UNIT, "1.6", RECORDS, DAY).plain


def test_a_units_page_tells_its_meetings_and_study_and_nothing_where_nothing_was() -> None:
    lines = about_text(CHART, UNIT, RECORDS, History(())).plain.splitlines()
    at = lines.index("Meetings and study")
    assert lines[at + 1].startswith("2.1: instructor")
    assert lines[at + 2] == "Study: 39 of 41 members reached, 6 of them at home (sessions: 1)"
    alone = {unit_address(VILLAGE): RECORDS[unit_address(VILLAGE)]}
    assert "Meetings and study" not in about_text(CHART, UNIT, alone, History(())).plain


def test_the_shell_tells_the_same(tmp_path: Path) -> None:
    book = district()
    write(book, entry(101, HELD, f"meeting/{VILLAGE}/{'a' * 32}"))
    write(book, entry(102, STUDY, f"study/{VILLAGE}/{'b' * 32}"))
    shell = Shell(tmp_path / "guatu", book)
    told = shell.tell("show", VILLAGE)
    assert told["attendance"] == [
        {"step": "2.1", "must": ["town_team", "instructor"], "missing": ["instructor"], "meetings": 1}
    ]
    assert told["study"] == {"sessions": 1, "reached": 39, "at_home": 6, "members": 41}
    assert shell.say("show", VILLAGE).splitlines()[-2:] == [
        "2.1: instructor (guidance group) had to come and did not ([b]病?假)",
        "Study: 39 of 41 members reached, 6 of them at home (sessions: 1)",
    ]


def test_a_number_of_members_that_nobody_entered_is_not_made_up(tmp_path: Path) -> None:
    book = district()
    write(book, entry(101, {"on": "2026-10-03", "sort": "together", "present": 33}, f"study/{VILLAGE}/{'b' * 32}"))
    said = Shell(tmp_path / "guatu", book).say("show", VILLAGE).splitlines()[-1]
    assert said == "Study: 33 members reached, 0 of them at home (sessions: 1)"
