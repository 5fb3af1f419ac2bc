"""A unit's page holds what was entered beside its steps, and what can be done with it by whom it may be done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Label, OptionList, TextArea

from shared.board.change import JSON, Change
from shared.inspection.problems import problems_of
from tests.tui.arriving import VILLAGE, arrive, comes, entry, lines_of, lists, lists_not, put_cursor, text_of
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.asking import Asking
from tui.screens.form import FormEditor
from tui.screens.unit_page import UnitPage

LIST = "#steps"
STEP = f"step/{VILLAGE}/1.5"


def app_for(folder: Path, role: str = "lead") -> GuatuApp:
    return GuatuApp(laptop(folder, role=role), connect=False)


def running(app: GuatuApp, size: tuple[int, int] = (160, 60)) -> Any:
    return app.run_test(size=size, notifications=True)


async def on_page(app: GuatuApp) -> UnitPage:
    await until(lambda: app.board.view is not None)
    app.open_unit(VILLAGE)
    page = await comes(app, UnitPage)
    await until(lambda: lines_of(app, LIST))
    assert isinstance(page, UnitPage)
    return page


def record(number: int, kind: str, values: dict[str, JSON]) -> Change:
    return entry(number, values, f"{kind}/{VILLAGE}/{number:032x}")


def problem(number: int = 21, **more: JSON) -> Change:
    values = {"title": "路灯不亮[b]", "severity": "high", "due_on": "2026-11-10", "stage": "open", **more}
    return record(number, "problem", values)


async def choose(app: GuatuApp, pilot: Pilot[None], line: str, key: str, way: str) -> None:
    """Put the cursor on a line, press a key, and take the answer with these words."""
    put_cursor(app, LIST, line)
    await pilot.press(key)
    asking = await comes(app, Asking)
    ways = asking.query_one("#ways", OptionList)
    words = [str(ways.get_option_at_index(at).prompt) for at in range(ways.option_count)]
    ways.highlighted = next(at for at, each in enumerate(words) if way in each)
    await pilot.press("enter")


async def ways_at(app: GuatuApp, pilot: Pilot[None], line: str) -> list[str]:
    put_cursor(app, LIST, line)
    await pilot.press("f6")
    asking = await comes(app, Asking)
    ways = asking.query_one("#ways", OptionList)
    words = [str(ways.get_option_at_index(at).prompt)[3:] for at in range(ways.option_count)]
    await pilot.press("escape")
    await until(lambda: app.screen is not asking)
    return words


async def form(app: GuatuApp) -> FormEditor:
    found = await comes(app, FormEditor)
    assert isinstance(found, FormEditor)
    return found


async def save(app: GuatuApp, pilot: Pilot[None], **texts: str) -> None:
    editor = await form(app)
    for name, text in texts.items():
        widget = editor.query_one(f"#f-{name.replace('_', '_5f_')}")
        if isinstance(widget, Input):
            widget.value = text
        elif isinstance(widget, TextArea):
            widget.text = text
    await pilot.press("f2")
    await until(lambda: app.screen is not editor)


async def test_problems_stand_with_light_number_and_stage_and_nothing_typed_is_markup(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app):
        await arrive(app, problem(number=21))
        await on_page(app)
        await lists(app, LIST, "逾  T-000000  open  路灯不亮[b]  high  2026-11-10")
        assert "Problems" in lines_of(app, LIST)


async def test_what_changes_no_row_still_comes_to_the_page_at_once(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app):
        await on_page(app)
        await arrive(app, record(22, "visit", {"on": "2026-11-17", "who": "李组长"}))
        await lists(app, LIST, "visit  2026-11-17  李组长")


async def test_a_problem_is_taken_from_stage_to_stage_and_opened_again_by_a_look_back(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await arrive(app, problem())
        await on_page(app)
        for way, after in (
            ("The measure is done", "measure done"),
            ("Checked on site", "checked on site"),
            ("Sign it off", "signed off"),
            ("Published", "published"),
        ):
            await choose(app, pilot, "路灯不亮", "f6", way)
            await save(app, pilot)
            await lists(app, LIST, after)
        await choose(app, pilot, "路灯不亮", "f6", "Look-back: it came back")
        await save(app, pilot, reason="又不亮了", due_on="2026-12-20")
        await lists(app, LIST, "came back 1 time")
        assert app.board.view is not None
        (found,) = problems_of(await app.board.records(app.board.view.units[VILLAGE]))
        assert (found.stage, found.item.text("due_on"), found.reopened) == ("open", "2026-12-20", 1)


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        ("member", ["Escalate", "Take it back as a whole"]),
        ("lead", ["Checked on site", "Escalate", "Take it back as a whole"]),
    ],
)
async def test_only_what_the_role_may_do_is_offered(tmp_path: Path, role: str, ways: list[str]) -> None:
    app = app_for(tmp_path, role)
    async with running(app) as pilot:
        await arrive(app, problem(stage="measured"))
        await on_page(app)
        assert await ways_at(app, pilot, "路灯不亮") == ways


async def test_a_viewer_is_told_that_nothing_can_be_entered(tmp_path: Path) -> None:
    app = app_for(tmp_path, "viewer")
    async with running(app) as pilot:
        await on_page(app)
        await pilot.press("f5")
        await until(lambda: any("role or area" in str(each.message) for each in app._notifications))
        assert isinstance(app.screen, UnitPage)


async def test_a_paper_is_handed_in_returned_and_approved_with_every_round_kept(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await on_page(app)
        await choose(app, pilot, " 1.5 ", "f6", "Hand in a paper")
        await save(app, pilot, title="实施方案")
        await lists(app, LIST, "1.5  plan  1 round  0 days at the office  waits for review")
        await choose(app, pilot, " 1.5 ", "f6", "Return")
        await save(app, pilot, reason="补充时限", due_on="2026-11-30")
        await lists(app, LIST, "退  1.5  11-30")
        await choose(app, pilot, " 1.5 ", "f6", "Hand in a paper")
        await save(app, pilot, title="实施方案（修改）")
        await choose(app, pilot, "实施方案（修改）", "f6", "Approve")
        await save(app, pilot)
        await lists(app, LIST, "1.5  plan  2 rounds  0 days at the office")
        await lists(app, LIST, "毕  1.5")


async def test_to_return_needs_a_reason_and_a_day_that_has_not_passed(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await arrive(app, entry(1, {"state": "submitted", "submitted_on": "2026-11-14"}, STEP))
        await on_page(app)
        await choose(app, pilot, " 1.5 ", "f6", "Return")
        editor = await form(app)
        await pilot.press("f2")
        await until(lambda: "reason: This must be filled in" in text_of(app, "#problem"))
        editor.query_one("#f-reason", TextArea).text = "补充"
        editor.query_one("#f-due_5f_on", Input).value = "2026-11-01"
        await pilot.press("f2")
        await until(lambda: "new due day: The new day lies in the past" in text_of(app, "#problem"))


async def test_a_finding_becomes_a_problem_tied_to_its_visit(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await arrive(app, record(22, "visit", {"on": "2026-11-17", "who": "李组长", "findings": "路灯不亮\n沟渠堵塞"}))
        await on_page(app)
        await choose(app, pilot, "李组长", "f6", "Becomes a problem: 沟渠堵塞")
        editor = await form(app)
        assert editor.query_one("#f-title", Input).value == "沟渠堵塞"
        editor.query("#f-severity RadioButton").last().toggle()  # type: ignore[attr-defined]
        editor.query_one("#f-due_5f_on", Input).value = "2026-12-01"
        await pilot.press("f2")
        await until(lambda: app.screen is not editor)
        assert app.board.view is not None
        (found,) = problems_of(await app.board.records(app.board.view.units[VILLAGE]))
        assert (found.item.text("visit"), found.item.text("source")) == (f"{22:032x}", "inspection")


async def test_what_is_taken_back_leaves_the_page_and_stays_in_the_history(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await arrive(app, problem())
        await on_page(app)
        await choose(app, pilot, "路灯不亮", "f6", "Take it back as a whole")
        await save(app, pilot, reason="重复登记")
        await lists_not(app, LIST, "路灯不亮")
        await until(lambda: "重复登记" in text_of(app, "#about"))


async def test_new_asks_for_a_form_and_enter_on_a_record_changes_it(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await on_page(app)
        await choose(app, pilot, " 1.1 ", "f5", "visit")
        await save(app, pilot, on="2026-11-17", who="李组长")
        await lists(app, LIST, "visit  2026-11-17  李组长")
        put_cursor(app, LIST, "李组长")
        await pilot.press("enter")
        await save(app, pilot, who="王组长")
        await lists(app, LIST, "visit  2026-11-17  王组长")


async def test_a_survey_under_the_threshold_says_so_and_opens_its_steps(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    sheet: dict[str, JSON] = {"on": "2026-11-17", "issued": 167, "returned": 160, "valid": 158}
    async with running(app):
        await arrive(app, record(31, "survey", {**sheet, "count.effect.satisfied": 158}))
        await on_page(app)
        await lists(app, LIST, "effect: 0 of 158 dissatisfied, all satisfied: take a second look")
        counts = {"count.effect.satisfied": 78, "count.effect.dissatisfied": 80}
        await arrive(app, record(32, "survey", {**sheet, **counts, "on": "2026-11-18"}))
        await lists(app, LIST, "effect: 80 of 158 dissatisfied, under the threshold: a redo")
        await lists(app, LIST, "课  3.1  12-18")


async def test_the_file_of_a_paper_is_kept_by_its_hash_and_written_where_somebody_wants_it(tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(b"the plan")
    app = app_for(tmp_path / "profile")
    async with running(app) as pilot:
        await on_page(app)
        await choose(app, pilot, " 1.5 ", "f6", "Hand in a paper")
        await save(app, pilot, title="实施方案", file=str(tmp_path / "plan.docx"))
        await choose(app, pilot, "实施方案", "f6", "A copy of plan.docx")
        asking = await comes(app, Asking)
        asking.query_one("#text", Input).value = str(tmp_path / "copy.docx")
        await pilot.press("f2")
        await until(lambda: app.screen is not asking)
        assert (tmp_path / "copy.docx").read_bytes() == b"the plan"
        await choose(app, pilot, "实施方案", "f6", "A copy of plan.docx")
        asking = await comes(app, Asking)
        asking.query_one("#text", Input).value = str(tmp_path / "copy.docx")
        await pilot.press("f2")
        await until(lambda: "is there already" in text_of(app, "#problem"))


async def test_a_file_that_cannot_be_kept_is_refused_at_its_field_and_nothing_is_entered(tmp_path: Path) -> None:
    app = app_for(tmp_path / "profile")
    async with running(app) as pilot:
        await on_page(app)
        await choose(app, pilot, " 1.5 ", "f6", "Hand in a paper")
        editor = await form(app)
        editor.query_one("#f-title", Input).value = "实施方案"
        editor.query_one("#f-file", Input).value = str(tmp_path / "missing.docx")
        await pilot.press("f2")
        await until(lambda: "file: There is no such file" in text_of(app, "#problem"))
        assert app.board.labels.saved == 0


async def test_whoever_does_something_sees_what_it_is_done_to(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await arrive(app, problem())
        await on_page(app)
        await lists(app, LIST, "路灯")
        for line, way, wanted in (
            ("路灯", "The measure is done", "T-000000"),
            ("路灯", "The measure is done", "路灯不亮[b]"),
            ("1.5", "Hand in a paper", "1.5"),
        ):
            await choose(app, pilot, line, "f6", way)
            editor = await form(app)
            assert wanted in str(editor.query_one("#title", Label).render())
            await pilot.press("escape")
            await until(lambda editor=editor: app.screen is not editor)  # type: ignore[misc]


@pytest.mark.parametrize("size", [(140, 40), (120, 34), (100, 30), (80, 24)])
async def test_no_notice_loses_a_letter_to_the_edge_of_a_pane_beneath(tmp_path: Path, size: tuple[int, int]) -> None:
    app, letters = app_for(tmp_path), [chr(0x9B00 + number) for number in range(70)]
    async with running(app, size):
        for go_on in (False, True):
            if go_on:
                await on_page(app)
            app.notify("".join(letters), markup=False)
            await until(lambda: letters[-1] in painted(app))
            assert [each for each in letters if each not in painted(app)] == []
            app.clear_notifications()


async def test_another_paper_on_a_step_that_is_done_is_said_to_take_it_back_to_review(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await arrive(app, entry(1, {"state": "done", "done_on": "2026-09-20"}, STEP))
        await on_page(app)
        (words, *_more) = await ways_at(app, pilot, "1.5")
        assert words == "Hand in another paper: this step, done on 2026-09-20, goes back to review"


def painted(app: GuatuApp) -> str:
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
