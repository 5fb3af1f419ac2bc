"""Lines of the board as strips: pure functions of a row and a look.

Neighbouring cells of one style become one segment. A terminal update re-sends a line from the left edge of the widget
up to the changed cell, so fewer segments are fewer bytes for every live change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from shared.board.district import BLANK, OWN, TownRow, UnitRow
from shared.board.lights import Light
from tui.grid.frame import Frame, Span, words_of
from tui.grid.plain import plain
from tui.themes.palette import Palette

COLLISION: Final = "!"
UNSENT: Final = "*"
UNIT_MARK, OPEN_MARK, FOLDED_MARK = "  ", "- ", "+ "
OWN_MARK, SELECTED_MARK = " !", "#"
CUT: Final = ".."
"""Ends a text that was cut; an ellipsis character is two cells wide on some Chinese terminals."""
COUNTED: Final = (Light.OVERDUE, Light.DUE_SOON, Light.REVIEW, Light.RETURNED)
"""The lights that a town line counts, in this order."""
# A name can be as long as somebody made it; no more of it than this is ever measured.
_MOST_CHARACTERS: Final = 128

Piece = tuple[str, Style]
_CellKey = tuple[str, bool, bool]


@dataclass(frozen=True, slots=True)
class Inks:
    """The styles of all that is no light, taken from the theme."""

    base: Style
    town: Style
    header: Style
    pointer: Style
    cursor: Style


@dataclass(frozen=True, slots=True)
class Titles:
    """What the header says, in the reader's language; `days` stands behind a number of days, `problems` before one."""

    name: str = ""
    done: str = ""
    tail: str = ""
    days: str = ""
    problems: str = ""
    phases: Mapping[int, str] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """All that decides how a row is drawn; rows drawn under one look are equal when the rows are."""

    frame: Frame
    titles: Titles
    palette: Palette
    inks: Inks
    unit_cells: Mapping[_CellKey, Piece]
    town_cells: Mapping[_CellKey, Piece]


def look_for(frame: Frame, titles: Titles, palette: Palette, inks: Inks) -> Look:
    """The look with every cell that can stand on the board made beforehand."""
    return Look(
        frame,
        titles,
        palette,
        inks,
        _cells(palette, inks.base, frame.cell),
        _cells(palette, inks.town, frame.cell),
    )


def _cells(palette: Palette, ground: Style, width: int) -> dict[_CellKey, Piece]:
    known: dict[Style, Style] = {}
    cells: dict[_CellKey, Piece] = {}
    for word in (BLANK, *palette.styles):
        style = ground + palette.styles[word] if word in palette.styles else ground
        style = known.setdefault(style, style)  # so that equal neighbours are the same object
        for collides in (False, True):
            for unsent in (False, True):
                cells[word, collides, unsent] = (set_cell_size(word + _marks(collides, unsent, width), width), style)
    return cells


