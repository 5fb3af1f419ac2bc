"""Planned against actual over the days of the campaign: of all together, and of each phase where there is room."""

from __future__ import annotations

from shared.messages import pick
from tui.wall.box import Box, heading, nothing
from tui.wall.facts import Facts
from tui.wall.lines import Ink, Line, beside, filled, line
from tui.wall.plot import key, plot, words

_TWO = 130
_PHASE = 7


class BurnUp:
    """The whole campaign; beside it its phases, one below the other."""

    name = "burnup"

    def title(self) -> str:
        """What it is called."""
        return pick("计划与实际", "Planned and actual")

    def parts(self, facts: Facts, box: Box) -> int:
        """One, once the past is known."""
        return 1 if facts.past is not None else 0

    def draw(self, facts: Facts, box: Box, part: int = 0) -> tuple[Line, ...]:
        """The plots, and in words how far behind or ahead."""
        if facts.past is None:
            return nothing(pick("历史尚未读入本机", "The past is not known here yet"), box)
        progress, blocks = facts.past.progress, box.means.blocks
        course = progress.course()
        head = heading(f"{self.title()}   {key(blocks)}", box, aside=words(course))
        high = box.height - 1
        if box.width < _TWO or high < 2 * _PHASE:
            return (head, *plot(course, box.width, high, facts.today, blocks))
        wide = box.width * 3 // 5
        each = max(_PHASE, high // max(1, len(facts.phases)))
        phases: list[Line] = []
        for phase in facts.phases[: high // each]:
            found = progress.course(phase=phase.no)
            phases.append(line(box.width - wide, (f"  {phase.no} {phase.title}  {words(found)}", Ink.PLAIN)))
            phases += plot(found, box.width - wide, each - 1, facts.today, blocks)
        whole = plot(course, wide, high, facts.today, blocks)
        return (head, *beside((whole, filled(phases, box.width - wide, high)), (wide, box.width - wide)))
