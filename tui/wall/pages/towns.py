"""The towns, one row each and always at the same place: strip of lights, done, counts, 14 days, place, age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len

from shared.board.district import Column
from shared.messages import pick
from tui.progress import ranks
from tui.wall.blocks import Blocks, spark
from tui.wall.box import Box, cut, nothing
from tui.wall.cells import (
    AGE,
    SHARE,
    SLOT,
    TALLIED,
    age,
    by_phase,
    named,
    share,
    signed,
    strip,
    strip_width,
    tally,
    word,
)
from tui.wall.facts import Facts, Town
from tui.wall.lines import Ink, Line, Piece, left, line, right, safe

DAYS: Final = 14
"""Days of the small curve."""
NUMBER: Final = 3
"""Cells of a town's number, by which it is called on the keys."""
_DONE: Final = SHARE + 1
_NAMES: Final = (12, 16)


class Widths(NamedTuple):
    """How a row is divided: cells of the name, whether the strip is whole, how many counts, and what else there is."""

    name: int
    whole: bool
    counts: int
    curve: bool
    place: bool
    problems: bool
    age: bool
    number: bool = False


class Said(NamedTuple):
    """What a row says beside the town itself: its number on the wall, its curve, its place, how old its data is."""

    number: int
    curve: str
    place: str
    age: str


class Towns:
    """One row for each town."""

    name = "towns"

    def title(self) -> str:
        """What it is called."""
        return pick("各镇街", "Towns")

    def parts(self, facts: Facts, box: Box) -> int:
        """So many as it takes with one row each."""
        return cut(len(facts.towns), box.height - 1) if facts.towns else 1

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """A heading, and the towns of this part."""
        if not facts.towns:
            return nothing(pick("名册为空", "The roster is empty"), box)
        widths = divided(box.width, facts.columns, ranked=box.means.ranked and facts.past is not None)
        rows = box.height - 1
        part = min(part, self.parts(facts, box) - 1)
        first = part * rows
        shown = facts.towns[first : first + rows]
        said = _said(facts, box, first, shown, ranked=widths.place)
        return (
            _head(widths, facts, box),
            *(_row(town, said[town.code], widths, facts.columns, box.width, town.code in box.marked, box.means.words,
                   pick("zh", "en")) for town in shown),
        )  # fmt: skip


def divided(width: int, columns: Sequence[Column], *, ranked: bool = True) -> Widths:
    """How much of a row fits: the whole strip when nothing else has to go for it, else the phases; then the rest."""
    for whole in (True, False):
        for age_, curve, place, problems in _WISHES:
            for counts in (6, 4, 3):
                found = Widths(_NAMES[0], whole, counts, curve, place and ranked, problems, age_)
                spare = width - _total(found, columns)
                if spare >= 0 and ((curve and age_) or not whole):
                    numbered = spare >= NUMBER
                    name = _NAMES[0] + spare - NUMBER * numbered
                    return found._replace(name=min(_NAMES[1], name), number=numbered)
    return Widths(max(4, width - _DONE - 2), False, 0, False, False, False, False)


_WISHES: Final = (
    (True, True, True, True),
    (True, True, True, False),
    (True, True, False, False),
    (False, True, False, False),
    (True, False, False, False),
    (False, False, False, False),
)


def _total(widths: Widths, columns: Sequence[Column]) -> int:
    phases = len({column.phase for column in columns})
    return (
        1 + widths.name + 1
        + (strip_width(columns) if widths.whole else 3 * phases) + 1
        + _DONE + widths.counts * SLOT
        + widths.curve * (DAYS + 1) + widths.place * 9 + widths.problems * 10 + widths.age * AGE
    )  # fmt: skip


