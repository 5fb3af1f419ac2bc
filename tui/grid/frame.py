"""Where everything stands on a line of the board, counted in cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from shared.board.district import Column, TownRow, UnitRow

HEADER: Final = 2
"""Lines of the header: phase titles above step numbers."""
TAIL: Final = 28
"""Cells for what a line adds up to, behind the last column, where there is room for all of it."""
TAIL_AT_LEAST: Final = 10
"""With less room than this the sums begin behind the edge of the screen: half a number would be a wrong number."""
_SIZES: Final = ((32, 12, 4), (24, 8, 4), (24, 8, 3), (20, 6, 3), (16, 4, 3))
"""Cells for name, bar and one column; the first whose columns all fit is taken, else the last."""


class Group(NamedTuple):
    """The columns of one phase: where they begin and how many cells they take."""

    phase: int
    start: int
    width: int


class Span(NamedTuple):
    """A stretch of one line, from `start` up to but not including `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The cells of a line: name, count and bar stay at the left; the columns and the tail scroll behind them.

    `starts` holds the first cell of each column, counted from the left edge of the board before any scrolling.
    """

    columns: tuple[Column, ...]
    name: int
    count: int
    bar: int
    cell: int
    fixed: int
    starts: tuple[int, ...]
    groups: tuple[Group, ...]
    tail: int
    width: int

    @property
    def end(self) -> int:
        """The cell behind the last column."""
        return self.starts[-1] + self.cell if self.starts else self.fixed

    def column_at(self, x: int) -> int | None:
        """The column whose cell covers `x`, or nothing between phases, on the name and behind the last one."""
        return next((at for at, start in enumerate(self.starts) if start <= x < start + self.cell), None)

    def cell_span(self, column: int) -> Span:
        """The cells of one column; of the name, count and bar for a column below 0."""
        if column < 0:
            return Span(0, self.fixed)
        return Span(self.starts[column], self.starts[column] + self.cell)

    def visible(self, span: Span, scrolled: int, width: int) -> Span:
        """Where a span stands on a screen `width` wide that is scrolled to the right; empty when out of sight."""
        start = span.start if span.start < self.fixed else max(self.fixed, span.start - scrolled)
        end = span.end if span.end <= self.fixed else max(self.fixed, span.end - scrolled)
        return Span(start, max(start, min(end, width)))


def frame_for(columns: Sequence[Column], width: int, most: int) -> Frame:
    """The frame for a screen `width` cells wide; `most` is the largest number a count has to hold."""
    count = 2 * len(str(most)) + 1
    for name, bar, cell in _SIZES:
        frame = _frame(tuple(columns), width, name, count, bar, cell)
        if frame.width <= width:
            break
    return frame


def _frame(columns: tuple[Column, ...], screen: int, name: int, count: int, bar: int, cell: int) -> Frame:
    fixed = name + 1 + count + 1 + bar + 1
    starts: list[int] = []
    groups: list[Group] = []
    x = fixed
    for column in columns:
        if groups and groups[-1].phase == column.phase:
            groups[-1] = groups[-1]._replace(width=groups[-1].width + cell)
        else:
            x += 1 if groups else 0
            groups.append(Group(column.phase, x, cell))
        starts.append(x)
        x += cell
    tail, room = x + 1, min(TAIL, screen - x - 1)
    if room < TAIL_AT_LEAST:
        tail, room = max(tail, screen), TAIL
    return Frame(columns, name, count, bar, cell, fixed, tuple(starts), tuple(groups), tail, tail + room)


def changed_span(old: UnitRow | TownRow, new: UnitRow | TownRow, frame: Frame) -> Span | None:
    """The one stretch of a line that covers all that looks different between two rows, or nothing.

    One stretch, because a terminal update starts at the left edge of the widget anyway: two would be sent twice.
    """
    spans = [frame.cell_span(column) for column in _changed_columns(old, new) if column < len(frame.columns)]
    if old.name != new.name or _size(old) != _size(new):
        spans.append(Span(0, frame.name))
    if (old.done, old.applicable) != (new.done, new.applicable):
        spans.append(Span(frame.name, frame.fixed))
    if _tail(old) != _tail(new):
        spans.append(Span(frame.tail, frame.width))
    if not spans:
        return None
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def words_of(row: UnitRow | TownRow) -> str:
    """One word per column: a unit's lights, a town's most urgent ones."""
    return row.lights if isinstance(row, UnitRow) else row.worst


def _changed_columns(old: UnitRow | TownRow, new: UnitRow | TownRow) -> set[int]:
    before, after = words_of(old), words_of(new)
    changed = {at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b}
    changed.update(range(min(len(before), len(after)), max(len(before), len(after))))
    if isinstance(old, UnitRow) and isinstance(new, UnitRow):
        changed |= set(old.marks) ^ set(new.marks)
        changed |= set(old.unsent) ^ set(new.unsent)
    return changed


def _size(row: UnitRow | TownRow) -> int:
    return row.units if isinstance(row, TownRow) else 0


def _tail(row: UnitRow | TownRow) -> object:
    own = (row.over, len(row.marks)) if isinstance(row, UnitRow) else (row.counts, row.marks)
    return (*own, row.problems, row.late)
