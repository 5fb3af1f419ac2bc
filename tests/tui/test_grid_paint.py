"""Painted lines: as wide as promised whatever the names are, few segments, and no glyph of doubtful width."""

from __future__ import annotations

import ast
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.strip import Strip
from wcwidth import wcswidth

import tui.grid
import tui.themes
from shared.board.district import OWN, TownRow, UnitRow, count_cells, town_row
from shared.board.lights import Light
from tests.bench.grid_rows import COLUMNS, sample
from tui.grid.frame import HEADER, TAIL_AT_LEAST, Frame, Span, changed_span, frame_for
from tui.grid.header import paint_header
from tui.grid.paint import Inks, Look, Titles, fit, inked, look_for, paint, selected, window
from tui.grid.rows import Row
from tui.themes.palette import CLASSIC, MONOCHROME, NAMES, OKABE_ITO, Palette

GROUND = Style.parse("#ffffff on #000000")
INKS = Inks(
    GROUND, GROUND + Style(bold=True), GROUND, GROUND + Style(underline=True), Style.parse("#000000 on #ffffff")
)
TITLES = Titles("单位", "完成", "合计", "天", "问题", {1: "学习调研", 2: "分析检查", 3: "整改落实", 4: "巩固提高"})
PIECES = [
    "㙦",
    "𡎚",
    "淝",
    "圩",
    "甲",
    "Ａ",
    "１",
    "（",
    "A",
    "b",
    "7",
    " ",
    "ｶ",
    "😀",
    "👩",
    "é",
    "e\u0301",
    "\u3000",
    "？",
]
NASTY = [
    "\u200d",
    "\ufe0f",
    "\u202e",
    "\x1b[31m",
    "\x9b",
    "\n",
    "👨\u200d👩\u200d👧",
    "⚠\ufe0f",
    "🇨🇳",
    "👍🏽",
    "\ud800",
]
names = st.lists(st.sampled_from(PIECES + NASTY), max_size=40).map("".join)
words = st.text(st.sampled_from([light.value for light in Light] + [" "]), min_size=23, max_size=23)
marks = st.lists(st.integers(-1, 22), max_size=5).map(lambda found: tuple(sorted(set(found))))
palettes = st.sampled_from([CLASSIC, OKABE_ITO, MONOCHROME])
widths = st.integers(1, 260)


def look_at(width: int, palette: Palette = CLASSIC, most: int = 23) -> Look:
    return look_for(frame_for(COLUMNS, width, most), TITLES, palette, INKS)


def unit(lights: str = "毕" * 23, name: str = "陆大村", **more: object) -> UnitRow:
    row = UnitRow("340111001201", name, "village", "340111001", "village", lights, (), (), 0, *count_cells(lights))
    return replace(row, **more)  # type: ignore[arg-type]


def town(*rows: UnitRow, name: str = "甲街道") -> TownRow:
    return town_row("340111001", name, rows, 23)


def cells(strip: Strip) -> int:
    return sum(cell_len(segment.text) for segment in strip)


def cell_text(strip: Strip, frame: Frame, column: int) -> str:
    return strip.crop(*frame.cell_span(column)).text


rows = st.builds(unit, words, names, marks=marks, unsent=marks, over=st.integers(0, 999))
towns = st.builds(lambda units, name: town(*units, name=name), st.lists(rows, max_size=4), names)


@given(rows | towns, widths, palettes, st.booleans())
def test_every_line_is_exactly_as_wide_as_declared(row: Row, width: int, palette: Palette, folded: bool) -> None:
    look = look_at(width, palette, most=9999)
    strip = paint(row, look, folded=folded)
    assert cells(strip) == strip.cell_length == look.frame.width


@given(rows | towns, widths, st.integers(0, 160))
def test_what_a_screen_shows_is_exactly_as_wide_as_the_screen(row: Row, width: int, scrolled: int) -> None:
    look = look_at(width)
    strip = window(paint(row, look), look.frame, scrolled, width, GROUND)
    assert cells(strip) == strip.cell_length == width


@given(rows, st.integers(100, 260))
def test_a_terminal_counts_the_cells_as_we_do(row: UnitRow, width: int) -> None:
    strip = paint(row, look_at(width))
    assert wcswidth(strip.text) == strip.cell_length


@given(widths, st.integers(0, HEADER - 1), st.none() | st.integers(0, 22), st.integers(0, 160))
def test_the_header_is_exactly_as_wide_as_the_lines(width: int, line: int, column: int | None, scrolled: int) -> None:
    look = look_at(width)
    strip = paint_header(look, line, column, scrolled)
    assert cells(strip) == strip.cell_length == look.frame.width


@given(names, st.integers(2, 40))
def test_a_text_that_is_cut_is_cut_between_glyphs_and_says_so(name: str, width: int) -> None:
    text = "".join(character for character in name if character.isprintable())
    assume(unicodedata.normalize("NFC", text) == text)
    fitted = fit(text, width)
    assert cell_len(fitted) == width
    kept = fitted.removesuffix("..").rstrip(" ") if cell_len(text) > width else fitted.rstrip(" ")
    assert text.startswith(kept)
    assert cell_len(text) <= width or fitted.endswith("..")