def _marks(collides: bool, unsent: bool, width: int) -> str:
    if width > 3:
        return (COLLISION if collides else " ") + (UNSENT if unsent else " ")
    # One cell for two marks: what a person must settle goes before what settles itself.
    return COLLISION if collides else UNSENT if unsent else " "


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells: padded, or cut between glyphs with a mark that it was cut."""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, max(0, width - len(CUT))) + CUT[:width]


# --- rows ---


def paint(row: UnitRow | TownRow, look: Look, *, folded: bool = False) -> Strip:
    """The whole line of a row, exactly as many cells wide as the frame, before any scrolling."""
    if isinstance(row, UnitRow):
        mark = OWN_MARK if OWN in row.marks else UNIT_MARK
        return _line(row, mark + _name(row), look.inks.base, look)
    size = f" ({row.units})"
    name = (FOLDED_MARK if folded else OPEN_MARK) + _name(row)
    return _line(row, fit(name, min(cell_len(name), look.frame.name - len(size))) + size, look.inks.town, look)


def _name(row: UnitRow | TownRow) -> str:
    name = plain(row.name[:_MOST_CHARACTERS])
    return name if name.strip() else row.code


def _line(row: UnitRow | TownRow, label: str, ground: Style, look: Look) -> Strip:
    frame = look.frame
    count = f"{row.done}/{row.applicable}" if row.applicable else ""
    pieces = [(f"{fit(label, frame.name)} {count:>{frame.count}} ", ground)]
    pieces += _bar(row.done, row.applicable, look, ground)
    pieces.append((" ", ground))
    pieces += _body(row, look, ground)
    pieces.append((" " * (frame.tail - frame.end), ground))
    pieces += _tail(row, look, ground)
    return Strip(merged(pieces), frame.width)


def _bar(done: int, applicable: int, look: Look, ground: Style) -> list[Piece]:
    width, bar = look.frame.bar, look.palette.bar
    if not applicable:
        return [(" " * width, ground)]
    # Full only when all is done, and never empty once something is.
    full = done * width // applicable or (1 if done else 0)
    return [(bar.done * full, ground + bar.done_style), (bar.left * (width - full), ground + bar.left_style)]


def _body(row: UnitRow | TownRow, look: Look, ground: Style) -> Iterable[Piece]:
    frame, words = look.frame, words_of(row)
    marks, unsent = (row.marks, row.unsent) if isinstance(row, UnitRow) else ((), ())
    cells = look.unit_cells if isinstance(row, UnitRow) else look.town_cells
    blank = cells[BLANK, False, False]
    end = frame.starts[0] if frame.starts else 0
    for at, start in enumerate(frame.starts):
        if start > end:
            yield " ", ground
        word = words[at] if at < len(words) else BLANK
        yield cells.get((word, at in marks, at in unsent), blank)
        end = start + frame.cell


def _tail(row: UnitRow | TownRow, look: Look, ground: Style) -> list[Piece]:
    frame = look.frame
    pieces: list[Piece] = []
    room = frame.width - frame.tail
    for text, style in _sums(row, look, ground):
        if (size := cell_len(text)) < room:
            pieces += [(text, style), (" ", ground)]
            room -= size + 1
    return [*pieces, (" " * room, ground)]


def _sums(row: UnitRow | TownRow, look: Look, ground: Style) -> Iterable[Piece]:
    styles = look.palette.styles
    if isinstance(row, UnitRow):
        if row.marks:
            yield f"{COLLISION}{len(row.marks)}", ground
        if row.over:
            yield f"{Light.OVERDUE}+{row.over}{look.titles.days}", ground
        if row.problems:
            yield _problems(row, look), ground
        return
    if row.marks:
        yield f"{COLLISION}{row.marks}", ground
    for light in COUNTED:
        if number := row.count(light):
            yield f"{light}{number}", ground + styles[light.value]
    if row.problems:
        yield _problems(row, look), ground


def _problems(row: UnitRow | TownRow, look: Look) -> str:
    late = f"({Light.OVERDUE}{row.late})" if row.late else ""
    return f"{look.titles.problems}{row.problems}{late}"


def merged(pieces: Iterable[Piece]) -> list[Segment]:
    """Segments of the pieces, neighbours of one style in one."""
    segments: list[Segment] = []
    texts: list[str] = []
    current: Style | None = None
    for text, style in pieces:
        if style is not current and style != current:
            if texts:
                segments.append(Segment("".join(texts), current))
            texts, current = [], style
        texts.append(text)
    segments.append(Segment("".join(texts), current))
    return [segment for segment in segments if segment.text]


# --- what is done to a painted line ---


def window(strip: Strip, frame: Frame, scrolled: int, width: int, ground: Style) -> Strip:
    """The part of a line that a screen shows: the fixed cells, then the rest scrolled to the right."""
    if not scrolled or frame.fixed >= width:
        return strip.crop_extend(0, width, ground)
    end = min(scrolled + width, frame.width)
    left, right = strip.crop(0, frame.fixed), strip.crop(frame.fixed + scrolled, end)
    return Strip([*left, *right], frame.fixed + right.cell_length).extend_cell_length(width, ground)


def selected(strip: Strip, style: Style) -> Strip:
    """The line of a unit with the mark that it is selected; a sign and not only a colour."""
    return Strip([Segment(SELECTED_MARK, style), *strip.crop(len(SELECTED_MARK))], strip.cell_length)


def inked(strip: Strip, span: Span, style: Style, pointer: str = "") -> Strip:
    """The line with a style laid over some of its cells, and a pointer in the last of them if that one is blank."""
    start, end = max(0, span.start), min(span.end, strip.cell_length)
    if end <= start:
        return strip
    middle = list(Segment.apply_style(strip.crop(start, end), post_style=style))
    if pointer and middle[-1].text.endswith(" "):
        middle[-1] = Segment(middle[-1].text[: -len(pointer)] + pointer, middle[-1].style)
    return Strip([*strip.crop(0, start), *middle, *strip.crop(end)], strip.cell_length)
