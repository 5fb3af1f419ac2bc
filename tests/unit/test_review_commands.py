"""`guatu submit`, `approve` and `return`: a paper's rounds, from the shell and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shared.board.record import step_address
from tests.shell import COMMUNITY, FAR, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code

pytestmark = pytest.mark.usefixtures("english")
PLAN = "1.5"
"""The step of a village that asks for its plan."""
FAR_OFF = "2099-01-01"
ROUND_KEYS = {"submitted_on", "by", "title", "outcome", "answered_on", "answered_by", "reason", "due_on", "days"}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", district())


@pytest.fixture
def member(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "member", district(), role="member")


def the_paper(shell: Shell, unit: str = VILLAGE) -> Any:
    (found,) = shell.tell("show", unit)["documents"]
    return found


def the_step(shell: Shell, step: str = PLAN) -> Any:
    return next(each for each in shell.tell("show", VILLAGE)["steps"] if each["id"] == step)


def submitted(shell: Shell, *words: str, step: str = PLAN) -> Shell:
    shell.say("submit", VILLAGE, step, "--title", "实施方案", "--on", "2026-09-10", *words)
    return shell


def test_a_paper_that_is_handed_in_waits_with_its_step_for_the_reviewer(shell: Shell) -> None:
    said = shell.say(
        "submit", "陆大村", PLAN, "--title", "实施方案", "--number", "陆〔2026〕1号", "--dated", "2026-09-08",
        "--on", "2026-09-10", "--note", "初稿",
    )  # fmt: skip
    assert said.startswith("Saved here: 陆大村 1.5, 实施方案, waits for inspection group, instructor")
    assert said.endswith("2 waiting; guatu sync sends them.\n")
    paper = the_paper(shell)
    assert (paper["step"], paper["sort"], paper["title"], paper["number"]) == (
        PLAN,
        "plan",
        "实施方案",
        "陆〔2026〕1号",
    )
    assert (paper["on"], paper["note"], paper["state"]) == ("2026-09-08", "初稿", "waiting")
    assert (paper["reviewed_by"], paper["filed_with"]) == (["inspection_group", "instructor"], ["town_office"])
    assert (the_step(shell)["state"], the_step(shell)["light"], the_step(shell)["rounds"]) == ("submitted", "审", 1)


def test_both_entries_of_an_act_are_taken_back_as_one(shell: Shell) -> None:
    submitted(shell)
    assert len({each.act for each in shell.waiting()}) == 1
    shell.say("undo", "--yes")
    body = shell.tell("show", VILLAGE)
    assert (the_step(shell)["state"], body["documents"]) == ("todo", [])


def test_every_round_keeps_what_was_said_to_it_and_how_long_the_office_had_it(shell: Shell) -> None:
    submitted(shell)
    shell.say("return", VILLAGE, PLAN, "--reason", "缺责任人", "--due", FAR_OFF, "--on", "2026-09-12")
    assert (the_paper(shell)["state"], the_step(shell)["state"], the_step(shell)["due"]) == (
        "returned", "returned", FAR_OFF,
    )  # fmt: skip
    shell.say("submit", VILLAGE, PLAN, "--title", "实施方案二稿", "--on", "2026-09-14")
    assert the_paper(shell)["state"] == "waiting"
    shell.say("approve", VILLAGE, PLAN, "--on", "2026-09-18")
    paper = the_paper(shell)
    first, second = paper["rounds"]
    assert set(first) >= ROUND_KEYS
    assert (first["title"], first["outcome"], first["reason"], first["due_on"], first["days"]) == (
        "实施方案", "returned", "缺责任人", FAR_OFF, 2,
    )  # fmt: skip
    assert (first["submitted_on"], first["answered_on"], first["by"], first["answered_by"]) == (
        "2026-09-10", "2026-09-12", "王组长", "王组长",
    )  # fmt: skip
    assert (second["title"], second["outcome"], second["reason"], second["days"]) == (
        "实施方案二稿", "approved", None, 4,
    )  # fmt: skip
    assert (paper["title"], paper["state"], paper["days"]) == ("实施方案二稿", "approved", 6)
    step = the_step(shell)
    assert (step["state"], step["done_on"], step["rounds"]) == ("done", "2026-09-14", 2), (
        "the office's days are not its"
    )
    assert "2 rounds  6 days at the office" in shell.say("show", VILLAGE)


def test_rounds_of_one_day_stand_in_the_order_in_which_they_were_answered(shell: Shell) -> None:
    for title in ("一", "二", "三"):
        shell.say("submit", VILLAGE, PLAN, "--title", title, "--on", "2026-09-10")
        if title != "三":
            shell.say(
                "return", VILLAGE, PLAN, "--reason", "改", "--due", FAR_OFF, "--on", f"2026-09-1{'一二'.index(title)}"
            )
    paper = the_paper(shell)
    assert [each["title"] for each in paper["rounds"]] == ["一", "二", "三"]
    assert paper["state"] == "waiting"


def test_a_paper_returned_twice_and_approved_within_a_second_is_approved(shell: Shell) -> None:
    for number, outcome in enumerate(("approved", "returned", "returned")):  # by id and by clock the wrong way round
        values = {"step": PLAN, "sort": "plan", "title": outcome, "submitted_on": "2026-09-10", "outcome": outcome}
        write(shell.book, entry(301 + number, {**values, "answered_on": "2026-09-10"}, f"document/{VILLAGE}/{number}"))
    shell.read()
    paper = the_paper(shell)
    assert [each["outcome"] for each in paper["rounds"]] == ["returned", "returned", "approved"]
    assert paper["state"] == "approved"


def test_several_steps_are_approved_in_one_act_or_none_of_them(shell: Shell) -> None:
    submitted(shell)
    submitted(shell, step="1.6")
    line = shell.refuse("approve", VILLAGE, PLAN, "1.6", "1.7")
    assert line == "1.7: Nothing waits for review on this step."
    assert the_step(shell)["state"] == "submitted"
    said = shell.say("approve", VILLAGE, PLAN, "1.6", PLAN)
    assert said.startswith("Saved here: 陆大村 1.5, 1.6 approved. 8 waiting")
    assert len({each.act for each in shell.waiting()[4:]}) == 1
    assert [the_step(shell, step)["state"] for step in (PLAN, "1.6")] == ["done", "done"]


def test_a_paper_that_somebody_else_handed_in_is_returned_with_what_was_seen(shell: Shell) -> None:
    paper = {"step": PLAN, "sort": "plan", "title": "乙", "submitted_on": "2026-09-01"}
    write(shell.book, entry(101, paper, f"document/{VILLAGE}/{'a' * 32}"))
    write(shell.book, entry(102, {"state": "submitted", "submitted_on": "2026-09-01"}, step_address(VILLAGE, PLAN)))
    shell.read()
    shell.say("return", VILLAGE, PLAN, "--reason", "改", "--due", FAR_OFF)
    step, answer = shell.waiting()
    assert step.seen["state"] == (f"{102:032x}",)
    assert (answer.record, dict(answer.values)["outcome"]) == (f"document/{VILLAGE}/{'a' * 32}", "returned")
    assert the_paper(shell)["rounds"][0]["by"] == "李员"


def test_other_programs_get_the_paper_or_the_steps_with_their_papers(shell: Shell) -> None:
    paper = shell.tell("submit", VILLAGE, PLAN, "--title", "甲", "--on", "2026-09-10")
    assert paper == the_paper(shell)
    step = shell.tell("return", VILLAGE, PLAN, "--reason", "改", "--due", FAR_OFF, "--on", "2026-09-11")
    assert step == {**the_step(shell), "documents": [the_paper(shell)]}
    shell.say("submit", VILLAGE, PLAN, "--title", "乙", "--on", "2026-09-12")
    (approved,) = shell.tell("approve", VILLAGE, PLAN)
    assert (approved["state"], approved["documents"][0]["state"]) == ("done", "approved")


def test_the_sort_is_what_the_step_asks_for_unless_somebody_says(shell: Shell) -> None:
    assert shell.tell("submit", VILLAGE, "1.1", "--title", "甲")["sort"] is None
    assert shell.tell("submit", VILLAGE, "1.2", "--title", "乙", "--sort", "其他材料")["sort"] == "other"
    assert shell.tell("submit", VILLAGE, "1.2", "--title", "丙")["sort"] == "other", "as its last round"


def test_what_was_answered_on_the_step_alone_is_told_of_the_paper_too(shell: Shell) -> None:
    submitted(shell).say("set", VILLAGE, PLAN, "done", "--on", "2026-09-20")
    assert (the_paper(shell)["state"], the_paper(shell)["days"]) == ("approved", 0)
    shell.say("set", VILLAGE, PLAN, "doing")
    assert the_paper(shell)["state"] is None


def test_the_file_of_a_paper_is_kept_here_and_named_by_its_round(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "方案.pdf"
    file.write_bytes(b"%PDF-1.4 plan")
    made = shell.tell("submit", VILLAGE, PLAN, "--title", "甲", "--file", file, "--on", "2026-09-10")
    assert (made["file"]["name"], made["file"]["size"]) == ("方案.pdf", 13)
    assert (shell.home / "files" / made["file"]["hash"]).read_bytes() == b"%PDF-1.4 plan"
    shell.say("return", VILLAGE, PLAN, "--reason", "改", "--due", FAR_OFF, "--on", "2026-09-11")
    shell.say("submit", VILLAGE, PLAN, "--title", "乙", "--on", "2026-09-12")
    assert [each["file"] for each in the_paper(shell)["rounds"]] == [made["file"], None]
    shell.say("record", "set", VILLAGE, "document", the_paper(shell)["id"], f"file={file}")
    assert the_paper(shell)["file"] == made["file"]


def test_a_file_that_cannot_be_kept_is_said_and_nothing_handed_in(shell: Shell, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    for path, line in (
        (tmp_path / "none.pdf", "There is no such file."),
        (empty, "This file is empty."),
        (tmp_path, "This is no plain file but a folder or a device."),
    ):
        assert shell.refuse("submit", VILLAGE, PLAN, "--title", "甲", "--file", path) == line
    assert shell.waiting() == []


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("submit", VILLAGE, PLAN, "--title", " "), Code.WRONG, "title: This must be filled in."),
        (("submit", VILLAGE, PLAN, "--title", "字" * 201), Code.WRONG, "title: This text is too long; at most 200"),
        (("submit", VILLAGE, PLAN, "--title", "\x1b[2J"), Code.WRONG, "title: This text holds control characters"),
        (("submit", VILLAGE, PLAN, "--title", "a\nb"), Code.WRONG, "title: This text holds control characters"),
        (
            ("submit", VILLAGE, PLAN, "--title", "甲", "--sort", "x"),
            Code.WRONG,
            "sort: This is none of the answers.",
        ),
        (("submit", VILLAGE, PLAN, "--title", "甲", "--dated", "x"), Code.WRONG, "date: This is not a day"),
        (("submit", VILLAGE, PLAN, "--title", "甲", "--on", "x"), Code.USAGE, "This is not a day"),
        (("submit", VILLAGE, "9.9", "--title", "甲"), Code.USAGE, "陆大村 has no step 9.9."),
        (("submit", "王岗", PLAN, "--title", "甲"), Code.WRONG, "No unit here is called 王岗"),
        (("submit", VILLAGE, PLAN), Code.USAGE, "--title is missing"),
        (("approve", VILLAGE, PLAN), Code.WRONG, "1.5: Nothing waits for review on this step."),
        (("approve", VILLAGE, "9.9"), Code.USAGE, "陆大村 has no step 9.9."),
        (("approve", VILLAGE), Code.USAGE, "STEP... is missing"),
        (("return", VILLAGE, PLAN, "--reason", "改", "--due", FAR_OFF), Code.WRONG, "1.5: Nothing waits for review"),
        (("return", VILLAGE, PLAN, "--reason", "改", "--due", "bald"), Code.USAGE, "This is not a day"),
        (("return", VILLAGE, PLAN, "--reason", "改"), Code.USAGE, "--due is missing"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_saved(
    shell: Shell, words: tuple[str, ...], code: Code, line: str
) -> None:
    assert shell.refuse(*words, code=code).startswith(line)
    assert shell.waiting() == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--reason", " ", "--due", FAR_OFF), "1.5: reason: This must be filled in."),
        (("--reason", "改", "--due", "2026-09-01"), "1.5: The new day lies in the past."),
        (("--reason", "\x1b[2J", "--due", FAR_OFF), "reason: This text holds control characters; remove them."),
    ],
)
def test_nothing_is_returned_without_a_reason_and_a_day_to_come(
    shell: Shell, words: tuple[str, ...], line: str
) -> None:
    submitted(shell)
    assert shell.refuse("return", VILLAGE, PLAN, "--on", "2026-09-11", *words) == line
    assert the_step(shell)["state"] == "submitted"


def test_who_may_not_approve_is_told_so_and_nothing_is_saved(member: Shell) -> None:
    submitted(member)
    line = "Your role or area does not allow this entry; ask the office."
    assert member.refuse("approve", VILLAGE, PLAN) == line
    assert member.refuse("return", VILLAGE, PLAN, "--reason", "改", "--due", FAR_OFF) == line
    assert len(member.waiting()) == 2


def test_nobody_hands_in_papers_of_units_outside_their_areas_and_viewers_none_at_all(tmp_path: Path) -> None:
    line = "Your role or area does not allow this entry; ask the office."
    near = Shell(tmp_path / "near", district(), role="member", areas=("340111001",))
    assert near.refuse("submit", FAR, PLAN, "--title", "甲") == line
    assert near.refuse("submit", COMMUNITY, "9.9", "--title", "甲", code=Code.USAGE)
    viewer = Shell(tmp_path / "viewer", district(), role="viewer")
    assert viewer.refuse("submit", VILLAGE, PLAN, "--title", "甲") == line


def test_it_is_said_in_chinese_too(shell: Shell) -> None:
    said = shell.run("approve", VILLAGE, PLAN, lang="zh").stderr
    assert said.startswith("guatu: 1.5：")
