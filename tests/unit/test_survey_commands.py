"""`guatu survey add` and `guatu surveys`: sheets that add up, what they say, and the redo they open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.board.record import step_address
from shared.campaign.calendar import with_start
from shared.campaign.codec import dump
from shared.campaign.loader import builtin
from shared.campaign.model import Grade
from tests.shell import COMMUNITY, FAR, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code
from tui.replica import Replica

pytestmark = pytest.mark.usefixtures("english")
NO_RIGHT = "Your role or area does not allow this entry; ask the office."
SHEETS = ("--issued", "167", "--returned", "160", "--valid", "158")
REDO = ("3.1", "3.2")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", district())


def words(dissatisfied: int, *more: str, day: str = "2026-10-20") -> tuple[str, ...]:
    """A survey of 167 issued, 160 returned and 158 valid."""
    counts = ("--satisfied", str(158 - dissatisfied - 10), "--basic", "10", "--dissatisfied", str(dissatisfied))
    return ("survey", "add", VILLAGE, *SHEETS, *counts, "--on", day, *more)


def redo(shell: Shell, *more: str) -> Any:
    return shell.tell("show", VILLAGE, *more)["redo"]


def test_a_sheet_tells_its_counts_by_question_and_what_they_say(shell: Shell) -> None:
    made = shell.tell(
        *words(
            80, "--conduct", "100/38/20", "--invited", "170", "--present", "168", "--cause", "路", "--method", "written"
        )
    )
    assert made == shell.tell("surveys")[0]
    assert (made["unit"], made["invited"], made["present"], made["issued"], made["returned"], made["valid"]) == (
        VILLAGE, 170, 168, 167, 160, 158,
    )  # fmt: skip
    effect, conduct = made["questions"]
    assert (effect["id"], effect["counts"]) == ("effect", {"satisfied": 68, "basic": 10, "dissatisfied": 80})
    assert (effect["satisfied"], effect["dissatisfied"], effect["fails"]) == (78, 80, True)
    assert (conduct["counts"], conduct["fails"]) == ({"satisfied": 100, "basic": 38, "dissatisfied": 20}, False)
    assert (made["fails"], made["all_satisfied"], made["adds_up"]) == (True, False, True)
    assert (made["cause"], made["method"]) == ("路", ["written"])


@pytest.mark.parametrize(("dissatisfied", "fails"), [(79, False), (80, True)])
def test_exactly_half_dissatisfied_opens_no_redo_and_one_more_does(
    shell: Shell, dissatisfied: int, fails: bool
) -> None:
    said = shell.say(*words(dissatisfied))
    assert ("A redo opens: 3.1, 3.2, until 2026-11-19." in said) == fails
    assert (redo(shell) is not None) == fails
    assert shell.tell("status")["redos"] == int(fails)
    assert f"1 survey, {int(fails)} under the threshold." in shell.say("surveys")


def test_a_redo_names_its_survey_and_every_step_until_each_is_done_again(shell: Shell) -> None:
    shell.say("set", VILLAGE, "3.1", "done", "--on", "2026-10-01")
    made = shell.tell(*words(80, "--redo-due", "2026-11-10"))
    told = redo(shell)
    assert told["survey"] == {k: v for k, v in made.items() if k not in ("unit", "unit_name")}
    assert (told["due"], told["open"]) == ("2026-11-10", True)
    assert [(each["id"], each["due"], each["redone"]) for each in told["steps"]] == [
        (step, "2026-11-10", False) for step in REDO
    ]
    assert "to be done again: 3.1 2026-11-10, 3.2 2026-11-10" in shell.say("show", VILLAGE)
    for step in REDO:
        shell.say("set", VILLAGE, step, "done", "--on", "2026-11-01")
    told = redo(shell)
    assert (told["open"], [each["redone"] for each in told["steps"]]) == (False, [True, True])
    assert shell.tell("status")["redos"] == 0
    assert "everything was done again after the survey of 2026-10-20" in shell.say("show", VILLAGE)
    shell.say(*words(10, day="2026-11-05"))
    body = shell.tell("show", VILLAGE)
    assert body["redo"] is None, "the latest survey decides"
    assert [each["fails"] for each in body["surveys"]] == [True, False], "the first result stays beside the second"


def test_nobody_dissatisfied_is_marked_for_a_second_look(shell: Shell) -> None:
    assert "Nobody at all was dissatisfied: worth a second look." in shell.say(*words(0))
    assert shell.tell("surveys")[0]["all_satisfied"] is True


@pytest.mark.parametrize(
    ("line", "more"),
    [
        ("returned 160: This is more than the number it is a part of (issued 159).", ("--issued", "159")),
        ("valid 161: This is more than the number it is a part of (returned 160).", ("--valid", "161")),
        ("present 9: This is more than the number it is a part of (invited 8).", ("--present", "9", "--invited", "8")),
        ("issued 167: This is more than the number it is a part of (present 9).", ("--present", "9")),
        ("effect: The answers do not add up to the valid sheets: 158 / 157.", ("--valid", "157")),
        ("conduct: The answers do not add up to the valid sheets: 6 / 158.", ("--conduct", "1/2/3")),
        ("valid: There is no valid sheet: nothing can be counted.", ("--valid", "0")),
        ("issued: This is not a whole number.", ("--issued", "many")),
        ("valid: This number lies outside 0-1000000.", ("--valid", "-1")),
        ("effect: basically satisfied: This number lies outside 0-1000000.", ("--basic", "-3")),
        ("effect: satisfied: This is not a whole number.", ("--satisfied", "1.5")),
        ("conduct: dissatisfied: This is not a whole number.", ("--conduct", "1/2/x")),
        ("day: This is not a day; write it like 2026-11-23.", ("--on", "x")),
        ("method: This is none of the answers.", ("--method", "x")),
    ],
)
def test_what_does_not_add_up_is_refused_with_the_number(shell: Shell, line: str, more: tuple[str, ...]) -> None:
    assert shell.refuse(*words(40, *more)).startswith(line)
    assert shell.waiting() == []


def test_a_sheet_without_answers_is_none(shell: Shell) -> None:
    line = shell.refuse("survey", "add", VILLAGE, *SHEETS)
    assert line == "effect: satisfied: This must be filled in."
    assert shell.refuse("survey", "add", VILLAGE, "--issued", "1", "--returned", "1", code=Code.USAGE).startswith(
        "--valid"
    )


def test_other_grades_and_questions_are_given_by_name(shell: Shell) -> None:
    made = shell.tell(
        "survey",
        "add",
        VILLAGE,
        *SHEETS,
        "--count",
        "满意=100",
        "--count",
        "dissatisfied=58",
        "--count",
        "conduct.basic=158",
    )
    effect, conduct = made["questions"]
    assert (effect["counts"], conduct["counts"]) == ({"satisfied": 100, "dissatisfied": 58}, {"basic": 158})


@pytest.mark.parametrize(
    ("more", "line"),
    [
        (
            ("--count", "good=158"),
            "This campaign has no grade good; it has satisfied, basic, dissatisfied. Give counts as",
        ),
        (("--count", "price.basic=158"), "This campaign does not ask about price; it asks about effect, conduct."),
        (("--count", "158"), "Write 158 as GRADE=N or QUESTION.GRADE=N."),
        (("--conduct", "1/2"), "Write all grades in their order: satisfied/basic/dissatisfied."),
    ],
)
def test_a_grade_that_the_campaign_does_not_have_is_refused(shell: Shell, more: tuple[str, ...], line: str) -> None:
    assert shell.refuse("survey", "add", VILLAGE, *SHEETS, *more, code=Code.USAGE).startswith(line)


def test_a_campaign_with_grades_of_its_own_takes_those(shell: Shell) -> None:
    campaign = with_start(builtin("baohe-2009"), "2026-09")
    grades = (Grade("good", "好", "good", True), Grade("bad", "差", "bad", False))
    own = replace(campaign, rules=replace(campaign.rules, grades=grades))
    replica = Replica(shell.home / "replica.sqlite")
    replica.keep_campaign("c", orjson.dumps(dump(own)))
    replica.close()
    line = shell.refuse("survey", "add", VILLAGE, *SHEETS, "--satisfied", "158", code=Code.USAGE)
    assert line == "This campaign has no grade satisfied; it has good, bad. Give counts as --count GRADE=N."
    made = shell.tell(
        "survey", "add", VILLAGE, *SHEETS, "--count", "good=58", "--count", "bad=100", "--conduct", "158/0"
    )
    assert (made["fails"], made["questions"][0]["counts"]) == (True, {"good": 58, "bad": 100})


def test_sheets_of_two_people_that_do_not_agree_say_nothing_until_somebody_settles(shell: Shell) -> None:
    sheet = {"on": "2026-10-20", "issued": 10, "returned": 10, "valid": 10, "count.effect.satisfied": 10}
    for number, valid in ((301, 10), (302, 9)):
        write(shell.book, entry(number, {**sheet, "valid": valid}, f"survey/{VILLAGE}/s"))
    write(shell.book, entry(303, {"valid": 9}, f"survey/{VILLAGE}/s", seen={"valid": (301, 302)}))
    shell.read()
    (told,) = shell.tell("surveys")
    assert (told["adds_up"], told["fails"], told["questions"][0]["satisfied"]) == (False, False, None)
    assert told["questions"][0]["counts"] == {"satisfied": 10}
    assert "does not add up" in shell.say("surveys")


def test_surveys_come_by_day_of_all_units_or_of_one(shell: Shell) -> None:
    few = ("--issued", "5", "--returned", "5", "--valid", "5", "--satisfied", "5")
    for unit, day in ((VILLAGE, "2026-10-20"), (FAR, "2026-10-10"), (COMMUNITY, "2026-10-15")):
        shell.say("survey", "add", unit, *few, "--on", day)
    assert [each["on"] for each in shell.tell("surveys")] == ["2026-10-10", "2026-10-15", "2026-10-20"]
    assert [each["unit"] for each in shell.tell("surveys", "--unit", "官塘")] == [COMMUNITY]


def test_members_enter_surveys_in_their_area_alone(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "member", district(), role="member", areas=("340111001",))
    shell.say(*words(40))
    assert shell.refuse("survey", "add", FAR, *words(40)[3:]) == NO_RIGHT
    assert len(shell.waiting()) == 1


def test_a_step_done_again_says_after_which_survey(shell: Shell) -> None:
    made = shell.tell(*words(80))
    shell.say("submit", VILLAGE, "3.1", "--title", "整改落实措施", "--on", "2026-10-20")
    shell.say("approve", VILLAGE, "3.1")
    assert shell.values(VILLAGE, "3.1")["redone"] == [made["id"]]
    assert [each["redone"] for each in redo(shell)["steps"]] == [True, False]
    assert step_address(VILLAGE, "3.1") in {each.record for each in shell.waiting()}
