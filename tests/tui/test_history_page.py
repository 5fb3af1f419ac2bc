"""Histories with before and after, and taking back from them and from the board."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from shared.board.change import Change
from shared.board.record import Record, owner_of, step_address
from tests.tui.arriving import (
    STEP,
    VILLAGE,
    arrive,
    comes,
    entry,
    land,
    lines_of,
    lists,
    number_id,
    put_cursor,
    said,
    shows,
)
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.asking import Asking
from tui.screens.board import BoardScreen
from tui.screens.history.page import HistoryPage
from tui.screens.unit_page import UnitPage

SIZE = (120, 34)
OTHER = "340111100201"


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path), connect=False)


def running(app: GuatuApp) -> Any:
    return app.run_test(size=SIZE, notifications=True)


async def past(app: GuatuApp) -> None:
    """A few entries of two people on two units."""
    await arrive(
        app,
        entry(1, {"state": "doing"}),
        entry(2, {"state": "done", "done_on": "2026-09-20"}, seen={"state": (1,)}, author="赵员", device="d3"),
        entry(3, {"note": "另一步"}, step_address(VILLAGE, "1.2")),
        entry(4, {"note": "另一村"}, step_address(OTHER, "1.1"), author="赵员", device="d3"),
    )


async def at_step(app: GuatuApp, pilot: Pilot[None], column: int = 0) -> None:
    app.main.grid.jump_to(VILLAGE)
    app.main.grid.cursor = app.main.grid.cursor._replace(column=column)
    await pilot.pause()


async def values(app: GuatuApp, address: str = STEP, name: str = "state") -> list[Any]:
    owner = address.split("/")[1]
    records = await app.keeper.run(lambda replica: replica.records(owner))
    return [head.value for head in records[address].heads(name)] if address in records else []


async def own(app: GuatuApp) -> list[Change]:
    waiting = await app.keeper.run(lambda replica: replica.outbox.waiting())
    return [change for each in waiting if (change := each.change()) is not None]


async def enter(app: GuatuApp, step: str, entered: dict[str, Any], *codes: str) -> None:
    """Enter this on the step of these units as one act."""
    addresses = [step_address(code, step) for code in codes]
    shown = await app.keeper.run(
        lambda replica: [replica.records(owner_of(each)).get(each) or Record(each) for each in addresses]
    )
    await app.board.enter_all([(record, entered) for record in shown])


async def test_a_steps_history_tells_what_stood_before_and_after_newest_first(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await past(app)
        await at_step(app, pilot)
        await pilot.press("h")
        await comes(app, HistoryPage)
        lines = await lists(app, "#entries", "1.1")
        assert [line[13:] for line in lines] == [
            "陆大村 1.1: in progress -> done (2026-09-20), by 赵员",
            "陆大村 1.1: not started -> in progress, by 李员",
        ]
        await shows(app, "#head", "陆大村  1.1  entries 2")


async def test_from_there_the_unit_the_town_and_the_person_are_a_key_away(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await past(app)
        await at_step(app, pilot)
        await pilot.press("ctrl+y")
        await comes(app, HistoryPage)
        await lists(app, "#entries", "1.1")
        await pilot.press("f6")
        await shows(app, "#head", "陆大村  entries 3")
        await pilot.press("f7")
        await shows(app, "#head", "骆岗街道  entries 3")
        put_cursor(app, "#entries", "赵员")
        await pilot.press("f8")
        await shows(app, "#head", "赵员  entries 2")
        assert any("另一村" in line for line in lines_of(app, "#entries"))
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, BoardScreen))


async def test_an_own_entry_that_waits_stands_in_it_with_its_label(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await past(app)
        await enter(app, "1.1", {"note": "刚写"}, VILLAGE)
        await at_step(app, pilot)
        await pilot.press("h")
        await comes(app, HistoryPage)
        lines = await lists(app, "#entries", "刚写")
        assert lines[0].startswith("[saved here]")


async def test_the_unit_page_leads_to_the_history_of_its_step(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await past(app)
        await at_step(app, pilot, 1)
        await pilot.press("f3")
        await comes(app, UnitPage)
        await until(lambda: bool(lines_of(app, "#steps")))
        await pilot.press("h")
        await comes(app, HistoryPage)
        await lists(app, "#entries", "另一步")


async def test_anothers_entry_is_taken_back_after_a_question_and_that_is_an_entry_too(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await past(app)
        await at_step(app, pilot)
        await pilot.press("h")
        await comes(app, HistoryPage)
        await lists(app, "#entries", "done")
        await pilot.press("enter")
        await comes(app, Asking)
        assert await own(app) == [], "nothing is taken back by looking"
        await pilot.press("enter")
        await until(lambda: "Taken back" in said(app))
        (made,) = await own(app)
        assert (made.undoes, made.author) == (number_id(2), "王组长")
        assert await values(app) == ["doing"]
        await lists(app, "#entries", "taken back: done -> in progress")


async def test_who_may_not_enter_cannot_take_back(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path, role="viewer"), connect=False)
    async with running(app) as pilot:
        await past(app)
        await at_step(app, pilot)
        await pilot.press("h")
        await comes(app, HistoryPage)
        await lists(app, "#entries", "done")
        await pilot.press("f2")
        await comes(app, Asking)
        await pilot.press("enter")
        await until(lambda: "does not allow" in said(app))
        assert await own(app) == []


async def test_ctrl_z_takes_back_the_newest_own_entry_and_then_the_one_before(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await enter(app, "1.1", {"note": "一"}, VILLAGE)
        await land(app)
        await enter(app, "1.1", {"note": "二"}, VILLAGE)
        assert await values(app, name="note") == ["二"]
        await pilot.press("ctrl+z")
        await until(lambda: "Taken back: 陆大村  1.1." in said(app))
        assert await values(app, name="note") == ["一"]
        await pilot.press("ctrl+z")
        await until(lambda: said(app).count("Taken back") == 2)
        assert await values(app, name="note") == [None]
        await pilot.press("ctrl+z")
        await until(lambda: "no entry of yours" in said(app))


async def test_a_bulk_act_is_taken_back_as_one(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await enter(app, "1.1", {"note": "同时"}, VILLAGE, OTHER)
        await land(app)
        await pilot.press("ctrl+z")
        await until(lambda: "Taken back: 2 entries of one act." in said(app))
        assert {change.act for change in await own(app)} != {None}
        for address in (STEP, step_address(OTHER, "1.1")):
            assert await values(app, address, "note") == [None]


async def test_what_was_entered_over_since_stays(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await enter(app, "1.1", {"note": "同时"}, VILLAGE, OTHER)
        (first, _second) = await own(app)
        await land(app)
        later = entry(9, {"note": "后来的"})
        await arrive(app, Change(**{**_fields(later), "seen": {"note": (first.id,)}}))
        await pilot.press("ctrl+z")
        await until(lambda: "Left as they are: 1" in said(app))
        assert await values(app, name="note") == ["后来的"]


async def test_an_undo_over_more_than_a_tenth_of_all_units_waits_for_a_word(app: GuatuApp) -> None:
    async with running(app) as pilot:
        done = {"state": "done", "done_on": "2026-11-01"}
        await enter(app, "1.1", done, VILLAGE, OTHER)
        assert await app.board.give_word() == 2
        await land(app)
        await pilot.press("ctrl+z")
        await until(lambda: "word on the sync page" in said(app))
        assert await app.keeper.run(lambda replica: replica.outbox.due(10, 10_000)) == []


def _fields(change: Change) -> dict[str, Any]:
    return {name: getattr(change, name) for name in Change.__slots__}
