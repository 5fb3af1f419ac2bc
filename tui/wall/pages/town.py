"""One town: its name, its figures, and its units, those with something overdue first."""

from __future__ import annotations

from functools import lru_cache

from shared.board.district import URGENCY, Column, UnitRow
from shared.board.lights import Light
from shared.messages import pick
from tui.wall.box import Box, big, big_rows, cut
from tui.wall.cells import age, by_phase, gauge, named, share, strip, strip_width, tally
from tui.wall.facts import Facts, Town
from tui.wall.lines import Ink, Line, Piece, left, line, safe, width_of

_NAME = 20
_OVER = 10
_HEAD = 2
_LAST = len(URGENCY)


class OneTown:
    """The page of one town, by its code."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.name = f"town:{code}"

    def title(self) -> str:
        """What it is called before its name is known."""
        return pick("镇街", "Town")

    def parts(self, facts: Facts, box: Box) -> int:
        """As many as its units take; none when there is no such town."""
        town = self._town(facts)
        if town is None:
            return 0
        return cut(len(facts.rows.get(self.code, ())), box.height - _HEAD - big_rows(_called(town, box), box))

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """Its head, and the units of this part."""
        town = self._town(facts)
        if town is None:
            return ()
        head = self._head(town, box)
        rows = max(1, box.height - len(head))
        part = min(part, self.parts(facts, box) - 1)
        units = sorted(facts.rows.get(self.code, ()), key=_urgency)
        words, lang = box.means.words, pick("zh", "en")
        shown = [
            _unit(row, facts.columns, box.width, row.code in box.marked, words, lang)
            for row in units[part * rows : (part + 1) * rows]
        ]
        return tuple([*head, *shown][: box.height])

    def _town(self, facts: Facts) -> Town | None:
        return next((town for town in facts.towns if town.code == self.code), None)

    def _head(self, town: Town, box: Box) -> list[Line]:
        counts = town.counts
        name = big(_called(town, box), Ink.STRONG, box)
        heard = pick("联络 {}", "heard {}").format(age(town.heard, box.now))
        if town.silent:
            silent = pick(
                "{} 个单位 48 小时未联络，未完成步骤以 ？ 表示",
                "{} units not heard of for 48 h: their open steps are ？",
            )
            heard += "  " + silent.format(town.silent)
        problems = pick("未销号问题 {}（逾 {}）", "open problems {} (late {})").format(town.problems, town.late)
        width = max(10, min(40, box.width - 90))
        sums: list[Piece] = [
            *gauge(counts.done, counts.steps, width, box.means.blocks),
            (share(counts.done, counts.steps) + "   ", Ink.PLAIN),
            *tally(counts, 6, words=box.means.words),
        ]
        if width_of((*sums, (problems, ""))) > box.width:
            problems = pick("问题{}（逾{}）", "prob. {} ({} late)").format(town.problems, town.late)
        return [*name, line(box.width, *sums, (problems, Ink.PLAIN)), line(box.width, (heard, Ink.QUIET))]


def _called(town: Town, box: Box) -> str:
    return town.name if town.name and box.means.words else town.code


def _urgency(row: UnitRow) -> tuple[int, int, str]:
    worst = min((URGENCY.get(light, _LAST) for light in row.lights), default=_LAST)
    return worst, -row.over, row.code


@lru_cache(1024)
def _unit(row: UnitRow, columns: tuple[Column, ...], width: int, marked: bool, words: bool, _lang: str) -> Line:
    """A unit's row; equal units look alike in one language, so a row is made once for each look of it."""
    whole = width >= 2 + _NAME + strip_width(columns) + 15 + _OVER + 12
    pieces: list[Piece] = [(">" if marked else " ", Ink.CHANGED if marked else Ink.PLAIN)]
    pieces.append((named(safe(row.name), row.code, _NAME, words=words) + " ", Ink.STRONG if row.over else Ink.PLAIN))
    pieces += (strip if whole else by_phase)(row.lights, columns, words=words)
    pieces.append((" " + share(row.done, row.applicable) + " ", Ink.PLAIN))
    over = f"{Light.OVERDUE.value if words else 'L'}+{row.over}{pick('天', 'd')}" if row.over else ""
    pieces.append((left(over, _OVER), Light.OVERDUE.value if over else Ink.PLAIN))
    late = pick("（逾{}）", " (late {})").format(row.late) if row.late else ""
    pieces.append((f"{pick('问题', 'problems ')}{row.problems}{late}" if row.problems else "", Ink.PLAIN))
    return line(width, *pieces)
