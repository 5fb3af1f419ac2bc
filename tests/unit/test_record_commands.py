"""`guatu record …` and `guatu records`: any form from the shell, its fields given as FIELD=VALUE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.shell import FAR, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code

pytestmark = pytest.mark.usefixtures("english")
NO_RIGHT = "Your role or area does not allow this entry; ask the office."


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", district())


def only(shell: Shell, *words: str) -> Any:
    (found,) = shell.tell("records", VILLAGE, *words)
    return found


def test_fields_are_read_as_the_form_has_them(shell: Shell) -> None:
    made = shell.tell("record", "add", VILLAGE, "visit", "on=20260920", "who=李某=王某", "looked=1.4，1.1,", "note= 甲")
    assert made == only(shell, "visit")
    assert {"kind", "id", "unit", "day", "entered_by", "entered_at", "collisions", "withdrawn", "values"} <= set(made)
    assert (made["kind"], made["day"], made["entered_by"]) == ("visit", "2026-09-20", "王组长")
    assert (made["values"]["who"], made["values"]["looked"], made["values"]["note"]) == (
        "李某=王某",
        ["1.1", "1.4"],
        " 甲",
    )
    assert made["values"]["group"] is None


def test_a_form_and_its_fields_go_by_their_titles_too(shell: Shell) -> None:
    made = shell.tell("record", "add", VILLAGE, "走访检查", "走访日期=2026-09-20", "who went=李某")
    assert (made["kind"], made["day"], made["values"]["who"]) == ("visit", "2026-09-20", "李某")


def test_a_record_is_changed_by_how_its_id_begins_and_has_seen_what_stood(shell: Shell) -> None:
    write(shell.book, entry(301, {"on": "2026-09-20", "who": "李某"}, f"visit/{VILLAGE}/{'c' * 32}"))
    shell.read()
    said = shell.say("record", "set", VILLAGE, "visit", "cccc", "note=座谈", "who=")
    assert said == "Saved here: 陆大村, cccccccc  visit  2026-09-20  座谈. 1 waiting; guatu sync sends them.\n"
    (made,) = shell.waiting()
    assert (dict(made.values), made.seen) == ({"note": "座谈", "who": None}, {"who": (f"{301:032x}",)})


def test_a_record_is_taken_back_whole_and_undone(shell: Shell) -> None:
    made = shell.tell("record", "add", VILLAGE, "visit", "on=2026-09-20")
    said = shell.say("record", "set", VILLAGE, "visit", made["id"], "withdrawn=yes")
    assert "visit  2026-09-20  withdrawn" in said
    assert shell.tell("records", VILLAGE) == []
    assert shell.say("records", VILLAGE) == "No such record here.\n"
    shell.say("undo")
    assert only(shell)["id"] == made["id"]


def test_records_come_by_form_and_day(shell: Shell) -> None:
    for day in ("2026-09-21", "2026-09-20"):
        shell.say("record", "add", VILLAGE, "visit", f"on={day}", "who=李某")
    shell.say("submit", VILLAGE, "1.1", "--title", "甲", "--on", "2026-09-01")
    told = shell.tell("records", VILLAGE)
    assert [(each["kind"], each["day"]) for each in told] == [
        ("document", "2026-09-01"), ("visit", "2026-09-20"), ("visit", "2026-09-21"),
    ]  # fmt: skip
    lines = shell.say("records", VILLAGE, "visit").splitlines()
    assert [line.split("  ")[1:] for line in lines] == [["visit", f"2026-09-2{n}", "李某"] for n in (0, 1)]


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("add", VILLAGE, "nothing", "on=1"), Code.USAGE, "There is no form nothing; choose one of document, "),
        (("add", VILLAGE, "problem", "title=甲"), Code.USAGE, "problem is entered with guatu problem add."),
        (("add", VILLAGE, "document", "title=甲"), Code.USAGE, "document is entered with guatu submit."),
        (("add", VILLAGE, "visit", "on"), Code.USAGE, "Write on as FIELD=VALUE."),
        (
            ("add", VILLAGE, "visit", "colour=red"),
            Code.USAGE,
            "visit has no field colour to fill in; it has planned_on,",
        ),
        (("add", VILLAGE, "visit", "withdrawn=yes"), Code.USAGE, "visit has no field withdrawn to fill in"),
        (("add", VILLAGE, "visit"), Code.USAGE, "FIELD=VALUE... is missing"),
        (("add", VILLAGE, "visit", "on=x"), Code.WRONG, "day: This is not a day; write it like 2026-11-23."),
        (("add", VILLAGE, "visit", "who=甲"), Code.WRONG, "day: This must be filled in."),
        (
            ("add", VILLAGE, "visit", "on=2026-09-20", "note=\x1b"),
            Code.WRONG,
            "note: This text holds control characters",
        ),
        (("add", VILLAGE, "survey", "on=2026-09-20", "issued=9"), Code.WRONG, "returned: This must be filled in."),
        (("set", VILLAGE, "visit", "abcd", "note=甲"), Code.WRONG, "No one visit here has an id that begins with abcd"),
        (("set", VILLAGE, "visit", "", "note=甲"), Code.WRONG, "No one visit here has an id that begins with"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_saved(
    shell: Shell, words: tuple[str, ...], code: Code, line: str
) -> None:
    assert shell.refuse("record", *words, code=code).startswith(line)
    assert shell.waiting() == []


def test_what_only_an_act_sets_is_not_typed(shell: Shell) -> None:
    made = shell.tell("problem", "add", VILLAGE, "--title", "甲", "--severity", "low", "--due", "2099-01-01")
    for field in ("stage=signed", "number=1", "signed_on=2026-09-20"):
        line = shell.refuse("record", "set", VILLAGE, "problem", made["id"], field, code=Code.USAGE)
        assert line.startswith(f"problem has no field {field.partition('=')[0]} to fill in")
    assert shell.tell("record", "set", VILLAGE, "problem", made["id"], "severity=high")["values"]["severity"] == "high"


def test_an_id_that_begins_several_is_refused(shell: Shell) -> None:
    for end in ("1", "2"):
        write(shell.book, entry(300 + int(end), {"on": "2026-09-20"}, f"visit/{VILLAGE}/aaaa{end}"))
    shell.read()
    assert shell.refuse("record", "set", VILLAGE, "visit", "aaaa", "note=x").startswith("No one visit here has an id")
    shell.say("record", "set", VILLAGE, "visit", "aaaa1", "note=x")


def test_members_enter_records_in_their_area_alone(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "member", district(), role="member", areas=("340111001",))
    shell.say("record", "add", VILLAGE, "visit", "on=2026-09-20")
    assert shell.refuse("record", "add", FAR, "visit", "on=2026-09-20") == NO_RIGHT
    assert len(shell.waiting()) == 1
