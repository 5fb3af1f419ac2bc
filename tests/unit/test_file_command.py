"""`guatu file`: which files the papers of a unit have, and one of them in a new file, wherever it comes from."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
import typer

from shared.attached import hash_of
from shared.board.change import JSON, Change
from tests.logbook import change
from tests.shell import VILLAGE, Shell, district, write
from tui import attachments
from tui.commands.failing import Code
from tui.commands.filing import write_new

FIRST, SECOND = b"first round", b"second round"
ODD = "\x1b[2J../../etc/passwd"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "home", district())


def kept(shell: Shell, body: bytes, name: str = "方案.docx") -> dict[str, JSON]:
    """A file that is kept on this laptop, as a record names it."""
    source = shell.home.parent / name
    source.write_bytes(body)
    value = attachments.keep(shell.home, source)
    assert isinstance(value, dict)
    return value


def paper(number: int, value: JSON, day: str = "2026-09-01", step: str = "1.4", device: str = "d1") -> Change:
    address = f"document/{VILLAGE}/{number:032x}"
    made = change(number, {"title": "方案", "step": step, "submitted_on": day, "file": value}, address, device=device)
    return replace(made, author="李员")


@pytest.fixture
def two_rounds(shell: Shell) -> Shell:
    """A paper of two rounds, each with a file that this laptop entered."""
    for number, body in ((101, FIRST), (102, SECOND)):
        write(shell.book, paper(number, kept(shell, body), f"2026-09-0{number - 100}"))
    shell.read()
    return shell


def test_the_list_tells_step_round_name_and_where_each_is(two_rounds: Shell) -> None:
    found = two_rounds.tell("file", VILLAGE, "--list")
    assert [(each["step"], each["round"], each["name"], each["where"]) for each in found] == [
        ("1.4", 1, "方案.docx", "due"),
        ("1.4", 2, "方案.docx", "due"),
    ]
    assert found[0]["hash"] == hash_of(FIRST)
    said = two_rounds.say("file", VILLAGE, "--list", lang="zh")
    assert "方案.docx" in said
    assert [each["round"] for each in two_rounds.tell("file", VILLAGE, "1.4", "--round", "2", "--list")] == [2]
    assert two_rounds.tell("file", VILLAGE, "1.5", "--list") == []


def test_the_last_round_is_meant_unless_another_is_named(two_rounds: Shell, tmp_path: Path) -> None:
    said = two_rounds.say("file", VILLAGE, "1.4", "--out", tmp_path / "last")
    assert said == f"方案.docx is in {tmp_path / 'last'}.\n"
    assert (tmp_path / "last").read_bytes() == SECOND
    assert stat.S_IMODE((tmp_path / "last").stat().st_mode) == 0o600
    told = two_rounds.tell("file", VILLAGE, "1.4", "--round", "1", "--out", tmp_path / "first")
    assert (told["out"], (tmp_path / "first").read_bytes()) == (str(tmp_path / "first"), FIRST)
    two_rounds.say("file", VILLAGE, "--hash", hash_of(FIRST)[:6].upper(), "--out", tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == FIRST


def test_a_file_that_is_there_and_what_a_link_leads_to_are_never_written_over(
    two_rounds: Shell, tmp_path: Path
) -> None:
    mine, link = tmp_path / "mine", tmp_path / "link"
    mine.write_bytes(b"mine")
    link.symlink_to(tmp_path / "nowhere")
    for out in (mine, link):
        assert two_rounds.refuse("file", VILLAGE, "1.4", "--out", out).endswith("is there already; give another name.")
    assert mine.read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()
    two_rounds.refuse("file", VILLAGE, "1.4", "--out", tmp_path, code=Code.USAGE)


def test_a_file_that_came_there_meanwhile_is_not_written_over_either(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_bytes(b"mine")
    with pytest.raises(typer.Exit):
        write_new(mine, FIRST)
    assert mine.read_bytes() == b"mine"


def test_a_name_that_a_person_gave_is_no_path_and_steers_no_terminal(shell: Shell, tmp_path: Path) -> None:
    value = {**kept(shell, FIRST), "name": ODD}
    write(shell.book, paper(101, value))
    write(shell.book, paper(102, {**kept(shell, SECOND), "name": "..", "hash": "../../../etc/passwd"}))
    write(shell.book, paper(103, {**kept(shell, SECOND), "name": "a.docx"}, step="1.5"))
    shell.read()
    assert [each["name"] for each in shell.tell("file", VILLAGE, "--list")] == ["a.docx"], "the others are no files"
    shell.say("file", VILLAGE, "1.5", "--out", tmp_path / "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "x", "方案.docx"]


def test_what_may_mean_several_is_asked_about(shell: Shell, tmp_path: Path) -> None:
    write(shell.book, paper(101, kept(shell, FIRST, "甲.docx")))
    write(shell.book, replace(paper(102, kept(shell, SECOND, "乙.docx")), record=f"document/{VILLAGE}/{101:032x}"))
    shell.read()
    said = shell.refuse("file", VILLAGE, "1.4", "--out", tmp_path / "x")
    assert "甲.docx" in said
    assert "乙.docx" in said
    assert hash_of(SECOND)[:8] in said
    shell.say("file", VILLAGE, "1.4", "--hash", hash_of(SECOND)[:8], "--out", tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == SECOND


def test_the_list_goes_by_steps_as_the_plan_counts_them(shell: Shell) -> None:
    for number, step in ((101, "1.10"), (102, "1.4"), (103, "2.1")):
        write(shell.book, paper(number, kept(shell, step.encode()), step=step))
    shell.read()
    assert [each["step"] for each in shell.tell("file", VILLAGE, "--list")] == ["1.4", "1.10", "2.1"]


def test_wrong_words_are_told(two_rounds: Shell, tmp_path: Path) -> None:
    out = tmp_path / "x"
    two_rounds.refuse("file", VILLAGE, "1.4", code=Code.USAGE)
    two_rounds.refuse("file", VILLAGE, "--out", out, code=Code.USAGE)
    two_rounds.refuse("file", VILLAGE, "1.4", "--list", "--out", out, code=Code.USAGE)
    two_rounds.refuse("file", VILLAGE, "--hash", "ab", "--out", out, code=Code.USAGE)
    two_rounds.refuse("file", VILLAGE, "9.9", "--out", out)
    two_rounds.refuse("file", VILLAGE, "1.4", "--round", "3", "--out", out)
    assert not out.exists()


def test_a_file_that_is_not_here_is_refused_offline_and_nothing_is_written(shell: Shell, tmp_path: Path) -> None:
    write(shell.book, paper(101, {"hash": "ab" * 32, "name": "别处.docx", "size": 3}, device="d9"))
    shell.read()
    assert shell.tell("file", VILLAGE, "--list")[0]["where"] == "office"
    result = shell.run("file", VILLAGE, "1.4", "--out", tmp_path / "x")
    assert result.exit_code == Code.NO_OFFICE
    assert result.stderr.endswith(" This file is not on this laptop yet; it comes from the office.\n")
    assert not (tmp_path / "x").exists()


def test_files_that_are_due_are_told_by_status_and_by_a_bundle_without_them(two_rounds: Shell, tmp_path: Path) -> None:
    assert two_rounds.tell("status")["files_due"] == 2
    assert "2 files are not at the office yet" in two_rounds.say("status")
    assert "2 files of papers do not go with it" in two_rounds.say("bundle", tmp_path / "out")
    with two_rounds._replica() as replica:
        attachments.note_confirmed(replica, [hash_of(FIRST), hash_of(SECOND)])
    assert two_rounds.tell("status")["files_due"] == 0
    assert "office yet" not in two_rounds.say("status")
    assert "papers" not in two_rounds.say("bundle", tmp_path / "out2")
    assert {each["where"] for each in two_rounds.tell("file", VILLAGE, "--list")} == {"here"}
