"""Big figures, curves, bars and plots: of the cells they say, and true to their numbers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shared.board.progress import Course
from tui.wall.bitmaps import GLYPHS, HEIGHT, can_draw, drawn, width_of
from tui.wall.blocks import Blocks, bar, lines_of, rows_of, spark
from tui.wall.lines import text_of
from tui.wall.lines import width_of as cells_of
from tui.wall.plot import AXIS, plot, words
from tui.wall.typeface import Latin, Outline, find_typeface

START = date(2026, 9, 1)


def test_every_glyph_is_seven_high_and_five_or_fewer_wide_and_like_no_other() -> None:
    assert {len(rows) for rows in GLYPHS.values()} == {HEIGHT}
    for rows in GLYPHS.values():
        assert len({len(row) for row in rows}) == 1
        assert len(rows[0]) <= 5
    assert len(set(GLYPHS.values())) == len(GLYPHS)
    assert set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+-:%") <= set(GLYPHS)


@given(st.text("0123456789ABZ :+-%é", max_size=12), st.integers(1, 3), st.sampled_from(Blocks))
def test_a_big_text_takes_the_cells_it_says(text: str, scale: int, blocks: Blocks) -> None:
    lines = lines_of(drawn(text, scale), blocks)
    assert len(lines) == rows_of(HEIGHT * scale)
    assert {cell_len(line) for line in lines} <= {width_of(text, scale)}
    assert blocks is Blocks.HALF or "".join(lines).isascii()
    assert can_draw("A1: +")
    assert not can_draw("é")


@given(st.lists(st.floats(-1e6, 1e6), max_size=20), st.sampled_from(Blocks))
def test_a_curve_has_a_sign_for_each_value_and_rises_with_them(values: list[float], blocks: Blocks) -> None:
    line = spark(tuple(values), blocks)
    assert cell_len(line) == len(values)
    levels = " ▁▂▃▄▅▆▇█" if blocks is Blocks.HALF else " .:-=+*#@"
    for one, two in zip(range(len(values)), range(1, len(values)), strict=False):
        if values[one] <= values[two]:
            assert levels.index(line[one]) <= levels.index(line[two])


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 80), st.sampled_from(Blocks))
def test_a_bar_is_full_only_when_all_is_done_and_never_empty_once_something_is(
    one: int, two: int, width: int, blocks: Blocks
) -> None:
    done, of = min(one, two), max(one, two)
    full, empty = bar(done, of, width, blocks)
    assert len(full) + len(empty) == width or width < 1
    assert (not empty) == (of > 0 and done == of) or width == 1
    assert bool(full) == (of > 0 and done > 0)


@given(
    planned=st.lists(st.integers(0, 300), min_size=2, max_size=200),
    over=st.integers(0, 200),
    width=st.integers(10, 120),
    height=st.integers(3, 40),
    blocks=st.sampled_from(Blocks),
)
def test_a_plot_takes_its_cells_and_draws_no_day_that_is_not_over(
    planned: list[int], over: int, width: int, height: int, blocks: Blocks
) -> None:
    days = tuple(START + timedelta(days=at) for at in range(len(planned)))
    done = tuple(sorted(planned)[: min(over, len(planned))])
    course = Course(days, tuple(sorted(planned)), done, max(planned))
    lines = plot(course, width, height, START, blocks)
    assert len(lines) == height
    assert {cells_of(line) for line in lines} == {width}
    wide = width - AXIS
    to_come = [at for at in range(max(0, wide)) if round(at * (len(days) - 1) / max(1, wide - 1)) >= len(done)]
    for line in lines[:-1]:
        text = text_of(line)
        assert not {text[AXIS + at] for at in to_come} & set("█▄#_")


def test_a_plot_says_in_words_what_it_shows() -> None:
    days = (START, START + timedelta(days=1))
    assert words(Course(days, (5, 9), (3,), 9)) == "比计划少 2 项"
    assert words(Course(days, (5, 9), (6,), 9)) == "比计划多 1 项"
    assert words(Course(days, (5, 9), (5,), 9)) == "与计划持平"
    assert words(Course(days, (5, 9), (), 9)) == "尚未开始"


@pytest.mark.parametrize("name", ["骆岗街道", "㙦塘村", "Ａ1 村"])
@pytest.mark.parametrize("high", [14, 16, 24])
def test_chinese_is_drawn_with_the_font_of_the_extra(name: str, high: int) -> None:
    typeface = find_typeface({})
    assert isinstance(typeface, Outline)
    pixels = typeface.pixels(name, high)
    assert pixels is not None
    assert len(pixels) == high
    assert len({len(row) for row in pixels}) == 1
    assert any(map(any, pixels))
    assert typeface.pixels("骆", high) != typeface.pixels("岗", high)


def test_without_a_font_there_are_the_bitmaps_and_a_broken_one_is_none(tmp_path: Path) -> None:
    assert isinstance(find_typeface({"GUATU_FONT": "none"}), Latin)
    assert Latin().pixels("骆岗", 14) is None
    assert Latin().pixels("A1", 14) == drawn("A1", 2)
    assert isinstance(find_typeface({"GUATU_FONT": str(tmp_path / "no.ttf")}), Latin)
    (tmp_path / "bad.ttf").write_bytes(b"no font at all")
    assert find_typeface({"GUATU_FONT": str(tmp_path / "bad.ttf")}).pixels("骆岗", 14) is None
