"""Two laptops enter different things offline; one settles it on the sync page, and on the other the mark goes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.e2e.office import ENV, add_member, guatu, make_board, serving
from tests.e2e.terminal import Terminal

BOARD = [sys.executable, "-m", "tui"]
F12, ENTER = "\x1b[24~", "\r"
VILLAGE = "340111001204"


@pytest.mark.slow
def test_a_collision_is_settled_on_one_laptop_and_the_mark_goes_on_the_other(tmp_path: Path) -> None:
    district = tmp_path / "board"
    make_board(district)
    with serving(district) as (url, _):
        port = int(url.rsplit(":", 1)[1])
        for name in ("甲", "乙"):
            guatu(tmp_path / name, "join", url, add_member(district, name))
    guatu(tmp_path / "甲", "set", VILLAGE, "1.1", "done", "--on", "2026-09-10")
    guatu(tmp_path / "乙", "set", VILLAGE, "1.1", "submitted", "--on", "2026-09-12")
    with (
        Terminal(BOARD, {**ENV, "GUATU_HOME": str(tmp_path / "甲")}, 150, 34) as one,
        Terminal(BOARD, {**ENV, "GUATU_HOME": str(tmp_path / "乙")}, 150, 34) as two,
    ):
        one.wait_for_text("saved here 1")
        two.wait_for_text("saved here 1")
        with serving(district, port):
            one.send("r")
            two.send("r")
            one.wait_for_text("collisions 1! F12")
            two.wait_for_text("collisions 1! F12")
            one.wait_for_text("F12 shows: collisions 1.")
            one.send(F12)
            one.wait_for(lambda text: "state: done | submitted" in text or "state: submitted | done" in text)
            shown = one.wait_for_text("this laptop")
            assert "had seen an empty field" in shown
            number = 1 if "1  done" in shown else 2
            one.send(str(number))
            one.wait_for_text("Which one holds?")
            one.send(ENTER)
            one.wait_for_text("on the board 2")
            two.wait_for(lambda text: "collisions" not in text.splitlines()[0])
            two.wait_for(lambda text: "毕1/" in text)
    for name in ("甲", "乙"):
        step = json.loads(guatu(tmp_path / name, "show", VILLAGE, "--json"))["steps"][0]
        assert (step["state"], step["done_on"], step["collisions"]) == ("done", "2026-09-10", [])
