"""My day: what waits for one person, what is due soon in their areas, and what turned red since they last looked.

Everything is derived from what stands on the board, the campaign and the day; only the day of the last look comes from
elsewhere. Nobody is ranked: lists are by day, the oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from shared.board.chart import Chart
from shared.board.holds import KIND as HOLD
from shared.board.lights import Light, State
from shared.board.record import owner_of, rest_of
from shared.board.stages import Stage
from shared.board.standing import Standing
from shared.inspection.firsts import Firsts
from shared.inspection.item import WITHDRAWN, Item
from shared.inspection.ladder import rung_at
from shared.inspection.tasks import LATE, Board, Clock, Task, Who, open_unit, tasks_of
from shared.inspection.visits import VISIT, coverage_of
from shared.rights import Action, Role, covers, may, reach
from shared.roster import Unit

AHEAD: Final = 7
"""Within so many days something counts as due soon here, and a visit as planned for this week."""
UNVISITED: Final = 30
"""A unit on which nobody was for so many days is listed."""
SHOWN: Final = 50
"""So many lines of each part are listed, unless told."""
_CHECKS: Final[Mapping[str, Action]] = {Stage.MEASURED.value: Action.CHECK, Stage.CHECKED.value: Action.SIGN}
_VISITS: Final = f"{VISIT}/"
_HOLDS: Final = f"{HOLD}/"


class Part(StrEnum):
    """The parts of a day, in the order in which they are shown."""

    WAITING = "waiting"
    RETURNED = "returned"
    TURNED = "turned_red"
    DUE = "due"
    COLLISIONS = "collisions"
    VISITS = "visits"
    UNVISITED = "unvisited"
    LOOKS = "looks"


class Asked(NamedTuple):
    """An entry that needs a look: its id, the record it is about, how it stands, and since when (ISO 8601)."""

    id: str
    address: str
    status: str
    at: str = ""


class Thing(NamedTuple):
    """One line of a day.

    `day`: from when it waits, when it is due, planned, was last visited. `days`: how many days ago that was, negative
    for days to come. `rung`: where it stands on the ladder, from 1; 0 when it is not late. `words`: the fields that
    collide, how an entry stands.
    """

    part: Part
    unit: str
    name: str
    address: str
    day: date | None = None
    days: int | None = None
    task: Task | None = None
    rung: int = 0
    words: tuple[str, ...] = ()


class Listed(NamedTuple):
    """The first things of a part, and how many more there are."""

    things: tuple[Thing, ...] = ()
    more: int = 0

    @property
    def total(self) -> int:
        """How many there are in all."""
        return len(self.things) + self.more


@dataclass(frozen=True, slots=True)
class Agenda:
    """One person's day. `late`, `unheard`: how many steps and problems in their areas are overdue, and how many are
    past due with nothing heard of since. `looked`: the day of the last look, nothing before the first."""

    today: date
    looked: date | None
    parts: Mapping[Part, Listed]
    late: int = 0
    unheard: int = 0

    def __getitem__(self, part: Part) -> Listed:
        """What a part lists."""
        return self.parts[part]


def agenda_of(
    chart: Chart,
    board: Board,
    who: Who,
    clock: Clock,
    looked: date | None = None,
    looks: Iterable[Asked] = (),
    limit: int = SHOWN,
) -> Agenda:
    """The day of one person over a board; `looks` are their own entries that need a look, `limit` lines of each part.

    A step or problem stands in one part only, the first that it belongs to; that different values stand on it is a
    question of its own.
    """
    day = _Day(chart, who, clock, looked, limit)
    for look in looks:
        day.look(look)
    areas = reach(who.role, who.areas)
    for owner, standing in board:
        if covers(areas, owner):
            day.take(owner, standing)
    return day.agenda()


class _Day:
    """A day while it is put together, one owner after another."""

    def __init__(self, chart: Chart, who: Who, clock: Clock, looked: date | None, limit: int) -> None:
        self._chart, self._who, self._clock, self._looked = chart, who, clock, looked
        self._horizon = clock.today + timedelta(days=AHEAD)
        self._parts = {part: Firsts[Thing](limit) for part in Part}
        self._asked: set[str] = set()
        self._names: dict[str, str] = {}
        self._late = self._unheard = 0

    def agenda(self) -> Agenda:
        """What was put together."""
        parts = {part: _listed(firsts) for part, firsts in self._parts.items()}
        looks = parts[Part.LOOKS]
        named = tuple(each._replace(name=self._names.get(each.unit, "")) for each in looks.things)
        parts[Part.LOOKS] = Listed(named, looks.more)
        return Agenda(self._clock.today, self._looked, parts, self._late, self._unheard)

    def look(self, asked: Asked) -> None:
        """An entry that needs a look, once; one's own before those that others wait with."""
        if asked.id not in self._asked:
            self._asked.add(asked.id)
            owner = owner_of(asked.address)
            self._names.setdefault(owner, "")
            thing = Thing(Part.LOOKS, owner, "", asked.address, words=(asked.status, asked.id))
            self._parts[Part.LOOKS].take((asked.address.startswith(_HOLDS), asked.at, asked.id), thing)

    def take(self, owner: str, standing: Standing) -> None:
        """Everything of one owner of records."""
        unit = open_unit(owner, standing)
        name = unit.short if unit is not None else ""
        for address, fields in standing.collisions.items():
            self._put(Thing(Part.COLLISIONS, owner, name, address, words=fields))
        if may(self._who.role, self._who.areas, owner, frozenset({Action.DECIDE})):
            for asked in _undecided(standing):
                self.look(asked)
        if owner in self._names:
            self._names[owner] = name
        if unit is not None:
            for thing in (*self._tasks(unit, standing), *self._visits(unit, standing)):
                self._put(thing)

    def _put(self, thing: Thing) -> None:
        far = date.max if thing.part is not Part.UNVISITED else date.min
        place = thing.task.place if thing.task is not None else (0, 0)
        self._parts[thing.part].take((thing.day or far, thing.unit, place, thing.address), thing)

    def _tasks(self, unit: Unit, standing: Standing) -> Iterator[Thing]:
        today, ladder = self._clock.today, self._chart.campaign.rules.ladder
        for task in tasks_of(self._chart, unit, standing, self._clock, self._horizon):
            self._late += task.light is Light.OVERDUE
            self._unheard += task.light is Light.UNKNOWN
            part = self._part_of(task, unit.code)
            if part is not None:
                day = task.since if part in (Part.WAITING, Part.RETURNED) else task.due
                rung = rung_at(ladder, task.over(today)) if task.light in LATE else 0
                yield Thing(part, unit.code, unit.short, task.address, day, _ago(day, today), task, rung)

    def _part_of(self, task: Task, unit: str) -> Part | None:
        if self._waits(task, unit):
            return Part.WAITING
        if task.state == State.RETURNED:
            return Part.RETURNED
        if task.light is Light.OVERDUE:
            new = self._looked is None or (task.due is not None and task.due >= self._looked)
            return Part.TURNED if new else None
        if task.light in (Light.REVIEW, Light.UNKNOWN):
            return None
        return Part.DUE if task.due is not None and self._clock.today <= task.due <= self._horizon else None

    def _waits(self, task: Task, unit: str) -> bool:
        """Whether it waits for this person: an answer of those who review, else the work that came back."""
        role, areas = self._who
        if task.light is Light.REVIEW:
            action = _CHECKS.get(task.state, Action.APPROVE)
            return may(role, areas, unit, frozenset({action}))
        return role is Role.MEMBER and (task.redo or task.state == State.RETURNED)

    def _visits(self, unit: Unit, standing: Standing) -> Iterator[Thing]:
        today = self._clock.today
        for address, values in standing.values.items():
            if address.startswith(_VISITS) and values.get(WITHDRAWN) is not True:
                visit = Item(address, values)
                day = visit.day("planned_on")
                if day is not None and day <= self._horizon and visit.day("on") is None:
                    yield Thing(Part.VISITS, unit.code, unit.short, address, day, _ago(day, today))
        covered = coverage_of(unit.code, standing.values, today)
        since = covered.days_since(today)
        if since is None or since >= UNVISITED:
            yield Thing(Part.UNVISITED, unit.code, unit.short, "", covered.last, since)


def _undecided(standing: Standing) -> Iterator[Asked]:
    for address, values in standing.values.items():
        if address.startswith(_HOLDS) and not values.get("verdict"):
            yield Asked(rest_of(address), address, str(values.get("status", "")))


def _listed(firsts: Firsts[Thing]) -> Listed:
    things = tuple(firsts)
    return Listed(things, firsts.count - len(things))


def _ago(day: date | None, today: date) -> int | None:
    return None if day is None else (today - day).days
