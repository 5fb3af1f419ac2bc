"""What a problem shows on a day, and what a row counts of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.board.lights import Light
from shared.board.stages import CLOSED, Stage, stage_of
from shared.board.standing import stands
from shared.board.values import day_of

PROBLEM: Final = "problem"


def problem_light(values: Mapping[str, JSON], today: date, warning: int) -> Light:
    """What a problem shows on a day; one whose measure is done waits for the office, and does not turn red."""
    stage, due = stage_of(values), day_of(values.get("due_on"))
    if stage in CLOSED:
        done = day_of(values.get("measured_on")) or day_of(values.get("signed_on"))
        return Light.LATE_DONE if due is not None and done is not None and done > due else Light.DONE
    if stage in (Stage.MEASURED, Stage.CHECKED):
        return Light.REVIEW
    if due is None:
        return Light.ON_TRACK
    left = (due - today).days
    if left < 0:
        return Light.OVERDUE
    return Light.DUE_SOON if left <= warning else Light.ON_TRACK


def counted(values: Mapping[str, JSON], today: date) -> tuple[bool, bool]:
    """Whether a problem counts as open on a row, and whether as overdue."""
    stage = stage_of(values)
    if stage in CLOSED or not stands(values):
        return False, False
    due = day_of(values.get("due_on"))
    return True, stage == Stage.OPEN and due is not None and due < today
