"""1+3 pairing: one department with a community, a village and an organisation (the plan's part two, point 5).

Derived from the units' ties alone. A unit belongs to the department that it names, or else to that of a unit which it
names as a partner or which names it so; all that belong to one department share the responsibility, and so do partners.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.people.words import folded
from shared.roster import Unit, UnitKind, canonical_code, clean_name

DEPARTMENT, PARTNERS = "department", "partners"
SIDES: Final[Mapping[str, tuple[str, str]]] = {
    "community": ("社区", "a community"),
    "village": ("村", "a village"),
    "organisation": ("两新组织", "an organisation"),
}
"""The three that a department is paired with, in Chinese and English."""
_SIDE_OF: Final[Mapping[UnitKind, str]] = {
    UnitKind.COMMUNITY: "community",
    UnitKind.VILLAGE: "village",
    UnitKind.NEW_ECONOMIC: "organisation",
    UnitKind.NEW_SOCIAL: "organisation",
}
_BETWEEN: Final = re.compile("[、，,;；\n]+")


@dataclass(frozen=True, slots=True)
class Department:
    """A department as a unit writes it, the codes of its units, and which sides of 1+3 it has nobody on."""

    name: str
    units: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a unit is paired with: its department, the other units by code, which sides of 1+3 are missing.

    `missing` is empty where there is no department: then there is no 1+3 to be complete. `unknown`: partners as
    written that are no unit known here.
    """

    department: str = ""
    units: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def is_paired(unit: Unit) -> bool:
    """Whether the unit itself names a department or a partner."""
    return bool(unit.ties.get(DEPARTMENT) or unit.ties.get(PARTNERS))


def pairing_of(unit: Unit, units: Iterable[Unit]) -> Pairing:
    """What `unit` is paired with among these; nobody is with a closed one. If A is paired with B, so is B with A."""
    if unit.closed:
        return Pairing()
    tied = _Tied({each.code: each for each in (*units, unit) if not each.closed})
    department = tied.departments.get(tied.key_of.get(unit.code, ""))
    found = tied.partners.get(unit.code, set()) | set(department.units if department is not None else ())
    name, missing = (department.name, department.missing) if department is not None else ("", ())
    return Pairing(name, tuple(sorted(found - {unit.code})), missing, tied.unknown(unit))


def departments(units: Iterable[Unit]) -> list[Department]:
    """Every department that a unit names, in the order of their names."""
    tied = _Tied({each.code: each for each in units if not each.closed})
    return sorted(tied.departments.values(), key=lambda department: department.name)


class _Tied:
    """The ties of all open units, worked out: who names whom, and to which department each belongs."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        naming = {code: words for code, unit in units.items() if (words := _named(unit))}
        self._meant = _meanings({word for words in naming.values() for word in words}, units.values())
        self.partners = self._both_ways(naming)
        written = {code: name for code, unit in units.items() if (name := unit.ties.get(DEPARTMENT))}
        self.key_of = self._keys({code: folded(name) for code, name in written.items()})
        members: dict[str, list[str]] = {}
        for code, key in sorted(self.key_of.items()):
            members.setdefault(key, []).append(code)
        self.departments = {
            key: Department(
                min(written[code] for code in codes if code in written),
                tuple(codes),
                _missing(units[code] for code in codes),
            )
            for key, codes in members.items()
        }

    def _both_ways(self, naming: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """Code → the codes it names, or that name it."""
        found: dict[str, set[str]] = {}
        for code, words in naming.items():
            for other in {self.meant(word) for word in words} - {"", code}:
                found.setdefault(code, set()).add(other)
                found.setdefault(other, set()).add(code)
        return found

    def _keys(self, own: Mapping[str, str]) -> dict[str, str]:
        """Code → the department it belongs to: its own, else the first of its partners'."""
        through = {
            code: min(keys)
            for code, others in self.partners.items()
            if code not in own and (keys := {own[other] for other in others if other in own})
        }
        return {**own, **through}

    def meant(self, word: str) -> str:
        """The code of the unit that a word means, empty for none or for several."""
        return self._meant.get(word, "")

    def unknown(self, unit: Unit) -> tuple[str, ...]:
        """What a unit names as partners that is no unit known here."""
        return tuple(word for word in _named(unit) if not self.meant(word))


def _missing(members: Iterable[Unit]) -> tuple[str, ...]:
    there = {_SIDE_OF.get(unit.kind) for unit in members}
    return tuple(side for side in SIDES if side not in there)


def _named(unit: Unit) -> list[str]:
    if not (text := unit.ties.get(PARTNERS)):
        return []
    return [word for part in _BETWEEN.split(text) if (word := clean_name(part))]


def _meanings(words: Iterable[str], units: Iterable[Unit]) -> dict[str, str]:
    """Word → the code of the unit that it means, by code, name or short name; one that means several means none."""
    wanted: dict[str, list[str]] = {}
    for word in words:
        wanted.setdefault(canonical_code(word) or word, []).append(word)
    found: dict[str, str] = {}
    for unit in units if wanted else ():
        for name in {unit.code, unit.name, unit.short} & wanted.keys():
            for word in wanted[name]:
                found[word] = unit.code if word not in found else ""
    return found
