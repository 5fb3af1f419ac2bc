"""The painted lines that are kept: as many as a few screens, each made once for one look of its row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from textual.cache import LRUCache
from textual.geometry import Size
from textual.strip import Strip

from shared.board.district import TownRow
from tui.grid.cursor import NAME
from tui.grid.frame import HEADER, Span
from tui.grid.header import paint_header
from tui.grid.paint import Look, inked, window
from tui.grid.rows import Row

SCREENS_KEPT: Final = 3
"""How many screens of painted lines are kept; more only feeds the garbage collector."""


class Canvas:
    """One look at one size and one scroll to the right; anything else is another canvas.

    `paint` makes the whole line of a row that is not kept. The height of the screen bounds how many are.
    """

    def __init__(self, look: Look, scrolled: int, size: Size, paint: Callable[[Row, Look, bool], Strip]) -> None:
        self.look: Final = look
        self.scrolled: Final = scrolled
        self.size: Final = size
        self._paint = paint
        self._rows: LRUCache[tuple[Row, bool], Strip] = LRUCache(SCREENS_KEPT * max(1, size.height))
        self._inked: LRUCache[tuple[Row, bool, int], Strip] = LRUCache(4)
        self._headers: LRUCache[tuple[int, int], Strip] = LRUCache(4 * HEADER)

    def __len__(self) -> int:
        return len(self._rows)

    def header(self, line: int, marked: int) -> Strip:
        """A header line, with the number of the marked column (none for `NAME`) standing out."""
        strip = self._headers.get((line, marked))
        if strip is None:
            painted = paint_header(self.look, line, None if marked == NAME else marked, self.scrolled)
            strip = window(painted, self.look.frame, self.scrolled, self.size.width, self.look.inks.header)
            self._headers[line, marked] = strip
        return strip

    def row(self, row: Row, folded: bool) -> Strip:
        """The line of a row."""
        strip = self._rows.get((row, folded))
        if strip is None:
            ground = self.look.inks.town if isinstance(row, TownRow) else self.look.inks.base
            strip = window(self._paint(row, self.look, folded), self.look.frame, self.scrolled, self.size.width, ground)
            self._rows[row, folded] = strip
        return strip

    def row_with_cursor(self, row: Row, folded: bool, column: int) -> Strip:
        """The line of a row with the cursor on one of its columns, laid over it last: the row's own line stays kept."""
        strip = self._inked.get((row, folded, column))
        if strip is None:
            strip = self._inked[row, folded, column] = self._with_cursor(self.row(row, folded), column)
        return strip

    def blank(self) -> Strip:
        """A line on which nothing stands."""
        return Strip.blank(self.size.width, self.look.inks.base)

    def _with_cursor(self, strip: Strip, column: int) -> Strip:
        frame, inks = self.look.frame, self.look.inks
        name = Span(0, frame.name)
        if column == NAME:
            return inked(strip, name, inks.cursor, self.look.palette.pointer)
        cell = frame.visible(frame.cell_span(column), self.scrolled, self.size.width)
        return inked(inked(strip, name, inks.pointer), cell, inks.cursor, self.look.palette.pointer)
