"""The burn-up: what was done as a filled ground, what was planned as a line; told apart without colours, too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from rich.cells import cell_len

from shared.board.progress import Course
from shared.messages import pick
from tui.wall.blocks import Blocks
from tui.wall.lines import Ink, Line, Piece, line, right

AXIS: Final = 7
"""Cells of the numbers at the left."""
LEAST: Final = (20, 4)
"""The smallest plot that says anything, in cells."""
_FULL: Final = {Blocks.HALF: ("▄", "█"), Blocks.ASCII: ("_", "#")}
_PLANNED: Final = "*"


def plot(course: Course, width: int, height: int, today: date, blocks: Blocks = Blocks.HALF) -> tuple[Line, ...]:
    """The course in exactly so many cells: numbers at the left, days below, today marked with a sign on the axis."""
    wide, high = width - AXIS, height - 1
    if wide < LEAST[0] or high < LEAST[1] or not course.days:
        return tuple(line(width) for _ in range(height))
    top = max(1, course.steps, *course.done[-1:])
    days = [round(at * (len(course.days) - 1) / max(1, wide - 1)) for at in range(wide)]
    actual = [_level(course.done, day, top, 2 * high) for day in days]
    wanted = [_level(course.planned, day, top, high) for day in days]
    lines = []
    for row in range(high):
        floor = high - 1 - row
        number = top if row == 0 else 0 if floor == 0 else top // 2 if floor == high // 2 else None
        axis = right("" if number is None else str(number), AXIS - 2) + " |"
        lines.append(line(width, (axis, Ink.QUIET), *_row(actual, wanted, floor, blocks)))
    lines.append(_axis(course.days, days, width, today))
    return tuple(lines)


def words(course: Course) -> str:
    """What the plot says: how many steps fewer or more than planned, at the end of the last day that is over."""
    if not course.done:
        return pick("尚未开始", "not begun")
    behind = course.behind()
    if behind > 0:
        return pick("比计划少 {} 项", "{} fewer than planned").format(behind)
    return (
        pick("比计划多 {} 项", "{} more than planned").format(-behind) if behind else pick("与计划持平", "as planned")
    )


def key(blocks: Blocks) -> str:
    """What the signs mean."""
    return pick("{} 已完成  {} 计划", "{} done  {} planned").format(_FULL[blocks][1], _PLANNED)


def _level(values: Sequence[int], day: int, top: int, high: int) -> int | None:
    """How many of so many places a value reaches; something is never nothing. Nothing where the day is not over."""
    if day >= len(values):
        return None
    return max(1 if values[day] else 0, values[day] * high // top)


def _row(actual: Sequence[int | None], wanted: Sequence[int | None], floor: int, blocks: Blocks) -> list[Piece]:
    half, full = _FULL[blocks]
    pieces: list[Piece] = []
    for done, due in zip(actual, wanted, strict=True):
        if due is not None and floor == max(0, due - 1) and due:
            piece = (_PLANNED, Ink.PLANNED if (done or 0) // 2 <= floor else Ink.FIGURE + Ink.PLANNED)
        else:
            reached = (done or 0) - 2 * floor
            piece = (full if reached >= 2 else half if reached == 1 else " ", Ink.FILLED)
        if pieces and pieces[-1][1] == piece[1]:
            pieces[-1] = (pieces[-1][0] + piece[0], piece[1])
        else:
            pieces.append(piece)
    return pieces


def _axis(days: Sequence[date], shown: Sequence[int], width: int, today: date) -> Line:
    """The months under their first days, and a sign under today."""
    cells = [" "] * len(shown)
    last = None
    for at, day in enumerate(shown):
        month = f"{days[day]:%m-%d}"
        if days[day].month != last and at + len(month) <= len(shown):
            if all(cell == " " for cell in cells[max(0, at - 1) : at + len(month)]):
                cells[at : at + len(month)] = month
            last = days[day].month
    place = next((at for at, day in enumerate(shown) if days[day] >= today), None)
    if place is not None and cells[place] == " ":
        cells[place] = "^"
    text = "".join(cells)
    assert cell_len(text) == len(shown)
    return line(width, (" " * (AXIS - 2) + " +" + text, Ink.QUIET))
