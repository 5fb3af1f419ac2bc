"""Lines of the wall: pieces of text, each with the name of an ink, exactly as many cells wide as they say.

Pure values: the terminal, a text and a test all draw from the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from rich.cells import cell_len, set_cell_size

from tui.grid.paint import fit
from tui.grid.plain import plain

Piece = tuple[str, str]
"""A text and the name of its ink: one of `Ink`, or the word of a light."""
Line = tuple[Piece, ...]


class Block(NamedTuple):
    """Lines that are all so many cells wide. Blocks beside each other are painted apart: what changes in one re-sends
    nothing of its neighbours."""

    width: int
    lines: tuple[Line, ...]


Band = tuple[Block, ...]
"""Blocks beside each other, all equally high."""


class Ink(StrEnum):
    """With what everything is written that is no light. A light's word is the name of its own ink."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    RULE = "rule"
    FILLED = "filled"
    EMPTY = "empty"
    CHANGED = "changed"
    AMBER = "amber"
    ALARM = "alarm"
    PLANNED = "planned"
    FIGURE = "figure:"


LONGEST: Final = 512
"""So many characters of a text that people typed are ever measured."""


def safe(text: str) -> str:
    """A text that people typed, as it may stand on the wall: one line, nothing in it steers the terminal."""
    return plain(text[:LONGEST]).strip()


def cells_of(text: str) -> int:
    """How many cells a text takes that nothing in it steers the terminal by."""
    return len(text) if text.isascii() else cell_len(text)


def width_of(line: Line) -> int:
    """How many cells a line takes."""
    return sum(cells_of(text) for text, _ink in line)


def text_of(line: Line) -> str:
    """What a line says, without any ink."""
    return "".join(text for text, _ink in line)


def line(width: int, *pieces: Piece) -> Line:
    """The pieces in exactly so many cells: what does not fit is cut between glyphs, what is left is blank."""
    found: list[Piece] = []
    room = width
    for text, ink in pieces:
        if (size := cells_of(text)) > room:
            found.append((set_cell_size(text, room), ink))
            return tuple(piece for piece in found if piece[0])
        if size:
            found.append((text, ink))
            room -= size
    if room > 0:
        found.append((" " * room, Ink.PLAIN))
    return tuple(found)


def blank(width: int) -> Line:
    """A line on which nothing stands."""
    return line(width)


def rule(width: int) -> Line:
    """A line between two parts."""
    return line(width, ("-" * width, Ink.RULE))


def left(text: str, width: int) -> str:
    """The text in so many cells from the left, with a mark where it was cut."""
    return fit(text, width)


def right(text: str, width: int) -> str:
    """The text in so many cells from the right."""
    size = cells_of(text)
    return " " * (width - size) + text if size <= width else fit(text, width)


def spread(width: int, before: Sequence[Piece], after: Sequence[Piece]) -> Line:
    """Pieces at the left end and at the right one; what stands at the right is whole."""
    kept = width_of(tuple(after))
    if kept >= width:
        return line(width, *after)
    return (*line(width - kept, *before), *after)


def beside(parts: Sequence[tuple[Line, ...]], widths: Sequence[int]) -> tuple[Line, ...]:
    """Blocks of lines next to each other, each so many cells wide; the shorter ones end in blanks."""
    high = max(map(len, parts), default=0)
    padded = [[*part, *[blank(width)] * (high - len(part))] for part, width in zip(parts, widths, strict=True)]
    return tuple(tuple(piece for each in row for piece in each) for row in zip(*padded, strict=True))


def joined(band: Band) -> tuple[Line, ...]:
    """The lines of a band from its left end to its right one."""
    return beside([block.lines for block in band], [block.width for block in band])


def filled(lines: Iterable[Line], width: int, height: int) -> tuple[Line, ...]:
    """Exactly so many lines: what is too much is left out, what is missing is blank."""
    found = list(lines)[:height]
    return (*found, *[blank(width)] * (height - len(found)))


def centred(lines: Sequence[str], ink: str, width: int) -> tuple[Line, ...]:
    """Lines of a picture in the middle of so many cells."""
    found = []
    for text in lines:
        before = max(0, (width - cells_of(text)) // 2)
        found.append(line(width, (" " * before, Ink.PLAIN), (text, ink)))
    return tuple(found)