def test_a_cell_says_its_word_and_what_is_wrong_with_it() -> None:
    look = look_at(200)
    strip = paint(unit(marks=(1, 3), unsent=(2, 3)), look)
    assert look.frame.cell == 4
    assert [cell_text(strip, look.frame, column) for column in range(4)] == ["毕  ", "毕! ", "毕 *", "毕!*"]


def test_in_a_narrow_cell_what_must_be_settled_goes_first() -> None:
    look = look_at(80)
    strip = paint(unit(marks=(1, 3), unsent=(2, 3)), look)
    assert [cell_text(strip, look.frame, column) for column in range(4)] == ["毕 ", "毕!", "毕*", "毕!"]


def test_a_unit_in_dispute_is_marked_on_its_line_also_where_its_step_is_out_of_sight() -> None:
    look = look_at(200)
    assert paint(unit(marks=(1, 3)), look).text.rstrip().endswith("!2")
    own = paint(unit(marks=(OWN,)), look).text
    assert own.startswith(" !")
    assert own.rstrip().endswith("!1")
    chosen = selected(paint(unit(marks=(OWN,)), look), GROUND)
    assert chosen.text.startswith("#!")
    assert chosen.cell_length == look.frame.width


@pytest.mark.parametrize("palette", [CLASSIC, OKABE_ITO, MONOCHROME])
def test_every_word_stands_on_its_colour(palette: Palette) -> None:
    look = look_at(200, palette)
    lights = "".join(light.value for light in Light)
    strip = paint(unit(lights.ljust(23)), look)
    for column, light in enumerate(Light):
        (segment,) = strip.crop(*look.frame.cell_span(column))
        assert segment.text.strip() == light.value
        assert segment.style == GROUND + palette.styles[light.value]


def test_a_town_shows_its_most_urgent_word_and_counts_by_word() -> None:
    look = look_at(200)
    row = town(unit("逾临" + "毕" * 21, marks=(0,)), unit("毕毕审退" + "毕" * 19), unit("逾" + "毕" * 22))
    strip = paint(row, look)
    assert strip.text.startswith("- 甲街道 (3) ")
    assert [cell_text(strip, look.frame, column).strip() for column in range(5)] == ["逾", "临", "审", "退", "毕"]
    assert strip.text.rstrip().endswith("!1 逾2 临1 审1 退1")
    assert "64/69" in strip.text
    assert paint(row, look, folded=True).text.startswith("+ 甲街道")


def test_a_unit_says_how_many_days_its_worst_step_is_over() -> None:
    assert paint(unit("逾" + "毕" * 22, over=12), look_at(200)).text.rstrip().endswith("逾+12天")


def test_open_problems_stand_in_the_tail_with_the_late_ones_and_a_change_of_them_is_painted() -> None:
    calm = unit("毕" * 23)
    row, late = replace(calm, problems=3), replace(calm, problems=3, late=1)
    look = look_at(200)
    assert paint(row, look).text.rstrip().endswith("问题3")
    assert paint(late, look).text.rstrip().endswith("问题3(逾1)")
    assert changed_span(row, late, look.frame) is not None
    town = town_row("340111001", "甲街道", [row, late], 23)
    assert paint(town, look).text.rstrip().endswith("问题6(逾1)")


def test_a_number_is_left_out_rather_than_cut() -> None:
    many = [unit("逾逾逾逾逾临临临临临审审审退退退退退退毕毕毕毕") for _ in range(400)]
    for width in range(100, 150):
        look = look_at(width, most=9200)
        tail = paint(town(*many), look).crop(look.frame.tail).text
        assert all(piece in ("逾2000", "临2000", "审1200", "退2400") for piece in tail.split())


def test_the_sums_are_in_sight_whole_or_not_at_all() -> None:
    for width in range(60, 260):
        frame = frame_for(COLUMNS, width, 9999)
        assert frame.width <= width or frame.tail >= width
        assert frame.width - frame.tail >= TAIL_AT_LEAST


@pytest.mark.parametrize(("done", "full"), [(0, 0), (1, 1), (22, 11), (23, 12)])
def test_the_bar_is_full_only_when_all_is_done(done: int, full: int) -> None:
    look = look_at(300, MONOCHROME)
    strip = paint(unit("毕" * done + "正" * (23 - done)), look)
    assert strip.crop(look.frame.fixed - 1 - look.frame.bar, look.frame.fixed - 1).text == "#" * full + "." * (
        12 - full
    )


def test_markup_in_a_name_is_text() -> None:
    assert "[red]甲[/red]" in paint(unit(name="[red]甲[/red]"), look_at(120)).text


def test_a_name_that_shows_nothing_gives_way_to_the_code() -> None:
    assert paint(unit(name="\u200b\u202e "), look_at(120)).text.startswith("  340111001201")


