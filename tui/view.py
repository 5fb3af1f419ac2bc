"""The board as the screen needs it: one row per unit, made from what the replica holds."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import orjson

from shared.board.change import JSON
from shared.board.chart import Chart
from shared.board.district import TownRow, UnitRow, town_row
from shared.board.holds import KIND as HOLD
from shared.board.record import Record, kind_of, owner_of, unit_address
from shared.board.redo import Redo, steps_of
from shared.board.unit import latest, unit_in
from shared.campaign.codec import parse_trusted
from shared.people.groups import Group, group_address, group_in
from shared.rights import Role, role_of
from shared.roster import Unit, canonical_code, town_of
from tui.entry import Problem
from tui.profile import Identity
from tui.replica import Replica, Shown

_HOLDS: Final = f"{HOLD}/"
_FORMLESS: Final = frozenset(("step", HOLD))


@dataclass(frozen=True, slots=True)
class Day:
    """What the lights need of time: today, and for each area the day its laptops were last heard of."""

    today: date
    heard: Mapping[str, date] = field(default_factory=dict)

    def heard_of(self, unit: str) -> date | None:
        """The last day on which this unit's laptops were heard of."""
        return latest(self.heard, unit)


@dataclass(frozen=True, slots=True)
class Taken:
    """The rows of units and towns that look different now; `reshaped` when some have come or gone."""

    rows: Mapping[str, UnitRow]
    towns: Mapping[str, TownRow]
    reshaped: bool = False


class BoardView:
    """Units, their rows and their towns' rows, in the order of their codes. `take` brings some of them up to date."""

    def __init__(self, chart: Chart, day: Day) -> None:
        self.chart = chart
        self.day = day
        self.units: dict[str, Unit] = {}
        self.rows: dict[str, UnitRow] = {}
        self.towns: dict[str, TownRow] = {}
        self.groups: dict[str, Group] = {}
        self._collisions: dict[str, int] = {}
        self._undecided: dict[str, int] = {}
        self._members: dict[str, dict[str, None]] = {}

    @property
    def collisions(self) -> int:
        """How many fields of all records hold different values side by side."""
        return sum(self._collisions.values())

    @property
    def colliding(self) -> tuple[str, ...]:
        """The owners of records on which different values stand, in the order of their codes."""
        return tuple(sorted(self._collisions))

    @property
    def undecided(self) -> Mapping[str, int]:
        """Owner → how many entries the office holds of which nobody has decided yet."""
        return self._undecided

    def redo(self, unit: str) -> Redo | None:
        """What a survey has opened again on a unit."""
        row = self.rows.get(unit)
        return None if row is None else row.redo

    def check(self, record: Record, values: Mapping[str, JSON]) -> Problem | None:
        """What the form of a record has against these values on it; nothing for what has no form, like a step."""
        if kind_of(record.address) in _FORMLESS:
            return None
        from tui.filled import problem_with  # noqa: PLC0415 -- forms are read when something is first entered with one

        unit = self.units.get(owner_of(record.address))
        workflow = self.chart.campaign.workflow_for(unit.kind) if unit is not None else None
        return problem_with(self.chart.campaign, workflow.id if workflow is not None else "", record, values)

    def redo_on(self, unit: Unit, step: str) -> Redo | None:
        """The same for one step, nothing where the redo does not open that one."""
        redo = self.redo(unit.code)
        if redo is None:
            return None
        opened = steps_of(self.chart.campaign.workflow_for(unit.kind))
        return redo if step in opened else None

    def fill(self, every: Iterable[tuple[str, Shown]]) -> None:
        """Make every row anew."""
        for kept in (self.units, self.rows, self.groups, self._members, self._collisions, self._undecided):
            kept.clear()
        for owner, shown in every:
            self._make(owner, shown)
        self.rows = dict(sorted(self.rows.items()))
        self.towns = {town: self._town(town) for town in sorted(self._members)}

    def take(self, changed: Mapping[str, Shown]) -> Taken:
        """Make these units' rows anew, and say what looks different."""
        before = {owner: self.rows.get(owner) for owner in changed}
        for owner, shown in changed.items():
            self._make(owner, shown)
        after = {owner: self.rows.get(owner) for owner in changed}
        rows = {owner: row for owner, row in after.items() if row is not None and row != before[owner]}
        reshaped = any((row is None) != (after[owner] is None) for owner, row in before.items())
        if reshaped:
            self.rows = dict(sorted(self.rows.items()))
        differ = {town_of(owner) for owner, row in after.items() if row != before[owner]}
        return Taken(rows, self._retake(differ), reshaped)

    def find(self, wanted: str) -> list[Unit]:
        """The units a person means, in the order of their codes: by code, by whole name, else by a part of the name."""
        by_code = self.units.get(wanted) or self.units.get(canonical_code(wanted))
        if by_code is not None:
            return [by_code]
        every = [self.units[code] for code in self.rows]
        exact = [unit for unit in every if wanted in (unit.name, unit.short)]
        return exact or [unit for unit in every if wanted and (wanted in unit.name or wanted in unit.short)]

    def _make(self, owner: str, shown: Shown) -> None:
        self._collisions.pop(owner, None)
        if shown.standing.collisions:
            self._collisions[owner] = sum(map(len, shown.standing.collisions.values()))
        self._undecided.pop(owner, None)
        if held := sum(_is_undecided(address, values) for address, values in shown.standing.values.items()):
            self._undecided[owner] = held
        unit = unit_in(owner, shown.standing.values.get(unit_address(owner), {}))
        if unit is None or unit.closed:
            self._drop(owner)
            self._note_group(owner, shown)
            return
        self.units[owner] = unit
        self.rows[owner] = self.chart.row_of(
            unit, shown.standing, self.day.today, self.day.heard_of(owner), shown.unsent
        )
        self._members.setdefault(town_of(owner), {})[owner] = None

    def _note_group(self, owner: str, shown: Shown) -> None:
        values = shown.standing.values.get(group_address(owner))
        group = group_in(owner, values) if values is not None else None
        if group is None:
            self.groups.pop(owner, None)
        else:
            self.groups[owner] = group

    def _drop(self, owner: str) -> None:
        self.units.pop(owner, None)
        if self.rows.pop(owner, None) is not None:
            members = self._members[town_of(owner)]
            del members[owner]
            if not members:
                del self._members[town_of(owner)]

    def _retake(self, towns: Iterable[str]) -> dict[str, TownRow]:
        """Make the rows of these towns anew; those that look different now."""
        found: dict[str, TownRow] = {}
        for town in towns:
            if town not in self._members:
                self.towns.pop(town, None)
                continue
            row = self._town(town)
            if self.towns.get(town) != row:
                self.towns[town] = found[town] = row
        self.towns = dict(sorted(self.towns.items()))
        return found

    def _town(self, town: str) -> TownRow:
        organ = self.units.get(town)
        name = organ.short if organ else town
        return town_row(town, name, [self.rows[code] for code in self._members[town]], len(self.chart.columns))


