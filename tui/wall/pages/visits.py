"""Visits: how many of each town's units somebody was at, and where nobody was for longest."""

from __future__ import annotations

from shared.messages import pick
from tui.wall.box import Box, heading, nothing
from tui.wall.cells import gauge, named, share
from tui.wall.facts import Facts
from tui.wall.lines import Ink, Line, beside, filled, left, line, right, safe
from tui.wall.registers import LATELY, Unvisited, Visited

_NAME, _BAR = 12, 24
_SIDE = 46
_TWO = 100


class Visits:
    """A bar for each town; where there is room, the units that wait longest beside it."""

    name = "visits"

    def title(self) -> str:
        """What it is called."""
        return pick("走访覆盖", "Visits")

    def parts(self, facts: Facts, box: Box) -> int:
        """As many as the towns take; none before anything is known."""
        return max(1, -(-len(facts.registers.visited) // max(1, box.height - 2))) if facts.registers.known else 0

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """The towns of this part."""
        visited, rows = facts.registers.visited, max(1, box.height - 2)
        if not visited:
            return nothing(pick("还没有单位", "There are no units yet"), box)
        part = min(part, self.parts(facts, box) - 1)
        names = {town.code: safe(town.name) for town in facts.towns}
        ever, units = sum(each.ever for each in visited), sum(each.units for each in visited)
        aside = pick("去过 {}/{} 个单位", "{} of {} units visited").format(ever, units)
        side = _SIDE if box.width >= _TWO else 0
        wide = box.width - side
        towns = [_head(wide), *(_town(each, names, wide, box) for each in visited[part * rows : (part + 1) * rows])]
        parts = [filled(towns, wide, box.height - 1)]
        if side:
            waiting = [_unvisited(each, names, side, box) for each in facts.registers.unvisited[:rows]]
            parts.append(filled([_waiting(side), *waiting], side, box.height - 1))
        return (heading(self.title(), box, aside=aside), *beside(parts, (wide, side)[: len(parts)]))


def _head(width: int) -> Line:
    text = left(pick("镇街", "Town"), _NAME + 1) + left(pick("去过的单位", "visited ever"), _BAR + 15)
    return line(width, (text + " " + pick("近{}天", "last {} days").format(LATELY), Ink.QUIET))


def _waiting(width: int) -> Line:
    return line(width, (pick("最久没有去过", "Longest without a visit"), Ink.QUIET))


def _town(each: Visited, names: dict[str, str], width: int, box: Box) -> Line:
    room = max(6, min(_BAR, width - _NAME - 34))
    return line(
        width,
        (named(names.get(each.town, ""), each.town, _NAME, words=box.means.words) + " ", Ink.PLAIN),
        *gauge(each.ever, each.units, room, box.means.blocks),
        (share(each.ever, each.units) + "  ", Ink.PLAIN),
        (right(str(each.lately), 5), Ink.STRONG if not each.lately else Ink.PLAIN),
    )


def _unvisited(each: Unvisited, names: dict[str, str], width: int, box: Box) -> Line:
    since = pick("从未", "never") if each.days is None else pick("{}天", "{} d").format(each.days)
    return line(
        width,
        (named(names.get(each.town, ""), each.town, 10, words=box.means.words) + " ", Ink.QUIET),
        (named(safe(each.unit), each.town, 20, words=box.means.words) + " ", Ink.PLAIN),
        (right(since, 8), Ink.STRONG if each.days is None else Ink.PLAIN),
    )
