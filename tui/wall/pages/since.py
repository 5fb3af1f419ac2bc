"""What changed since yesterday: per town, how many steps were done, turned red, and are red no more."""

from __future__ import annotations

from collections.abc import Mapping

from shared.board.lights import Light
from shared.messages import pick
from tui.wall.box import Box, cut, heading, nothing
from tui.wall.cells import named
from tui.wall.facts import Facts, Moved
from tui.wall.lines import Ink, Line, line, right, safe

_COLUMN = 12


class Since:
    """A row for each town on which anything moved, those that turned red most first."""

    name = "since"

    def title(self) -> str:
        """What it is called."""
        return pick("比昨天", "Since yesterday")

    def parts(self, facts: Facts, box: Box) -> int:
        """As many as the towns take that moved; none before yesterday is known."""
        if facts.past is None or not facts.past.yesterday:
            return 0
        return cut(len(facts.moved), box.height - 2)

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """The towns of this part."""
        every = facts.moved
        if not every:
            return (heading(self.title(), box), *nothing(pick("没有变化", "Nothing has moved"), box))[: box.height]
        rows, names = max(1, box.height - 2), {town.code: safe(town.name) for town in facts.towns}
        part = min(part, max(0, self.parts(facts, box) - 1))
        order = sorted(every, key=lambda town: (-every[town].red, -every[town].done, town))
        return (
            heading(self.title(), box),
            _head(box),
            *(_row(town, every[town], names, box) for town in order[part * rows : (part + 1) * rows]),
        )[: box.height]


def _head(box: Box) -> Line:
    every = (
        ("新完成", "done"), ("新逾期", "turned red"), ("逾期已消", "red no more"), ("重新打开", "reopened"),
    )  # fmt: skip
    text = right("", 12) + "".join(right(pick(*title), _COLUMN) for title in every)
    return line(box.width, (text, Ink.QUIET))


def _row(town: str, each: Moved, names: Mapping[str, str], box: Box) -> Line:
    light = Light.OVERDUE.value
    return line(
        box.width,
        (named(names.get(town, ""), town, 12, words=box.means.words), Ink.PLAIN),
        (right(f"+{each.done}" if each.done else "", _COLUMN), Ink.STRONG),
        (right("", _COLUMN - 5), Ink.PLAIN),
        (right(f"+{each.red}" if each.red else "", 5), light if each.red else Ink.PLAIN),
        (right(f"-{each.cleared}" if each.cleared else "", _COLUMN), Ink.PLAIN),
        (right(f"-{each.undone}" if each.undone else "", _COLUMN), Ink.PLAIN),
    )
