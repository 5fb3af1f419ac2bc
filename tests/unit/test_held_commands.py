"""`guatu held`, `release` and `decline`: an entry that does not count is kept whole, explained, and decided on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.board.change import Change, encode, to_json
from shared.board.holds import MAX_KEPT, hold_address
from tests.logbook import number_id
from tests.shell import FAR, STEP, VILLAGE, Shell, district, entry, write
from tui.commands.failing import Code

pytestmark = pytest.mark.usefixtures("english")
HELD = entry(101, {"state": "returned", "returned_on": "2026-10-01", "note": "x"})


def laptop(folder: Path, *held: Change, status: str = "held:no-right", **who: Any) -> Shell:
    """A laptop that has read that these entries are held."""
    book = district()
    for each in held:
        write(book, each, "2026-10-02", status)
    return Shell(folder / "guatu", book, **who)


def mine(folder: Path, status: str = "held:no-right") -> Shell:
    """A member's laptop whose one entry the office holds."""
    shell = laptop(folder, role="member")
    shell.say("set", VILLAGE, "1.1", "doing")
    shell.send(status)
    return shell


def verdict(held: Change, said: str, reason: str = "", number: int = 190) -> Change:
    values = {"verdict": said, "of": held.device, "reason": reason, "change": to_json(held)}
    return entry(number, values, hold_address(VILLAGE, held.id), author="李组长")


def test_ones_own_entry_is_shown_whole_with_the_reason_in_words(tmp_path: Path) -> None:
    shell = mine(tmp_path)
    (found,) = shell.tell("held")
    assert (found["status"], found["mine"], found["unit"], found["step"]) == ("held:no-right", True, VILLAGE, "1.1")
    assert found["reason"].startswith("Its author's role or area does not allow it")
    assert found["change"]["set"]["state"] == "doing"
    assert found["since"]
    assert found["decided"] is None
    said = shell.say("held").splitlines()
    assert (
        said[0] == f"{found['id'][:8]}  陆大村 1.1: not started → in progress ({found['change']['at'][:10]}), by 王组长"
    )
    assert "录入人的角色" in shell.say("held", lang="zh")
    assert shell.tell("status")["labels"]["needs_look"] == 1


def test_an_author_is_told_who_declined_and_why_until_it_is_dismissed(tmp_path: Path) -> None:
    shell = mine(tmp_path)
    (found,) = shell.tell("held")
    said = {"verdict": "declined", "reason": "重复", "of": "d1"}
    write(shell.book, entry(190, said, hold_address(VILLAGE, found["id"]), author="李组长"))
    shell.read()
    (told,) = shell.tell("held")
    assert (told["status"], told["decided"]["by"], told["decided"]["reason"]) == ("declined", "李组长", "重复")
    assert "Decided by 李组长: 重复" in shell.say("held")
    assert shell.say("held", "--dismiss", found["id"][:8]) == "Dismissed 1; the history keeps it.\n"
    assert shell.tell("held") == []
    assert shell.say("held") == "Nothing needs a look.\n"
    assert shell.tell("status")["labels"]["needs_look"] == 0
    assert found["id"] in {line["change"] for line in shell.tell("log")}


def test_who_may_decide_sees_everything_held_in_their_areas(tmp_path: Path) -> None:
    far = entry(102, {"note": "y"}, f"step/{FAR}/1.1")
    lead = laptop(tmp_path / "lead", HELD, far, areas=("340111001",))
    (found,) = lead.tell("held")
    assert (found["id"], found["mine"], found["by"], found["change"]) == (HELD.id, False, "李员", to_json(HELD))
    assert found["since"] == "2026-10-02T12:00:00.000+00:00"
    both = laptop(tmp_path / "both", HELD, far)
    assert {each["id"] for each in both.tell("held")} == {HELD.id, far.id}
    member = laptop(tmp_path / "member", HELD, far, role="member")
    assert member.tell("held") == []


def test_a_release_carries_the_entry_whole_and_lets_it_count(tmp_path: Path) -> None:
    odd = replace(HELD, extra={"newer": [1, {"b": None}]})
    shell = laptop(tmp_path, odd)
    assert shell.say("release", odd.id, "--reason", "可以") == "Released 1; guatu sync sends it.\n"
    (made,) = shell.waiting()
    assert made.record == hold_address(VILLAGE, odd.id)
    assert made.values == {"verdict": "released", "reason": "可以", "of": "d2", "change": to_json(odd)}
    assert shell.tell("held") == []
    shell.send()
    assert shell.values()["state"] == ["returned"]
    labels = [line["label"] for line in shell.tell("log", VILLAGE)][:3]
    assert labels == ["applied", "applied", "held:no-right"]
    assert shell.tell("log", VILLAGE)[0]["released_by"] == "王组长"


def test_a_large_entry_is_released_from_the_log_to_the_letter(tmp_path: Path) -> None:
    large = entry(101, {"note": "字" * 3000})
    assert len(encode(large)) > MAX_KEPT
    shell = laptop(tmp_path, large)
    (found,) = shell.tell("held")
    assert found["change"] == to_json(large)
    shell.say("release", large.id)
    assert shell.waiting()[0].values["change"] == to_json(large)