def test_neighbours_of_one_style_are_one_segment() -> None:
    assert len(list(paint(unit(), look_at(120)))) <= 12


def test_phase_titles_stand_over_their_columns_and_numbers_over_theirs() -> None:
    look = look_at(200)
    titles, numbers = paint_header(look, 0), paint_header(look, 1)
    for group, title in zip(look.frame.groups, ["学习调研", "分析检查", "整改落实", "巩固提高"], strict=True):
        assert titles.crop(group.start, group.start + group.width).text.startswith(title)
    assert [cell_text(numbers, look.frame, at).strip() for at in range(23)] == [str(column.no) for column in COLUMNS]


def test_a_phase_that_is_half_scrolled_away_keeps_its_title() -> None:
    look = look_at(80)
    assert "整改落实" in window(paint_header(look, 0, None, 50), look.frame, 50, 80, GROUND).text


def test_name_and_count_stay_while_the_columns_scroll() -> None:
    look = look_at(80)
    strip = paint(unit("毕正临逾审" + "未" * 18), look)
    shown = window(strip, look.frame, look.frame.cell, 80, GROUND)
    assert shown.crop(0, look.frame.fixed) == strip.crop(0, look.frame.fixed)
    assert shown.crop(look.frame.fixed, look.frame.fixed + 3).text.strip() == "正"


def test_the_cursor_covers_its_cell_and_no_other() -> None:
    look = look_at(120)
    strip = paint(unit("逾" * 23), look)
    span = look.frame.cell_span(2)
    marked = inked(strip, span, INKS.cursor)
    assert cells(marked) == marked.cell_length == strip.cell_length
    assert marked.text == strip.text
    assert {segment.style for segment in marked.crop(*span)} == {GROUND + CLASSIC.styles["逾"] + INKS.cursor}
    assert marked.crop(span.end).text == strip.crop(span.end).text
    assert inked(strip, Span(5, 5), INKS.cursor) is strip


def test_without_colours_the_cursor_is_a_character() -> None:
    look = look_at(120)
    strip = paint(unit(marks=(3,)), look)
    assert cell_text(inked(strip, look.frame.cell_span(2), Style(), "<"), look.frame, 2) == "毕<"
    assert cell_text(inked(strip, look.frame.cell_span(3), Style(), "<"), look.frame, 3) == "毕!"


@given(rows, rows, widths)
def test_one_stretch_covers_all_that_differs_between_two_rows(old: UnitRow, new: UnitRow, width: int) -> None:
    look = look_at(width)
    span = changed_span(old, new, look.frame)
    before, after = paint(old, look), paint(new, look)
    if span is None:
        assert before == after
    else:
        assert before.crop(0, span.start) == after.crop(0, span.start)
        assert before.crop(span.end).text == after.crop(span.end).text


@given(st.lists(rows, min_size=1, max_size=3), st.lists(rows, min_size=1, max_size=3), widths)
def test_and_between_two_states_of_a_town(old: list[UnitRow], new: list[UnitRow], width: int) -> None:
    look = look_at(width)
    span = changed_span(town(*old), town(*new), look.frame)
    before, after = paint(town(*old), look), paint(town(*new), look)
    if span is None:
        assert before == after
    else:
        assert before.crop(0, span.start).text == after.crop(0, span.start).text
        assert before.crop(span.end).text == after.crop(span.end).text


def test_a_changed_cell_is_a_stretch_of_its_own_width() -> None:
    look = look_at(200)
    assert changed_span(unit("正" * 23), unit("正" * 7 + "临" + "正" * 15), look.frame) == look.frame.cell_span(7)
    assert changed_span(unit(), unit(unsent=(4,)), look.frame) == look.frame.cell_span(4)
    assert changed_span(unit(), unit(), look.frame) is None


def test_a_board_of_twenty_thousand_fits_its_largest_number() -> None:
    largest = max(sample(1933).towns.values(), key=lambda row: row.applicable)
    look = look_at(120, most=largest.applicable)
    assert f"{largest.done}/{largest.applicable} " in paint(largest, look).text


# --- own literals ---


def literals(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, parents) and isinstance(node.body[0], ast.Expr)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {str(node.value) for node in strings if id(node) not in notes}


def modules() -> list[Path]:
    # plain.py names the characters that are never painted.
    folders = [Path(package.__path__[0]) for package in (tui.grid, tui.themes)]
    return [path for folder in folders for path in sorted(folder.glob("*.py")) if path.name != "plain.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.name)
def test_no_literal_of_ours_has_a_width_that_terminals_dispute(path: Path) -> None:
    for text in literals(path):
        assert not [character for character in text if unicodedata.east_asian_width(character) == "A"], text


@pytest.mark.parametrize("light", list(Light))
def test_every_word_is_one_glyph_of_two_cells(light: Light) -> None:
    assert unicodedata.east_asian_width(light.value) in "WF"
    assert cell_len(light.value) == 2 * len(light.value) == 2


def test_palettes_are_offered_by_name() -> None:
    assert NAMES == ("classic", "okabe-ito", "monochrome")
