"""The board in an app: what keys, clicks and live changes do, and what they cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from rich.console import Console, RenderableType
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.color import Color
from textual.events import MouseScrollDown
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from shared.board.district import Column, TownRow, UnitRow, town_row
from tests.bench.grid_rows import COLUMNS, Sample, sample
from tests.tui.test_grid_themes import ENOUGH, contrast
from tui.grid.board_grid import BoardGrid
from tui.grid.board_surface import BoardSurface
from tui.grid.cursor import NAME, Place
from tui.grid.frame import HEADER
from tui.grid.messages import CellChosen, CellHighlighted, CursorCell, TownFolded
from tui.grid.paint import Look, Titles
from tui.grid.rows import Arrangement, Filter, Order, Row, arrange
from tui.themes.chrome import THEMES
from tui.themes.palette import MONOCHROME, OKABE_ITO

TITLES = Titles("单位", "完成", "合计", "天", "问题", {1: "学习调研", 2: "分析检查", 3: "整改落实", 4: "巩固提高"})
DISTRICT = sample(149)
SCREEN = (120, 40)
TERMINAL = Console(color_system="truecolor", force_terminal=True, file=StringIO())


class WatchedGrid(BoardGrid):
    """A board that counts what it paints and remembers which regions it gave up to be painted again."""

    painted = 0

    def __init__(self) -> None:
        self.regions: list[Region] = []
        super().__init__(COLUMNS, TITLES, id="board")

    def paint(self, row: Row, look: Look, folded: bool) -> Strip:
        self.painted += 1
        return super().paint(row, look, folded)

    def refresh(self, *regions: Region, **how: Any) -> WatchedGrid:
        self.regions += regions or [self.size.region]
        return super().refresh(*regions, **how)


class BoardApp(App[None]):
    """One board on a screen; it keeps what would have been sent to the terminal, which headless mode throws away."""

    def __init__(self, source: Sample) -> None:
        super().__init__()
        self.source = source
        self.arrangement = Arrangement()
        self.sent: list[str] = []
        self.said: list[Message] = []
        self.shown = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield WatchedGrid()

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.arrange()
        self.board.focus()

    @property
    def board(self) -> WatchedGrid:
        return self.query_one(WatchedGrid)

    def arrange(self, **wanted: Any) -> None:
        self.arrangement = replace(self.arrangement, **wanted)
        self.board.show(arrange(self.source.units, self.source.towns, self.arrangement))

    def on_cell_highlighted(self, event: CellHighlighted) -> None:
        self.said.append(event)

    def on_cell_chosen(self, event: CellChosen) -> None:
        self.said.append(event)

    def on_town_folded(self, event: TownFolded) -> None:
        self.said.append(event)
        folded, town = self.arrangement.folded, frozenset([event.town])
        self.arrange(folded=folded | town if event.folded else folded - town)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            self.sent.append(renderable.render_segments(TERMINAL))
        super()._display(screen, renderable)

    def post_display_hook(self) -> None:
        self.shown.set()

    def quiet(self) -> None:
        self.sent.clear()
        self.said.clear()
        self.board.regions.clear()
        self.board.painted = 0
        self.shown.clear()

    async def frame(self) -> str:
        """What the next frame sends."""
        await asyncio.wait_for(self.shown.wait(), 10)
        return "".join(self.sent)


@asynccontextmanager
async def running(
    source: Sample = DISTRICT, size: tuple[int, int] = SCREEN
) -> AsyncIterator[tuple[BoardApp, WatchedGrid, Pilot[None]]]:
    app = BoardApp(source)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.pause()
        app.quiet()
        yield app, app.board, pilot


def texts(board: BoardSurface) -> list[str]:
    return [board.render_line(y).text for y in range(board.size.height)]


def changed(row: UnitRow, column: int, word: str) -> UnitRow:
    return replace(row, lights=row.lights[:column] + word + row.lights[column + 1 :])


def unit_at(board: BoardGrid, line: int) -> UnitRow:
    row = board.lines.rows[line]
    assert isinstance(row, UnitRow)
    return row


# --- looks ---


async def test_the_board_fills_the_screen_and_no_line_is_wider_or_narrower() -> None:
    for size in (SCREEN, (80, 24), (200, 50), (33, 9)):
        async with running(size=size) as (_, board, _pilot):
            lines = [board.render_line(y) for y in range(board.size.height)]
            assert {line.cell_length for line in lines} == {board.size.width}
            assert len(lines) == size[1]


async def test_the_header_stays_and_the_name_stays_wherever_one_scrolls() -> None:
    async with running(size=(80, 24)) as (_, board, pilot):
        board.cursor = Place(60, len(COLUMNS) - 1)
        await pilot.pause()
        assert board.scroll_offset.x > 0
        assert board.scroll_offset.y > 0
        header, *_, last = texts(board)
        assert header.startswith("单位")
        assert last.startswith(f"  {board.lines.rows[60].name}")


async def test_a_board_without_lines_is_blank_and_harmless() -> None:
    async with running(Sample({}, {})) as (_, board, pilot):
        assert board.cursor_cell == CursorCell()
        await pilot.press("down", "enter", "space", "end")
        assert texts(board)[HEADER:] == [" " * board.size.width] * (board.size.height - HEADER)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_cursor_and_header_can_be_read_with_and_without_focus(theme: Any) -> None:
    async with running() as (app, board, pilot):
        app.theme = theme.name
        for focused in (True, False):
            app.set_focus(board if focused else None)
            await pilot.pause()
            for name in board.COMPONENT_CLASSES:
                style: Style = board.get_component_rich_style(name)
                assert style.color is not None
                assert style.bgcolor is not None
                front, back = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                assert contrast(front, back) >= ENOUGH, (name, focused)


async def test_another_palette_and_another_language_are_shown_at_once() -> None:
    async with running() as (_, board, pilot):
        board.palette = OKABE_ITO
        await pilot.pause()
        span = board.frame.cell_span(0)
        (segment, *_rest) = board.render_line(HEADER + 1).crop(*span)
        assert segment.style is not None
        assert segment.style.bgcolor == OKABE_ITO.styles[unit_at(board, 1).lights[0]].bgcolor
        board.relabel(COLUMNS[:10], Titles("unit", "done", "sum", "d", "prob.", {1: "Study"}))
        await pilot.pause()
        assert texts(board)[0].startswith("unit ")
        assert "Study" in texts(board)[0]
        board.palette = MONOCHROME
        await pilot.pause()
        assert "#" in texts(board)[HEADER]


# --- what is painted, and what that costs ---


async def test_only_lines_in_sight_are_painted_of_twenty_thousand() -> None:
    async with running(sample(20_000)) as (_, board, pilot):
        seen = board.size.height - HEADER
        board.painted = 0
        board.notify_style_update()
        texts(board)
        assert board.painted == seen
        board.cursor = Place(10_000)
        await pilot.pause()
        assert board.painted <= 2 * seen
        assert board._kept is not None
        for line in range(0, 20_000, 500):
            board.cursor = Place(line)
            texts(board)
        assert len(board._kept) <= 3 * board.size.height


async def test_scrolling_by_a_line_paints_one_line() -> None:
    async with running() as (app, board, _pilot):
        board.cursor = Place(board.page - 1)
        await app.frame()
        app.quiet()
        board.cursor = Place(board.page)
        await app.frame()
        assert board.painted == 1


async def test_a_changed_cell_is_one_region_and_under_a_kilobyte() -> None:
    for size in (SCREEN, (200, 50)):
        async with running(size=size) as (app, board, _pilot):
            for line in (1, 5, 17):
                app.quiet()
                row = changed(unit_at(board, line), 20, "退")
                board.replace({row.code: row}, {})
                frame = await app.frame()
                assert board.regions == [Region(board.frame.starts[20], line + HEADER, board.frame.cell, 1)]
                assert "退" in frame
                assert len(frame.encode()) < 1024


async def test_even_a_line_of_nothing_but_differences_stays_near_a_kilobyte() -> None:
    async with running(size=(200, 50)) as (app, board, _pilot):
        row = replace(unit_at(board, 1), lights=("逾退临审课毕补正" * 3)[:23])
        board.replace({row.code: row}, {})
        await app.frame()
        app.quiet()
        new = changed(row, 22, "临")
        board.replace({new.code: new}, {})
        assert len((await app.frame()).encode()) < 1300


async def test_a_change_out_of_sight_paints_nothing() -> None:
    async with running() as (_, board, _pilot):
        far = changed(unit_at(board, 101), 0, "退")
        board.replace({far.code: far}, {})
        assert board.regions == []
        assert board.lines.rows[101] == far


async def test_a_change_behind_the_fixed_columns_paints_nothing() -> None:
    async with running(size=(80, 24)) as (app, board, pilot):
        board.cursor = Place(0, len(COLUMNS) - 1)
        await pilot.pause()
        app.quiet()
        row = changed(unit_at(board, 1), 0, "退")
        board.replace({row.code: row}, {})
        assert board.regions == []


async def test_a_unit_and_its_town_are_painted_in_one_frame_and_nothing_else() -> None:
    async with running() as (app, board, _pilot):
        row = changed(unit_at(board, 3), 2, "退")
        old = board.lines.rows[0]
        assert isinstance(old, TownRow)
        members = [row if each.code == row.code else each for each in DISTRICT.units.values() if each.town == old.code]
        board.replace({row.code: row}, {old.code: town_row(old.code, old.name, members, len(COLUMNS))})
        await app.frame()
        assert {region.y for region in board.regions} == {HEADER, HEADER + 3}
        assert len(app.sent) == 1
        assert board.painted == 2


async def test_moving_the_cursor_paints_two_lines_at_most_and_the_column_s_number() -> None:
    async with running() as (app, board, _pilot):
        board.cursor = Place(4, 3)
        await app.frame()
        app.quiet()
        board.cursor = Place(5, 3)
        frame = await app.frame()
        assert {region.y for region in board.regions} == {HEADER + 4, HEADER + 5}
        assert len(frame.encode()) < 2048
        assert board.painted == 0
        app.quiet()
        board.cursor = Place(5, 4)
        await app.frame()
        assert {region.y for region in board.regions} == {HEADER - 1, HEADER + 5}


async def test_a_number_that_outgrows_its_column_gets_a_wider_one() -> None:
    async with running() as (_, board, pilot):
        old = board.lines.rows[0]
        assert isinstance(old, TownRow)
        count = board.frame.count
        board.replace({}, {old.code: replace(old, done=12_345, applicable=23_456)})
        await pilot.pause()
        assert board.frame.count > count
        assert "12345/23456" in texts(board)[HEADER]


# --- the cursor ---


async def test_keys_move_the_cursor_and_stop_at_the_edges() -> None:
    last = len(DISTRICT.units) + len(DISTRICT.towns) - 1
    async with running() as (_, board, pilot):
        for key, place in [
            ("up", Place(0, NAME)),
            ("left", Place(0, NAME)),
            ("down", Place(1, NAME)),
            ("right", Place(1, 0)),
            ("end", Place(1, 22)),
            ("right", Place(1, 22)),
            ("home", Place(1, NAME)),
            ("ctrl+end", Place(last, NAME)),
            ("down", Place(last, NAME)),
            ("ctrl+home", Place(0, NAME)),
            ("pagedown", Place(38, NAME)),
            ("pageup", Place(0, NAME)),
            ("ctrl+down", Place(16, NAME)),
            ("ctrl+up", Place(0, NAME)),
        ]:
            await pilot.press(key)
            assert board.cursor == place, key


async def test_the_cursor_is_always_in_sight() -> None:
    async with running(size=(80, 24)) as (_, board, pilot):
        for place in (Place(100, 22), Place(3, 0), Place(99, NAME), Place(0, 15)):
            board.cursor = place
            await pilot.pause()
            y = place.row - board.scroll_offset.y
            start, end = board.frame.visible(
                board.frame.cell_span(place.column), board.scroll_offset.x, board.size.width
            )
            assert 0 <= y < board.page
            assert end - start == (board.frame.fixed if place.column == NAME else board.frame.cell)


async def test_the_cursor_says_what_it_stands_on() -> None:
    async with running() as (app, board, pilot):
        await pilot.press("down", "right")
        unit = unit_at(board, 1)
        cell = CursorCell(unit.code, unit.town, Column(1, 1))
        assert board.cursor_cell == cell
        assert app.said[-1] == CellHighlighted(board, cell)
        await pilot.press("up")
        assert board.cursor_cell == CursorCell(None, unit.town, Column(1, 1))


async def test_enter_chooses_a_unit_s_cell_and_folds_a_town() -> None:
    async with running() as (app, board, pilot):
        town = board.lines.rows[0].code
        for key, folded in (("enter", True), ("space", False)):
            app.quiet()
            await pilot.press(key)
            assert app.said[0] == TownFolded(board, town, folded)
            assert (town in board.lines.folded) is folded
        await pilot.press("down", "enter")
        assert app.said[-1] == CellChosen(board, board.cursor_cell)


async def test_space_on_a_unit_folds_nothing() -> None:
    async with running() as (app, board, pilot):
        board.cursor = Place(1)
        await pilot.pause()
        app.quiet()
        await pilot.press("space")
        assert not [event for event in app.said if isinstance(event, TownFolded)]


@pytest.mark.parametrize(
    "act",
    [
        lambda app: app.arrange(filter=Filter(text="村")),
        lambda app: app.arrange(order=Order.OVERDUE),
        lambda app: app.arrange(order=Order.PROGRESS, grouped=False),
        lambda app: app.arrange(folded=frozenset(["340111001", "340111002"])),
    ],
    ids=["filter", "sort", "ungroup", "fold"],
)
async def test_the_cursor_stays_on_its_unit_and_at_its_height(act: Callable[[BoardApp], None]) -> None:
    code = next(code for code, row in DISTRICT.units.items() if row.town > "340111005" and row.name.endswith("村"))
    async with running() as (app, board, pilot):
        assert board.jump_to(code)
        await pilot.pause()
        act(app)
        await pilot.pause()
        assert board.cursor_cell.unit == code
        assert 0 <= board.cursor.row - board.scroll_offset.y < board.page


async def test_the_cursor_of_a_hidden_unit_goes_to_its_town() -> None:
    async with running() as (app, board, pilot):
        await pilot.press("ctrl+down", "down", "down")
        town = unit_at(board, board.cursor.row).town
        app.quiet()
        app.arrange(folded=frozenset([town]))
        await pilot.pause()
        assert board.cursor_cell == CursorCell(None, town, None)
        assert app.said == [CellHighlighted(board, board.cursor_cell)]


async def test_a_jump_goes_to_units_and_towns_that_are_shown() -> None:
    async with running() as (app, board, pilot):
        code = list(DISTRICT.units)[120]
        assert board.jump_to(code)
        assert board.cursor_cell.unit == code
        assert board.jump_to_town(code[:9])
        assert board.cursor_cell == CursorCell(None, code[:9], None)
        app.arrange(folded=frozenset([code[:9]]))
        await pilot.pause()
        assert not board.jump_to(code)
        assert not board.jump_to_town("999")


# --- the mouse ---


async def test_a_click_puts_the_cursor_on_the_cell() -> None:
    async with running() as (app, board, pilot):
        await pilot.click(board, offset=(board.frame.starts[4], HEADER + 6))
        assert board.cursor == Place(6, 4)
        assert not [event for event in app.said if isinstance(event, CellChosen)]


async def test_a_click_means_the_cell_that_is_seen_there() -> None:
    async with running(size=(80, 24)) as (_, board, pilot):
        board.cursor = Place(60, 22)
        await pilot.pause()
        x, _ = board.frame.visible(board.frame.cell_span(21), board.scroll_offset.x, board.size.width)
        top = board.scroll_offset.y
        await pilot.click(board, offset=(x, HEADER + 3))
        assert board.cursor == Place(top + 3, 21)


async def test_a_double_click_opens_and_a_click_on_a_town_s_name_folds() -> None:
    async with running() as (app, board, pilot):
        await pilot.double_click(board, offset=(board.frame.starts[4], HEADER + 6))
        assert app.said[-1] == CellChosen(board, board.cursor_cell)
        await pilot.click(board, offset=(3, HEADER))
        assert board.lines.folded == {board.lines.rows[0].code}


async def test_a_click_beside_everything_changes_nothing() -> None:
    async with running(Sample(dict(list(DISTRICT.units.items())[:3]), DISTRICT.towns)) as (_, board, pilot):
        await pilot.click(board, offset=(5, 30))
        assert board.cursor == Place()


async def test_the_wheel_scrolls_and_leaves_the_cursor() -> None:
    async with running() as (_, board, pilot):
        board.post_message(MouseScrollDown(board, 10, 10, 0, 0, 0, shift=False, meta=False, ctrl=False))
        await pilot.pause()
        assert board.scroll_offset.y > 0
        assert board.cursor == Place()


# --- the wall ---


async def test_a_board_that_is_only_looked_at_has_no_cursor() -> None:
    class Wall(App[None]):
        def compose(self) -> ComposeResult:
            yield BoardSurface(COLUMNS, TITLES)

        def on_mount(self) -> None:
            self.query_one(BoardSurface).show(arrange(DISTRICT.units, DISTRICT.towns, Arrangement()))

    app = Wall()
    async with app.run_test(size=SCREEN) as pilot:
        await pilot.pause()
        surface = app.query_one(BoardSurface)
        assert app.focused is None
        row = surface.lines.rows[0]
        assert surface.render_line(HEADER).text.startswith(f"- {row.name}")
        assert surface.get_component_rich_style("board--cursor").bgcolor not in {
            segment.style.bgcolor for segment in surface.render_line(HEADER) if segment.style
        }
