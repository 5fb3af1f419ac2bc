"""Documents and their review: each round of a paper is a record, so that nothing of what was said to it is lost.

To submit, approve and return moves the step and the round in one act. The clock is the reviewer's from the day of
submission to the day of the answer, and the unit does not turn red meanwhile (domain.md, States and lights).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.board.lights import State
from shared.board.record import Record, step_address
from shared.board.step import view
from shared.forms.model import Wrong
from shared.inspection.item import Entered, Item, address_of, of_kind

DOCUMENT: Final = "document"
APPROVED, RETURNED = "approved", "returned"
_ORDER: Final[Mapping[str, int]] = {RETURNED: 0, APPROVED: 1}
_ANSWERED: Final[Mapping[str, str]] = {State.DONE.value: APPROVED, State.RETURNED.value: RETURNED}


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a paper: when it was handed in and by whom, what was answered, when and by whom."""

    item: Item
    answered_by: str

    @property
    def submitted_on(self) -> date | None:
        """The day it was handed in."""
        return self.item.day("submitted_on")

    @property
    def outcome(self) -> str:
        """`approved`, `returned`, or nothing as long as it was not answered."""
        return self.item.text("outcome")

    def days(self, today: date) -> int:
        """How many days the reviewer had it, or has it by now."""
        first, last = self.submitted_on, self.item.day("answered_on") or today
        return max(0, (last - first).days) if first is not None else 0


@dataclass(frozen=True, slots=True)
class Dossier:
    """All rounds of the paper of one step, the oldest first; `waiting`: the last one waits for the reviewer.

    `answer`: `approved` or `returned`, by the last round or, where that was answered on the step alone, by the step;
    nothing while it waits, or when the step has gone another way.
    """

    step: str
    sort: str
    rounds: tuple[Round, ...]
    waiting: bool
    answer: str = ""

    def days(self, today: date) -> int:
        """How many days the office had it, all rounds together."""
        return sum(self.days_with(each, today) for each in self.rounds)

    def days_with(self, one: Round, today: date) -> int:
        """How many days the office had it in one round; a round answered elsewhere counts none."""
        counts = one.outcome or (self.waiting and one is self.rounds[-1])
        return one.days(today) if counts else 0


def dossiers(records: Mapping[str, Record], unit: str) -> list[Dossier]:
    """The papers of a unit by step and sort."""
    found: dict[tuple[str, str], list[Round]] = {}
    for item in sorted(of_kind(records, DOCUMENT), key=_place):
        answered = records[item.address].heads("outcome")
        found.setdefault((item.text("step"), item.text("sort")), []).append(
            Round(item, answered[0].author if answered else "")
        )
    return [_dossier(step, sort, rounds, _state(records, unit, step)) for (step, sort), rounds in sorted(found.items())]


def submit(step: Record, unit: str, step_id: str, values: Mapping[str, JSON], on: date, item_id: str) -> list[Entered]:
    """Hand in a paper: a new round with these values, and the step is with the reviewer."""
    day = on.isoformat()
    paper = {**values, "step": step_id, "submitted_on": day}
    moved = {"state": State.SUBMITTED.value, "submitted_on": day}
    return [Entered(step, moved), Entered(Record(address_of(DOCUMENT, unit, item_id)), paper)]


def approve(step: Record, records: Mapping[str, Record], unit: str, step_id: str, on: date) -> list[Entered] | Wrong:
    """Approve what was handed in, on that day or later.

    The step was done on the day it was handed in, as the reviewer's days are not the unit's.
    """
    shown = view(step)
    if shown.state != State.SUBMITTED:
        return Wrong("not-submitted", "state")
    done = shown.days.get("submitted_on", on)
    if on < done:
        return Wrong("too-early", "on", done.isoformat())
    moved = {"state": State.DONE.value, "done_on": done.isoformat(), "approved_on": on.isoformat()}
    answer = {"outcome": APPROVED, "answered_on": on.isoformat()}
    return [Entered(step, moved), *(Entered(each, answer) for each in _open(records, unit, step_id))]


def give_back(
    step: Record, records: Mapping[str, Record], unit: str, step_id: str, on: date, reason: str, due: date
) -> list[Entered] | Wrong:
    """Return what was handed in, with what has to be mended and the new due day."""
    if view(step).state != State.SUBMITTED:
        return Wrong("not-submitted", "state")
    if not reason.strip():
        return Wrong("missing", "reason")
    if due < on:
        return Wrong("due-passed", "due_on")
    day, new = on.isoformat(), due.isoformat()
    moved = {"state": State.RETURNED.value, "returned_on": day, "reason": reason, "due_on": new}
    answer = {"outcome": RETURNED, "answered_on": day, "reason": reason, "due_on": new}
    return [Entered(step, moved), *(Entered(each, answer) for each in _open(records, unit, step_id))]


def _open(records: Mapping[str, Record], unit: str, step_id: str) -> Sequence[Record]:
    """The rounds of a step that nobody has answered."""
    found = (each for each in dossiers(records, unit) if each.step == step_id)
    return [records[each.item.address] for dossier in found for each in dossier.rounds if not each.outcome]


def _place(item: Item) -> tuple[str, int, str, str, str]:
    """Where a round stands among those of its paper.

    By day, and of one day's first those that were returned, as another followed them, last one that nobody answered.
    """
    order = _ORDER.get(item.text("outcome"), len(_ORDER))
    return item.text("submitted_on"), order, item.text("answered_on"), item.at, item.id


def _dossier(step: str, sort: str, rounds: Sequence[Round], state: str) -> Dossier:
    outcome = rounds[-1].outcome
    return Dossier(
        step, sort, tuple(rounds), not outcome and state == State.SUBMITTED, outcome or _ANSWERED.get(state, "")
    )


def _state(records: Mapping[str, Record], unit: str, step_id: str) -> str:
    return view(records.get(step_address(unit, step_id))).state
