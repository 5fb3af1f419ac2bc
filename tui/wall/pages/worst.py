"""For those who stand far away: the towns with the most overdue steps, by name and number in big letters."""

from __future__ import annotations

from shared.board.lights import Light
from shared.messages import pick
from tui.wall.bitmaps import drawn
from tui.wall.blocks import lines_of
from tui.wall.box import Box, heading, nothing
from tui.wall.facts import Facts, Town
from tui.wall.lines import Ink, Line, beside, centred, filled, line, safe

_WORST = 5


class Worst:
    """At most five towns, those with the most overdue steps first."""

    name = "worst"

    def title(self) -> str:
        """What it is called."""
        return pick("逾期最多的镇街", "Most overdue")

    def parts(self, facts: Facts, box: Box) -> int:
        """As many as it takes to show each of them big; nothing when nobody is late."""
        found = len(_late(facts))
        return -(-found // _at_once(box)) if found else 0

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """Their names, each beside its number."""
        late, at_once = _late(facts), _at_once(box)
        if not late:
            return nothing(pick("没有逾期的步骤", "Nothing is overdue"), box)
        part = min(part, self.parts(facts, box) - 1)
        lines = [heading(self.title(), box, aside=pick("逾期步骤", "overdue steps"))]
        for town in late[part * at_once : (part + 1) * at_once]:
            lines += [*_shown(town, box), line(box.width)]
        return tuple(lines[: box.height])


def _late(facts: Facts) -> list[Town]:
    late = [town for town in facts.towns if town.counts.overdue]
    return sorted(late, key=lambda town: (-town.counts.overdue, town.code))[:_WORST]


def _high(box: Box) -> int:
    """How many lines a town takes."""
    return max(4, (box.means.names + 1) // 2)


def _at_once(box: Box) -> int:
    return max(1, (box.height - 1) // (_high(box) + 1))


def _shown(town: Town, box: Box) -> tuple[Line, ...]:
    high, aside = _high(box), max(24, box.width // 4)
    width = box.width - aside
    scale = 2 if high >= 7 else 1
    number = lines_of(drawn(str(min(town.counts.overdue, 9999)), scale), box.means.blocks)
    if number and len(number[0]) > aside:
        number = lines_of(drawn(str(min(town.counts.overdue, 9999))), box.means.blocks)
    figure = centred(number, f"{Ink.FIGURE}{Light.OVERDUE.value}", aside)
    name = safe(town.name) if box.means.words else town.code
    pixels = box.means.typeface.pixels(name, box.means.names) if box.means.names and name else None
    if pixels is None or len(pixels[0]) > width:
        title: tuple[Line, ...] = (
            *[line(width)] * ((high - 1) // 2),
            *centred((name or town.code,), Ink.STRONG, width),
        )
    else:
        title = centred(lines_of(pixels, box.means.blocks), Ink.STRONG, width)
    return beside((filled(title, width, high), filled(figure, aside, high)), (width, aside))
