"""The register of instructors that goes up to the district: who was sent to which unit, and where nobody is named yet.

Every street, town and zone sends an instructor or a guidance group to every unit below it, and registers them (the
plan, five, 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from shared.messages import pick
from shared.people.fields import title_of
from shared.roster import Unit, UnitKind, in_area, kind_title, town_of

_OWN_GROUP: Final = frozenset({UnitKind.TOWN_ORGAN, UnitKind.STREET_ORGAN})
"""Towns and streets have the district's inspection group in place of an instructor."""
_FIELDS: Final = ("instructor", "instructor_post", "instructor_phone", "instructor_from", "instructor_reported_on")


class Register(NamedTuple):
    """The units that have an instructor, and those that should have one; each in the order of the codes."""

    named: tuple[Unit, ...]
    without: tuple[Unit, ...]


def register_of(units: Iterable[Unit], area: str = "") -> Register:
    """The register over these units, or over those in one area of them."""
    asked = sorted(
        (unit for unit in units if not unit.closed and (not area or in_area(unit.code, (area,)))),
        key=lambda unit: unit.code,
    )
    named = tuple(unit for unit in asked if unit.people.get("instructor"))
    without = tuple(unit for unit in asked if not unit.people.get("instructor") and unit.kind not in _OWN_GROUP)
    return Register(named, without)


def heading() -> list[str]:
    """The titles of the register's columns, in the language spoken."""
    first = [pick("编码", "code"), pick("单位", "unit"), pick("类型", "kind"), pick("镇街", "town")]
    return [*first, *(title_of(f"person.{name}") for name in _FIELDS)]


def line(unit: Unit, towns: Mapping[str, str]) -> list[str]:
    """A unit's line, under `heading`; `towns` are the towns' names by code."""
    town = town_of(unit.code)
    kind = kind_title(unit.kind, pick("zh", "en"))
    return [unit.code, unit.name, kind, towns.get(town, town), *(unit.people.get(name, "") for name in _FIELDS)]


def to_json(register: Register) -> dict[str, object]:
    """The register for other programs: `instructors` with `code`, `name`, `kind`, `town` and the fields; `without`."""
    return {
        "instructors": [
            _place(unit) | {name: unit.people.get(name, "") for name in _FIELDS} for unit in register.named
        ],
        "without": [_place(unit) for unit in register.without],
    }


def _place(unit: Unit) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name, "kind": unit.kind.value, "town": town_of(unit.code)}
