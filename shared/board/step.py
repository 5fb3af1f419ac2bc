"""A unit's step as people see it: its state, dates, ticks and note, read from the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.board.lights import Facts, State
from shared.board.record import Record
from shared.board.standing import known_state, settled

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
    """What stands on a step, with the most cautious state shown where two collide."""

    state: str = State.TODO.value
    days: Mapping[str, date] = field(default_factory=dict)
    due_on: date | None = None
    note: str = ""
    reason: str = ""
    ticks: frozenset[str] = frozenset()
    collisions: tuple[str, ...] = ()
    redo: bool = False

    def facts(self) -> Facts:
        """What the light needs of this."""
        return Facts(self.state, self.days.get("done_on"), "state" in self.collisions, self.redo)


UNTOUCHED: Final = StepView()


def view(record: Record | None) -> StepView:
    """The step as it stands; an untouched one is not started."""
    if record is None or not record.entries:
        return UNTOUCHED
    return view_of(settled(record), record.collisions())


def view_of(values: Mapping[str, JSON], collisions: tuple[str, ...] = ()) -> StepView:
    """The step as these settled values tell it, with different ones standing on the fields in `collisions`."""
    return StepView(
        state=known_state(values.get("state")),
        days={name: day for name in DATE_FIELD.values() if (day := day_of(values.get(name))) is not None},
        due_on=day_of(values.get("due_on")),
        note=text_of(values.get("note")),
        reason=text_of(values.get("reason")),
        ticks=frozenset(name[5:] for name, value in values.items() if name.startswith("tick.") and value is True),
        collisions=collisions,
        redo=values.get("redo") is True,
    )


def day_of(value: JSON) -> date | None:
    """A day out of a field, or nothing when the field holds no ISO date."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def text_of(value: JSON) -> str:
    """Text out of a field, or the empty text."""
    return value if isinstance(value, str) else ""