def test_a_decline_says_why_and_lets_nothing_count(tmp_path: Path) -> None:
    shell = laptop(tmp_path, HELD)
    shell.say("decline", HELD.id, "--reason", "重复")
    (made,) = shell.waiting()
    assert made.values == {"verdict": "declined", "reason": "重复", "of": "d2"}
    shell.send()
    assert shell.values() == {}
    assert shell.tell("held") == []


def test_several_are_decided_at_once_or_none(tmp_path: Path) -> None:
    second = entry(102, {"note": "y"})
    shell = laptop(tmp_path, HELD, second)
    assert shell.refuse("release", HELD.id, "ffff").startswith("No one such entry here is called ffff")
    assert shell.waiting() == []
    assert shell.say("release", HELD.id, second.id, HELD.id) == "Released 2; guatu sync sends it.\n"


def test_an_entry_that_no_format_reads_can_be_declined_and_not_released(tmp_path: Path) -> None:
    shell = laptop(tmp_path, role="admin", areas=("*",))
    odd = orjson.dumps({"id": number_id(101), "newer": True})
    shell.book.records.append(replace(shell.book.store(HELD, "held:undecodable"), body=odd))
    del shell.book.records[-2]
    shell.read()
    (found,) = shell.tell("held")
    assert (found["unit"], found["change"]) == ("office", {"id": number_id(101), "newer": True})
    assert shell.refuse("release", number_id(101)).startswith("No format known here reads this entry")
    shell.say("decline", number_id(101), "--reason", "无法识别")


def test_a_decision_that_is_held_itself_is_given_anew_and_not_released(tmp_path: Path) -> None:
    held = verdict(HELD, "released", number=150)
    shell = laptop(tmp_path, HELD, held)
    line = shell.refuse("release", held.id)
    assert line == "A decision that is held is not released: decide on the entry itself, or decline this one."
    shell.say("decline", held.id, "--reason", "重新裁定")
    shell.say("release", HELD.id)


@pytest.mark.parametrize("command", ["release", "decline"])
def test_a_member_decides_nothing_not_even_on_their_own(tmp_path: Path, command: str) -> None:
    shell = mine(tmp_path)
    (found,) = shell.tell("held")
    line = shell.refuse(command, found["id"], "--reason", "x")
    assert line == "Your role or area does not allow this entry; ask the office."


def test_nobody_releases_what_they_could_not_enter(tmp_path: Path) -> None:
    office = entry(101, {"kind": "village"}, f"unit/{VILLAGE}")
    shell = laptop(tmp_path, office)
    assert shell.refuse("release", office.id).startswith("Your role or area does not allow")
    shell.say("decline", office.id, "--reason", "x")


def test_all_is_exported_whole_one_a_line_without_any_secret(tmp_path: Path) -> None:
    shell, out = laptop(tmp_path, HELD, entry(102, {"note": "=1+1"})), tmp_path / "held.jsonl"
    assert shell.say("held", "--export", out) == f"Exported 2 to {out}.\n"
    lines = [orjson.loads(line) for line in out.read_bytes().splitlines()]
    assert lines == shell.tell("held")
    assert '"token"' not in out.read_text("utf-8")
    assert shell.refuse("held", "--export", out) == f"{out} is there already; give another name."


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("decline", HELD.id), Code.USAGE, "--reason is missing"),
        (("decline", HELD.id, "--reason", " "), Code.USAGE, "Say why, on one line: --reason R."),
        (("release", HELD.id, "--reason", "\x1b[2J"), Code.USAGE, "Say why, on one line: --reason R."),
        (("release", "000"), Code.WRONG, "No one such entry here is called 000"),
        (("held", "--dismiss", HELD.id), Code.WRONG, "No one such entry here is called"),
        (("held", "--send", "--dismiss", HELD.id), Code.USAGE, "Say only one of"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_saved(
    tmp_path: Path, words: tuple[str, ...], code: Code, line: str
) -> None:
    shell = laptop(tmp_path, HELD)
    assert shell.refuse(*words, code=code).startswith(line)
    assert shell.waiting() == []


def test_a_file_in_no_folder_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    shell, out = laptop(tmp_path, HELD), tmp_path / "nowhere" / "out"
    said = f"{out} cannot be read or written: No such file or directory."
    assert shell.refuse("held", "--export", out, code=Code.DISK) == said
    assert shell.refuse("bundle", out, code=Code.DISK) == said
    assert shell.refuse("take", out, code=Code.DISK) == said


def test_what_waits_for_a_word_can_be_neither_dismissed_nor_decided(tmp_path: Path) -> None:
    shell = laptop(tmp_path)
    shell.say("bulk", "1.2", "doing", "--kind", "village")
    found = shell.tell("held")[0]
    assert found["status"] == "asking"
    assert "gives the word" in found["reason"]
    assert shell.refuse("held", "--dismiss", found["id"]).startswith("No one such entry")
    assert shell.refuse("release", found["id"]).startswith("No one such entry")


def test_a_released_entry_of_ones_own_needs_no_look_any_more(tmp_path: Path) -> None:
    shell = mine(tmp_path)
    (found,) = shell.tell("held")
    own = shell.book.records[-1].change()
    assert own is not None
    write(shell.book, verdict(own, "released"))
    shell.read()
    assert shell.tell("held") == []
    assert shell.values()["state"] == ["doing"]
    assert found["id"] == own.id
    assert own.record == STEP
