"""`guatu window`: a unit's own window, with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.tui.boards import laptop
from tui.cli import app
from tui.commands.failing import Code


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--lang", "en", "window", *words], env={"GUATU_HOME": str(home)})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    laptop(tmp_path).close()
    return tmp_path


def test_a_window_of_ones_own_moves_what_is_due(home: Path) -> None:
    done = run(home, "陆大村", "1", "2026-09-20", "2026-12-05", "--reason", "秋收农忙")
    assert done.exit_code == 0, done.output
    assert "Saved here" in done.output
    shown = CliRunner().invoke(app, ["show", "陆大村"], env={"GUATU_HOME": str(home)})
    assert "2026-12-05" in shown.output


def test_too_short_an_activity_is_said_and_saved_all_the_same(home: Path) -> None:
    done = run(home, "陆大村", "3", "2026-12-01", "2026-12-05", "--reason", "试点")
    assert done.exit_code == 0
    assert "4 months" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ("陆大村", "1", "2026-12-05", "2026-09-20", "--reason", "x"),
        ("陆大村", "1", "2026-09-20", "2026-12-05", "--reason", " "),
        ("陆大村", "1", "2026-09-20", "2026-12-05", "--reason", "a\x1b[31m"),
        ("陆大村", "9", "2026-09-20", "2026-12-05", "--reason", "x"),
        ("陆大村", "1", "昨天", "2026-12-05", "--reason", "x"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(home: Path, words: tuple[str, ...]) -> None:
    done = run(home, *words)
    assert done.exit_code == Code.USAGE
    assert len(done.output.strip().splitlines()) == 1


def test_a_member_does_not_plan(tmp_path: Path) -> None:
    laptop(tmp_path, role="member").close()
    assert run(tmp_path, "陆大村", "1", "2026-09-20", "2026-12-05", "--reason", "x").exit_code == Code.WRONG
