"""Planned against actual on the board: read aside, drawn to the size, of all, of a town, of a phase."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.small import SetClock
from tests.waiting import until
from tests.wall.district import NOW, district, opened
from tui.app import GuatuApp
from tui.screens.board import BoardScreen
from tui.screens.progress import ProgressPage


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return district(tmp_path_factory.mktemp("progress"))


@pytest.fixture
def app(profile: Path, tmp_path: Path) -> GuatuApp:
    return GuatuApp(opened(Path(copytree(profile, tmp_path / "own")), SetClock(NOW)), connect=False)


def said(app: GuatuApp, part: str) -> str:
    return str(app.screen.query_one(part, Static).content)


async def open_page(app: GuatuApp, pilot: Pilot[Any], key: str = "v") -> None:
    await pilot.press(key)
    await until(lambda: isinstance(app.screen, ProgressPage) and "all towns" in said(app, "#about"))
    await pilot.pause()


@pytest.mark.parametrize(("key", "size"), [("v", (140, 40)), ("ctrl+g", (80, 24))])
async def test_it_shows_all_and_fills_the_screen(app: GuatuApp, key: str, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await open_page(app, pilot, key)
        await until(lambda: "#" in said(app, "#plot"))
        assert "fewer than planned" in said(app, "#about")
        lines = said(app, "#plot").split("\n")
        assert {len(line) for line in lines} == {size[0]}
        assert len(lines) == size[1] - 3
        await pilot.press("escape")
        assert isinstance(app.screen, BoardScreen)


async def test_arrows_choose_a_town_and_a_phase_and_come_round(app: GuatuApp) -> None:
    async with app.run_test(size=(140, 40)) as pilot:
        await open_page(app, pilot)
        whole = said(app, "#about")
        await pilot.press("down")
        assert "骆岗街道  all phases" in said(app, "#about")
        await pilot.press("right")
        assert "骆岗街道  phase 1" in said(app, "#about")
        await pilot.press("left", "up")
        assert said(app, "#about") == whole
        await pilot.press("up")
        assert "方兴社区" in said(app, "#about")


async def test_a_laptop_that_does_not_know_the_past_says_so(app: GuatuApp) -> None:
    app.laptop.replica.set_meta("past", "7")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("v")
        await until(lambda: isinstance(app.screen, ProgressPage) and "not known" in said(app, "#about"))
        await pilot.press("down", "right", "v")
        assert isinstance(app.screen, BoardScreen)
