"""One step of many units entered as one act, with a word asked for where it is large."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, RadioSet, TextArea

from shared.board.change import Change
from shared.board.record import step_address
from tests.tui import boards
from tests.tui.arriving import VILLAGE, arrive, comes, entry, lists, said, text_of
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.asking import Asking
from tui.screens.board import BoardScreen
from tui.screens.choices import Choice
from tui.screens.editor import StepEditor
from tui.screens.sync.page import SyncPage

SIZE = (120, 34)
VILLAGES = [f"3401110012{n:02}" for n in range(20, 50)]


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    """A laptop with thirty villages more: three of them are no tenth of all."""
    units = [boards.unit(code, name) for code, name in boards.UNITS]
    units += [boards.unit(code, f"第{n}村民委员会") for n, code in enumerate(VILLAGES)]
    return GuatuApp(laptop(tmp_path, units=units), connect=False)


def running(app: GuatuApp, size: tuple[int, int] = SIZE) -> Any:
    return app.run_test(size=size, notifications=True)


async def own(app: GuatuApp) -> list[Change]:
    waiting = await app.keeper.run(lambda replica: replica.outbox.waiting())
    return [change for each in waiting if (change := each.change()) is not None]


async def at(app: GuatuApp, pilot: Pilot[None], unit: str, column: int = 1) -> None:
    await pilot.pause()
    app.main.grid.jump_to(unit)
    app.main.grid.cursor = app.main.grid.cursor._replace(column=column)
    await pilot.pause()


async def choose_state(app: GuatuApp, state: str, note: str = "") -> StepEditor:
    editor = await comes(app, StepEditor)
    assert isinstance(editor, StepEditor)
    if state:
        next(each for each in editor.query(Choice) if each.name == state).value = True
    editor.query_one("#note", TextArea).text = note
    return editor


async def test_space_insert_and_shift_with_arrows_select_units(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await at(app, pilot, VILLAGES[0])
        await pilot.press("space")
        assert app.main.grid.selected == {VILLAGES[0]}
        await pilot.press("insert")
        assert app.main.grid.selected == frozenset()
        await pilot.press("shift+down", "shift+down")
        assert app.main.grid.selected == set(VILLAGES[1:4])
        assert "3 selected" in text_of(app, "#legend")
        painted = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "# 第1村" in painted, "a sign and not only a colour"
        assert "  第0村" in painted
        await pilot.press("escape")
        assert app.main.grid.selected == frozenset()


async def test_what_is_not_shown_is_not_selected(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await at(app, pilot, VILLAGE)
        await pilot.press("ctrl+a")
        assert len(app.main.grid.selected) == 36
        await pilot.press("f7")
        await until(lambda: app.main.grid.selected == frozenset())


async def test_one_step_is_entered_for_all_of_them_as_one_act_and_each_names_what_stood_there(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, entry(1, {"note": "早先"}, step_address(VILLAGES[1], "1.2")))
        await at(app, pilot, VILLAGES[0])
        await pilot.press("shift+down", "shift+down", "f2")
        editor = await choose_state(app, "doing", "一起")
        assert str(editor.query_one("#title").render()).startswith("3 units  1.2")
        await pilot.press("f2")
        await until(lambda: isinstance(app.screen, BoardScreen))
        made = await own(app)
        assert [change.record for change in made] == [step_address(code, "1.2") for code in VILLAGES[:3]]
        assert len({change.act for change in made}) == 1
        assert made[0].act is not None
        assert all(change.values == {"state": "doing", "started_on": "2026-11-18", "note": "一起"} for change in made)
        assert [dict(change.seen) for change in made] == [{}, {"note": (entry(1, {}).id,)}, {}]
        assert app.board.labels.saved == 3
        assert app.main.grid.selected == frozenset(), "what is entered next is entered for one"


async def test_a_unit_that_stands_so_already_keeps_its_day(app: GuatuApp) -> None:
    async with running(app) as pilot:
        done = {"state": "done", "done_on": "2026-09-09"}
        await arrive(app, entry(1, done, step_address(VILLAGES[1], "1.2")))
        await at(app, pilot, VILLAGES[0])
        await pilot.press("shift+down", "f2")
        await choose_state(app, "done")
        await pilot.press("f2")
        await until(lambda: "units 1" in said(app))
        (made,) = await own(app)
        assert made.record == step_address(VILLAGES[0], "1.2")


async def test_an_editor_for_many_proposes_nothing(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await at(app, pilot, VILLAGES[0])
        await pilot.press("shift+down", "f2")
        editor = await choose_state(app, "")
        assert editor.query_one(RadioSet).pressed_button is None
        assert editor.query_one("#day", Input).value == ""
        await pilot.press("f2")
        await until(lambda: "Nothing was changed" in str(editor.query_one("#problem").render()))
        assert await own(app) == []


async def test_one_that_cannot_be_entered_keeps_all_from_it_and_is_named(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path, role="member"), connect=False)
    async with running(app) as pilot:
        await arrive(app, entry(1, {"state": "submitted"}, step_address("340111100202", "1.2")))
        await at(app, pilot, "340111100201")
        await pilot.press("shift+down", "f2")
        editor = await choose_state(app, "done")
        await pilot.press("f2")
        await until(lambda: "卫乡村  1.2" in str(editor.query_one("#problem").render()))
        assert await own(app) == []


async def test_units_without_that_step_are_left_out_and_counted(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await at(app, pilot, "340111001008")
        await pilot.press("space")
        await at(app, pilot, VILLAGE, 8)
        await pilot.press("space", "f2")
        editor = await comes(app, StepEditor)
        assert "陆大村  (without that step: 1)" in str(editor.query_one("#title").render())


async def test_more_than_a_tenth_of_all_units_waits_for_a_word_and_then_goes(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await at(app, pilot, VILLAGE)
        await pilot.press("ctrl+a", "f2")
        await choose_state(app, "doing")
        await pilot.press("f2")
        await until(lambda: "word on the sync page" in said(app))
        count = len(await own(app))
        assert count > 30
        assert await app.keeper.run(lambda replica: replica.outbox.due(10, 10_000)) == []
        await pilot.press("f12")
        await comes(app, SyncPage)
        await lists(app, "#items", f"[waits for your word] {count} entries")
        await pilot.press("enter")
        await comes(app, Asking)
        await pilot.press("1")
        await until(lambda: app.board.labels.saved == count)
        assert app.board.labels.needs_look == 0


async def test_what_waits_for_a_word_can_be_taken_back_instead(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await at(app, pilot, VILLAGE)
        await pilot.press("ctrl+a", "f2")
        await choose_state(app, "doing")
        await pilot.press("f2")
        await until(lambda: "word on the sync page" in said(app))
        await pilot.press("f12")
        await comes(app, SyncPage)
        await lists(app, "#items", "[waits for your word]")
        await pilot.press("enter")
        await comes(app, Asking)
        await pilot.press("2")
        await until(lambda: "Taken back" in said(app))
        await until(lambda: app.board.labels.needs_look == 0)
        records = await app.keeper.run(lambda replica: replica.records(VILLAGE))
        assert [head.value for head in records[step_address(VILLAGE, "1.2")].heads("state")] == [None]
