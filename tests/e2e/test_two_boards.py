"""The whole way: a clerk's office, two boards in real terminals, and what one enters on the screen of the other."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.office import ENV, add_member, guatu, make_board, serving
from tests.e2e.terminal import Terminal

BOARD = [sys.executable, "-m", "tui"]
F2, DOWN, RIGHT, TAB = "\x1bOQ", "\x1b[B", "\x1b[C", "\t"


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "board"
    make_board(folder)
    return folder


def home_env(home: Path) -> dict[str, str]:
    return {**ENV, "GUATU_HOME": str(home)}


@pytest.mark.slow
def test_an_edit_on_one_board_appears_on_the_other_without_a_key(district: Path, tmp_path: Path) -> None:
    with serving(district) as (url, _):
        for name in ("甲", "乙"):
            guatu(tmp_path / name, "join", url, add_member(district, name))
        with (
            Terminal(BOARD, home_env(tmp_path / "甲"), 150, 30) as one,
            Terminal(BOARD, home_env(tmp_path / "乙"), 150, 30) as two,
        ):
            one.wait_for_text("live")
            two.wait_for_text("live")
            one.send(DOWN + RIGHT)
            one.wait_for(lambda text: "骆岗街道  1.1" in text)
            one.send(F2)
            one.wait_for_text("( ) in progress")
            for _step in range(4):
                one.send(RIGHT)
            one.send(" ")
            one.wait_for_text("(o) done")
            one.send(F2)
            one.wait_for(lambda text: "毕1/" in text)
            two.wait_for(lambda text: "毕1/" in text)
            one.wait_for_text("on the board 1")
    status = json.loads(guatu(tmp_path / "乙", "status", "--json"))
    assert status["done"] == 1
    assert status["units"] == 149


@pytest.mark.slow
def test_a_board_that_loses_its_server_goes_on_and_catches_up_by_itself(district: Path, tmp_path: Path) -> None:
    with serving(district) as (url, _):
        port = int(url.rsplit(":", 1)[1])
        guatu(tmp_path / "丙", "join", url, add_member(district, "丙"))
        guatu(tmp_path / "丁", "join", url, add_member(district, "丁"))
    guatu(tmp_path / "丁", "set", "340111001204", "1.1", "done", "--on", "2026-09-10", "--note", "没有网络时录入")
    with Terminal(BOARD, home_env(tmp_path / "丙"), 150, 30) as board:
        board.wait_for_text("offline")
        with serving(district, port):
            guatu(tmp_path / "丁", "sync")
            board.send("r")
            board.wait_for_text("live")
            board.wait_for(lambda text: "陆大村" in text and "2026" not in text.splitlines()[0])
    shown = json.loads(guatu(tmp_path / "丙", "show", "陆大村", "--json"))
    assert shown["steps"][0]["note"] == "没有网络时录入"


@pytest.mark.slow
@pytest.mark.parametrize("words", [(), ("wall",)])
def test_it_ends_with_its_terminal_even_when_nobody_tells_it(
    district: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    with serving(district) as (url, _):
        guatu(tmp_path / "甲", "join", url, add_member(district, f"戊{len(words)}"))
    with Terminal([*BOARD, *words], home_env(tmp_path / "甲"), 120, 30, deaf=True) as screen:
        screen.wait_for(lambda text: "骆岗街道" in text)
        screen.close()
        assert screen.ended(30.0) == -signal.SIGTERM
