"""The light of a step: what one glance at the board tells, derived and never stored.

Rules and words: domain.md "States and lights". All of it is a function of what people entered, the days of the
campaign and the day that is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """What people enter for a step, from the most cautious to the least."""

    RETURNED = "returned"
    TODO = "todo"
    DOING = "doing"
    SUBMITTED = "submitted"
    NA = "na"
    DONE = "done"


CAUTION: Final[dict[str, int]] = {state.value: rank for rank, state in enumerate(State)}
"""Which of several colliding states is shown: the lowest. A state this program does not know ranks as not started."""


class Light(StrEnum):
    """What is shown in a cell; the value is the word, two cells wide, readable without any colour."""

    DONE = "毕"
    LATE_DONE = "补"
    ON_TRACK = "正"
    DUE_SOON = "临"
    OVERDUE = "逾"
    REVIEW = "审"
    RETURNED = "退"
    REDO = "课"
    CLOSED = "未"
    EXEMPT = "免"
    UNKNOWN = "？"

    @property
    def settles(self) -> bool:
        """Whether the step counts as done."""
        return self is Light.DONE or self is Light.LATE_DONE


@dataclass(frozen=True, slots=True)
class Days:
    """The days that decide a step's light: when it opens, when it is due, and how many days before that is soon."""

    opens: date
    due: date
    warning: int = 3


@dataclass(frozen=True, slots=True)
class Facts:
    """What people entered for a step, as far as its light needs it.

    `done_on` is the day it was done. `collides`: different states stand side by side, so it cannot count as done.
    `redo`: a survey opened it again, and it has not been done since; the days are then those of the redo.
    """

    state: str = State.TODO.value
    done_on: date | None = None
    collides: bool = False
    redo: bool = False


def light_of(facts: Facts, days: Days, today: date, heard: date | None) -> Light:
    """The light of a step that applies, on `today`; `heard` is the last day its unit's laptops were heard of.

    Silence is not green and not red (promise 10): a step that fell due since the unit was last heard of is unknown.
    """
    state = facts.state
    if state == State.NA:
        return Light.EXEMPT
    if facts.redo and state != State.SUBMITTED and today <= days.due:
        return Light.REDO
    if state == State.DONE and not facts.collides and not facts.redo:
        return Light.LATE_DONE if facts.done_on is not None and facts.done_on > days.due else Light.DONE
    if state == State.SUBMITTED:
        return Light.REVIEW
    return _open_light(state, days, today, heard)


def _open_light(state: str, days: Days, today: date, heard: date | None) -> Light:
    left = (days.due - today).days
    if left < 0:
        return Light.OVERDUE if heard is not None and heard > days.due else Light.UNKNOWN
    if state == State.RETURNED:
        return Light.RETURNED
    if left <= days.warning:
        return Light.DUE_SOON
    if today < days.opens and state != State.DOING:
        return Light.CLOSED
    return Light.ON_TRACK


def days_over(days: Days, today: date) -> int:
    """How many days past its due day a step is; 0 when it is not."""
    return max(0, (today - days.due).days)
