"""Inspection groups that the district sends: who they are, and the units they answer for (the plan, five, 2).

A group is a record of the office's own, `group/<id>`, which every laptop reads. A unit's field `group` names the one
that answers for it; where nothing is named, the group whose area covers the unit does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.board.change import JSON
from shared.board.values import text_of
from shared.people.words import folded
from shared.roster import Unit, in_area

KIND: Final = "group"
MOST: Final = 400
"""So many characters a text of a group has at most."""


@dataclass(frozen=True, slots=True)
class Group:
    """One inspection group. `areas`: the code prefixes it answers for. One that is closed stays, as everything does."""

    id: str
    name: str
    head: str = ""
    members: str = ""
    phone: str = ""
    areas: tuple[str, ...] = ()
    closed: bool = False


def group_address(group_id: str) -> str:
    """The address of a group's record."""
    return f"{KIND}/{group_id}"


def group_in(group_id: str, values: Mapping[str, JSON]) -> Group | None:
    """The group that these settled values of its record tell, or nothing when it has no name."""
    name, areas = text_of(values.get("name")), values.get("areas")
    if not name:
        return None
    return Group(
        group_id,
        name,
        text_of(values.get("head")),
        text_of(values.get("members")),
        text_of(values.get("phone")),
        tuple(area for area in areas if isinstance(area, str)) if isinstance(areas, list) else (),
        values.get("closed") is True,
    )


def values_of(group: Group) -> dict[str, JSON]:
    """The fields of a group's record."""
    texts: dict[str, JSON] = {"name": group.name, "head": group.head, "members": group.members, "phone": group.phone}
    return {**texts, "areas": list(group.areas), "closed": group.closed}


def group_of(unit: Unit, groups: Iterable[Group]) -> Group | None:
    """The group that answers for a unit: the one it names, else that of the longest area over it; of two the first."""
    standing = sorted((group for group in groups if not group.closed), key=lambda group: (group.name, group.id))
    if unit.group:
        wanted = folded(unit.group)
        return next((group for group in standing if wanted in (folded(group.name), group.id)), None)
    reach = [(len(area), group) for group in standing for area in group.areas if in_area(unit.code, (area,))]
    return max(reach, key=lambda pair: pair[0])[1] if reach else None


def units_by_group(units: Iterable[Unit], groups: Iterable[Group]) -> dict[str, list[Unit]]:
    """Group's id → the open units it answers for; the key is empty for those that nobody answers for."""
    every = list(groups)
    by_name: dict[str, str] = {}
    found: dict[str, list[Unit]] = {group.id: [] for group in every if not group.closed}
    for unit in units:
        if unit.closed:
            continue
        if unit.group and unit.group in by_name:
            found[by_name[unit.group]].append(unit)
            continue
        group = group_of(unit, every)
        code = group.id if group is not None else ""
        if unit.group:
            by_name[unit.group] = code
        found.setdefault(code, []).append(unit)
    return found