def _head(widths: Widths, facts: Facts, box: Box) -> Line:
    columns = facts.columns
    over = strip_width(columns) if widths.whole else 3 * len({column.phase for column in columns})
    text = " " + " " * NUMBER * widths.number + left(pick("镇街", "Town"), widths.name) + " "
    text += left(_phases_over(columns) if widths.whole else pick("各阶段", "phases"), over) + " "
    text += right(pick("完成", "done"), SHARE) + " "
    text += "".join(left(word(light.value, words=box.means.words), SLOT) for light, _name in TALLIED[: widths.counts])
    if widths.curve:
        text += left(pick("近14日", "14 days"), DAYS + 1)
    if widths.place:
        text += left(pick("名次", "place"), 9)
    if widths.problems:
        text += left(pick("问题", "problems"), 10)
    if widths.age:
        text += left(pick("联络", "heard"), AGE)
    return line(box.width, (text, Ink.QUIET))


def _phases_over(columns: Sequence[Column]) -> str:
    """The number of each phase over its first column, and of every step where there are digits for it."""
    text = ""
    for at, column in enumerate(columns):
        if at and column.phase != columns[at - 1].phase:
            text += " "
        text += f"{column.no % 100:<2}"
    return text


@lru_cache(512)
def _row(
    town: Town,
    said: Said,
    widths: Widths,
    columns: tuple[Column, ...],
    width: int,
    marked: bool,
    words: bool,
    _lang: str,
) -> Line:
    """A town's row; equal towns look alike in one language, so a row is made once for each look of it."""
    pieces: list[Piece] = [(">" if marked else " ", Ink.CHANGED if marked else Ink.PLAIN)]
    if widths.number:
        pieces.append((right(str(said.number), NUMBER - 1) + " ", Ink.QUIET))
    ink = Ink.STRONG if town.counts.overdue or town.counts.redo else Ink.PLAIN
    pieces.append((named(safe(town.name), town.code, widths.name, words=words) + " ", ink))
    pieces += (strip if widths.whole else by_phase)(town.strip, columns, words=words)
    pieces.append((" " + share(town.counts.done, town.counts.steps) + " ", Ink.PLAIN))
    pieces += tally(town.counts, widths.counts, words=words)
    if widths.curve:
        pieces.append((left(said.curve, DAYS + 1), Ink.FILLED))
    if widths.place:
        pieces.append((left(said.place, 9), Ink.PLAIN))
    if widths.problems:
        late = f"({town.late})" if town.late else ""
        pieces.append((left(f"{pick('问', 'p')}{town.problems}{late}" if town.problems else "", 10), Ink.PLAIN))
    if widths.age:
        pieces.append((left(said.age, AGE), Ink.STRONG if town.silent else Ink.QUIET))
    return line(width, *pieces)


def _said(facts: Facts, box: Box, first: int, shown: Sequence[Town], *, ranked: bool) -> dict[str, Said]:
    """What is said beside the towns that are shown; their places are those among all."""
    now = ranks({town.code: town.share for town in facts.towns}) if ranked else {}
    before = _places_before(facts) if ranked else {}
    return {
        town.code: Said(
            number,
            _curve(facts, town, box.means.blocks),
            _place(town.code, now, before),
            age(town.heard, box.now),
        )
        for number, town in enumerate(shown, first + 1)
    }


def _place(code: str, now: Mapping[str, int], before: Mapping[str, int]) -> str:
    if code not in now:
        return ""
    place = pick("第{}", "{}").format(now[code])
    return f"{place} {signed(before[code] - now[code])}" if code in before else place


def _curve(facts: Facts, town: Town, blocks: Blocks) -> str:
    """The steps done at the end of each of the last days, and now."""
    curve = facts.curves.get(town.code)
    if curve is None:
        return ""
    text = _drawn((*curve.days, town.counts.done), blocks)
    return " " * (DAYS - cell_len(text)) + text


@lru_cache(512)
def _drawn(values: tuple[int, ...], blocks: Blocks) -> str:
    return spark(tuple(map(float, values)), blocks)


def _places_before(facts: Facts) -> Mapping[str, int]:
    """The places of a week ago, by what part of the steps that apply now was done then."""
    shares = {
        town.code: curve.week_ago / town.counts.steps
        for town in facts.towns
        if (curve := facts.curves.get(town.code)) is not None and curve.week_ago is not None and town.counts.steps
    }
    return ranks(shares)
