"""Problems: how many stand at which stage of their closing, and the open ones, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping

from shared.board.closing import PROBLEM
from shared.board.stages import CLOSED, ORDER
from shared.messages import pick
from tui.form_words import value_in_form
from tui.wall.box import Box, cut, heading, nothing
from tui.wall.cells import named, word
from tui.wall.facts import Facts
from tui.wall.lines import Ink, Line, Piece, left, line, right, safe
from tui.wall.registers import Trouble

_HEAD = 3
_ANY = f"{PROBLEM}/-/-"
"""An address of the kind, for the words of its form."""
_NAME, _DAYS, _STAGE = 16, 10, 14


class Problems:
    """A line of stages, and a line for each open problem; without their texts where those are hidden."""

    name = "problems"

    def title(self) -> str:
        """What it is called."""
        return pick("突出问题", "Problems")

    def parts(self, facts: Facts, box: Box) -> int:
        """As many as the open problems take."""
        return cut(len(facts.registers.problems), box.height - _HEAD) if facts.registers.stages else 0

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """The stages, then the open problems of this part."""
        registers = facts.registers
        if not registers.stages:
            return nothing(pick("没有登记问题", "No problem is registered"), box)
        open_, late = facts.problems
        rows = max(1, box.height - _HEAD)
        part = min(part, self.parts(facts, box) - 1)
        names = {town.code: town.name for town in facts.towns}
        aside = pick("未销号 {}，其中逾期 {}", "{} open, {} of them late").format(open_, late)
        return (
            heading(self.title(), box, aside=aside),
            _stages(registers.stages, box),
            line(box.width),
            *(_trouble(each, names, box) for each in registers.problems[part * rows : (part + 1) * rows]),
        )[: box.height]


def _stages(stages: Mapping[str, int], box: Box) -> Line:
    pieces: list[Piece] = []
    for stage in ORDER:
        number = stages.get(stage, 0)
        ink = Ink.QUIET if stage in CLOSED or not number else Ink.PLAIN
        pieces.append((f"{_stage_word(stage)} {number}   ", ink))
    return line(box.width, *pieces)


def _trouble(each: Trouble, names: dict[str, str], box: Box) -> Line:
    words = box.means.words
    town = named(safe(names.get(each.town, "")), each.town, 10, words=words)
    days = ""
    if each.days is not None:
        days = pick("逾{}天", "{} d late") if each.days > 0 else pick("剩{}天", "{} d left")
        days = days.format(abs(each.days))
    number = safe(each.number)
    text = number if box.means.hidden or not words else f"{number}  {safe(each.title)}"
    return line(
        box.width,
        (word(each.light, words=words) + " ", each.light),
        (right(days, _DAYS) + "  ", Ink.PLAIN),
        (town + " ", Ink.PLAIN),
        (named(safe(each.unit), number, _NAME, words=words) + " ", Ink.PLAIN),
        (left(_stage_word(each.stage), _STAGE), Ink.QUIET),
        (text, Ink.PLAIN),
    )


def _stage_word(stage: str) -> str:
    return value_in_form(_ANY, "stage", stage) or stage
