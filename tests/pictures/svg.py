"""A frame of the app as an SVG in which every letter stands on its own cell, whatever font shows it.

Textual's own export stretches whole runs of text; with a font whose Chinese is not exactly two Latin cells wide,
columns drift. Here each letter gets its place, and no font is fetched from anywhere.
"""

from __future__ import annotations

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
    places, letters = [], []
    for letter in text:
        if letter != " ":
            places.append(f"{at * CELL:.1f}")
            letters.append(letter)
        at += cell_len(letter)
    if letters:
        where = f'x="{" ".join(places)}" y="{row * LINE + 14}"'
        yield f'<text {where} fill="{front}"{weight}>{escape("".join(letters))}</text>'


def _colours(style: Style) -> tuple[str, str]:
    front, back = _hex(style.color, True), _hex(style.bgcolor, False) if style.bgcolor else ""
    return (back or "#16191d", front) if style.reverse else (front, back)


def _hex(colour: Color | None, foreground: bool) -> str:
    if colour is None or colour.is_default:
        return "#e6e6e6" if foreground else ""
    return colour.get_truecolor(MONOKAI, foreground).hex
