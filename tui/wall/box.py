"""What a page draws into: so many cells, with the means of this terminal and the wishes of this office."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tui.wall.bitmaps import Pixels
from tui.wall.blocks import Blocks, lines_of, rows_of
from tui.wall.facts import Facts
from tui.wall.lines import Ink, Line, centred, line, safe, spread
from tui.wall.typeface import Latin, Typeface


@dataclass(frozen=True)
class Means:
    """How this wall draws: with which blocks and typeface, and what it leaves out.

    `hidden`: no names of people, no texts of problems. `ranked`: whether towns have places. `names`: pixels of big
    names, 0 for none. `words`: whether Chinese can be shown; without, units are shown by their codes and lights by
    letters.
    """

    blocks: Blocks = Blocks.HALF
    typeface: Typeface = field(default_factory=Latin)
    hidden: bool = False
    ranked: bool = True
    names: int = 0
    words: bool = True


@dataclass(frozen=True)
class Box:
    """The centre at one moment. `marked`: units and towns that changed just now, by code."""

    width: int
    height: int
    now: datetime
    means: Means = Means()
    marked: frozenset[str] = frozenset()


class Page(Protocol):
    """One page of the wall: how many parts it takes in a box, and the lines of one of them, from 0.

    A part has at most as many lines as the box; each is as wide as the box.
    """

    name: str

    def title(self) -> str:
        """What it is called, in the language spoken."""

    def parts(self, facts: Facts, box: Box) -> int:
        """How many parts there are now; none when there is nothing to show."""

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """The lines of a part; of the last one when there are no longer so many."""


def big(text: str, ink: str, box: Box) -> tuple[Line, ...]:
    """A text in big letters in the middle, or in its normal size where it cannot be drawn or there is no room."""
    pixels = _pixels(text, box)
    if pixels is None:
        return centred((safe(text),), Ink.STRONG, box.width)
    return centred(lines_of(pixels, box.means.blocks), f"{Ink.FIGURE}{ink}", box.width)


def big_rows(text: str, box: Box) -> int:
    """How many lines that takes."""
    pixels = _pixels(text, box)
    return 1 if pixels is None else rows_of(len(pixels))


def _pixels(text: str, box: Box) -> Pixels | None:
    means, shown = box.means, safe(text)
    pixels = means.typeface.pixels(shown, means.names) if means.names and shown else None
    return None if pixels is None or len(pixels[0]) > box.width else pixels


def heading(text: str, box: Box, *, aside: str = "") -> Line:
    """The first line of a page: what it is, and at its right end what else is to be known."""

    return spread(box.width, [(text, Ink.STRONG)], [(aside, Ink.QUIET)] if aside else [])


def nothing(text: str, box: Box) -> tuple[Line, ...]:
    """A page on which there is nothing to show says so."""
    return (*[line(box.width)] * (box.height // 3), *centred((text,), Ink.QUIET, box.width))


def cut(count: int, rows: int) -> int:
    """How many parts so many lines take, so many at a time."""
    return max(1, -(-count // max(1, rows)))
