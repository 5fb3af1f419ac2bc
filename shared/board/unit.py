"""A unit as a record: what the roster and the office have entered about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from shared.board.change import JSON
from shared.board.record import Record, owner_of
from shared.board.standing import settled
from shared.board.values import day_of, text_of
from shared.campaign.applies import SchoolLevel, UnitAttributes
from shared.campaign.calendar import UnitWindow
from shared.people.fields import FORMER
from shared.rights import EVERYWHERE
from shared.roster import Unit, UnitKind, in_area

_ATTRIBUTE, _PERSON, _FIGURE, _TIE, _WINDOW = "attribute.", "person.", "figure.", "tie.", "window."
_PLACES: Final[Mapping[str, tuple[int, frozenset[type]]]] = {
    "attribute": (0, frozenset((str, bool))),
    "person": (1, frozenset((str,))),
    "figure": (2, frozenset((int,))),
    "tie": (3, frozenset((str,))),
}
_FORMER: Final = tuple((old.removeprefix(_PERSON), new.removeprefix(_PERSON)) for old, new in FORMER.items())
_NOTHING: Final[tuple[dict[str, JSON], ...]] = ({}, {}, {}, {})
_NUMBER: Final = re.compile("[0-9]{1,3}")
_KINDS: Final[Mapping[str, UnitKind]] = {kind.value: kind for kind in UnitKind}


def unit_of(record: Record) -> Unit | None:
    """The unit that stands on a record, or nothing when its kind is not known here."""
    return unit_in(owner_of(record.address), settled(record)) if record.entries else None


def unit_in(code: str, values: Mapping[str, JSON]) -> Unit | None:
    """The unit that these settled values of its record tell, or nothing when its kind is not known here."""
    kind = _KINDS.get(text_of(values.get("kind")))
    if kind is None:
        return None
    dotted = [name for name in values if "." in name]
    attributes, people, figures, ties = _told(values, dotted) if dotted else _NOTHING
    return Unit(
        code=code,
        name=text_of(values.get("name")) or code,
        short=text_of(values.get("short")) or text_of(values.get("name")) or code,
        kind=kind,
        parent=text_of(values.get("parent")),
        attributes=attributes,
        people=people,
        group=text_of(values.get("group")),
        closed=values.get("closed") is True,
        figures=figures,
        ties=ties,
    )


def values_of(unit: Unit) -> dict[str, JSON]:
    """The fields of a unit's record, as an import of the roster enters them."""
    values: dict[str, JSON] = {
        "name": unit.name,
        "short": unit.short,
        "kind": unit.kind.value,
        "parent": unit.parent,
        "closed": unit.closed,
    }
    if unit.group:
        values["group"] = unit.group
    values.update({_ATTRIBUTE + name: value for name, value in unit.attributes.items()})
    values.update({_PERSON + name: value for name, value in unit.people.items()})
    values.update({_FIGURE + name: value for name, value in unit.figures.items()})
    values.update({_TIE + name: value for name, value in unit.ties.items()})
    return values


def windows_of(record: Record) -> dict[int, UnitWindow]:
    """The unit's own windows by phase number; one that makes no sense is left out."""
    return windows_in(settled(record)) if record.entries else {}


def windows_in(values: Mapping[str, JSON]) -> dict[int, UnitWindow]:
    """The same out of the settled values of the unit's record."""
    found: dict[int, UnitWindow] = {}
    for name, value in values.items():
        if name.startswith(_WINDOW) and _NUMBER.fullmatch(name, len(_WINDOW)) and isinstance(value, dict):
            window = _window(value)
            if window is not None:
                found[int(name[len(_WINDOW) :])] = window
    return found


def attributes_of(unit: Unit) -> UnitAttributes:
    """What decides which steps apply to the unit."""
    committee = unit.attributes.get("party_committee")
    level = unit.attributes.get("school_level")
    known: SchoolLevel | None = "middle" if level == "middle" else "primary" if level == "primary" else None
    return UnitAttributes(committee if isinstance(committee, bool) else None, known)


def _told(values: Mapping[str, JSON], names: Iterable[str]) -> tuple[dict[str, JSON], ...]:
    """Attributes, people, figures and ties; what was taken away, or is no value of its sort, is left out."""
    told: tuple[dict[str, JSON], ...] = ({}, {}, {}, {})
    for name in names:
        group, rest, types = _place(name)
        value = values[name]
        if type(value) in types and value != "":
            told[group][rest] = value
    people = told[1]
    for former, name in _FORMER:
        if former in people:
            old = people.pop(former)
            if _PERSON + name not in values:  # once anything was entered under the new name, that holds
                people[name] = old
    return told


@lru_cache(4096)
def _place(name: str) -> tuple[int, str, frozenset[type]]:
    """Where a field of a unit belongs, what it is called there, and which types its values have."""
    group, _, rest = name.partition(".")
    place, types = _PLACES.get(group, (0, frozenset()))
    return place, rest, types


def _window(value: Mapping[str, JSON]) -> UnitWindow | None:
    first, last = day_of(value.get("first")), day_of(value.get("last"))
    reason = text_of(value.get("reason"))
    if first is None or last is None or UnitWindow.problem_with(first, last, reason) is not None:
        return None
    return UnitWindow(first, last, reason)


def latest(days: Mapping[str, date], unit: str) -> date | None:
    """What a map of areas says about a unit: the entry of the longest area that covers it."""
    for end in range(len(unit), 0, -1):
        area = unit[:end]
        if area in days and in_area(unit, (area,)):
            return days[area]
    return days.get(EVERYWHERE)
