"""A board made of entries, for the rules of my day and of the chase list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from shared.board.change import JSON, Change
from shared.board.chart import Chart
from shared.board.record import owner_of, unit_address
from shared.board.standing import Standing, standing_of
from shared.board.unit import values_of
from shared.inspection.tasks import Clock
from tests import small
from tests.logbook import change
from tests.small import UNITS, VILLAGE
from tests.unit.test_chart import entered

CHART: Final = Chart(small.campaign())
IN_APRIL: Final = date(2026, 4, 10)
"""The first phase ends on 30 April, the second on 30 June."""


def board(*changes: Change) -> list[tuple[str, Standing]]:
    """The whole small board after these entries."""
    made = [change(10**6 + n, values_of(unit), unit_address(unit.code)) for n, unit in enumerate(UNITS)]
    by_owner: dict[str, list[Change]] = {}
    for each in (*made, *changes):
        by_owner.setdefault(owner_of(each.record), []).append(each)
    return [(owner, standing_of(entered(*every))) for owner, every in by_owner.items()]


def clock(today: date, heard: date | None = date.max) -> Clock:
    """A day on which everybody was heard of, unless told."""
    return Clock(today, lambda _unit: heard)


def problem(number: int, due: str, code: str = VILLAGE, **values: JSON) -> Change:
    """A problem on a unit, open unless told."""
    named: Mapping[str, JSON] = {"title": f"问题{number}", "severity": "low", "stage": "open", "due_on": due, **values}
    return change(number, named, f"problem/{code}/{number:032x}")


def visit(number: int, code: str = VILLAGE, **values: JSON) -> Change:
    """A visit to a unit."""
    return change(number, values, f"visit/{code}/{number:032x}")
