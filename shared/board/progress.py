"""Planned against actual: how many steps were to be done by the end of each day, and how many were.

By phase and town; the whole is their sum. What is planned follows the windows of each unit, what was done the log: a
step counts for the day at whose end it stood as done, by the office's clock. Nothing of it is stored (promise 8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from typing import Final, NamedTuple

from shared.board.chart import Chart
from shared.board.district import SETTLED
from shared.board.history import Board, standings
from shared.board.lights import Light
from shared.board.log_record import LogRecord
from shared.board.record import unit_address
from shared.board.standing import Standing, standing_of
from shared.board.unit import unit_in

_EXEMPT: Final = Light.EXEMPT.value


class Part(NamedTuple):
    """What is counted apart: a town, and a phase by its number."""

    town: str
    phase: int


Sums = Mapping[Part, tuple[int, ...]]
"""For each part a number for each day."""


@dataclass(frozen=True, slots=True)
class Course:
    """Two lines over the days of a campaign: steps planned to be done by the end of each, and steps that were.

    `done` ends with the last day that is over. `steps`: how many apply in all.
    """

    days: tuple[date, ...]
    planned: tuple[int, ...]
    done: tuple[int, ...]
    steps: int

    def behind(self) -> int:
        """How many steps fewer were done than planned at the last day that is over; negative: more."""
        return self.planned[len(self.done) - 1] - self.done[-1] if self.done else 0


@dataclass(frozen=True, slots=True)
class Progress:
    """Both lines of every town and phase, over the same days, the first `over` of which are over."""

    days: tuple[date, ...]
    over: int
    planned: Sums
    done: Sums

    def course(self, town: str = "", phase: int = 0) -> Course:
        """The lines of one town, one phase or both; of the whole campaign when neither is named."""
        planned = _summed(self.planned, town, phase, len(self.days))
        done = _summed(self.done, town, phase, self.over)
        return Course(self.days, planned, done, planned[-1] if planned else 0)


def planned(chart: Chart, board: Iterable[tuple[str, Standing]], days: Sequence[date]) -> Sums:
    """How many steps of each part are due by the end of each of the days; the last has all that apply."""
    if not days:
        return {}
    due: dict[Part, list[int]] = {}
    for owner, standing in board:
        own = standing.values.get(unit_address(owner), {})
        unit = unit_in(owner, own)
        if unit is None or unit.closed:
            continue
        row = chart.row_of(unit, standing, days[-1], days[-1])
        for plan in chart.plan_in(unit, own):
            if row.lights[plan.column] != _EXEMPT:
                each = due.setdefault(Part(row.town, plan.phase), [0] * len(days))
                each[min(max(0, (plan.days.due - days[0]).days), len(days) - 1)] += 1
    return {part: tuple(accumulate(each)) for part, each in due.items()}


def done(
    chart: Chart,
    log: Callable[[], Iterable[LogRecord]],
    days: Sequence[date],
    end_of: Callable[[date], datetime],
    reads: Callable[[str], bool] = lambda _owner: True,
    last: Callable[[Board], object] = lambda _board: None,
) -> Sums:
    """How many steps of each part stood as done at the end of each of the days, in one pass over the log.

    Of each day only the units are looked at on which something was entered, and that `reads` lets through. `last` gets
    the board of the last day. Whether a step counts as done does not depend on the day: one is looked at for all.
    """
    known: dict[str, dict[Part, int]] = {}
    running: dict[Part, int] = {}
    found: dict[Part, list[int]] = {}
    board: Board = {}
    for at, (board, touched) in enumerate(standings(log, [end_of(day) for day in days])):
        for owner in filter(reads, touched):
            now = _by_part(chart, owner, standing_of(board[owner]), days[-1])
            for part, number in _moved(known.get(owner, {}), now):
                running[part] = running.get(part, 0) + number
                found.setdefault(part, [0] * at)
            known[owner] = now
        for part, numbers in found.items():
            numbers.append(running[part])
    last(board)
    return {part: tuple(numbers) for part, numbers in found.items()}


def _moved(before: Mapping[Part, int], after: Mapping[Part, int]) -> Iterator[tuple[Part, int]]:
    for part in before.keys() | after.keys():
        yield part, after.get(part, 0) - before.get(part, 0)


def _by_part(chart: Chart, owner: str, standing: Standing, day: date) -> dict[Part, int]:
    unit = unit_in(owner, standing.values.get(unit_address(owner), {}))
    if unit is None or unit.closed:
        return {}
    row, counted = chart.row_of(unit, standing, day, day), dict[Part, int]()
    for light, column in zip(row.lights, chart.columns, strict=True):
        part = Part(row.town, column.phase)
        counted[part] = counted.get(part, 0) + (light in SETTLED)
    return counted


def _summed(sums: Sums, town: str, phase: int, length: int) -> tuple[int, ...]:
    every = [numbers for part, numbers in sums.items() if town in ("", part.town) and phase in (0, part.phase)]
    return tuple(map(sum, zip(*every, strict=True))) if every else (0,) * length
