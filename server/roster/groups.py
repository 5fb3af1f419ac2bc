"""The sheet of inspection groups: what it says, what it would change, and the sheet that holds what stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from server.roster.cells import RowCells
from server.roster.columns import GROUP_COLUMNS, HEADER_ROWS, Header
from server.roster.problems import Place, Problems, Tally
from server.roster.source import open_source, rows_of
from server.roster.table import Row
from shared.people.groups import MOST, Group
from shared.people.words import folded, is_nothing, yes_or_no
from shared.roster import is_area

_BY_HEADING: Final = {
    folded(word): key for key, column in GROUP_COLUMNS.items() for word in (column.zh, column.en, *column.aliases)
}


class Said(NamedTuple):
    """What a row says of a group; nothing where it says nothing, an empty text where it takes away what stands."""

    place: Place
    name: str
    head: str | None
    members: str | None
    phone: str | None
    areas: tuple[str, ...] | None
    closed: bool


class GroupPlan(NamedTuple):
    """The groups as they will stand, those that are new or differ, and what is wrong with the file."""

    changed: tuple[Group, ...]
    unchanged: int
    problems: Problems


def plan_groups(path: Path, current: Iterable[Group], new_id: Iterable[str]) -> GroupPlan:
    """What a sheet would make of the groups that stand; a group is known by its name, and one not named stays.

    `new_id`: ids for groups that are new. A fault is a problem of the plan, never raised.
    """
    tally, ids = Tally(), iter(new_id)
    known = {folded(group.name): group for group in current}
    changed: list[Group] = []
    unchanged = 0
    for said in _read(path, tally):
        before = known.get(folded(said.name))
        after = _settled(said, before or Group(next(ids), said.name))
        unchanged += after == before
        if after != before:
            changed.append(after)
    return GroupPlan(tuple(changed), unchanged, tally.close())


def records_of(groups: Iterable[Group]) -> list[list[str]]:
    """The sheet with these groups, its heading first: a file that says all of them."""
    rows = [
        [group.name, group.head, group.members, group.phone, "、".join(group.areas), "是" if group.closed else ""]
        for group in sorted(groups, key=lambda group: (group.name, group.id))
    ]
    return [[column.zh for column in GROUP_COLUMNS.values()], *rows]


def _settled(said: Said, before: Group) -> Group:
    return Group(
        before.id,
        said.name,
        before.head if said.head is None else said.head,
        before.members if said.members is None else said.members,
        before.phone if said.phone is None else said.phone,
        before.areas if said.areas is None else said.areas,
        said.closed,
    )


def _read(path: Path, tally: Tally) -> list[Said]:
    source = open_source(path, tally)
    rows = source and rows_of(source, tally)
    found = rows and _header(rows, tally)
    if not rows or not found:
        return []
    header, start = found
    seen: dict[str, Place] = {}
    every = (_said(row, header, tally) for row in rows[start:] if not _is_remark(row))
    return [said for said in every if said is not None and _is_first(said, seen, tally)]


def _header(rows: Sequence[Row], tally: Tally) -> tuple[Header, int] | None:
    for position, row in enumerate(rows[:HEADER_ROWS]):
        keys = {at: _BY_HEADING.get(folded(str(cell)), "") for at, cell in enumerate(row.cells)}
        if "group.name" in keys.values() and len(set(keys.values()) - {""}) > 1:
            return Header({at: key for at, key in keys.items() if key}, len(keys)), position + 1
    tally.add(Place(rows[0].place.file), "no-group-header", rows=HEADER_ROWS)
    return None


def _is_remark(row: Row) -> bool:
    return str(row.cells[0]).strip().startswith("#")


def _is_first(said: Said, seen: dict[str, Place], tally: Tally) -> bool:
    first = seen.setdefault(folded(said.name), said.place)
    if first is not said.place:
        tally.add(said.place, "duplicate-group", "group.name", name=said.name, first=first.row)
    return first is said.place


def _said(row: Row, header: Header, tally: Tally) -> Said | None:
    cells = RowCells(row, header, tally)
    name = cells.text("group.name")
    if not name or is_nothing(name):
        cells.refuse("name-missing", "group.name")
    head, members, phone = (_text(cells, f"group.{column}") for column in ("head", "members", "phone"))
    areas, closed = _areas(cells), yes_or_no(cells.text("group.closed"))
    return Said(row.place, name, head, members, phone, areas, closed is True) if cells.sound else None


def _text(cells: RowCells, key: str) -> str | None:
    text = cells.text(key)
    if len(text) > MOST:
        cells.refuse("cell-too-long", key, limit=MOST)
    return None if not text else "" if is_nothing(text) else text


def _areas(cells: RowCells) -> tuple[str, ...] | None:
    text = _text(cells, "group.areas")
    if text is None:
        return None
    areas = tuple(dict.fromkeys(text.replace("、", " ").replace("，", " ").replace(",", " ").replace(";", " ").split()))
    for area in areas:
        if not is_area(area):
            cells.refuse("area-bad", "group.areas", area=area)
    return areas
