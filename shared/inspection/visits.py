"""Visits: where somebody was, where nobody was, and a finding that becomes a problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.board.record import Record
from shared.inspection.item import Item, of_kind

VISIT: Final = "visit"
INSPECTION: Final = "inspection"
"""The source of a problem that a visit found."""
MAX_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class Coverage:
    """How a unit was visited: how often, when last, and the days planned that nobody has come on yet."""

    unit: str
    count: int
    last: date | None
    planned: tuple[date, ...]

    def days_since(self, today: date) -> int | None:
        """How many days ago somebody was there; nothing when never."""
        return None if self.last is None else (today - self.last).days


def visits_of(records: Mapping[str, Record]) -> list[Item]:
    """The visits of a unit that took place, the oldest first."""
    return [item for item in of_kind(records, VISIT) if item.day("on") is not None]


def planned_of(records: Mapping[str, Record]) -> list[Item]:
    """The visits that are planned and have not taken place, by their day."""
    return [item for item in of_kind(records, VISIT, "planned_on") if item.day("on") is None and item.day("planned_on")]


def coverage_of(unit: str, values: Mapping[str, Mapping[str, JSON]], today: date) -> Coverage:
    """How a unit was visited, from what stands on its records (address → settled values); days to come do not count."""
    visits = [
        Item(address, each)
        for address, each in values.items()
        if address.startswith(f"{VISIT}/") and each.get("withdrawn") is not True
    ]
    days = sorted(day for each in visits if (day := each.day("on")) is not None and day <= today)
    planned = sorted(day for each in visits if each.day("on") is None and (day := each.day("planned_on")) is not None)
    return Coverage(unit, len(days), days[-1] if days else None, tuple(planned))


def findings_of(visit: Item) -> tuple[str, ...]:
    """What a visit found, one finding a line."""
    return tuple(line.strip() for line in visit.text("findings").splitlines() if line.strip())


def finding_values(visit: Item, finding: str) -> dict[str, JSON]:
    """What a problem takes over from the finding of a visit."""
    values: dict[str, JSON] = {"title": finding[:MAX_TITLE], "source": INSPECTION, "visit": visit.id}
    if (day := visit.day("on")) is not None:
        values["found_on"] = day.isoformat()
    return values


def uncovered(every: Iterable[Coverage], today: date, days: int) -> list[Coverage]:
    """The units that nobody has visited for so many days, those never visited first, then the longest ago."""
    found = [each for each in every if (since := each.days_since(today)) is None or since >= days]
    return sorted(found, key=lambda each: (each.last is not None, each.last or today, each.unit))


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a town's or a group's units were visited at all, and how many in the last days."""

    name: str
    units: int
    ever: int
    lately: int


def shares(every: Iterable[tuple[str, Coverage]], today: date, days: int) -> list[Share]:
    """The coverage of each name (a town, a group), by name; `days` says what lately means."""
    found: dict[str, list[Coverage]] = {}
    for name, coverage in every:
        found.setdefault(name, []).append(coverage)
    return [
        Share(
            name,
            len(units),
            sum(each.last is not None for each in units),
            sum((since := each.days_since(today)) is not None and since <= days for each in units),
        )
        for name, units in sorted(found.items())
    ]
