"""The board as the screen needs it: one row per unit, made from what the replica holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import orjson

from shared.board.chart import Chart
from shared.board.district import TownRow, UnitRow, town_row
from shared.board.record import Record, unit_address
from shared.board.unit import latest, unit_of
from shared.campaign.codec import parse_trusted
from shared.rights import Role, role_of
from shared.roster import Unit, town_of
from tui.profile import Identity
from tui.replica import Replica


@dataclass(frozen=True, slots=True)
class Day:
    """What the lights need of time: today, and for each area the day its laptops were last heard of."""

    today: date
    heard: Mapping[str, date] = field(default_factory=dict)

    def heard_of(self, unit: str) -> date | None:
        """The last day on which this unit's laptops were heard of."""
        return latest(self.heard, unit)


class BoardView:
    """Units, their rows and their towns' rows. `take` says what changed, so that only that is painted."""

    def __init__(self, chart: Chart, day: Day) -> None:
        self.chart = chart
        self.day = day
        self.units: dict[str, Unit] = {}
        self.rows: dict[str, UnitRow] = {}
        self.towns: dict[str, TownRow] = {}
        self._members: dict[str, dict[str, None]] = {}

    def fill(self, every: Iterable[tuple[str, Mapping[str, Record]]], unsent: Mapping[str, frozenset[str]]) -> None:
        """Make every row anew."""
        self.units.clear()
        self.rows.clear()
        self._members.clear()
        for owner, records in every:
            self._make(owner, records, unsent.get(owner, frozenset()))
        self.rows = dict(sorted(self.rows.items()))
        self.towns = {town: self._town(town) for town in sorted(self._members)}

    def take(
        self, changed: Mapping[str, Mapping[str, Record]], unsent: Mapping[str, frozenset[str]]
    ) -> tuple[dict[str, UnitRow], dict[str, TownRow]]:
        """Make these owners' rows anew; returns the rows of units and towns that now look different."""
        before = {owner: self.rows.get(owner) for owner in changed}
        for owner, records in changed.items():
            self._make(owner, records, unsent.get(owner, frozenset()))
        rows = {
            owner: self.rows[owner] for owner, row in before.items() if owner in self.rows and self.rows[owner] != row
        }
        if any(before[owner] is None for owner in rows):
            self.rows = dict(sorted(self.rows.items()))
        towns: dict[str, TownRow] = {}
        for town in {town_of(owner) for owner in rows}:
            row = self._town(town)
            if self.towns.get(town) != row:
                self.towns[town] = towns[town] = row
        return rows, towns

    def find(self, wanted: str) -> list[Unit]:
        """The units a person means: by code, by whole name, else by a part of the name."""
        if wanted in self.units:
            return [self.units[wanted]]
        exact = [unit for unit in self.units.values() if wanted in (unit.name, unit.short)]
        return exact or [
            unit for unit in self.units.values() if wanted and (wanted in unit.name or wanted in unit.short)
        ]

    def _make(self, owner: str, records: Mapping[str, Record], unsent: frozenset[str]) -> None:
        record = records.get(unit_address(owner))
        unit = unit_of(record) if record is not None else None
        if unit is None or unit.closed:
            self._drop(owner)
            return
        self.units[owner] = unit
        self.rows[owner] = self.chart.row(unit, records, self.day.today, self.day.heard_of(owner), unsent)
        self._members.setdefault(town_of(owner), {})[owner] = None

    def _drop(self, owner: str) -> None:
        self.units.pop(owner, None)
        if self.rows.pop(owner, None) is not None:
            self._members[town_of(owner)].pop(owner, None)

    def _town(self, town: str) -> TownRow:
        organ = self.units.get(town)
        name = organ.short if organ else town
        return town_row(town, name, (self.rows[code] for code in self._members[town]), len(self.chart.columns))


def chart_of(replica: Replica) -> Chart | None:
    """The chart of the campaign that holds, or nothing before the first sync."""
    body = replica.meta("campaign")
    return Chart(parse_trusted(orjson.loads(body))) if body else None


def day_of(replica: Replica, identity: Identity, now: datetime) -> Day:
    """Today, and what the office last said of whom it has heard; this laptop hears itself."""
    said: dict[str, str] = orjson.loads(replica.meta("heard") or b"{}")
    heard = {area: datetime.fromisoformat(when).astimezone(now.tzinfo).date() for area, when in said.items()}
    if role_of(identity.role) is not Role.VIEWER:
        heard.update(dict.fromkeys(identity.areas, now.date()))
    return Day(now.date(), heard)


def open_view(replica: Replica, identity: Identity, now: Callable[[], datetime]) -> BoardView | None:
    """The whole board out of the replica, or nothing before the first sync."""
    chart = chart_of(replica)
    if chart is None:
        return None
    view = BoardView(chart, day_of(replica, identity, now()))
    view.fill(replica.every(), replica.unsent())
    return view
