"""The papers of simulated steps: a round for each submission, answered in the act that answers the step."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

from server.simulate.entries import Values
from shared.board.lights import State
from shared.campaign.model import Step
from shared.inspection.documents import APPROVED, DOCUMENT, RETURNED
from shared.inspection.item import address_of

TITLES: Final = {
    "plan": "学习实践活动实施方案",
    "report": "领导班子分析检查报告",
    "material": "分析检查材料",
    "rectification_plan": "整改落实方案",
    "rectification_measures": "整改落实措施",
    "summary": "学习实践活动总结报告",
}


class Papers:
    """The rounds of one step of one unit, as its events are told one after the other."""

    def __init__(self, unit: str, name: str, step: Step, rng: Random) -> None:
        self._unit, self._name, self._step, self._rng = unit, name, step, rng
        self._open = ""

    def beside(self, values: Values) -> Iterator[tuple[str, Values]]:
        """What is entered on a paper, address and values, together with these values on the step."""
        if values.get("state") == State.SUBMITTED:
            self._open = address_of(DOCUMENT, self._unit, f"{self._rng.getrandbits(128):032x}")
            sort = self._step.documents[0] if self._step.documents else "other"
            title = f"{self._name}{TITLES.get(sort, '材料')}"
            yield (
                self._open,
                {
                    "step": self._step.id,
                    "sort": sort,
                    "title": title,
                    "submitted_on": values["submitted_on"],
                },
            )
        elif self._open and (answer := _answer(values)):
            yield self._open, answer
            self._open = ""


def _answer(values: Values) -> Values:
    if values.get("state") == State.RETURNED:
        reason, due = values.get("note", ""), values["due_on"]
        return {"outcome": RETURNED, "answered_on": values["returned_on"], "reason": reason, "due_on": due}
    if "approved_on" in values:
        return {"outcome": APPROVED, "answered_on": values["approved_on"]}
    return {}
