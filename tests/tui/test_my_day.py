"""My day on a page: rows lead to where the work is, what comes in shows, and leaving counts as the look."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from shared.board.change import Change
from shared.board.record import step_address
from shared.inspection.agenda import Part
from tests.tui.arriving import (
    VILLAGE,
    arrive,
    comes,
    entry,
    lines_of,
    lists,
    lists_not,
    put_cursor,
    shows,
    text_of,
)
from tests.tui.boards import TODAY, laptop
from tests.waiting import until
from tui import duties
from tui.app import GuatuApp
from tui.screens.board import BoardScreen
from tui.screens.chase import ChasePage
from tui.screens.my_day import SHOWN, MyDayPage
from tui.screens.sync.page import SyncPage
from tui.screens.unit_page import UnitPage

SIZE = (120, 40)
LIST = "#things"


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path), connect=False)


def running(app: GuatuApp, size: tuple[int, int] = SIZE) -> Any:
    return app.run_test(size=size, notifications=True)


def problem(number: int, due: str, title: str = "路灯不亮", **more: str) -> Change:
    values = {"title": title, "severity": "low", "stage": "open", "due_on": due, **more}
    return entry(number, values, f"problem/{VILLAGE}/{number:032x}")


async def open_day(app: GuatuApp, pilot: Pilot[None], key: str = "m") -> MyDayPage:
    await pilot.press(key)
    page = await comes(app, MyDayPage)
    await until(lambda: lines_of(app, LIST))
    assert isinstance(page, MyDayPage)
    return page


async def looked(app: GuatuApp) -> str | None:
    return await app.keeper.run(lambda replica: replica.meta(duties.LOOKED))


@pytest.mark.parametrize("key", ["m", "ctrl+d"])
async def test_a_key_opens_it_and_what_waits_stands_before_everything(app: GuatuApp, key: str) -> None:
    async with running(app) as pilot:
        await arrive(app, entry(1, {"state": "submitted", "submitted_on": "2026-11-14"}))
        await open_day(app, pilot, key)
        await lists(app, LIST, "审 陆大村  1.1 Pass on the decisions from above  submitted 2026-11-14, 4 days ago")
        assert lines_of(app, LIST)[0] == "Waits for me  1"
        head = text_of(app, "#head")
        assert "2026-11-18  王组长 (lead 340111)  first look" in head
        assert "Ladder, by days past due: 0 unit  +3 town  +7 district" in head


async def test_enter_goes_to_the_step_on_the_units_page_and_back_again(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, entry(1, {"state": "submitted", "submitted_on": "2026-11-14"}, step_address(VILLAGE, "1.3")))
        await open_day(app, pilot)
        await lists(app, LIST, "审 陆大村  1.3")
        put_cursor(app, LIST, "审 陆大村  1.3")
        await pilot.press("enter")
        page = await comes(app, UnitPage)
        await until(lambda: lines_of(app, "#steps"))
        steps: Any = page.query_one("#steps")
        await until(lambda: steps.highlighted is not None)
        assert steps.get_option_at_index(steps.highlighted).id == "1.3"
        await pilot.press("escape")
        await comes(app, MyDayPage)
        assert await looked(app) is None


async def test_a_collision_leads_to_where_it_is_settled(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, entry(1, {"note": "甲"}), entry(2, {"note": "乙"}, device="d3"))
        await open_day(app, pilot)
        await lists(app, LIST, "陆大村 1.1: note")
        put_cursor(app, LIST, "陆大村 1.1: note")
        await pilot.press("enter")
        await comes(app, SyncPage)


async def test_what_comes_in_shows_and_the_cursor_stays_on_its_line(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, problem(1, "2026-11-20"))
        page = await open_day(app, pilot)
        await lists(app, LIST, "路灯不亮")
        put_cursor(app, LIST, "路灯不亮")
        await pilot.pause()
        key = page.key
        await arrive(app, entry(2, {"state": "submitted", "submitted_on": "2026-11-10"}, step_address(VILLAGE, "1.2")))
        await lists(app, LIST, "审 陆大村  1.2")
        assert page.key == key
        await shows(app, "#line", "路灯不亮  due 2026-11-20, in 2 days")
        await arrive(app, entry(3, {"withdrawn": True}, f"problem/{VILLAGE}/{1:032x}"))
        await lists_not(app, LIST, "路灯不亮")


async def test_what_turned_red_is_new_until_the_page_is_left(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await app.keeper.run(lambda replica: duties.note_looked(replica, TODAY - timedelta(2)))
        await arrive(app, problem(1, "2026-11-17"))
        await open_day(app, pilot)
        await lists(app, LIST, "路灯不亮  due 2026-11-17, 1 day  (unit)")
        await pilot.press("escape")
        await comes(app, BoardScreen)
        assert await looked(app) == TODAY.isoformat()
        await open_day(app, pilot)
        assert "last looked 2026-11-18" in text_of(app, "#head")
        await lists_not(app, LIST, "路灯不亮")
        assert "Overdue in all: " in text_of(app, "#head")


async def test_a_last_look_in_days_to_come_is_no_look(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await app.keeper.run(lambda replica: duties.note_looked(replica, TODAY + timedelta(400)))
        await open_day(app, pilot)
        await lists(app, LIST, "逾 骆岗街道  1.1 Pass on the decisions from above  due 2026-11-10, 8 days  (district)")


async def test_each_part_is_bounded_and_says_how_many_more_there_are(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, *(problem(n, "2026-11-19", f"问题{n:02}") for n in range(1, SHOWN + 4)))
        page = await open_day(app, pilot)
        lines = await lists(app, LIST, "问题01")
        assert sum("问题" in line for line in lines) == SHOWN
        assert page.day is not None
        due = page.day[Part.DUE]
        assert (len(due.things), due.more >= 3) == (SHOWN, True)
        assert f"  ... and {due.more} more" in lines


async def test_markup_and_control_characters_are_text(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, problem(1, "2026-11-19", "[bold]甲[/] \x1b[31m\n乙"))
        await open_day(app, pilot)
        await lists(app, LIST, "[bold]甲[/] ?[31m 乙")


async def test_the_chase_list_is_one_key_away(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await open_day(app, pilot)
        await pilot.press("f4")
        await comes(app, ChasePage)


async def test_leaving_before_it_was_read_is_no_look(app: GuatuApp) -> None:
    async with running(app) as pilot:
        page = await open_day(app, pilot)
        page.day = None
        await pilot.press("escape")
        await comes(app, BoardScreen)
        assert await looked(app) is None


async def test_a_program_that_only_reads_leaves_no_look(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await open_day(app, pilot)
        app.board.profile.held = False
        await pilot.press("escape")
        await comes(app, BoardScreen)
        assert await looked(app) is None


async def test_a_file_that_cannot_be_written_keeps_nobody_on_the_page(
    app: GuatuApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    async with running(app) as pilot:
        await open_day(app, pilot)
        monkeypatch.setattr(duties, "note_looked", fails)
        await pilot.press("escape")
        await comes(app, BoardScreen)
