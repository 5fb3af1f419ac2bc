"""The figures that never go: overdue, due soon, to be reviewed, open problems, each with its change since yesterday."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len

from shared.board.lights import Light
from shared.board.status import Counts
from shared.messages import pick
from tui.wall.bitmaps import drawn, width_of
from tui.wall.blocks import lines_of
from tui.wall.box import Means
from tui.wall.cells import word
from tui.wall.facts import Facts
from tui.wall.layouts import Layout
from tui.wall.lines import Band, Block, Ink, Line, Piece, filled, line, rule
from tui.wall.lines import width_of as width_of_line

_GAP: Final = 2


class Tile(NamedTuple):
    """One big figure: its word, what it is called, the number, its change since yesterday, and what is said beside."""

    light: str
    title: str
    number: int
    change: int | None
    aside: str = ""


def tiles(facts: Facts) -> tuple[Tile, ...]:
    """Overdue, due soon, waiting for the reviewer, open problems."""
    counts, before = facts.counts, facts.before
    open_, late = facts.problems
    problems = facts.open_before if before is not None else None
    return (
        Tile(Light.OVERDUE.value, pick("逾期", "late"), counts.overdue, _change(counts.overdue, before, "overdue")),
        Tile(Light.DUE_SOON.value, pick("临期", "soon"), counts.due_soon, _change(counts.due_soon, before, "due_soon")),
        Tile(Light.REVIEW.value, pick("待审", "to review"), counts.review, _change(counts.review, before, "review")),
        Tile("", pick("未销号", "problems"), open_, None if problems is None else open_ - problems,
             pick("逾 {}", "late {}").format(late) if late else ""),
    )  # fmt: skip


def critical(facts: Facts, layout: Layout, means: Means) -> Band:
    """The four figures beside each other, under a line; they keep their places until a digit comes or goes."""
    every = tiles(facts)
    scale = layout.scale
    while scale > 1 and layout.width - sum(_least(tile, scale) for tile in every) < 0:
        scale -= 1
    widths = _widths(every, scale, layout.width)
    return tuple(
        Block(width, _tile(tile, width, scale, layout.critical, means))
        for tile, width in zip(every, widths, strict=True)
    )


def _least(tile: Tile, scale: int) -> int:
    """Cells that a figure needs, with a gap behind it."""
    return width_of("8" * len(str(tile.number)), scale) + _GAP


def _widths(every: Sequence[Tile], scale: int, width: int) -> list[int]:
    """Equal parts where the figures fit into them, else each as much as it needs and its share of what is left."""
    equal = width // len(every)
    least = [_least(tile, scale) for tile in every]
    if max(least) > equal:
        spare = max(0, width - sum(least)) // len(every)
        widths = [each + spare for each in least]
    else:
        widths = [equal] * len(every)
    while sum(widths[:-1]) > width:  # a screen so narrow that figures are cut
        widths = [each * 3 // 4 for each in widths]
    return [*widths[:-1], width - sum(widths[:-1])]


@lru_cache(64)
def _tile(tile: Tile, width: int, scale: int, high: int, means: Means) -> tuple[Line, ...]:
    title = f"{word(tile.light, words=means.words).rstrip()} {tile.title}" if tile.light else tile.title
    head: list[Piece] = [(f" {title} ", tile.light or Ink.STRONG), (f" {tile.aside}", Ink.STRONG)]
    room = width - width_of_line(tuple(head)) - 2
    change = next((text for text in _changes(tile.change) if cell_len(text) <= room), "")
    first = line(width, *head, (f"  {change}", Ink.QUIET))
    pictures = lines_of(drawn(str(tile.number), scale), means.blocks)
    ink = f"{Ink.FIGURE}{tile.light}"
    before = " " if width_of(str(tile.number), scale) < width else ""
    shown = (first, *(line(width, (before, Ink.PLAIN), (text, ink)) for text in pictures))
    above = (rule(width),) if high > len(shown) else ()
    return filled((*above, *shown), width, high)


def _changes(change: int | None) -> tuple[str, ...]:
    """The change since yesterday in words, and in fewer."""
    if change is None:
        return ()
    long = pick("较昨日 {:+d}", "since yesterday {:+d}").format(change)
    return long, pick("昨 {:+d}", "yest. {:+d}").format(change), f"{change:+d}"


def _change(now: int, before: Counts | None, name: str) -> int | None:
    return None if before is None else now - getattr(before, name)
