"""Parts of rows that several pages share: counts by light, strips of lights, shares, ages, each in its own cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.board.district import BLANK, URGENCY, Column
from shared.board.lights import Light
from shared.board.status import Counts
from shared.messages import pick
from tui.wall.blocks import Blocks, bar
from tui.wall.lines import Ink, Piece, left, right

TALLIED: Final = (
    (Light.OVERDUE, "overdue"),
    (Light.DUE_SOON, "due_soon"),
    (Light.REVIEW, "review"),
    (Light.RETURNED, "returned"),
    (Light.REDO, "redo"),
    (Light.UNKNOWN, "unknown"),
)
"""The lights that rows count, in this order, with the name of their count."""
SLOT: Final = 6
"""Cells of one count: the word, up to three digits, a blank."""
SHARE: Final = 13
AGE: Final = 7
_LETTERS: Final = {
    Light.DONE: "D", Light.LATE_DONE: "d", Light.ON_TRACK: "-", Light.DUE_SOON: "S", Light.OVERDUE: "L",
    Light.REVIEW: "R", Light.RETURNED: "B", Light.REDO: "A", Light.CLOSED: ".", Light.EXEMPT: "x", Light.UNKNOWN: "?",
}  # fmt: skip
"""The lights where no Chinese can be shown."""


def word(light: str, *, words: bool = True) -> str:
    """A light's word in two cells, or its letter."""
    if words or light == BLANK:
        return light if light != BLANK else "  "
    return f"{_LETTERS.get(Light(light), '?')} "


def tally(counts: Counts, slots: int, *, words: bool = True) -> list[Piece]:
    """The first so many counts, each at its own place; one that is nothing is left blank."""
    pieces: list[Piece] = []
    for light, name in TALLIED[:slots]:
        number = getattr(counts, name)
        if number:
            shown = word(light.value, words=words).rstrip()
            text = f"{shown}{number if number < 1000 else '999'}"
            pieces += [(text, light.value), (" " * (SLOT - len(text) - (1 if words else 0)), Ink.PLAIN)]
        else:
            pieces.append((" " * SLOT, Ink.PLAIN))
    return pieces


def strip(lights: str, columns: Sequence[Column], *, words: bool = True) -> list[Piece]:
    """Every column's light, with a blank between two phases."""
    pieces: list[Piece] = []
    for at, light in enumerate(lights):
        if at and columns[at].phase != columns[at - 1].phase:
            pieces.append((" ", Ink.PLAIN))
        pieces.append((word(light, words=words), light if light != BLANK else Ink.PLAIN))
    return _joined(pieces)


def strip_width(columns: Sequence[Column]) -> int:
    """How many cells a strip takes."""
    return 2 * len(columns) + max(0, len({column.phase for column in columns}) - 1)


def by_phase(lights: str, columns: Sequence[Column], *, words: bool = True) -> list[Piece]:
    """The most urgent light of each phase, three cells each."""
    phases = sorted({column.phase for column in columns})
    pieces: list[Piece] = []
    for no in phases:
        there = [light for light, column in zip(lights, columns, strict=False) if column.phase == no]
        worst = min(there, key=lambda light: URGENCY.get(light, len(URGENCY)), default=BLANK)
        pieces += [(word(worst, words=words), worst if worst != BLANK else Ink.PLAIN), (" ", Ink.PLAIN)]
    return pieces


def share(done: int, steps: int, width: int = SHARE) -> str:
    """How many of how many, and what part of a hundred, in so many cells; never 100 before all are done."""
    if not steps:
        return " " * width
    return right(f"{done}/{steps}", width - 5) + right(f"{100 * done // steps}%", 5)


def gauge(done: int, steps: int, width: int, blocks: Blocks) -> list[Piece]:
    """A bar of so many cells."""
    full, empty = bar(done, steps, width, blocks)
    return [(full, Ink.FILLED), (empty, Ink.EMPTY)]


def age(at: datetime | None, now: datetime) -> str:
    """How long ago something was heard, short, in at most seven cells."""
    if at is None:
        return pick("从未", "never")
    seconds = max(0, int((now - at).total_seconds()))
    for size, zh, en in ((86400, "天前", "d ago"), (3600, "时前", "h ago"), (60, "分前", "m ago")):
        if seconds >= size:
            return f"{seconds // size}{pick(zh, en)}"
    return pick("刚才", "now")


def signed(number: int) -> str:
    """A change with its sign; nothing when there is none."""
    return f"{number:+d}" if number else pick("平", "=")


def named(name: str, code: str, width: int, *, words: bool = True) -> str:
    """A unit's name in so many cells, or its code where no Chinese can be shown or the name is blank."""
    return left(name if words and name else code, width)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one ink in one piece: fewer changes of colour are fewer bytes for the terminal."""
    found: list[Piece] = []
    for text, ink in pieces:
        if found and found[-1][1] == ink:
            found[-1] = (found[-1][0] + text, ink)
        else:
            found.append((text, ink))
    return found
