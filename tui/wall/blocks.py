"""Pixels as characters: two pixels above each other in one cell, so that they are square, or signs of ASCII."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from tui.wall.bitmaps import Pixels


class Blocks(StrEnum):
    """With what big figures are drawn. Where block characters take two cells, or are not to be had: with signs."""

    HALF = "half"
    ASCII = "ascii"


_HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
_SIGNS: Final = {(False, False): " ", (True, False): '"', (False, True): "_", (True, True): "#"}
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
_STEPS: Final = " .:-=+*#@"


def lines_of(pixels: Pixels, blocks: Blocks = Blocks.HALF) -> tuple[str, ...]:
    """The picture as lines of text, one character a cell, all of one length; an odd last row stands in upper halves."""
    signs = _HALVES if blocks is Blocks.HALF else _SIGNS
    return tuple("".join(signs[pair] for pair in zip(*rows, strict=True)) for rows in _pairs(pixels))


def rows_of(pixel_rows: int) -> int:
    """How many lines of text so many rows of pixels take."""
    return (pixel_rows + 1) // 2


def spark(values: tuple[float, ...], blocks: Blocks = Blocks.HALF) -> str:
    """A curve in one line, a character for each value: the lowest just above the ground, the highest at the top.

    All the same is a flat line in the middle: nothing moved.
    """
    levels = _EIGHTHS if blocks is Blocks.HALF else _STEPS
    if not values:
        return ""
    low, high = min(values), max(values)
    if low == high:
        return levels[4] * len(values)
    return "".join(levels[1 + round((value - low) / (high - low) * 7)] for value in values)


def bar(done: int, of: int, width: int, blocks: Blocks = Blocks.HALF) -> tuple[str, str]:
    """The filled and the empty part of a bar of so many cells: full only when all is done, never empty once some is."""
    full = 0 if of <= 0 else max(1 if done else 0, done * width // of)
    return ("█" if blocks is Blocks.HALF else "#") * full, ("░" if blocks is Blocks.HALF else ".") * (width - full)


def _pairs(pixels: Pixels) -> Iterator[tuple[tuple[bool, ...], tuple[bool, ...]]]:
    for at in range(0, len(pixels), 2):
        upper = pixels[at]
        yield upper, pixels[at + 1] if at + 1 < len(pixels) else (False,) * len(upper)
