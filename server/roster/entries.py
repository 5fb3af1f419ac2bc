"""What one row of a roster says, and the unit that it makes of what stood before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from server.roster.problems import Place, Problems, joined
from shared.roster import Unit, UnitKind, kind_of, parent_of, short_name

V = TypeVar("V", str, str | bool, int)
Origin = Literal["statistics", "sheet"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: only what it says. An empty text, `None` and an absent key say nothing and leave what stands.

    In `attributes`, `people`, `ties` and `group` an empty text takes away what stands, in `figures` `None` does.
    `parent` is a code or a name.
    """

    place: Place
    origin: Origin
    code: str = ""
    name: str = ""
    kind: UnitKind | None = None
    parent: str = ""
    short: str = ""
    attributes: Mapping[str, str | bool] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    group: str | None = None
    closed: bool | None = None
    figures: Mapping[str, int | None] = field(default_factory=dict)
    ties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that files say, in their order, and what could not be read."""

    entries: tuple[Entry, ...] = ()
    problems: Problems = field(default_factory=Problems)


def joined_readings(readings: Iterable[Reading]) -> Reading:
    """Several readings as one import."""
    each = tuple(readings)
    return Reading(tuple(entry for one in each for entry in one.entries), joined(one.problems for one in each))


def entry_of(unit: Unit, place: Place, origin: Origin = "sheet") -> Entry:
    """The row that says all of a unit."""
    return Entry(
        place,
        origin,
        unit.code,
        unit.name,
        unit.kind,
        unit.parent,
        unit.short,
        dict(unit.attributes),
        dict(unit.people),
        unit.group,
        unit.closed,
        dict(unit.figures),
        dict(unit.ties),
    )


def settled(entry: Entry, code: str, known: Unit | None) -> Unit:
    """The unit after the row, under its code. What the row does not say stays, and a new unit takes the rules' word.

    A unit that stands in a file exists: unless the row says that it is closed, it is open.
    """
    name = entry.name or (known.name if known else "")
    return Unit(
        code=code,
        name=name,
        short=entry.short or _short(name, known),
        kind=entry.kind or _kind(code, name, known),
        parent=parent_of(code),
        attributes=_merged(known.attributes if known else {}, entry.attributes),
        people=_merged(known.people if known else {}, entry.people),
        group=entry.group if entry.group is not None else (known.group if known else ""),
        closed=bool(entry.closed),
        figures=_merged(known.figures if known else {}, entry.figures),
        ties=_merged(known.ties if known else {}, entry.ties),
    )


def _kind(code: str, name: str, known: Unit | None) -> UnitKind:
    # The office may have corrected the rule's answer: only another answer, by a new name, replaces it.
    ruled = kind_of(code, name)
    return known.kind if known and kind_of(code, known.name) is ruled else ruled


def _short(name: str, known: Unit | None) -> str:
    if known and known.short and known.short != short_name(known.name):
        return known.short
    return short_name(name)


def _merged(before: Mapping[str, V], said: Mapping[str, V | None]) -> dict[str, V]:
    # A value that was taken away may still stand as an empty one in a record.
    return {key: value for key, value in {**before, **said}.items() if value is not None and value != ""}
