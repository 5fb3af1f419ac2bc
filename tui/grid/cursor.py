"""Where the cursor goes: pure functions of where it stands and which lines are shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from shared.board.district import Column, UnitRow
from tui.grid.frame import Frame
from tui.grid.messages import CursorCell
from tui.grid.rows import Lines, next_town

NAME: Final = -1
"""The column of the name."""


class Place(NamedTuple):
    """A line, counted from the first one shown, and a column, `NAME` for the name."""

    row: int = 0
    column: int = NAME


class Bounds(NamedTuple):
    """How far the cursor can go: lines, columns, and how many lines a page has."""

    rows: int
    columns: int
    page: int


class View(NamedTuple):
    """How much of the board is in sight: cells across, and lines under the header."""

    width: int
    lines: int


MOVES: Final[Mapping[str, Callable[[Place, Bounds], Place]]] = {
    "up": lambda place, _: place._replace(row=place.row - 1),
    "down": lambda place, _: place._replace(row=place.row + 1),
    "left": lambda place, _: place._replace(column=place.column - 1),
    "right": lambda place, _: place._replace(column=place.column + 1),
    "page-up": lambda place, bounds: place._replace(row=place.row - bounds.page),
    "page-down": lambda place, bounds: place._replace(row=place.row + bounds.page),
    "name": lambda place, _: place._replace(column=NAME),
    "last-column": lambda place, bounds: place._replace(column=bounds.columns - 1),
    "first": lambda place, _: place._replace(row=0),
    "last": lambda place, bounds: place._replace(row=bounds.rows - 1),
}
"""Where each movement leads, before it is kept inside the board."""


def kept_inside(place: Place, bounds: Bounds) -> Place:
    """The nearest place that exists; the first line when there is none."""
    return Place(max(0, min(place.row, bounds.rows - 1)), max(NAME, min(place.column, bounds.columns - 1)))


def town_from(place: Place, lines: Lines, step: int) -> Place:
    """The next town's line, or the same place when there is none."""
    found = next_town(lines, place.row, step)
    return place if found is None else place._replace(row=found)


def followed(place: Place, before: Lines, after: Lines) -> Place:
    """The place of the same unit or town in other lines; of its town when the unit is hidden, else the same line."""
    if place.row >= len(before):
        return place
    row = before.rows[place.row]
    if isinstance(row, UnitRow):
        found = after.units.get(row.code, after.towns.get(row.town))
    else:
        found = after.towns.get(row.code)
    return place if found is None else place._replace(row=found)


def scrolled_to(place: Place, left: int, top: int, view: View, frame: Frame) -> tuple[int, int]:
    """How far to scroll right and down so that the place is in sight: as little as need be."""
    top = min(max(top, place.row - view.lines + 1), max(0, place.row))
    if place.column == NAME or not frame.columns:
        return 0, top
    start, end = frame.cell_span(place.column)
    if place.column == len(frame.columns) - 1:
        end = frame.width  # what the line adds up to comes into sight with the last column
    return min(max(left, end - view.width), start - frame.fixed), top


def cell_of(place: Place, lines: Lines, frame: Frame) -> CursorCell:
    """What the place stands for."""
    if not 0 <= place.row < len(lines):
        return CursorCell()
    row = lines.rows[place.row]
    column: Column | None = frame.columns[place.column] if 0 <= place.column < len(frame.columns) else None
    if isinstance(row, UnitRow):
        return CursorCell(row.code, row.town, column)
    return CursorCell(None, row.code, column)