def _is_undecided(address: str, values: Mapping[str, JSON]) -> bool:
    return address.startswith(_HOLDS) and not values.get("verdict")


def chart_of(replica: Replica) -> Chart | None:
    """The chart of the campaign that holds, or nothing before the first sync."""
    body = replica.meta("campaign")
    return Chart(parse_trusted(orjson.loads(body))) if body else None


def day_of(replica: Replica, identity: Identity, now: datetime) -> Day:
    """Today, and the days on which laptops were heard of, as the office last said."""
    return Day(now.date(), days_heard(orjson.loads(replica.meta("heard") or b"{}"), identity, now))


def days_heard(said: Mapping[str, str], identity: Identity, now: datetime) -> dict[str, date]:
    """Area → the day, here, on which its laptops were last heard of, out of area → ISO time; this one hears itself."""
    days = {area: _day(when, now) for area, when in said.items()}
    heard = {area: day for area, day in days.items() if day is not None}
    if role_of(identity.role) is not Role.VIEWER:
        heard.update(dict.fromkeys(identity.areas, now.date()))
    return heard


def open_view(
    replica: Replica, identity: Identity, now: Callable[[], datetime], only: str | None = None
) -> BoardView | None:
    """The board out of the replica, all of it or `only` one unit, or nothing before the first sync."""
    with replica.still(), _no_garbage():
        chart = chart_of(replica)
        if chart is None or replica.cursor() is None:
            return None
        view = BoardView(chart, day_of(replica, identity, now()))
        view.fill(replica.every() if only is None else [(only, replica.shown(only))])
        return view


def _day(when: str, now: datetime) -> date | None:
    try:
        return datetime.fromisoformat(when).astimezone(now.tzinfo).date()
    except ValueError:
        return None


@contextmanager
def _no_garbage() -> Iterator[None]:
    """No search for garbage while a board is made: among a million new values that are all in use there is none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
