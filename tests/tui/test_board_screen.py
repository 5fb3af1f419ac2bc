"""What somebody sees and does on the board."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen
from textual.widgets import Input, Label, OptionList, RadioSet, Static, TextArea

from shared.board.change import encode
from shared.board.chart import StepPlan
from shared.board.lights import Light
from shared.board.log_record import Cursor, LogRecord
from tests.tui.arriving import said
from tests.tui.boards import BOARD, change, laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.grid.cursor import NAME
from tui.laptop import Laptop
from tui.messages import Arrived, LinkMoved, LinkState
from tui.replica import Batch
from tui.screens.board import BoardScreen
from tui.screens.choices import Choice, Tick
from tui.screens.choosing import FilterChoice, TownChoice
from tui.screens.editor import StepEditor
from tui.screens.help import Help
from tui.screens.unit_page import UnitPage

SIZE = (150, 40)
VILLAGE = "340111001204"
ENTERED = {
    (VILLAGE, "1.1"): [{"state": "done", "done_on": "2026-09-20"}],
    (VILLAGE, "1.2"): [{"state": "done", "done_on": "2026-10-01"}, {"state": "doing"}],
}


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path, ENTERED), connect=False)


def row(app: GuatuApp, unit: str = VILLAGE) -> str:
    assert app.board.view is not None
    return app.board.view.rows[unit].lights


def text(app: GuatuApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Static).content)


def painted(app: GuatuApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def to_step(app: GuatuApp, step: str = "1.1") -> None:
    """Put the cursor on a step of the village."""
    app.main.grid.jump_to(VILLAGE)
    await to_column(app, step)


async def to_column(app: GuatuApp, step: str) -> None:
    grid = app.main.grid
    columns = [column.step for column in app.main.board.view.chart.columns] if app.main.board.view else []
    grid.cursor = grid.cursor._replace(column=columns.index(step))


async def arrive(app: GuatuApp, *entries: tuple[str, dict[str, object]]) -> None:
    """Let entries come from the office, as the link brings them."""
    start = await app.keeper.run(lambda replica: replica.cursor())
    assert start is not None
    records = tuple(
        LogRecord(start.seq + n, encode(change(90_000 + start.seq + n, f"step/{VILLAGE}/{step}", values)), "applied",
                  "d2", "2026-11-18T00:00:00Z", "00" * 16)
        for n, (step, values) in enumerate(entries, 1)
    )  # fmt: skip
    to = Cursor(BOARD, records[-1].seq, "cd" * 16)
    applied = await app.keeper.run(lambda replica: replica.apply(Batch(start, records, to, True)))
    assert applied is not None
    app.board.tell(Arrived(applied.owners, applied.landed))


async def test_the_board_shows_every_unit_with_the_words_of_its_lights(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        shown = painted(app)
        for name in ("淝河镇", "黄镇村", "骆岗街道", "官塘社区", "陆大村"):
            assert name in shown
        assert row(app)[0] == Light.DONE.value
        assert Light.DUE_SOON.value in row(app)


async def test_a_collision_is_marked_and_does_not_count_as_done(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert app.board.view is not None
        assert app.board.view.rows[VILLAGE].marks == (1,)
        assert row(app)[1] != Light.DONE.value
        assert app.board.view.rows[VILLAGE].done == 1


async def test_both_values_of_a_collision_stand_in_the_detail_pane(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.2")
        await app.workers.wait_for_complete()
        await pilot.pause()
        detail = text(app, "#step")
        assert "done" in detail
        assert "in progress" in detail
        assert "李员" in detail


async def test_an_entry_is_on_the_disk_and_on_the_board_after_saving(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.3")
        await pilot.press("f2")
        assert isinstance(showing(app), StepEditor)
        list(app.screen.query(Choice))[4].value = True
        await pilot.pause()
        app.screen.query_one("#day", Input).value = "2026-11-17"
        next(iter(app.screen.query(Tick))).value = True
        app.screen.query_one("#note", TextArea).text = "好 [b]不是标记[/b]"
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(showing(app), BoardScreen)
        waiting = await app.keeper.run(lambda replica: replica.outbox.due(10, 10_000))
        made = waiting[0].change()
        assert made is not None
        assert made.values == {
            "state": "done", "done_on": "2026-11-17", "tick.1": True, "note": "好 [b]不是标记[/b]",
        }  # fmt: skip
        assert row(app)[2] == Light.DONE.value
        assert app.board.view is not None
        assert app.board.view.rows[VILLAGE].unsent == (2,)
        assert app.board.labels.saved == 1


async def test_seen_is_what_stood_there_when_the_editor_opened_not_when_it_was_saved(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.1")
        await pilot.press("f2")
        assert isinstance(showing(app), StepEditor)
        editor = app.screen
        before = await app.keeper.run(lambda replica: replica.records(VILLAGE)[f"step/{VILLAGE}/1.1"].seen("note"))
        await arrive(app, ("1.1", {"note": "别人写的"}))
        await pilot.pause()
        editor.query_one("#note", TextArea).text = "我写的"
        await pilot.press("f2")
        await pilot.pause()
        waiting = await app.keeper.run(lambda replica: replica.outbox.due(10, 10_000))
        made = waiting[0].change()
        assert made is not None
        assert dict(made.seen) == before == {}
        record = await app.keeper.run(lambda replica: replica.records(VILLAGE)[f"step/{VILLAGE}/1.1"])
        assert record.collisions() == ("note",)


async def test_a_wrong_day_is_refused_with_a_sentence_and_everything_typed_stays(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.3")
        await pilot.press("f2")
        editor = app.screen
        assert isinstance(editor, StepEditor)
        list(editor.query(Choice))[4].value = True
        await pilot.pause()
        editor.query_one("#day", Input).value = "十一月"
        editor.query_one("#note", TextArea).text = "留着"
        await pilot.press("f2")
        await pilot.pause()
        assert app.screen is editor
        assert str(editor.query_one("#problem", Label).content)
        assert editor.query_one("#note", TextArea).text == "留着"


async def test_when_the_disk_refuses_the_editor_stays_open_with_the_text(
    app: GuatuApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.3")
        await pilot.press("f2")
        editor = app.screen
        assert isinstance(editor, StepEditor)
        editor.query_one("#note", TextArea).text = "写了很久"

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(app.laptop.replica, "save", full)
        await pilot.press("f2")
        await pilot.pause()
        assert app.screen is editor
        assert "No space" in str(editor.query_one("#problem", Label).content)
        assert editor.query_one("#note", TextArea).text == "写了很久"


async def test_leaving_the_editor_enters_nothing(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.3")
        await pilot.press("f2")
        app.screen.query_one("#note", TextArea).text = "算了"
        await pilot.press("escape")
        await pilot.pause()
        assert await app.keeper.run(lambda replica: replica.outbox.size()) == 0


async def test_what_arrives_is_painted_without_a_key(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await arrive(app, ("1.4", {"state": "done", "done_on": "2026-11-10"}), ("1.5", {"state": "submitted"}))
        await pilot.pause()
        assert row(app)[3:5] == Light.DONE.value + Light.REVIEW.value
        assert "毕3/" in painted(app) or "毕2/" in painted(app)


async def test_a_burst_of_news_is_absorbed_in_one_round(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        for step in ("1.4", "1.5", "1.6", "1.7"):
            await arrive(app, (step, {"state": "doing"}))
        await pilot.pause()
        assert row(app)[3:7].count(Light.DUE_SOON.value) == 4


async def test_the_head_line_says_who_how_late_and_where_my_entries_are(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        app.board.tell(LinkMoved(LinkState.OFFLINE, reason="refused", en="No server.", zh="没有服务器。"))
        await pilot.pause()
        shown = painted(app)
        assert "王组长" in shown
        assert "No server." in shown
        assert "saved here 0" in shown
        assert "collisions 1" in shown


async def test_a_unit_page_shows_all_its_steps_and_its_history(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.2")
        await arrive(app, ("1.4", {"state": "doing"}))
        await pilot.press("f3")
        await pilot.pause()
        assert isinstance(showing(app), UnitPage)
        steps = app.screen.query_one("#steps", OptionList)
        ids = [steps.get_option_at_index(n).id for n in range(steps.option_count)]
        assert [i for i in ids if i] == [p.step.id for p in _plans(app)]
        assert steps.highlighted is not None
        assert steps.get_option_at_index(steps.highlighted).id == "1.2"
        assert "1.4" in text(app, "#about")
        await pilot.press("escape")
        assert isinstance(showing(app), BoardScreen)


async def test_an_entry_can_be_made_from_the_unit_page(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.6")
        await pilot.press("f3")
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(showing(app), StepEditor)
        app.screen.query_one("#note", TextArea).text = "从单位页"
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(showing(app), UnitPage)
        assert await app.keeper.run(lambda replica: replica.outbox.size()) == 1


async def test_a_filter_by_light_leaves_only_units_that_show_it(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("f5")
        assert isinstance(showing(app), FilterChoice)
        app.screen.query_one("#text", Input).value = "陆大"
        await pilot.press("f2")
        await pilot.pause()
        assert set(app.main.grid.lines.units) == {VILLAGE}


async def test_a_filter_that_no_unit_fits_says_so_and_how_to_see_all_again(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("f5")
        app.screen.query_one("#text", Input).value = "逾"
        await pilot.press("f2")
        await until(lambda: "Ctrl+R" in said(app))
        assert not app.main.grid.lines.units
        await pilot.press("f5")
        await until(lambda: isinstance(showing(app), FilterChoice))
        await pilot.press("ctrl+r")
        await until(lambda: bool(app.main.grid.lines.units))


async def test_the_pane_shows_a_town_as_it_stands_when_something_comes_in(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.main.grid.jump_to_town("340111001")
        await until(lambda: "340111001" in text(app, "#step"))
        before = text(app, "#step")
        await arrive(app, ("1.3", {"state": "done", "done_on": "2026-09-20"}))
        await until(lambda: text(app, "#step") != before)
        assert app.board.view is not None
        town = app.board.view.towns["340111001"]
        assert f"{town.done}/{town.applicable}" in text(app, "#step")


async def test_jumping_to_a_town_by_a_part_of_its_name(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("f6")
        assert isinstance(showing(app), TownChoice)
        app.screen.query_one(Input).value = "淝河"
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.main.grid.cursor_cell.town == "340111100"


@pytest.mark.parametrize("key", ["/", "／", "f5"])
async def test_full_width_forms_and_function_keys_do_what_letters_do(app: GuatuApp, key: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press({"/": "slash", "／": "fullwidth_solidus"}.get(key, key))
        await pilot.pause()
        assert isinstance(showing(app), FilterChoice)


async def test_help_is_made_from_the_keys(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f1")
        assert isinstance(showing(app), Help)
        shown = str(app.screen.query_one(Static).content)
        assert "F2" in shown
        for light in Light:
            assert light.value in shown


@pytest.mark.parametrize("where", ["unit", "no such step"])
async def test_entering_where_there_is_no_step_is_answered_with_where_there_is_one(app: GuatuApp, where: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app)
        if where == "unit":
            app.main.grid.cursor = app.main.grid.cursor._replace(column=NAME)
        else:
            app.main.grid.jump_to("340111001008")
            await to_column(app, "1.10")
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(showing(app), BoardScreen)
        assert [note.message for note in app._notifications] == [
            "There is no step under the cursor; the arrows lead to one."
        ]


async def test_a_viewer_is_told_that_an_entry_is_not_theirs_to_make(tmp_path: Path) -> None:
    app = GuatuApp(laptop(tmp_path, ENTERED, role="viewer"), connect=False)
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.3")
        await pilot.press("f2")
        editor = app.screen
        assert isinstance(editor, StepEditor)
        editor.query_one("#note", TextArea).text = "x"
        await pilot.press("f2")
        await pilot.pause()
        assert app.screen is editor
        assert await app.keeper.run(lambda replica: replica.outbox.size()) == 0


async def test_a_second_program_on_the_profile_reads_and_says_who_writes(tmp_path: Path) -> None:
    first = laptop(tmp_path, ENTERED)
    app = GuatuApp(Laptop(tmp_path, first.now), connect=False)
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.3")
        await pilot.press("f2")
        await pilot.pause()
        assert isinstance(showing(app), BoardScreen)
        assert "reading only" in painted(app)
    first.close()


async def test_chinese_and_english_words_for_the_states(app: GuatuApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await to_step(app, "1.3")
        await pilot.press("f2")
        assert len(app.screen.query_one("#state", RadioSet).query(Choice)) == 6


def showing(app: GuatuApp) -> Screen[Any]:
    """The screen on top now; asked for anew, as it changes under the reader."""
    return app.screen


def _plans(app: GuatuApp) -> tuple[StepPlan, ...]:
    assert app.board.view is not None
    return app.board.view.chart.plan(app.board.view.units[VILLAGE])
