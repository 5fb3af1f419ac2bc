"""`guatu undo`: what was entered is taken back, before and after it was sent, alone or as a whole act."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shared.board.holds import hold_address
from tests.logbook import number_id
from tests.shell import COMMUNITY, FAR, STEP, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A laptop with a step on which somebody else has entered that it is in progress."""
    book = district()
    write(book, entry(101, {"state": "doing", "started_on": "2026-09-10"}), "2026-09-10")
    return Shell(tmp_path / "guatu", book)


@pytest.mark.parametrize("sent", [False, True], ids=["before sync", "after sync"])
def test_the_newest_entry_is_taken_back_and_what_stood_before_is_there_again(shell: Shell, sent: bool) -> None:
    before = shell.values()
    shell.say("set", VILLAGE, "1.1", "done", "--on", "2026-11-20", "--note", "交了")
    if sent:
        shell.send()
    said = shell.say("undo")
    assert "陆大村 1.1: taken back: done → in progress" in said
    assert "by 王组长" in said
    assert {**before, "note": [None], "done_on": [None]} == shell.values()
    shell.send()
    assert shell.values()["state"] == ["doing"]
    assert shell.tell("conflicts") == []


def test_what_it_took_back_is_named_by_it(shell: Shell) -> None:
    shell.say("set", VILLAGE, "1.2", "doing")
    (first,) = shell.waiting()
    shell.say("undo")
    assert shell.waiting()[-1].undoes == first.id


def test_taking_back_twice_gives_back_what_was_taken_back(shell: Shell) -> None:
    shell.say("set", VILLAGE, "1.1", "done", "--on", "2026-11-20")
    done = shell.values()
    shell.say("undo")
    shell.say("undo")
    assert shell.values() == done


def test_an_entry_of_somebody_else_is_taken_back_by_its_id_with_the_right(shell: Shell) -> None:
    assert "in progress → not started" in shell.say("undo", number_id(101))
    assert shell.values()["state"] == [None]
    assert shell.tell("show", VILLAGE)["steps"][0]["state"] == "todo"


def test_the_beginning_of_an_id_is_enough_while_only_one_begins_so(shell: Shell) -> None:
    shell.say("set", VILLAGE, "1.2", "doing")
    newest = shell.waiting()[0].id
    line = shell.refuse("undo", "0000")
    assert line == "No one entry known here has an id that begins with 0000; guatu log --json has the ids."
    assert shell.refuse("undo", newest[:3]).startswith("No one entry known here")
    shell.say("undo", newest[:8])
    assert shell.values(step="1.2")["state"] == [None]


def test_without_the_right_nothing_is_taken_back(tmp_path: Path) -> None:
    book = district()
    write(book, entry(101, {"state": "doing"}))
    viewer = Shell(tmp_path / "viewer", book, role="viewer")
    line = viewer.refuse("undo", number_id(101))
    assert line == "Your role or area does not allow this entry; ask the office."
    assert viewer.refuse("undo") == "Nothing that was entered on this laptop still stands."


def test_what_others_entered_since_is_left_alone(shell: Shell) -> None:
    shell.say("set", VILLAGE, "1.1", "submitted", "--note", "交了")
    mine = shell.waiting()[0]
    shell.send()
    later = replace(entry(150, {"state": "returned"}), seen={"state": (mine.id,)})
    write(shell.book, later)
    shell.read()
    shell.say("undo")
    assert shell.values()["state"] == ["returned"]
    assert shell.values()["note"] == [None]
    assert shell.refuse("undo", mine.id).startswith("Nothing of it stands any more")


def test_what_stood_before_and_is_not_known_here_is_said(shell: Shell) -> None:
    stranger = replace(entry(150, {"state": "done"}), seen={"state": (number_id(101), number_id(999))})
    write(shell.book, stranger)
    shell.read()
    line = shell.refuse("undo", stranger.id)
    assert line == "What stood before is not known on this laptop; guatu sync reads it, or enter a value."


