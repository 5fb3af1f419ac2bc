"""The phases, each with its days, a bar and its counts; below it its steps, as far as there is room."""

from __future__ import annotations

from shared.board.status import Counts
from shared.messages import pick
from tui.wall.box import Box, cut, nothing
from tui.wall.cells import gauge, share, tally
from tui.wall.facts import Facts, Phase, total
from tui.wall.lines import Ink, Line, left, line

_TITLE = 30
_BAR = 60
_SHARE = 18


class Phases:
    """One row for each phase, and one for each of its steps."""

    name = "phases"

    def title(self) -> str:
        """What it is called."""
        return pick("各阶段", "Phases")

    def parts(self, facts: Facts, box: Box) -> int:
        """So many as it takes with one row each."""
        return cut(len(facts.phases) + len(facts.columns), box.height) if facts.columns else 1

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """The phases with their steps in the order of their numbers."""
        if not facts.columns:
            return nothing(pick("没有步骤", "There are no steps"), box)
        part = min(part, self.parts(facts, box) - 1)
        rows = self._rows(facts, box)
        return tuple(rows[part * box.height : (part + 1) * box.height])

    def _rows(self, facts: Facts, box: Box) -> list[Line]:
        found: list[Line] = []
        for phase in facts.phases:
            steps = [
                (column.step, counts)
                for column, counts in zip(facts.columns, facts.per_column, strict=True)
                if column.phase == phase.no
            ]
            found.append(_phase(phase, total(counts for _name, counts in steps), box))
            found += [_step(step, counts, box) for step, counts in steps]
        return found


def _phase(phase: Phase, counts: Counts, box: Box) -> Line:
    days = f"{phase.first:%m-%d} - {phase.last:%m-%d}"
    width = max(8, min(_BAR, box.width - _TITLE - _SHARE - 38 - 16))
    return line(
        box.width,
        (left(f"{phase.no}  {phase.title}", _TITLE), Ink.STRONG),
        (left(days, 16), Ink.QUIET),
        *gauge(counts.done, counts.steps, width, box.means.blocks),
        (share(counts.done, counts.steps, _SHARE) + "  ", Ink.PLAIN),
        *tally(counts, 6, words=box.means.words),
    )


def _step(step: str, counts: Counts, box: Box) -> Line:
    width = max(8, min(_BAR, box.width - _TITLE - _SHARE - 38 - 16))
    return line(
        box.width,
        (left(f"   {step}", _TITLE + 16), Ink.PLAIN),
        *gauge(counts.done, counts.steps, width, box.means.blocks),
        (share(counts.done, counts.steps, _SHARE) + "  ", Ink.PLAIN),
        *tally(counts, 6, words=box.means.words),
    )
