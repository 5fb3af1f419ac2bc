"""The review list, the problems and the visits over all units: read, filtered, marked, and acted on as one act."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, TextArea

from shared.board.change import JSON, Change
from tests.tui.arriving import VILLAGE, arrive, comes, entry, lines_of, lists, lists_not, put_cursor, text_of
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.asking import Asking
from tui.screens.choices import Tick
from tui.screens.form import FormEditor
from tui.screens.history.page import HistoryPage
from tui.screens.registers.problems import ProblemsPage
from tui.screens.registers.review import ReviewPage
from tui.screens.registers.visits import VisitsPage
from tui.screens.unit_page import UnitPage

LIST = "#things"
SECOND = "340111100201"


def running(app: GuatuApp, size: tuple[int, int] = (140, 45)) -> Any:
    return app.run_test(size=size, notifications=True)


def app_for(folder: Path, role: str = "lead") -> GuatuApp:
    return GuatuApp(laptop(folder, role=role), connect=False)


def submitted(number: int, unit: str, on: str) -> Change:
    return entry(number, {"state": "submitted", "submitted_on": on}, f"step/{unit}/1.5")


def record(number: int, kind: str, unit: str, values: dict[str, JSON]) -> Change:
    return entry(number, values, f"{kind}/{unit}/{number:032x}")


def problem(number: int, unit: str, title: str, due: str, **more: JSON) -> Change:
    values: dict[str, JSON] = {"title": title, "severity": "high", "stage": "open", "due_on": due, **more}
    return record(number, "problem", unit, values)


async def opened(app: GuatuApp, pilot: Pilot[None], key: str, page: type[Any]) -> Any:
    await until(lambda: app.board.view is not None)
    await pilot.press(key)
    found = await comes(app, page)
    await until(lambda: lines_of(app, LIST))
    return found


async def form(app: GuatuApp) -> FormEditor:
    found = await comes(app, FormEditor)
    assert isinstance(found, FormEditor)
    return found


async def two_wait(app: GuatuApp) -> None:
    await arrive(app, submitted(1, VILLAGE, "2026-11-10"), submitted(2, SECOND, "2026-11-14"))
    paper: dict[str, JSON] = {"step": "1.5", "sort": "plan", "title": "实施方案[b]", "submitted_on": "2026-11-10"}
    await arrive(app, record(3, "document", VILLAGE, paper))


def states(app: GuatuApp) -> list[str]:
    assert app.board.view is not None
    index = [column.step for column in app.board.view.chart.columns].index("1.5")
    return [app.board.view.rows[code].lights[index] for code in (VILLAGE, SECOND)]


# --- review ---


@pytest.mark.parametrize("key", ["w", "ctrl+w"])
async def test_what_waits_stands_oldest_first_with_the_offices_own_slowness(tmp_path: Path, key: str) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await two_wait(app)
        await opened(app, pilot, key, ReviewPage)
        await lists(app, LIST, "审  8 days  陆大村 1.5  实施方案[b]  2026-11-10")
        assert [line.split()[2] for line in lines_of(app, LIST)] == ["days", "days"]
        assert "2 wait for review, the longest for 8 days" in text_of(app, "#head")
        assert "reviewed by inspection group, instructor" in text_of(app, "#line")


async def test_the_history_of_what_waits_is_one_key_away(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await two_wait(app)
        await opened(app, pilot, "w", ReviewPage)
        await lists(app, LIST, "陆大村 1.5")
        await pilot.press("h")
        await comes(app, HistoryPage)


async def test_several_are_approved_as_one_act_and_taken_back_as_one(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await two_wait(app)
        await opened(app, pilot, "w", ReviewPage)
        await pilot.press("a", "f5")
        await form(app)
        await pilot.press("f2")
        await lists(app, LIST, "Nothing waits for review.")
        assert states(app) == ["毕", "毕"]
        waiting = await app.keeper.run(lambda replica: replica.outbox.waiting())
        acts = {change.act for each in waiting if (change := each.change()) is not None}
        assert len(acts) == 1
        assert None not in acts


async def test_several_are_returned_with_one_reason_and_day(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await two_wait(app)
        await opened(app, pilot, "w", ReviewPage)
        await pilot.press("space", "space", "f6")
        editor = await form(app)
        editor.query_one("#f-reason", TextArea).text = "请写明时限"
        editor.query_one("#f-due_5f_on", Input).value = "2026-11-30"
        await pilot.press("f2")
        await lists(app, LIST, "Nothing waits for review.")
        assert states(app) == ["退", "退"]


async def test_only_what_is_marked_is_answered(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await two_wait(app)
        await opened(app, pilot, "w", ReviewPage)
        put_cursor(app, LIST, "黄镇村")
        await pilot.press("space", "f5")
        await form(app)
        await pilot.press("f2")
        await lists_not(app, LIST, "黄镇村")
        assert states(app) == ["审", "毕"]


async def test_a_member_is_told_that_the_answer_is_not_theirs(tmp_path: Path) -> None:
    app = app_for(tmp_path, "member")
    async with running(app) as pilot:
        await two_wait(app)
        await opened(app, pilot, "w", ReviewPage)
        await pilot.press("f5")
        await until(lambda: any("role or area" in str(each.message) for each in app._notifications))
        assert isinstance(app.screen, ReviewPage)


async def test_an_answer_to_what_was_handed_in_anew_meanwhile_does_not_swallow_the_new_paper(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await two_wait(app)
        await opened(app, pilot, "w", ReviewPage)
        put_cursor(app, LIST, "陆大村")
        await pilot.press("f5")
        await form(app)
        later: dict[str, JSON] = {"step": "1.5", "sort": "plan", "title": "新稿", "submitted_on": "2026-11-18"}
        await arrive(app, submitted(11, VILLAGE, "2026-11-18"), record(12, "document", VILLAGE, later))
        await pilot.press("f2")
        await until(lambda: not isinstance(app.screen, FormEditor))
        assert app.board.view is not None
        records = await app.board.records(app.board.view.units[VILLAGE])
        assert records[f"document/{VILLAGE}/{12:032x}"].value("outcome") is None
        assert records[f"step/{VILLAGE}/1.5"].collisions()


# --- problems ---


async def three_problems(app: GuatuApp) -> None:
    await arrive(
        app,
        problem(1, VILLAGE, "路灯不亮", "2026-11-10", responsible="李联络"),
        problem(2, SECOND, "沟渠堵塞", "2026-12-31"),
        problem(3, SECOND, "已办妥", "2026-11-01", stage="signed", measured_on="2026-10-30"),
    )


async def test_open_problems_stand_by_urgency_with_their_counts(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await three_problems(app)
        await opened(app, pilot, "p", ProblemsPage)
        await lists(app, LIST, "逾  T-000000  陆大村  路灯不亮  high  open  2026-11-10  李联络")
        assert [line[:1] for line in lines_of(app, LIST)] == ["逾", "正"]
        assert "2 problems, 2 open, 1 overdue" in text_of(app, "#head")


async def test_problems_are_sought_by_text_and_closed_ones_when_asked_for(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await three_problems(app)
        await opened(app, pilot, "p", ProblemsPage)
        await pilot.press("f5")
        editor = await form(app)
        editor.query_one("#f-text", Input).value = "黄镇"
        editor.query_one(Tick).value = True
        await pilot.press("f2")
        await lists(app, LIST, "已办妥")
        assert not any("路灯" in line for line in lines_of(app, LIST))
        assert app.board.labels.saved == 0


async def test_a_problem_is_acted_on_from_the_register(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await three_problems(app)
        await opened(app, pilot, "p", ProblemsPage)
        put_cursor(app, LIST, "路灯不亮")
        await pilot.press("f6")
        asking = await comes(app, Asking)
        asking.query_one("#ways", OptionList).highlighted = 0
        await pilot.press("enter")
        await form(app)
        await pilot.press("f2")
        await lists(app, LIST, "审  T-000000  陆大村  路灯不亮  high  measure done")


async def test_enter_opens_the_unit_at_the_problem(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await three_problems(app)
        await opened(app, pilot, "p", ProblemsPage)
        put_cursor(app, LIST, "沟渠堵塞")
        await pilot.press("enter")
        page = await comes(app, UnitPage)
        assert isinstance(page, UnitPage)
        await until(lambda: page.chosen == f"problem/{SECOND}/{2:032x}")


async def test_the_ledger_is_written_without_formulas_and_never_over_a_file(tmp_path: Path) -> None:
    app = app_for(tmp_path / "profile")
    async with running(app) as pilot:
        await arrive(app, problem(1, VILLAGE, "=HYPERLINK(1)", "2026-11-10"))
        await opened(app, pilot, "p", ProblemsPage)
        await pilot.press("f4")
        asking = await comes(app, Asking)
        asking.query_one("#text", Input).value = str(tmp_path / "ledger.csv")
        await pilot.press("f2")
        file = tmp_path / "ledger.csv"
        await until(lambda: file.exists() and ",'=HYPERLINK(1)," in file.read_text("utf-8-sig"))
        await until(lambda: isinstance(app.screen, ProblemsPage))
        await pilot.press("f4")
        asking = await comes(app, Asking)
        asking.query_one("#text", Input).value = str(tmp_path / "ledger.csv")
        await pilot.press("f2")
        await until(lambda: "is there already" in text_of(app, "#problem"))


# --- visits ---


async def test_units_never_visited_stand_first_then_those_visited_the_longest_ago(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await arrive(
            app, record(1, "visit", VILLAGE, {"on": "2026-11-08"}), record(2, "visit", SECOND, {"on": "2026-09-01"})
        )
        await opened(app, pilot, "i", VisitsPage)
        await lists(app, LIST, "陆大村  2026-11-08  10 days ago  1 in all")
        lines = lines_of(app, LIST)
        assert lines[-1].strip().startswith("陆大村")
        assert "6 units, 4 never visited; 1 visited in the last 30 days" in text_of(app, "#head")
        assert any("骆岗街道  1 of 3 visited, 1 in the last 30 days" in line for line in lines)


async def test_a_visit_is_planned_and_entered_from_the_page(tmp_path: Path) -> None:
    app = app_for(tmp_path)
    async with running(app) as pilot:
        await opened(app, pilot, "ctrl+e", VisitsPage)
        put_cursor(app, LIST, "陆大村")
        await pilot.press("f6")
        await form(app)
        await pilot.press("f2")
        await lists(app, LIST, "陆大村  never visited  planned: 2026-11-19")
        put_cursor(app, LIST, "黄镇村")
        await pilot.press("f5")
        await form(app)
        await pilot.press("f2")
        await lists(app, LIST, "黄镇村  2026-11-18  0 days ago  1 in all")


@pytest.mark.parametrize("key", ["w", "p", "i"])
@pytest.mark.parametrize("size", [(80, 24), (160, 40)])
async def test_each_page_opens_on_an_empty_board_and_goes_back(tmp_path: Path, key: str, size: tuple[int, int]) -> None:
    app = app_for(tmp_path)
    async with running(app, size) as pilot:
        await opened(app, pilot, key, ReviewPage if key == "w" else ProblemsPage if key == "p" else VisitsPage)
        await pilot.press("escape")
        await until(lambda: app.screen is app.main)
