"""The redo (补课): what a survey under the threshold opens again, until when, and when it is done.

Derived from the surveys of a unit, never stored. The latest survey decides; the first result stays beside the second.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from shared.board.change import JSON
from shared.board.lights import State
from shared.board.record import rest_of
from shared.board.surveys import SURVEY, fails, survey_day, tallies
from shared.board.values import day_of
from shared.campaign.model import Rules, Workflow

REDONE: Final = "redone"
"""The field of a step that names the survey after which it was done again."""

_SURVEYS: Final = f"{SURVEY}/"


class Redo(NamedTuple):
    """The survey that opened it, its day, and the day until which the steps are to be done again."""

    survey: str
    on: date
    due: date


def redo_of(surveys: Mapping[str, Mapping[str, JSON]], rules: Rules) -> Redo | None:
    """The redo that these surveys of one unit (address → settled values) leave open, or nothing.

    A sheet that was taken back, has no day or does not add up says nothing. Of two of one day the one under the
    threshold decides: nobody knows which came later, and a redo is never hidden by chance.
    """
    latest: tuple[date, bool, str, Mapping[str, JSON]] | None = None
    for address, values in surveys.items():
        day = survey_day(values)
        if day is None or values.get("withdrawn") is True or not tallies(values, rules):
            continue
        if latest is None or (day, fails(values, rules), address) > latest[:3]:
            latest = (day, fails(values, rules), address, values)
    if latest is None or not latest[1]:
        return None
    day, _failed, address, values = latest
    return Redo(rest_of(address), day, day_of(values.get("redo_due_on")) or _later(day, rules.redo_days))


def _later(day: date, days: int) -> date:
    return day + timedelta(days=min(days, (date.max - day).days))


def is_survey(address: str) -> bool:
    """Whether a survey stands on this address."""
    return address.startswith(_SURVEYS)


def steps_of(workflow: Workflow | None) -> tuple[str, ...]:
    """The steps that a redo opens in a workflow."""
    return () if workflow is None else tuple(step.id for step in workflow.steps() if step.redo and not step.retired)


def is_redone(values: Mapping[str, JSON], redo: Redo) -> bool:
    """Whether a step, as these values tell it, was done again after the survey."""
    if values.get("state") != State.DONE:
        return False
    done = day_of(values.get("done_on"))
    return values.get(REDONE) == redo.survey or (done is not None and done > redo.on)
