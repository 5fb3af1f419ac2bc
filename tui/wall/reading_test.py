"""The reading test of a wall: under which angle its rows are seen, and lines to be read aloud from a chair."""

from __future__ import annotations

from collections.abc import Iterator

from shared.messages import pick
from tui.wall.bitmaps import drawn
from tui.wall.blocks import Blocks, lines_of
from tui.wall.layouts import PRESETS, layout_for, preset_for
from tui.wall.sight import NAMES, READABLE, Sight
from tui.wall.typeface import Typeface

_ALIKE = "镇 填 慎   未 末 朱   己 已 巳   圩 圬 郢   逾 临 审 退 课 毕"
_ALIKE_EN = "8 B 3   0 O Q   5 S 6   1 I L   late soon review done"
_NAME = "大圩镇"


def reading_test(sight: Sight | None, size: tuple[int, int], typeface: Typeface, blocks: Blocks) -> Iterator[str]:
    """Line by line what is printed at this size; without a `sight` only what is to be read."""
    columns, rows = size
    yield pick("阅读测试：请从座位上大声读出下面各行。", "Reading test: read the lines below aloud from your chair.")
    yield ""
    if sight is not None:
        yield from _angles(sight, columns, rows)
        yield ""
    yield f"A   {pick(_ALIKE, _ALIKE_EN)}"
    yield ""
    high = layout_for(columns, rows, sight=sight).names or 14
    pixels = typeface.pixels(_NAME, high)
    if pixels is not None:
        yield from (f"B   {each}" for each in lines_of(pixels, blocks))
    else:
        yield "B   " + pick("（没有字库：镇街名按正常大小显示）", "(no font: names are shown in their normal size)")
    yield ""
    yield from (f"C   {each}" for each in lines_of(drawn("0368 17 52", 1), blocks))
    yield ""
    yield pick(
        "读不出 A：放大字号（行数更少）或靠近；读不出 B、C：换更大的屏幕。",
        "A cannot be read: a larger font (fewer rows), or come closer. B or C cannot: a larger screen.",
    )


def in_short(sight: Sight, rows: int) -> str:
    """The angle of a normal row, and what to do when that cannot be read from there; for the wall itself."""
    minutes = sight.row(rows)
    said = pick("普通行 {:.0f} 角分", "rows of {:.0f} minutes of arc").format(minutes)
    if minutes >= READABLE:
        return said
    few = pick("，看不清：字号调大到不超过 {} 行", ", too small: a font with at most {} rows")
    return said + few.format(sight.most_rows(READABLE))


def _angles(sight: Sight, columns: int, rows: int) -> Iterator[str]:
    minutes = sight.row(rows)
    yield pick(
        "{inches:g} 英寸，{metres:g} 米，{rows} 行：普通行 {minutes:.0f} 角分（至少 {least:.0f}，名称 {names:.0f}）",
        "{inches:g} inches, {metres:g} m, {rows} rows: a normal row subtends {minutes:.0f} minutes of arc "
        "(at least {least:.0f}, names {names:.0f})",
    ).format(inches=sight.inches, metres=sight.metres, rows=rows, minutes=minutes, least=READABLE, names=NAMES)
    if minutes < READABLE:
        yield pick(
            "看不清：请把字号调大到不超过 {most} 行", "Too small: choose a font with at most {most} rows"
        ).format(most=sight.most_rows(READABLE))
    elif minutes < NAMES:
        yield pick("够看，名称偏小：{most} 行以内更好", "Readable; names want at most {most} rows").format(
            most=sight.most_rows(NAMES)
        )
    else:
        yield pick("清楚", "Well readable")
    layout, best = layout_for(columns, rows, sight=sight), preset_for(sight)
    yield pick("当前版式 {now}，此处适合 {best}", "layout now: {now}; fits here: {best}").format(
        now=layout.preset, best=best.name
    )
    for preset in PRESETS.values():
        width, height = preset.usual
        angle = sight.row(height)
        said = "+" if angle >= READABLE else "-"
        yield f"  {said} {preset.name:<7}{width}x{height}  {angle:>3.0f}'  {pick(preset.zh, preset.en)}"
