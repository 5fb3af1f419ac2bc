"""`guatu wall` and `guatu progress` from the shell: exactly the size asked for, and a clear word for what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner, Result

from tests.wall.district import NOW
from tui import laptop
from tui.cli import app
from tui.commands import walling
from tui.commands.failing import Code
from tui.wall.probe import PATIENCE, Asked
from tui.wall.schedule import PAGES


@pytest.fixture
def home(profile: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(laptop.Laptop.__init__, "__defaults__", (None, lambda: NOW))
    return profile


def run(home: Path, *words: str, lang: str = "zh", **more: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"GUATU_HOME": str(home), "GUATU_LANG": lang, **more})


@pytest.mark.parametrize(
    ("size", "page"),
    [
        ("140x40", "burnup"),
        ("140x40", "problems#2"),
        ("100x28", "town:340111001"),
        ("80x24", "towns"),
        ("200X55", "town:骆岗街道"),
    ],
)
def test_one_frame_is_exactly_as_wide_and_high_as_asked_for(home: Path, size: str, page: str) -> None:
    done = run(home, "wall", "--once", "--size", size, "--page", page)
    assert done.exit_code == 0, done.output
    columns, rows = map(int, size.lower().split("x"))
    lines = done.stdout.removesuffix("\n").split("\n")
    assert len(lines) == rows
    assert {cell_len(line) for line in lines} == {columns}


def test_a_frame_speaks_the_language_asked_for(home: Path) -> None:
    assert "镇街" in run(home, "wall", "--once").stdout
    english = run(home, "--lang", "en", "wall", "--once", "--size", "160x40").stdout
    assert "data as of" in english
    assert "past due, not done" in english


def test_a_frame_of_a_day_is_of_that_day(home: Path) -> None:
    shown = run(home, "wall", "--once", "--size", "140x40", "--as-of", "2026-10-20").stdout
    assert "挂图停在 2026-10-20 当天结束时" in shown
    assert "第 50 / 181 天" in shown


def test_pages_are_listed_with_those_of_towns(home: Path) -> None:
    lines = run(home, "wall", "--pages").stdout.splitlines()
    assert [line.split()[0] for line in lines[: len(PAGES)]] == [page.name for page in PAGES]
    assert "town:340111001  骆岗街道" in lines


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("--once", "--page", "nope"), Code.USAGE, "没有 nope 这一页"),
        (("--once", "--page", "town:nowhere"), Code.WRONG, "没有镇街 nowhere"),
        (("--once", "--size", "140"), Code.USAGE, "140 不是大小"),
        (("--once", "--size", "9x9"), Code.USAGE, "40 至 1000 列"),
        (("--once", "--size", "９９x３０"), Code.USAGE, "不是大小"),
        (("--once", "--as-of", "2027-01-01"), Code.USAGE, "2027-01-01"),
        (("--once", "--preset", "huge"), Code.USAGE, "没有版式 huge"),
        (("--dim", "always"), Code.USAGE, "always 不是一段时间"),
        (("--inches", "-3"), Code.USAGE, "-3"),
        (("--banner", "0"), Code.USAGE, "分钟"),
        (("--banner", "9", "--stopped", "3"), Code.USAGE, "分钟"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(home: Path, words: tuple[str, ...], code: Code, part: str) -> None:
    done = run(home, "wall", *words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (code, "", 1), done.output
    assert part in done.stderr


def test_a_laptop_that_has_not_joined_says_how(tmp_path: Path) -> None:
    done = run(tmp_path / "none", "wall", "--once")
    assert done.exit_code == Code.NOT_JOINED
    assert "guatu join" in done.stderr


def test_the_reading_test_states_the_angle_and_what_fits(home: Path) -> None:
    shown = run(home, "wall", "--test", "--inches", "55", "--metres", "5", "--size", "240x67").stdout
    assert "普通行 6 角分（至少 16，名称 20）" in shown
    assert "看不清：请把字号调大到不超过 25 行" in shown
    assert "此处适合 hall" in shown
    good = run(home, "wall", "--test", "--inches", "75", "--metres", "3", "--size", "140x38").stdout
    assert "清楚" in good


def test_on_the_console_of_linux_it_says_what_to_do_and_shows_what_it_can(home: Path) -> None:
    frame = run(home, "wall", "--once", "--size", "120x34", TERM="linux")
    assert frame.exit_code == 0
    rows = [line for line in frame.stdout.splitlines() if " 340111001 " in line]
    assert len(rows) == 1
    assert "L" in rows[0]
    assert "骆岗" not in frame.stdout
    assert "kmscon" in walling._CONSOLE
    assert walling.on_console({"TERM": "linux"}) is (os.name != "nt")
    assert not walling.on_console({"TERM": "xterm-256color"})


def test_texts_can_be_hidden_and_places_left_out(home: Path) -> None:
    shown = run(home, "wall", "--once", "--size", "200x55", "--page", "problems").stdout
    hidden = run(home, "wall", "--once", "--size", "200x55", "--page", "problems", "--hide-text").stdout
    assert "低保评议记录不全" in shown
    assert "低保评议记录不全" not in hidden
    assert "2026-340111" in hidden
    assert "名次" not in run(home, "wall", "--once", "--size", "200x55", "--no-places").stdout


def test_progress_is_drawn_and_told_to_other_programs(home: Path) -> None:
    drawn = run(home, "progress").stdout
    assert "计划与实际，全部镇街：比计划少" in drawn
    told = orjson.loads(run(home, "progress", "--json").stdout)
    assert told["steps"] == told["days"][-1]["planned"]
    over = [each for each in told["days"] if each["done"] is not None]
    assert over[-1]["day"] == "2026-11-22"
    assert told["behind"] == over[-1]["planned"] - over[-1]["done"]
    town = orjson.loads(run(home, "progress", "--town", "骆岗街道", "--phase", "1", "--json").stdout)
    assert (town["town"], town["phase"]) == ("340111001", 1)
    assert 0 < town["steps"] < told["steps"]
    before = orjson.loads(run(home, "progress", "--as-of", "2026-10-01", "--json").stdout)
    assert [each["done"] for each in before["days"]][:29] == [each["done"] for each in told["days"]][:29]


@pytest.mark.parametrize(
    ("words", "part"), [(("--town", "nowhere"), "没有镇街 nowhere"), (("--phase", "9"), "没有第 9 阶段")]
)
def test_progress_of_what_there_is_not_is_refused(home: Path, words: tuple[str, ...], part: str) -> None:
    done = run(home, "progress", *words)
    assert (done.exit_code, done.stdout) == (Code.WRONG, "")
    assert part in done.stderr


@pytest.mark.parametrize(
    ("answers", "narrow"),
    [
        ([b"\x1b[5;2R"], True),
        ([b"\x1b[5;3R"], False),
        ([b"\x1b[", b"12;3", b"R"], False),
        ([b""], True),
        ([b"junk\x1b[1;2R"], True),
    ],
)
def test_the_terminal_is_asked_how_wide_a_block_is(answers: list[bytes], narrow: bool) -> None:
    written: list[str] = []
    left = iter([*answers, b""])
    asked = Asked(written.append, lambda _seconds: next(left))
    assert len(written) == 1
    assert written[0].startswith("\r")
    assert asked.blocks_are_narrow() is narrow
    assert written[-1] == "\r\x1b[K", "nothing of it stays on the screen"


def test_an_answer_that_came_meanwhile_is_read_without_a_wait() -> None:
    times, waits = iter([0.0, 5.0]), list[float]()

    def read(seconds: float) -> bytes:
        waits.append(seconds)
        return b"\x1b[5;3R"

    assert not Asked(lambda _text: None, read, lambda: next(times)).blocks_are_narrow()
    assert waits == [0.0]
    assert 0 < PATIENCE < 1
