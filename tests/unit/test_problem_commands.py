"""`guatu problem …` and `guatu problems`: from the finding to the close-out, the look-back and back, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.shell import COMMUNITY, FAR, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code

pytestmark = pytest.mark.usefixtures("english")
LATER = "2099-12-01"
NO_RIGHT = "Your role or area does not allow this entry; ask the office."
KEYS = {
    "number", "temporary", "id", "title", "severity", "stage", "light", "due_on", "responsible", "category",
    "measured_on", "measured_by", "checked_on", "checked_by", "signed_on", "signed_by", "published_on", "published_by",
    "reopened", "lookbacks", "escalations", "visit",
}  # fmt: skip


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", district())


def add(shell: Shell, title: str = "路灯不亮", unit: str = VILLAGE, *words: str, due: str = LATER) -> str:
    """Register a problem; its number."""
    said = shell.say("problem", "add", unit, "--title", title, "--severity", "medium", "--due", due, *words)
    return said.splitlines()[0]


def only(shell: Shell) -> Any:
    (found,) = shell.tell("problems")
    return found


def closed(shell: Shell, title: str = "路灯不亮") -> str:
    """A problem that is struck off."""
    number = add(shell, title)
    for day, stage in enumerate(("measured", "checked", "signed"), 1):
        shell.say("problem", "advance", number, stage, "--on", f"2026-10-0{day}")
    return number


def numbered(shell: Shell, number: str, code: str, digits: str) -> None:
    """Have the office number a problem that it was sent."""
    write(shell.book, entry(int(digits[:3], 16) + 500, {"number": number}, f"problem/{code}/{digits}", device="office"))
    shell.read()


def test_registering_prints_the_number_that_the_problem_has_here(shell: Shell) -> None:
    said = shell.say(
        "problem", "add", "陆大村", "--title", "路灯不亮", "--severity", "medium", "--due", LATER,
        "--responsible", "王某", "--category", "其他", "--source", "opinions", "--term", "now",
        "--measure", "修", "--goal", "亮", "--promise",
    )  # fmt: skip
    number, sentence = said.splitlines()
    problem = only(shell)
    assert sentence == f"Saved here: 陆大村, problem {number}: 路灯不亮. 1 waiting; guatu sync sends them."
    assert number == problem["temporary"] == problem["number"] == f"T-{problem['id'][:6]}"
    assert set(problem) >= KEYS
    assert (problem["unit"], problem["stage"], problem["light"]) == (VILLAGE, "open", "正")
    assert (problem["responsible"], problem["category"], problem["source"], problem["term"]) == (
        "王某", "other", "opinions", "now",
    )  # fmt: skip
    assert (problem["measure"], problem["goal"], problem["promise"]) == ("修", "亮", True)


def test_other_programs_get_the_problem_with_its_number_and_id(shell: Shell) -> None:
    words = ("problem", "add", VILLAGE, "--title", "甲", "--severity", "low", "--due", LATER)
    made = shell.tell(*words)
    assert made == only(shell)
    assert (made["number"], made["temporary"]) == (f"T-{made['id'][:6]}", f"T-{made['id'][:6]}")


def test_a_problem_goes_one_stage_after_the_other_each_with_day_and_person(shell: Shell) -> None:
    number = add(shell)
    assert shell.refuse("problem", "advance", number, "checked") == "One stage after the other: now it stands at open."
    shell.say("problem", "advance", number, "measured", "--on", "2026-10-01", "--by", "赵某")
    assert only(shell)["light"] == "审"
    shell.say("problem", "advance", number, "checked", "--on", "2026-10-02")
    shell.say("problem", "advance", number, "signed", "--on", "2026-10-03")
    assert shell.tell("status")["problems"] == 0
    told = shell.tell("problem", "advance", number, "published", "--on", "2026-10-04")
    assert told == only(shell)
    assert [told[f"{stage}_on"] for stage in ("measured", "checked", "signed", "published")] == [
        f"2026-10-0{day}" for day in range(1, 5)
    ]
    assert [told[f"{stage}_by"] for stage in ("measured", "checked", "signed")] == ["赵某", "王组长", "王组长"]
    assert (told["stage"], told["light"]) == ("published", "毕")


def test_what_came_back_is_opened_again_tied_to_the_first_finding(shell: Shell) -> None:
    number = closed(shell)
    said = shell.say("problem", "reopen", number, "--reason", "又不亮了", "--due", "2099-12-31", "--on", "2026-11-01")
    assert "came back 1 time" in said
    problem = only(shell)
    assert (problem["number"], problem["stage"], problem["due_on"], problem["reopened"]) == (
        number, "open", "2099-12-31", 1,
    )  # fmt: skip
    assert (problem["reopened_on"], problem["reason"]) == ("2026-11-01", "又不亮了")
    assert problem["measured_on"] is None, "of the first closing, which the history keeps"
    (found,) = problem["lookbacks"]
    assert (found["on"], found["result"], found["note"]) == ("2026-11-01", "rebounded", "又不亮了")
    assert len({each.act for each in shell.waiting()[-2:]}) == 1


def test_a_look_back_that_found_nothing_stands_beside_the_problem(shell: Shell) -> None:
    number = closed(shell)
    told = shell.tell("problem", "look", number, "--held", "--who", "张某", "--note", "亮着", "--on", "2026-11-02")
    (found,) = told["lookbacks"]
    assert (found["on"], found["result"], found["who"], found["note"]) == ("2026-11-02", "held", "张某", "亮着")
    assert (told["stage"], told["reopened"]) == ("signed", 0)


def test_an_escalation_stands_beside_the_problem_and_is_answered_on_its_record(shell: Shell) -> None:
    number = add(shell)
    words = ("--level", "departments", "--to", "区供电局", "--text", "请协调", "--on", "2026-10-05")
    (asked,) = shell.tell("problem", "escalate", number, *words)["escalations"]
    assert (asked["level"], asked["to"], asked["text"], asked["on"]) == (
        "departments",
        "区供电局",
        "请协调",
        "2026-10-05",
    )
    assert (asked["answered_on"], asked["answer"]) == (None, None)
    shell.say("record", "set", VILLAGE, "escalation", asked["id"], "answered_on=2026-10-09", "answer=已派人")
    (asked,) = only(shell)["escalations"]
    assert (asked["answered_on"], asked["answer"]) == ("2026-10-09", "已派人")


def test_a_problem_that_was_none_is_taken_back_whole_with_the_reason(shell: Shell) -> None:
    number = add(shell)
    told = shell.tell("problem", "withdraw", number, "--reason", "登记错了")
    assert told["withdrawn"] is True
    assert shell.tell("problems") == []
    assert shell.tell("status")["problems"] == 0
    assert dict(shell.waiting()[-1].values) == {"withdrawn": True, "withdrawn_reason": "登记错了"}
    assert shell.refuse("problem", "advance", number, "measured").startswith(f"No problem here is called {number};")
    shell.say("undo")
    assert only(shell)["number"] == number


def test_registering_that_is_taken_back_leaves_no_problem(shell: Shell) -> None:
    add(shell)
    shell.say("undo")
    assert (shell.tell("problems"), shell.tell("status")["problems"]) == ([], 0)


def test_a_finding_of_a_visit_becomes_a_problem_that_names_it(shell: Shell) -> None:
    visit = shell.tell("visit", "add", VILLAGE, "--on", "2026-09-20", "--finding", "台账不全")["id"]
    add(shell, "台账不全", VILLAGE, "--visit", visit[:8])
    problem = only(shell)
    assert (problem["visit"], problem["source"], problem["found_on"]) == (visit, "inspection", "2026-09-20")
    (told,) = shell.tell("visits")
    assert told["problems"] == [problem["number"]]
    line = shell.refuse(
        "problem", "add", COMMUNITY, "--visit", visit, "--title", "甲", "--severity", "low", "--due", LATER
    )
    assert line.startswith("No one visit here has an id that begins with")


# --- what a problem is called ---


def test_the_offices_number_and_the_temporary_one_both_name_a_problem_for_ever(shell: Shell) -> None:
    temporary = add(shell)
    shell.send()
    numbered(shell, "2026-340111001-007", VILLAGE, only(shell)["id"])
    assert (only(shell)["number"], only(shell)["temporary"]) == ("2026-340111001-007", temporary)
    for wanted in ("2026-340111001-007", "001-007", "007", temporary, temporary.upper(), only(shell)["id"]):
        assert shell.tell("problem", "escalate", wanted, "--level", "town", "--to", "镇")["temporary"] == temporary
    for wanted in ("07", "01-07", "7", "T-", "002-007", "", "%", "2026"):
        line = shell.refuse("problem", "escalate", wanted, "--level", "town", "--to", "镇")
        assert line == f"No problem here is called {wanted}; guatu problems lists them."


def test_an_ending_that_several_numbers_have_says_which(shell: Shell) -> None:
    for code, digits, number in (
        (VILLAGE, "a" * 32, "2026-340111001-007"),
        (FAR, "b" * 32, "2026-340111100-007"),
    ):
        values = {"title": f"问题{digits[0]}", "severity": "low", "due_on": LATER, "stage": "open"}
        write(shell.book, entry(int(digits[0], 16) + 300, values, f"problem/{code}/{digits}"))
        numbered(shell, number, code, digits)
    line = shell.refuse("problem", "advance", "007", "measured")
    assert line == (
        "007 may mean 2 problems: 2026-340111001-007 问题a, 2026-340111100-007 问题b. Give the whole number."
    )
    shell.say("problem", "advance", "100-007", "measured")
    assert [each.record for each in shell.waiting()] == [f"problem/{FAR}/{'b' * 32}"]


# --- the register ---


def test_the_register_lists_what_is_asked_for_those_due_first_before_others(shell: Shell) -> None:
    add(shell, "三", VILLAGE, "--category", "other", "--responsible", "王某")
    add(shell, "二", FAR, "--responsible", "李某", due="2099-01-01")
    add(shell, "一", COMMUNITY, due="2020-01-01")
    closed(shell, "四")

    def titles(*words: str) -> list[str]:
        return [each["title"] for each in shell.tell("problems", *words)]

    assert titles()[:2] == ["一", "二"]
    assert sorted(titles()[2:]) == ["三", "四"], "due on one day"
    assert titles("--open") == ["一", "二", "三"]
    assert titles("--unit", "官塘") == ["一"]
    assert titles("--light", "逾") == titles("--light", "overdue") == ["一"]
    assert titles("--light", "done") == ["四"]
    assert titles("--responsible", "李") == ["二"]
    assert titles("--category", "other") == titles("--category", "其他") == ["三"]
    assert titles("--open", "--responsible", "王某", "--light", "正") == ["三"]
    said = shell.say("problems").splitlines()
    assert said[-1] == "4 problems, 3 open, 1 overdue."
    assert said[0].startswith("逾")
    body = shell.tell("status")
    assert (body["problems"], body["late_problems"]) == (3, 1)


def test_a_collision_is_marked_and_its_fields_named(shell: Shell) -> None:
    address = f"problem/{VILLAGE}/{'a' * 32}"
    for number, title in ((301, "甲\x1b[2J"), (302, "乙")):
        write(shell.book, entry(number, {"title": title, "severity": "low", "due_on": LATER, "stage": "open"}, address))
    shell.read()
    assert only(shell)["collisions"] == ["title"]
    said = shell.say("problems")
    assert said.startswith("正!")
    assert "\x1b" not in said


# --- what is wrong ---


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (
            ("add", VILLAGE, "--title", "甲", "--severity", "bad", "--due", LATER),
            Code.WRONG,
            "severity: This is none of",
        ),
        (("add", VILLAGE, "--title", "甲", "--severity", "low", "--due", "x"), Code.WRONG, "due: This is not a day"),
        (("add", VILLAGE, "--title", "", "--severity", "low", "--due", LATER), Code.WRONG, "problem: This must be"),
        (("add", VILLAGE, "--title", "甲", "--severity", "low"), Code.USAGE, "--due is missing"),
        (("add", VILLAGE, "--title", "甲", "--due", LATER), Code.USAGE, "--severity is missing"),
        (("add", "王岗", "--title", "甲", "--severity", "low", "--due", LATER), Code.WRONG, "No unit here is called"),
        (("advance", "T-000000", "measured"), Code.WRONG, "No problem here is called T-000000; guatu problems lists"),
        (("advance", "T-000000", "open"), Code.USAGE, "open is no stage; choose one of measured, checked, signed, pub"),
        (("reopen", "T-000000", "--reason", "x"), Code.WRONG, "No problem here is called T-000000"),
        (("reopen", "T-000000", "--reason", "x", "--due", "y"), Code.USAGE, "This is not a day"),
        (("look", "T-000000"), Code.USAGE, "Say --held if it is still solved"),
        (("escalate", "T-000000", "--level", "town"), Code.USAGE, "--to is missing"),
        (("withdraw", "T-000000"), Code.USAGE, "--reason is missing"),
        (("frobnicate",), Code.USAGE, "there is no command frobnicate"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_saved(
    shell: Shell, words: tuple[str, ...], code: Code, line: str
) -> None:
    assert shell.refuse("problem", *words, code=code).startswith(line)
    assert shell.waiting() == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("reopen", "--reason", "x"), "This problem is not struck off; nothing has to be opened again."),
        (("look", "--held"), "This problem is not struck off yet; a look-back comes after that."),
        (("escalate", "--level", "x", "--to", "镇"), "level: This is none of the answers. above, departments"),
        (("escalate", "--level", "town", "--to", ""), "sent to: This must be filled in."),
        (("withdraw", "--reason", " "), "why withdrawn: This must be filled in."),
        (("withdraw", "--reason", "\x1b"), "why withdrawn: This text holds control characters; remove them."),
        (("advance", "measured", "--by", "\x1b"), "measure done by: This text holds control characters; remove them."),
    ],
)  # fmt: skip
def test_what_an_act_does_not_allow_is_said_and_nothing_saved(shell: Shell, words: tuple[str, ...], line: str) -> None:
    number = add(shell)
    assert shell.refuse("problem", words[0], number, *words[1:]).startswith(line)
    assert len(shell.waiting()) == 1


def test_a_light_that_is_none_is_refused_with_those_there_are(shell: Shell) -> None:
    line = shell.refuse("problems", "--light", "red", code=Code.USAGE)
    assert line.startswith("red is no light; choose one of 毕 done, 补 late-done,")


# --- rights ---


def test_members_report_a_measure_and_only_the_group_checks_and_signs(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "member", district(), role="member", areas=("340111001",))
    number = add(shell)
    shell.say("problem", "advance", number, "measured")
    assert shell.refuse("problem", "advance", number, "checked") == NO_RIGHT
    assert shell.refuse("problem", "add", FAR, "--title", "甲", "--severity", "low", "--due", LATER) == NO_RIGHT
    assert len(shell.waiting()) == 2


def test_viewers_read_the_register_and_enter_nothing(tmp_path: Path) -> None:
    viewer = Shell(tmp_path / "viewer", district(), role="viewer")
    assert viewer.refuse("problem", "add", VILLAGE, "--title", "甲", "--severity", "low", "--due", LATER) == NO_RIGHT
    assert viewer.say("problems") == "0 problems, 0 open, 0 overdue.\n"


def test_it_is_told_in_chinese(shell: Shell) -> None:
    number = add(shell)
    said = shell.say("problems", lang="zh")
    assert f"正   {number}  陆大村  较重  路灯不亮  {LATER}  未整改" in said
