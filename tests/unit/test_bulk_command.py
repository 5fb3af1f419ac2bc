"""`guatu bulk`: one act on many units, saved whole; a large one waits for a person's word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shell import COMMUNITY, FAR, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code
from tui.replica import Replica

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "guatu", district())


def owners(shell: Shell) -> set[str]:
    """On which units something waits here."""
    return {each.record.split("/")[1] for each in shell.waiting()}


@pytest.mark.parametrize(
    ("where", "units"),
    [
        (("--town", "340111001"), {"340111001", COMMUNITY, VILLAGE}),
        (("--town", "３４０１１１００１０００"), {"340111001", COMMUNITY, VILLAGE}),
        (("--kind", "village"), {VILLAGE, FAR, "340111100202"}),
        (("--units", f"{VILLAGE}, 官塘,{VILLAGE},"), {VILLAGE, COMMUNITY}),
    ],
)
def test_it_enters_the_state_on_every_unit_meant_in_one_act(
    shell: Shell, where: tuple[str, ...], units: set[str]
) -> None:
    said = shell.say("bulk", "1.2", "done", *where, "--on", "2026-10-01", "--note", "会", "--yes")
    made = shell.waiting()
    assert owners(shell) == units
    assert {each.act for each in made} == {made[0].act}
    assert made[0].act is not None
    assert f"on {len(units)} units, as act {made[0].act}." in said
    assert all(dict(each.values) == {"state": "done", "done_on": "2026-10-01", "note": "会"} for each in made)


def test_it_names_what_stands_and_leaves_alone_what_stands_so_already(shell: Shell) -> None:
    address = f"step/{VILLAGE}/1.2"
    write(shell.book, entry(101, {"state": "doing"}, address))
    write(shell.book, entry(102, {"state": "done", "done_on": "2026-09-09"}, f"step/{FAR}/1.2"))
    shell.read()
    shell.say("bulk", "1.2", "done", "--units", f"{VILLAGE},{FAR}", "--yes")
    (made,) = shell.waiting()
    assert (made.record, made.seen["state"]) == (address, (f"{101:032x}",))
    assert shell.values(FAR, "1.2")["done_on"] == ["2026-09-09"]
    assert shell.refuse("bulk", "1.2", "done", "--units", FAR) == "All of these stand so already."


def test_more_than_a_tenth_of_all_units_waits_for_a_word_and_goes_when_it_is_given(shell: Shell) -> None:
    said = shell.say("bulk", "1.2", "doing", "--kind", "village")
    assert said.splitlines()[-1] == (
        "This changes more than a tenth of all units: it is saved here, and sent after guatu held --send."
    )
    shell.send()
    assert len(shell.waiting()) == 3
    assert shell.values(VILLAGE, "1.2")["state"] == ["doing"], "it stands here all the same"
    assert {each["status"] for each in shell.tell("held")} == {"asking"}
    assert shell.say("held", "--send") == "The word is given for 3; guatu sync sends it.\n"
    shell.send()
    assert shell.waiting() == []
    assert shell.values(VILLAGE, "1.2")["state"] == ["doing"]


def test_a_tenth_is_counted_from_all_units_of_the_board(shell: Shell) -> None:
    replica = Replica(shell.home / "replica.sqlite")
    replica.set_meta("units", "30")
    replica.close()
    assert "guatu held --send" not in shell.say("bulk", "1.2", "doing", "--kind", "village")
    assert "guatu held --send" in shell.say("bulk", "1.3", "doing", "--town", "340111")
    shell.send()
    assert len(shell.waiting()) == 6


def test_one_unit_never_waits_for_a_word(shell: Shell) -> None:
    assert "guatu held --send" not in shell.say("bulk", "1.2", "doing", "--units", VILLAGE)


def test_units_outside_ones_areas_are_left_out_and_counted(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "guatu", district(), areas=("340111001",))
    shell.say("bulk", "1.2", "doing", "--town", "340111001", "--yes")
    assert owners(shell) == {"340111001", COMMUNITY, VILLAGE}
    assert shell.refuse("bulk", "1.2", "doing", "--units", FAR).startswith("Your role or area does not allow")
    said = shell.say("bulk", "1.3", "doing", "--units", f"{FAR},{VILLAGE}", "--yes")
    assert said.splitlines()[-1].startswith("Left out 1. Your role or area")


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("1.2", "finished", "--kind", "village"), Code.USAGE, "finished is no state; choose one of todo, "),
        (("1.2", "todo", "--kind", "village", "--on", "2026-10-01"), Code.USAGE, "The state todo has no day."),
        (("1.2", "done", "--kind", "village", "--on", "x"), Code.USAGE, "This is not a day"),
        (("9.9", "doing", "--kind", "village"), Code.USAGE, "None of these units has a step 9.9."),
        (("1.2", "doing", "--kind", "palace"), Code.USAGE, "palace is no kind of unit; choose one of town-organ, "),
        (("1.2", "doing", "--town", "999"), Code.USAGE, "No unit of 999 is on this laptop."),
        (("1.2", "doing", "--units", "王岗"), Code.WRONG, "No unit here is called 王岗"),
        (("1.2", "doing"), Code.USAGE, "Say one of --town CODE, --kind KIND and --units CODE,CODE."),
        (("1.2", "doing", "--kind", "village", "--town", "340111"), Code.USAGE, "Say one of --town CODE"),
        (("1.2", "doing", "--kind", "village", "--note", "\x1b[2J"), Code.WRONG, "This text holds control characters"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_nothing_saved(
    shell: Shell, words: tuple[str, ...], code: Code, line: str
) -> None:
    assert shell.refuse("bulk", *words, code=code).startswith(line)
    assert shell.waiting() == []
