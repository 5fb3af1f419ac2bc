"""A frame of the app as an SVG in which every word stands on its own cells, whatever font shows it.

Textual's own export stretches whole runs of text; with a font whose Chinese is not exactly two Latin cells wide,
columns drift. Here each word, and each Chinese letter, gets its place, and no font is fetched from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import MONOKAI

CELL: Final = 8.4
LINE: Final = 18
FONTS: Final = "'Sarasa Mono SC','Noto Sans Mono CJK SC','WenQuanYi Zen Hei Mono',Menlo,Consolas,monospace"

_BLOCKS: Final = {
    "█": (0.0, 1.0, False),
    "▀": (0.0, 0.5, False),
    "░": (0.0, 1.0, True),
    **{character: (1 - part / 8, 1.0, False) for part, character in enumerate("▁▂▃▄▅▆▇", 1)},
}
"""Block character → from where to where it fills its cell, and whether thinly."""
_WORD: Final = re.compile(r"[\x21-\x7e]+|[^\x20-\x7e]")


def draw(lines: Sequence[Iterable[Segment]], columns: int) -> str:
    """The picture of these lines of segments, `columns` cells wide."""
    width, height = columns * CELL, len(lines) * LINE
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
        f'font-family="{FONTS}" font-size="14" xml:space="preserve">'
        f'<rect width="{width:.0f}" height="{height}" fill="#16191d"/>'
    )
    body = (part for row, line in enumerate(lines) for part in _line(line, row))
    return "\n".join((head, *body, "</svg>\n"))


def _line(line: Iterable[Segment], row: int) -> Iterator[str]:
    at = 0
    for text, style, _control in line:
        wide = cell_len(text)
        yield from _run(text, style or Style(), at, wide, row)
        at += wide


def _run(text: str, style: Style, at: int, wide: int, row: int) -> Iterator[str]:
    front, back = _colours(style)
    if back:
        yield f'<rect x="{at * CELL:.1f}" y="{row * LINE}" width="{wide * CELL:.1f}" height="{LINE}" fill="{back}"/>'
    weight = ' font-weight="bold"' if style.bold else ""
    for word in _WORD.finditer(text):
        before = cell_len(text[: word.start()])
        if word.group() in _BLOCKS:
            yield _block(word.group(), at + before, row, front)
            continue
        length = cell_len(word.group()) * CELL
        place = f'x="{(at + before) * CELL:.1f}" y="{row * LINE + 14}" textLength="{length:.1f}"'
        yield f'<text {place} fill="{front}"{weight}>{escape(word.group())}</text>'


def _block(character: str, at: int, row: int, colour: str) -> str:
    """A block character as what it is, so that no font leaves gaps between two of them."""
    above, below, thin = _BLOCKS[character]
    top = row * LINE + LINE * above
    paint = f'fill="{colour}" fill-opacity="{0.35 if thin else 1}" shape-rendering="crispEdges"'
    return f'<rect x="{at * CELL:.1f}" y="{top:.1f}" width="{CELL:.1f}" height="{LINE * (below - above):.1f}" {paint}/>'


def _colours(style: Style) -> tuple[str, str]:
    front, back = _hex(style.color, True), _hex(style.bgcolor, False) if style.bgcolor else ""
    return (back or "#16191d", front) if style.reverse else (front, back)


def _hex(colour: Color | None, foreground: bool) -> str:
    if colour is None or colour.is_default:
        return "#e6e6e6" if foreground else ""
    return colour.get_truecolor(MONOKAI, foreground).hex
