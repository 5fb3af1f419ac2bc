"""The chase list (催办): what is past due, on which rung of the ladder it stands, and whom to call about it.

It lists work, not people: by rung, then by days. What nobody was heard of since before it was due stands in it as
unknown, as a call is what finds out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple

from shared.board.chart import Chart
from shared.board.lights import Light
from shared.board.standing import Standing
from shared.inspection.firsts import Firsts
from shared.inspection.ladder import rung_at
from shared.inspection.tasks import LATE, Board, Clock, Task, Who, open_unit, tasks_of
from shared.rights import covers, reach
from shared.roster import Unit, in_area, town_of

MOST: Final = 100_000
"""So many lines a list has at the most."""


class Wanted(NamedTuple):
    """Which part of the list: of an area, of a rung counted from 1; all of it where nothing is said."""

    area: str = ""
    rung: int = 0


EVERYTHING: Final = Wanted()


class Chased(NamedTuple):
    """One line: a unit's overdue step or problem, how many days since it was due, and its rung from 1 (0: none)."""

    unit: Unit
    town: str
    town_name: str
    task: Task
    days: int
    rung: int

    @property
    def liaison(self) -> str:
        """Whom to call."""
        return _person(self.unit, "liaison")

    @property
    def phone(self) -> str:
        """Where to call."""
        return _person(self.unit, "phone")

    @property
    def responsible(self) -> str:
        """Who answers for it: as the problem says, else for the unit."""
        return self.task.responsible or _person(self.unit, "responsible")


class Chase(NamedTuple):
    """The first lines of what was wanted and how many more there are; `units`: on how many units it was looked for.

    `by_rung`: how much of the area stands on each rung, at 0 what is below the ladder, whichever rung was wanted.
    `unheard`: how much of what was wanted is unknown for want of news.
    """

    rows: tuple[Chased, ...]
    more: int
    by_rung: tuple[int, ...]
    unheard: int
    units: int

    @property
    def total(self) -> int:
        """How many lines there are in all."""
        return len(self.rows) + self.more


def chase_of(
    chart: Chart, board: Board, who: Who, clock: Clock, wanted: Wanted = EVERYTHING, limit: int = MOST
) -> Chase:
    """What is past due in somebody's areas, by rung, the highest first, then by days, then by unit."""
    ladder, towns = chart.campaign.rules.ladder, dict[str, str]()
    firsts, by_rung, unheard, units = Firsts[Chased](limit), [0] * (len(ladder) + 1), 0, 0
    for unit, standing in _units(board, who, towns):
        if wanted.area and not in_area(unit.code, (wanted.area,)):
            continue
        units += 1
        for task in tasks_of(chart, unit, standing, clock, clock.today - timedelta(days=1)):
            if task.light not in LATE:
                continue
            days = task.over(clock.today)
            rung = rung_at(ladder, days)
            by_rung[rung] += 1
            if wanted.rung in (0, rung):
                unheard += task.light is Light.UNKNOWN
                chased = Chased(unit, town_of(unit.code), "", task, days, rung)
                firsts.take((-rung, -days, unit.code, task.place, task.address), chased)
    rows = tuple(row._replace(town_name=towns.get(row.town, row.town)) for row in firsts)
    return Chase(rows, firsts.count - len(rows), tuple(by_rung), unheard, units)


def _units(board: Board, who: Who, towns: dict[str, str]) -> Iterator[tuple[Unit, Standing]]:
    """The open units of somebody's areas; the towns' own names are noted on the way."""
    areas = reach(who.role, who.areas)
    for owner, standing in board:
        unit = open_unit(owner, standing)
        if unit is None:
            continue
        if town_of(owner) == owner:
            towns[owner] = unit.short
        if covers(areas, owner):
            yield unit, standing


def _person(unit: Unit, name: str) -> str:
    return str(unit.people.get(name, ""))
