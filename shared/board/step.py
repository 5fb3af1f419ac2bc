"""A unit's step as people see it: its state, dates, ticks and note, read from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.board.lights import Facts, State
from shared.board.record import Record
from shared.board.redo import Redo, is_redone
from shared.board.standing import known_state, settled
from shared.board.values import day_of, text_of

MAX_NOTE: Final = 4000
DATE_FIELD: Final[dict[str, str]] = {
    State.DOING.value: "started_on",
    State.SUBMITTED.value: "submitted_on",
    State.RETURNED.value: "returned_on",
    State.DONE.value: "done_on",
    State.NA.value: "exempt_on",
}
"""Which field keeps the day of a state. Done needs one; submitted and returned keep theirs when done follows."""


@dataclass(frozen=True, slots=True)
class StepView:
    """What stands on a step, of colliding states the most cautious one; `redo`: what it is open again for."""

    state: str = State.TODO.value
    days: Mapping[str, date] = field(default_factory=dict)
    due_on: date | None = None
    note: str = ""
    reason: str = ""
    ticks: frozenset[str] = frozenset()
    collisions: tuple[str, ...] = ()
    redo: Redo | None = None

    def facts(self) -> Facts:
        """What the light needs of this."""
        return Facts(self.state, self.days.get("done_on"), "state" in self.collisions, self.redo is not None)


UNTOUCHED: Final = StepView()


def view(record: Record | None, redo: Redo | None = None) -> StepView:
    """The step as it stands; an untouched one is not started. `redo` is what a survey has opened it again for."""
    if record is None or not record.entries:
        return UNTOUCHED if redo is None else StepView(redo=redo)
    return view_of(settled(record), record.collisions(), redo)


def view_of(values: Mapping[str, JSON], collisions: tuple[str, ...] = (), redo: Redo | None = None) -> StepView:
    """The step as these settled values tell it, with different ones standing on the fields in `collisions`.

    A step that was done and is open again for a `redo` is not started.
    """
    state = known_state(values.get("state"))
    days = {name: day for name in DATE_FIELD.values() if (day := day_of(values.get(name))) is not None}
    redo = None if redo is None or is_redone(values, redo) else redo
    if redo is not None and state == State.DONE:
        state = State.TODO.value
        days.pop("done_on", None)
    return StepView(
        state=state,
        days=days,
        due_on=day_of(values.get("due_on")),
        note=text_of(values.get("note")),
        reason=text_of(values.get("reason")),
        ticks=frozenset(name[5:] for name, value in values.items() if name.startswith("tick.") and value is True),
        collisions=collisions,
        redo=redo,
    )
