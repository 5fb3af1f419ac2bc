"""The national statistical division's files as downloaded: `code,name,areaCode,…` and `code,name,streetCode,…`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from server.roster.cells import RowCells
from server.roster.columns import Header
from server.roster.entries import Entry, Reading
from server.roster.problems import Place, Tally
from server.roster.source import open_source, rows_of
from server.roster.table import Odd, Row, Source
from shared.roster import in_area, is_area, parent_of

_KEYS: Final = {"code": "code", "name": "name", "areacode": "area", "streetcode": "street"}


def read_statistics(paths: Iterable[Path], areas: Sequence[str]) -> Reading:
    """The units of the division's files that lie in the areas. A fault is a problem in the reading, never raised."""
    tally = Tally()
    return _read((source for path in paths if (source := open_source(path, tally))), areas, tally)


def statistics_of(sources: Iterable[Source], areas: Sequence[str]) -> Reading:
    """As `read_statistics`, for files that came another way than from this machine's disk."""
    return _read(sources, areas, Tally())


def _read(sources: Iterable[Source], areas: Sequence[str], tally: Tally) -> Reading:
    for area in areas:
        if not is_area(area):
            tally.add(Place(""), "area-bad", area=area)
    entries = [entry for source in sources for entry in _entries(source, areas, tally)]
    if not entries and not tally.errors:
        tally.add(Place(""), "nothing-in-area", areas="、".join(areas))
    return Reading(tuple(entries), tally.close())


def _entries(source: Source, areas: Sequence[str], tally: Tally) -> list[Entry]:
    rows = rows_of(source, tally)
    if rows is None:
        return []
    header = _header(rows[0])
    if header is None:
        tally.add(Place(source.name), "no-header", rows=1)
        return []
    return [entry for row in rows[1:] if (entry := _entry(row, header, areas, tally)) is not None]


def _header(row: Row) -> Header | None:
    headings = [cell.text if isinstance(cell, Odd) else cell.strip().casefold() for cell in row.cells]
    keys = {index: _KEYS[heading] for index, heading in enumerate(headings) if heading in _KEYS}
    complete = {"code", "name"} <= set(keys.values()) and len(set(keys.values())) == len(keys)
    return Header(keys, len(headings)) if complete else None


def _entry(row: Row, header: Header, areas: Sequence[str], tally: Tally) -> Entry | None:
    cells = RowCells(row, header, tally)
    code = cells.code()
    if code and not in_area(code, areas):
        return None
    entry = Entry(row.place, "statistics", code, cells.text("name"))
    return entry if cells.sound and _holds(entry, cells) else None


def _holds(entry: Entry, cells: RowCells) -> bool:
    above = cells.text("street" if len(entry.code) == 12 else "area")
    if not entry.code:
        cells.refuse("code-blank", "code")
    elif "-" in entry.code:
        cells.refuse("code-bad", "code", value=entry.code)
    elif not entry.name:
        cells.refuse("name-missing", "name")
    elif above and above != parent_of(entry.code):
        cells.refuse("parent-bad", "parent", value=above, code=entry.code)
    return cells.sound