def test_a_decision_on_a_held_entry_is_not_taken_back(shell: Shell) -> None:
    write(shell.book, entry(150, {"state": "done"}), status="held:no-right")
    verdict = entry(151, {"verdict": "declined", "of": "d2"}, hold_address(VILLAGE, number_id(150)))
    write(shell.book, verdict)
    shell.read()
    assert shell.refuse("undo", verdict.id).startswith("A decision is not taken back;")


# --- whole acts ---


def test_an_act_is_taken_back_as_one(shell: Shell) -> None:
    said = shell.say("bulk", "1.2", "doing", "--units", f"{VILLAGE},{COMMUNITY}", "--yes")
    act = said.rpartition("act ")[2].strip().rstrip(".")
    shell.send()
    assert len(shell.say("undo", "--act", act, "--yes").splitlines()) == 2
    assert {shell.values(code, "1.2")["state"][0] for code in (VILLAGE, COMMUNITY)} == {None}
    assert len({entry.act for entry in shell.waiting()}) == 1
    shell.say("undo", "--yes")
    assert {shell.values(code, "1.2")["state"][0] for code in (VILLAGE, COMMUNITY)} == {"doing"}


def test_without_words_the_act_of_the_newest_entry_goes_whole(shell: Shell) -> None:
    shell.say("bulk", "1.2", "doing", "--units", f"{VILLAGE},{COMMUNITY},{FAR}", "--yes")
    shell.say("undo", "--yes")
    assert {shell.values(code, "1.2")["state"][0] for code in (VILLAGE, COMMUNITY, FAR)} == {None}


def test_what_cannot_be_taken_back_of_an_act_is_left_and_said(shell: Shell) -> None:
    shell.say("bulk", "1.2", "doing", "--units", f"{VILLAGE},{COMMUNITY}", "--yes")
    mine = next(each for each in shell.waiting() if VILLAGE in each.record)
    shell.send()
    later = replace(
        entry(150, {"state": "done", "started_on": "x"}, mine.record), seen=dict.fromkeys(mine.values, (mine.id,))
    )
    write(shell.book, later)
    shell.read()
    said = shell.say("undo", "--yes")
    assert said.splitlines()[-1].startswith("1 could not be taken back. Nothing of it stands any more")
    assert (shell.values(VILLAGE, "1.2")["state"], shell.values(COMMUNITY, "1.2")["state"]) == (["done"], [None])


def test_taking_back_on_many_units_waits_for_a_word(shell: Shell) -> None:
    shell.say("bulk", "1.2", "doing", "--units", f"{VILLAGE},{COMMUNITY}", "--yes")
    shell.send()
    assert "guatu held --send" in shell.say("undo")
    assert shell.tell("status")["labels"]["needs_look"] == 2
    shell.send()
    assert len(shell.waiting()) == 2, "nothing was sent"


def test_taking_back_what_waits_for_a_word_waits_with_it(shell: Shell) -> None:
    shell.say("bulk", "1.1", "done", "--units", f"{VILLAGE},{COMMUNITY}", "--on", "2026-10-01")
    assert "guatu held --send" in shell.say("undo", "--yes")
    shell.send()
    assert len(shell.waiting()) == 4, "the office would have one without the other"
    shell.say("held", "--send")
    shell.send()
    assert (shell.waiting(), shell.values()["state"]) == ([], ["doing"])


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("--act", "0" * 32), Code.WRONG, "No act 0000"),
        (("--act", "%"), Code.WRONG, "No act % is known here"),
        (("abcd", "--act", "0" * 32), Code.USAGE, "Name an entry or an act, not both."),
        (("%%%%",), Code.WRONG, "No one entry known here has an id that begins with %%%%"),
    ],
)
def test_what_is_not_there_is_said(shell: Shell, words: tuple[str, ...], code: Code, line: str) -> None:
    assert shell.refuse("undo", *words, code=code).startswith(line)
    assert STEP not in {each.record for each in shell.waiting()}
