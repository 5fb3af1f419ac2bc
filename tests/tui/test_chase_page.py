"""The chase list on a page: by rung, of a town, copied and exported; nothing in it runs or steers anything."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from shared.board.change import Change
from shared.board.record import unit_address
from tests.tui.arriving import (
    VILLAGE,
    arrive,
    comes,
    entry,
    lines_of,
    lists,
    lists_not,
    put_cursor,
    said,
    shows,
    text_of,
)
from tests.tui.boards import laptop
from tests.waiting import until
from tui.app import GuatuApp
from tui.screens.asking import Answer, Asking
from tui.screens.board import BoardScreen
from tui.screens.chase import COPIED, ChasePage, path_of, whole_lines
from tui.screens.choosing import TownChoice
from tui.screens.duty_page import LISTED
from tui.screens.unit_page import UnitPage

SIZE = (140, 40)
LIST = "#things"
FAR = "340111100201"


@pytest.fixture
def app(tmp_path: Path) -> GuatuApp:
    return GuatuApp(laptop(tmp_path), connect=False)


def running(app: GuatuApp, size: tuple[int, int] = SIZE) -> Any:
    return app.run_test(size=size, notifications=True)


def problem(number: int, due: str, title: str, code: str = VILLAGE) -> Change:
    values = {"title": title, "severity": "low", "stage": "open", "due_on": due}
    return entry(number, values, f"problem/{code}/{number:032x}")


async def open_list(app: GuatuApp, pilot: Pilot[None], key: str = "l") -> ChasePage:
    """Two problems of three days and of one; the steps of the towns' first phase are eight days late."""
    people = {"person.liaison": "张三", "person.phone": "0551-6300123"}
    await arrive(
        app,
        entry(90, people, unit_address(VILLAGE)),
        problem(1, "2026-11-15", "路灯不亮"),
        problem(2, "2026-11-17", "=1+1", FAR),
    )
    await pilot.press(key)
    page = await comes(app, ChasePage)
    await lists(app, LIST, "路灯不亮")
    assert isinstance(page, ChasePage)
    return page


@pytest.mark.parametrize("key", ["l", "ctrl+l"])
async def test_a_key_opens_it_with_the_highest_rung_first_and_whom_to_call(app: GuatuApp, key: str) -> None:
    async with running(app) as pilot:
        await open_list(app, pilot, key)
        lines = lines_of(app, LIST)
        assert lines[0].startswith("逾 8 ")
        assert lines[0].split()[-2:] == ["11-10", "district"]
        assert lines[-2].split() == [
            "逾",
            "3",
            "陆大村",
            "骆岗街道",
            "T-000000",
            "路灯不亮",
            "11-15",
            "town",
            "张三",
            "0551-6300123",
        ]
        assert "unit 1" in text_of(app, "#head")
        assert "Ladder, by days past due: 0 unit  +3 town  +7 district" in text_of(app, "#head")


