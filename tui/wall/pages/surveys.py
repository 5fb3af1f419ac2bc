"""Surveys: what the newest sheet of each unit says, those that opened a redo first."""

from __future__ import annotations

from shared.board.lights import Light
from shared.messages import pick
from tui.wall.box import Box, cut, heading
from tui.wall.cells import gauge, named, share, word
from tui.wall.facts import Facts
from tui.wall.lines import Ink, Line, left, line, safe
from tui.wall.registers import Surveyed

_HEAD = 2
_NAME = 18


class Surveys:
    """A row for each surveyed unit."""

    name = "surveys"

    def title(self) -> str:
        """What it is called."""
        return pick("群众满意度测评", "Surveys")

    def parts(self, facts: Facts, box: Box) -> int:
        """As many as the surveys take; none before there is any."""
        return cut(len(facts.registers.surveys), box.height - _HEAD) if facts.registers.surveys else 0

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """The surveys of this part."""
        registers, rows = facts.registers, max(1, box.height - _HEAD)
        part = min(part, max(0, self.parts(facts, box) - 1))
        names = {town.code: safe(town.name) for town in facts.towns}
        aside = pick("已测评 {}，需补课 {}", "{} surveyed, {} to be redone").format(
            registers.surveyed, registers.failed
        )
        shown = registers.surveys[part * rows : (part + 1) * rows]
        return (heading(self.title(), box, aside=aside), _head(box), *(_row(each, names, box) for each in shown))[
            : box.height
        ]


def _head(box: Box) -> Line:
    text = "   " + left(pick("镇街", "Town"), 11) + left(pick("单位", "Unit"), _NAME + 1)
    return line(
        box.width, (text + pick("满意票 / 有效票（最低的一项）", "satisfied of valid (worst question)"), Ink.QUIET)
    )


def _row(each: Surveyed, names: dict[str, str], box: Box) -> Line:
    words = box.means.words
    light = Light.REDO if each.failed else Light.DONE
    said = ""
    if each.failed and each.redo_due is not None:
        said = pick("补课至 {:%m-%d}", "redo until {:%m-%d}").format(each.redo_due)
    elif each.everybody:
        said = pick("全部满意，请复核", "everybody: look again")
    room = max(6, min(30, box.width - 3 - 11 - _NAME - 1 - 16 - 10 - 20))
    return line(
        box.width,
        (word(light.value, words=words) + " ", light.value),
        (named(names.get(each.town, ""), each.town, 10, words=words) + " ", Ink.QUIET),
        (named(safe(each.unit), each.town, _NAME, words=words) + " ", Ink.PLAIN),
        *gauge(each.satisfied, each.valid, room, box.means.blocks),
        (share(each.satisfied, each.valid) + "  ", Ink.PLAIN),
        (f"{each.on:%m-%d}  ", Ink.QUIET),
        (said, Ink.STRONG if each.failed else Ink.PLAIN),
    )
