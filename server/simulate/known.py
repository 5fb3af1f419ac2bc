"""What a simulated office knows of its units: groups, instructors, contact points, figures, pairs, all as examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from server.simulate.entries import Values
from shared.board.record import unit_address
from shared.people.groups import Group, group_address, values_of
from shared.roster import Unit, UnitKind, town_of

_NUMBERS: Final = "一二三四"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_SIDES: Final = (
    frozenset({UnitKind.COMMUNITY}),
    frozenset({UnitKind.NEW_ECONOMIC, UnitKind.NEW_SOCIAL}),
    frozenset({UnitKind.VILLAGE}),
)
_ORGANS: Final = frozenset({UnitKind.TOWN_ORGAN, UnitKind.STREET_ORGAN})


def group_name(unit: Unit) -> str:
    """The group that answers for the unit's town."""
    return f"示例第{_NUMBERS[_number(town_of(unit.code))]}指导检查组"


def groups(units: Mapping[str, Unit]) -> Iterator[tuple[str, Values]]:
    """The records of the groups, each with the towns it answers for."""
    towns = sorted({town_of(code) for code in units})
    for number, word in enumerate(_NUMBERS):
        areas = tuple(town for town in towns if _number(town) == number)
        stem = _STEMS[number]
        group = Group(f"{number + 1:032x}", f"示例第{word}指导检查组", f"示例检查组长{stem}", "", "", areas)
        yield group_address(group.id), values_of(group)


def people(units: Iterable[Unit]) -> Iterator[tuple[str, Values]]:
    """What is known of units: most have a liaison with a telephone and an instructor, towns a contact leader, villages
    and communities figures."""
    for place, unit in enumerate(units):
        values: Values = {}
        stem = _STEMS[place % len(_STEMS)]
        if unit.kind in _ORGANS:
            values["person.contact_leader"] = f"示例领导{stem}"
        elif place % 12:  # one in twelve has none yet
            values["person.instructor"] = f"示例指导员{stem}"
        if place % 10:  # one in ten has not said whom to call
            values["person.responsible"] = f"示例负责人{stem}"
            values["person.liaison"], values["person.phone"] = f"示例员{stem}", f"0551-0000{place % 10_000:04}"
        if unit.kind in (UnitKind.VILLAGE, UnitKind.COMMUNITY):
            values["figure.members"] = 30 + place * 7 % 90
            values["figure.outflow"] = place * 5 % 9
        if unit.kind is UnitKind.VILLAGE and place % 9 == 0:
            values["attribute.problem_village"] = True
        if values:
            yield unit_address(unit.code), values


def pairs(units: Iterable[Unit]) -> Iterator[tuple[str, Values]]:
    """Two departments with their units: one is paired with all three, the other lacks a village."""
    every = list(units)
    for number, sides in enumerate((_SIDES, _SIDES[:2])):
        for kinds in sides:
            fitting = [unit for unit in every if unit.kind in kinds]
            if len(fitting) > number:
                yield unit_address(fitting[number].code), {"tie.department": f"示例部门{_STEMS[number]}"}


def _number(town: str) -> int:
    return int(town[-2:]) % len(_NUMBERS)