async def test_rungs_are_listed_one_after_the_other_and_then_all(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await open_list(app, pilot)
        await pilot.press("f5")
        await shows(app, "#head", "listed: district")
        await lists_not(app, LIST, "路灯不亮")
        await pilot.press("f5")
        await shows(app, "#head", "listed: town, 1 line")
        await pilot.press("f5")
        await shows(app, "#head", "listed: unit, 1 line")
        await pilot.press("f5")
        await shows(app, "#head", "listed: all")


async def test_a_town_is_asked_for_and_f7_lists_everything_again(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await open_list(app, pilot)
        await pilot.press("f6")
        question = await comes(app, TownChoice)
        question.query_one(Input).value = "淝河"
        await pilot.press("enter")
        await shows(app, "#head", "listed: 淝河镇")
        await lists_not(app, LIST, "陆大村")
        await pilot.press("f7")
        await lists(app, LIST, "陆大村")


async def test_enter_goes_to_the_units_page_and_what_is_done_there_leaves_the_list(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await open_list(app, pilot)
        put_cursor(app, LIST, "路灯不亮")
        await shows(app, "#line", "陆大村 (骆岗街道)  T-000000 路灯不亮")
        await pilot.press("enter")
        await comes(app, UnitPage)
        await pilot.press("escape")
        await comes(app, ChasePage)
        await arrive(
            app,
            entry(
                5, {"stage": "published", "published_on": "2026-11-18"}, f"problem/{VILLAGE}/{1:032x}", {"stage": (1,)}
            ),
        )
        await lists_not(app, LIST, "路灯不亮")
        await pilot.press("escape")
        await comes(app, BoardScreen)


async def test_what_is_listed_is_copied_as_lines_to_read(app: GuatuApp) -> None:
    async with running(app) as pilot:
        page = await open_list(app, pilot)
        await pilot.press("f8")
        lines = app.clipboard.splitlines()
        assert page.found is not None
        assert len(lines) == page.found.total
        assert "逾 3 days  陆大村 (骆岗街道)  T-000000 路灯不亮  due 2026-11-15  liaison 张三 0551-6300123" in lines
        assert f"Copied: {len(lines)} of {len(lines)} lines" in said(app)


def test_no_line_is_copied_in_part() -> None:
    assert whole_lines(["甲", "乙丙"], 11) == ["甲", "乙丙"]
    assert whole_lines(["甲", "乙丙"], 10) == ["甲"]
    assert whole_lines([], COPIED) == []


@pytest.mark.parametrize(("way", "ending"), [("1", ".xlsx"), ("2", ".csv")])
async def test_all_that_is_asked_for_is_exported_and_nothing_is_written_over(
    app: GuatuApp, tmp_path: Path, way: str, ending: str
) -> None:
    async with running(app) as pilot:
        page = await open_list(app, pilot)
        assert page.found is not None
        path = tmp_path / f"单{ending}"
        await export(app, pilot, str(path), way)
        await until(lambda: "Written: " in said(app))
        rows = read(path)
        assert len(rows) == 1 + page.found.total
        assert ("T-000000 =1+1" in rows[-1]) is True
        before = path.read_bytes()
        await export(app, pilot, str(path), way)
        await until(lambda: "is there already" in problem_line(app))
        assert path.read_bytes() == before


@pytest.mark.parametrize(("name", "line"), [("", "This must be filled in."), ("/none/such/a", "Not written: ")])
async def test_a_file_that_cannot_be_written_is_said_and_the_name_stays(app: GuatuApp, name: str, line: str) -> None:
    async with running(app) as pilot:
        await open_list(app, pilot)
        await export(app, pilot, name, "2")
        await until(lambda: line in problem_line(app))
        assert app.screen.query_one("#text", Input).value == name


@pytest.mark.parametrize(
    ("named", "way", "path"),
    [("a", ".csv", "a.csv"), ("a.xlsx", ".csv", "a.csv"), ("a.v2", ".xlsx", "a.v2.xlsx"), (" a.CSV ", ".csv", "a.csv")],
)
def test_a_file_ends_as_what_was_chosen(named: str, way: str, path: str) -> None:
    assert path_of(Answer(way, named)) == Path(path)


async def test_a_list_too_long_for_a_page_counts_the_rest(app: GuatuApp) -> None:
    async with running(app) as pilot:
        await arrive(app, *(problem(n, "2026-10-01", f"问题{n}") for n in range(100, 101 + LISTED)))
        page = await open_list_of(app, pilot)
        assert page.found is not None
        assert len(page.found.rows) == LISTED
        assert lines_of(app, LIST)[-1] == f"... and {page.found.more} more"


async def test_a_narrow_terminal_leaves_out_town_and_responsible_and_never_breaks_a_line(app: GuatuApp) -> None:
    async with running(app, (80, 24)) as pilot:
        await open_list(app, pilot)
        assert "骆岗街道" not in lines_of(app, LIST)[-2]
        await pilot.resize_terminal(140, 40)
        await lists(app, LIST, "陆大村       骆岗街道")


async def open_list_of(app: GuatuApp, pilot: Pilot[None]) -> ChasePage:
    await pilot.press("l")
    page = await comes(app, ChasePage)
    await until(lambda: lines_of(app, LIST))
    assert isinstance(page, ChasePage)
    return page


async def export(app: GuatuApp, pilot: Pilot[None], name: str, way: str) -> None:
    await pilot.press("f4")
    question = await comes(app, Asking)
    question.query_one("#text", Input).value = name
    await pilot.press(way)


def problem_line(app: GuatuApp) -> str:
    found = next(iter(app.screen.query("#problem")), None)
    return str(getattr(found, "content", ""))


def read(path: Path) -> list[str]:
    """The rows of a file, each as one text."""
    if path.suffix == ".csv":
        rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        return ["|".join(row) for row in rows]
    page: Any = openpyxl.load_workbook(path).worksheets[0]
    return ["|".join(str(cell.value or "") for cell in row) for row in page.iter_rows()]
