"""The board on a day: what stood when it ended, to look at only, and what changed between two days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from shared.board.record import unit_address
from shared.board.unit import values_of
from tests.tui import boards
from tests.tui.arriving import VILLAGE, arrive, comes, entry, lists, put_cursor, shows, text_of
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.grid.board_grid import BoardGrid
from tui.screens.asking import Asking
from tui.screens.board import BoardScreen
from tui.screens.day.changes import Difference, difference_words, differences
from tui.screens.day.page import DayPage, day_in
from tui.view import BoardView

SIZE = (120, 34)


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path), connect=False)


def running(app: GuatuApp, size: tuple[int, int] = SIZE) -> Any:
    return app.run_test(size=size, notifications=True)


async def three_days(app: GuatuApp) -> None:
    """The roster came on the first, a step was begun on the fifth and done on the tenth of November."""
    units = [boards.unit(code, name) for code, name in boards.UNITS]
    roster = [entry(100 + n, values_of(unit), unit_address(unit.code)) for n, unit in enumerate(units)]
    await arrive(app, *roster, at="2026-11-01T04:00:00Z")
    await arrive(app, entry(1, {"state": "submitted"}), at="2026-11-05T04:00:00Z")
    done = {"state": "done", "done_on": "2026-11-10"}
    await arrive(app, entry(2, done, seen={"state": (1,)}), at="2026-11-10T04:00:00Z")


async def on_day(app: GuatuApp, pilot: Pilot[None], day: str) -> DayPage:
    """Open the board of this day."""
    await pilot.press("ctrl+t")
    await answer(app, pilot, day)
    await shows(app, "#banner", f"{day}  the board when")
    assert isinstance(app.screen, DayPage)
    return app.screen


async def answer(app: GuatuApp, pilot: Pilot[None], day: str) -> None:
    question = await comes(app, Asking)
    question.query_one("#text", Input).value = day
    await pilot.press("enter")


def lights(page: DayPage) -> str:
    return page.view.rows[VILLAGE].lights if page.view is not None else ""


async def test_the_board_of_a_day_shows_what_stood_when_it_ended(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await three_days(app)
        page = await on_day(app, pilot, "2026-11-05")
        assert lights(page)[0] == "审"
        assert VILLAGE in page.query_one(BoardGrid).lines.units
        await pilot.press("f6")
        await shows(app, "#banner", "2026-11-06")
        await pilot.press("f5")
        await shows(app, "#banner", "2026-11-05  the board")
        await pilot.press("f5")
        await shows(app, "#banner", "2026-11-04  the board")
        assert lights(page)[0] != "审"
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, BoardScreen))


async def test_nothing_can_be_entered_on_a_day_that_is_past(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await three_days(app)
        page = await on_day(app, pilot, "2026-11-05")
        page.query_one(BoardGrid).jump_to(VILLAGE)
        await pilot.press("right", "enter", "f2", "e")
        await pilot.pause()
        assert app.screen is page
        assert await app.keeper.run(lambda replica: replica.outbox.size()) == 0


async def test_what_changed_between_two_days_is_listed_and_found_on_the_board(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await three_days(app)
        page = await on_day(app, pilot, "2026-11-12")
        await pilot.press("f8")
        await answer(app, pilot, "2026-11-07")
        lines = await lists(app, "#changes", "陆大村  1.1: 审 -> 毕")
        assert lines[0].startswith("changes from 2026-11-07 to 2026-11-12: ")
        put_cursor(app, "#changes", "陆大村  1.1")
        await until(lambda: page.query_one(BoardGrid).cursor_cell.unit == VILLAGE)
        await pilot.press("escape")
        assert app.screen is page, "the first Esc closes the list"


async def test_a_day_that_is_none_or_has_not_come_is_told(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await three_days(app)
        await pilot.press("t")
        await answer(app, pilot, "gestern")
        await until(lambda: "not a day" in text_of(app, "#problem"))
        await answer(app, pilot, "2030-01-01")
        await until(lambda: "not come yet" in text_of(app, "#problem"))


async def test_a_past_that_is_not_known_here_is_told(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, entry(1, {"state": "doing"}), at="2026-11-05T04:00:00Z")
        await app.keeper.run(lambda replica: replica.bygone._facts.put("past", "1"))
        await pilot.press("t")
        await answer(app, pilot, "2026-11-05")
        await shows(app, "#banner", "known")


@pytest.mark.parametrize("size", [(80, 24), (160, 40)])
async def test_the_banner_stands_whole_at_every_size(app: GuatuApp, size: tuple[int, int]) -> None:
    async with running(app, size) as pilot:
        await three_days(app)
        await on_day(app, pilot, "2026-11-05")
        await pilot.pause()
        first = app.screen._compositor.render_strips()[0].text
        assert "2026-11-05  the board when this day ended, to look at only  毕0/" in first


def test_only_a_day_is_a_day() -> None:
    assert day_in(" 2026-11-05 ") == date(2026, 11, 5)
    assert day_in("") is None
    assert day_in("11-05") is None


def test_units_that_came_and_went_are_differences_too(app: GuatuApp) -> None:
    view = app.board.view
    assert view is not None
    less = BoardView(view.chart, view.day)
    less.fill([])
    assert len(differences(less, view)) == len(view.rows)
    assert differences(view, view) == []
    assert difference_words(Difference("1", "甲村", "", "", "+")) == "甲村: new on the board"
    assert difference_words(Difference("1", "甲村", "", "+", "")) == "甲村: no longer on the board"
    app.keeper.close()
