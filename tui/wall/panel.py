"""A part of the wall on the screen: lines as they are, repainted only where they became others."""

from __future__ import annotations

from itertools import takewhile, zip_longest
from typing import Final

from textual.cache import LRUCache
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.wall.inks import MADE, Inks
from tui.wall.lines import Block, Line, Piece, cells_of


class Panel(Widget, can_focus=False):
    """Lines of exactly its own width. `show` paints what differs from what is there."""

    def __init__(self, inks: Inks, part: str) -> None:
        super().__init__(classes=part)
        self._inks = inks
        self._placed = (0, 0, 0, 0)
        self._lines: tuple[Line, ...] = ()
        self._strips: LRUCache[Line, Strip] = LRUCache(MADE)
        self.styles.position = "absolute"

    def place(self, x: int, y: int, width: int, height: int) -> None:
        """Stand there from now on, so wide and high."""
        if (x, y, width, height) != self._placed:
            self._placed = (x, y, width, height)
            self.styles.offset = (x, y)
            self.styles.width, self.styles.height = width, height
            self.display = width > 0

    def show(self, lines: tuple[Line, ...]) -> None:
        """These lines from now on."""
        before, self._lines = self._lines, lines
        if before is lines:
            return
        for at, (old, new) in enumerate(zip_longest(before, self._lines)):
            if old is not new and old != new:
                first, last = _differing(old or (), new or ())
                self.refresh(Region(first, at, max(1, last - first), 1))

    def ink(self, inks: Inks) -> None:
        """Paint everything with these."""
        if inks is not self._inks:
            self._inks = inks
            self._strips.clear()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line as it is painted."""
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self._inks.plain)
        line = self._lines[y]
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = self._inks.strip(line)
        return strip if strip.cell_length == width else strip.adjust_cell_length(width, self._inks.plain)


EMPTY: Final = Block(0, ())


def _differing(old: Line, new: Line) -> tuple[int, int]:
    """Between which cells two lines differ, to the character where the ink is the same."""
    if not old or not new:
        return 0, sum(cells_of(text) for text, _ink in new or old)
    first, at = _common(list(old), list(new))
    last, _ = _common(_turned(old[at:]), _turned(new[at:]))
    return first, max(first + 1, sum(cells_of(text) for text, _ink in new) - last)


def _common(old: list[Piece], new: list[Piece]) -> tuple[int, int]:
    """How many cells are the same from the beginning, and how many whole pieces."""
    cells = whole = 0
    for (before, ink), (after, other) in zip(old, new, strict=False):
        if ink != other:
            break
        if before == after:
            cells += cells_of(before)
            whole += 1
            continue
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
        return cells + cells_of(before[:same]), whole
    return cells, whole


def _turned(line: Line) -> list[Piece]:
    """The line from its end."""
    return [(text[::-1], ink) for text, ink in reversed(line)]
