"""The board's rows for those who ask over HTTP: computed in slices, kept in memory until what they show may differ.

Nothing of it is stored (promise 8). A row is a function of a unit's records, the campaign, the day and when the unit
was last heard of; whatever of these changes, the row is computed anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

import orjson

from server.breath import Breath
from server.campaigns import CampaignShelf
from server.store import Store
from shared.board.chart import Chart
from shared.board.district import TownRow, UnitRow, town_row
from shared.board.record import unit_address
from shared.board.unit import latest, unit_of
from shared.rights import covers
from shared.roster import Unit, town_of


class Day(NamedTuple):
    """What the lights need of time: today, and per area the day its laptops were last heard of."""

    today: date
    heard: Mapping[str, date]


class _Kept(NamedTuple):
    row: UnitRow | None
    heard: date | None
    encoded: bytes


class BoardRows:
    """The rows of one board. `touch` says which units have changed; `read` gives what somebody may see of all."""

    def __init__(self, store: Store, campaigns: CampaignShelf) -> None:
        self._store = store
        self._campaigns = campaigns
        self._chart = Chart(campaigns.current)
        self._kept: dict[str, _Kept] = {}
        self._of: tuple[str, date] | None = None
        self._filling = asyncio.Lock()

    @property
    def chart(self) -> Chart:
        """The chart that the rows were last made with."""
        return self._chart

    def touch(self, owners: Iterable[str]) -> None:
        """Something has been entered about these."""
        for owner in owners:
            self._kept.pop(owner, None)

    async def read(self, areas: Collection[str], day: Day) -> Seen:
        """The units and towns in these areas on this day, open units only, in the order of their codes."""
        async with self._filling:
            self._turn_page(day)
            rows: dict[str, list[UnitRow]] = {}
            encoded: list[bytes] = []
            breath = Breath()
            for owner in sorted(self._store.owners()):
                if breath.due():
                    await breath.take()
                if covers(areas, owner) and (kept := self._row(owner, day)).row is not None:
                    rows.setdefault(town_of(owner), []).append(kept.row)
                    encoded.append(kept.encoded)
            towns = [await self._town(town, members, areas, breath) for town, members in rows.items()]
            return Seen(encoded, towns)

    def row(self, code: str, day: Day) -> dict[str, object] | None:
        """One unit's row as it travels, or nothing for a unit that is closed or unknown."""
        self._turn_page(day)
        row = self._row(code, day).row
        return None if row is None else _unit_json(row)

    def unit(self, code: str) -> Unit | None:
        """The unit of this code, closed ones too."""
        record = self._store.get(unit_address(code))
        return unit_of(record) if record is not None else None

    async def units(self, areas: Collection[str], after: str, limit: int) -> list[Unit]:
        """Up to `limit` units of these areas whose codes follow `after`, in the order of their codes."""
        found: list[Unit] = []
        breath = Breath()
        for owner in sorted(self._store.owners()):
            if breath.due():
                await breath.take()
            if owner > after and covers(areas, owner) and (unit := self.unit(owner)) is not None:
                found.append(unit)
                if len(found) == limit:
                    break
        return found

    def _turn_page(self, day: Day) -> None:
        """Forget everything when the day or the campaign is another one."""
        of = (self._campaigns.digest(), day.today)
        if of != self._of:
            self._of = of
            self._kept.clear()
            if self._chart.campaign is not self._campaigns.current:
                self._chart = Chart(self._campaigns.current)

    def _row(self, owner: str, day: Day) -> _Kept:
        heard = latest(day.heard, owner)
        kept = self._kept.get(owner)
        if kept is None or kept.heard != heard:
            kept = self._kept[owner] = self._make(owner, day.today, heard)
        return kept

    def _make(self, owner: str, today: date, heard: date | None) -> _Kept:
        unit = self.unit(owner)
        if unit is None or unit.closed:
            return _Kept(None, heard, b"")
        row = self._chart.row(unit, self._store.shown(owner), today, heard)
        return _Kept(row, heard, orjson.dumps(_unit_json(row)))

    async def _town(self, town: str, rows: list[UnitRow], areas: Collection[str], breath: Breath) -> TownRow:
        if breath.due():
            await breath.take()
        organ = self.unit(town) if covers(areas, town) else None
        name = organ.short if organ is not None and not organ.closed else town
        return town_row(town, name, rows, len(self._chart.columns))


class Seen(NamedTuple):
    """What one reader sees: the units' rows as JSON, and the towns' rows."""

    units: list[bytes]
    towns: list[TownRow]


def _unit_json(row: UnitRow) -> dict[str, object]:
    """A unit's row as it travels: `shared` keeps no field for laptops' unsent entries here."""
    names = (
        "code",
        "name",
        "kind",
        "town",
        "workflow",
        "lights",
        "marks",
        "over",
        "done",
        "applicable",
        "problems",
        "late",
    )
    return {name: getattr(row, name) for name in names}
