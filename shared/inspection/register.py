"""The register of problems over all units: which of them are shown, in which order, and its ledger's columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from shared.board.change import JSON
from shared.board.closing import PROBLEM
from shared.board.district import URGENCY
from shared.board.lights import Light
from shared.board.record import kind_of
from shared.inspection.item import Item
from shared.inspection.problems import ESCALATION, LOOKBACK, Problem
from shared.roster import in_area


class Registered(NamedTuple):
    """One problem of the register, the unit it stands on, and what it shows today."""

    unit: str
    problem: Problem
    light: Light


class Sought(NamedTuple):
    """Which problems are sought; a part that is empty asks nothing.

    `light`: the word it shows. `responsible`: a part of who answers for it. `text`: a part of its title, its number or
    its unit's name, by `names`.
    """

    light: str = ""
    category: str = ""
    responsible: str = ""
    area: str = ""
    text: str = ""
    open_only: bool = True


def problems_in(values: Mapping[str, Mapping[str, JSON]], collisions: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    """The problems among what stands on one unit's records, with their look-backs and escalations."""
    items = [Item(a, v, collisions.get(a, ())) for a, v in values.items() if kind_of(a) in _KINDS]
    standing = [item for item in items if not item.withdrawn]

    def of(kind: str, problem: Item) -> tuple[Item, ...]:
        found = (each for each in standing if each.kind == kind and each.text("problem") == problem.id)
        return tuple(sorted(found, key=lambda each: (each.text("on"), each.id)))

    return [
        Problem(item, of(LOOKBACK, item), of(ESCALATION, item))
        for item in standing
        if item.kind == PROBLEM and any(value is not None for value in item.values.values())
    ]


def sought(
    every: Iterable[tuple[str, Problem]], wanted: Sought, today: date, warning: int, names: Mapping[str, str]
) -> Iterator[Registered]:
    """Those of the problems that are sought."""
    text = wanted.text.casefold().strip()
    for unit, problem in every:
        if wanted.open_only and problem.closed:
            continue
        if wanted.area and not in_area(unit, (wanted.area,)):
            continue
        if wanted.category and problem.item.text("category") != wanted.category:
            continue
        if wanted.responsible and not any(wanted.responsible in problem.item.text(name) for name in _ANSWERS_FOR):
            continue
        light = problem.light(today, warning)
        if wanted.light and light.value != wanted.light:
            continue
        told = (problem.item.text("title"), problem.number, problem.temporary, names.get(unit, ""), unit)
        if not text or any(text in each.casefold() for each in told):
            yield Registered(unit, problem, light)


def most_urgent_first(found: Iterable[Registered]) -> list[Registered]:
    """The register as it is worked off: by what it shows, then by its due day, then by its number."""
    return sorted(found, key=lambda each: (URGENCY[each.light.value], each.problem.item.text("due_on"), *_named(each)))


def _named(each: Registered) -> tuple[str, str]:
    return each.problem.number, each.problem.item.id


_KINDS: Final = frozenset((PROBLEM, LOOKBACK, ESCALATION))
_ANSWERS_FOR: Final = ("responsible", "leader", "department")
