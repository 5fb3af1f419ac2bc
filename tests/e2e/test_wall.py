"""The wall as an office hangs it: a viewer's device in a real terminal, a real server that goes and comes back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.office import ENV, add_member, guatu, make_board, serving
from tests.e2e.terminal import Terminal

WALL = [sys.executable, "-m", "tui", "--lang", "zh", "wall", "--banner", "0.05", "--stopped", "0.12"]
CTRL_Q = "\x11"


@pytest.mark.slow
def test_a_wall_that_nobody_touches_says_when_its_server_is_gone_and_recovers(tmp_path: Path) -> None:
    board, wall, laptop = tmp_path / "board", tmp_path / "wall", tmp_path / "laptop"
    make_board(board)
    with serving(board) as (url, _):
        port = int(url.rsplit(":", 1)[1])
        guatu(wall, "join", url, add_member(board, "挂图屏", "viewer"))
        guatu(laptop, "join", url, add_member(board, "王组长"))
    with Terminal(WALL, {**ENV, "GUATU_HOME": str(wall)}, 140, 40) as screen:
        with serving(board, port):
            screen.wait_for(lambda text: "数据截至" in text and "刚才" in text and "骆岗街道" in text)
            guatu(laptop, "set", "陆大村", "1.1", "done", "--on", "2026-09-10")
            guatu(laptop, "sync")
            screen.wait_for(lambda text: any("陆大村" in line and "毕" in line for line in text.splitlines()))
        screen.wait_for(lambda text: "与办公室断开" in text)
        screen.wait_for_text("/ / / / / / / /")
        with serving(board, port):
            screen.wait_for(lambda text: "/ / / /" not in text and "刚才" in text, 60)
        screen.send(CTRL_Q)
        assert screen.ended() == 0
