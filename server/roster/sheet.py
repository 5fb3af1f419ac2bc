"""guatu's own roster sheet, as CSV or Excel: what an office knows of its units beyond their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from server.roster.cells import RowCells
from server.roster.columns import Header, header_of
from server.roster.entries import Entry, Reading
from server.roster.problems import Place, Tally
from server.roster.source import open_source, rows_of
from server.roster.table import Row, Source
from server.roster.words import is_nothing, kind_named, level_named, yes_or_no
from shared.roster import UnitKind

EXAMPLE: Final = "示例"
_SKIPPED: Final = (EXAMPLE, "#")
_SHOWN: Final = 40


def read_sheet(path: Path) -> Reading:
    """What a roster sheet says, row by row. A fault is a problem in the reading, never raised."""
    tally = Tally()
    source = open_source(path, tally)
    return sheet_of(source, tally) if source else Reading((), tally.close())


def sheet_of(source: Source, tally: Tally | None = None) -> Reading:
    """As `read_sheet`, for a file that came another way than from this machine's disk."""
    tally = tally or Tally()
    rows = rows_of(source, tally)
    found = rows and header_of(rows, tally)
    if not rows or not found:
        return Reading((), tally.close())
    header, start = found
    entries = [_entry(row, header, source.is_workbook, tally) for row in rows[start:] if not _is_example(row)]
    if not entries and not tally.errors:
        tally.add(Place(source.name), "file-empty")
    return Reading(tuple(entry for entry in entries if entry), tally.close())


def _is_example(row: Row) -> bool:
    first = next((cell.strip() for cell in row.cells if isinstance(cell, str) and cell.strip()), "")
    return first.startswith(_SKIPPED)


def _entry(row: Row, header: Header, is_workbook: bool, tally: Tally) -> Entry | None:
    cells = RowCells(row, header, tally)
    # In a CSV a comma too many moves every cell behind it; in a workbook it is a note in the margin.
    if not is_workbook and (beyond := [cell for cell in row.cells[header.width :] if cell]):
        cells.refuse("too-many-cells", "", value=str(beyond[0])[:_SHOWN])
        return None
    code, kind_word = _code(cells), cells.text("kind")
    entry = Entry(
        row.place,
        "sheet",
        code=code,
        name=_said(cells, "name"),
        kind=_kind(cells, kind_word),
        parent=_said(cells, "parent"),
        short=_said(cells, "short"),
        attributes=_attributes(cells, kind_word),
        people=_people(cells),
        group=_replaced(cells, "group"),
        closed=_yes_or_no(cells, "closed"),
    )
    return entry if cells.sound else None


def _code(cells: RowCells) -> str:
    return "" if cells.says_nothing("code") else cells.code()


def _said(cells: RowCells, key: str) -> str:
    text = cells.text(key)
    return "" if is_nothing(text) else text


def _replaced(cells: RowCells, key: str) -> str | None:
    """The cell's text, empty when it says that there is none, nothing when it is blank."""
    text = cells.text(key)
    return ("" if is_nothing(text) else text) if text else None


def _kind(cells: RowCells, word: str) -> UnitKind | None:
    kind = kind_named(word)
    if word and kind is None:
        cells.refuse("kind-bad", "kind", value=word[:_SHOWN])
    return kind


def _yes_or_no(cells: RowCells, key: str) -> bool | None:
    text = cells.text(key)
    answer = yes_or_no(text)
    if text and answer is None and not is_nothing(text):
        cells.refuse("yes-or-no-bad", key, value=text[:_SHOWN])
    return answer


def _attributes(cells: RowCells, kind_word: str) -> dict[str, str | bool]:
    said: dict[str, str | bool] = {}
    for key in _keys_of("attribute.", cells.keys()):
        value = _attribute(cells, key)
        if value is not None:
            said[key.removeprefix("attribute.")] = value
    if level := level_named(kind_word):
        # A sheet that calls the kind 中学 or 小学 has said the level, too.
        said.setdefault("school_level", level)
    return said


def _attribute(cells: RowCells, key: str) -> str | bool | None:
    if key == "attribute.party_committee":
        answer = _yes_or_no(cells, key)
        return "" if answer is None and cells.says_nothing(key) else answer
    text = _replaced(cells, key)
    if key != "attribute.school_level" or not text:
        return text
    level = level_named(text)
    if level is None:
        cells.refuse("level-bad", key, value=text[:_SHOWN])
    return level


def _people(cells: RowCells) -> dict[str, str]:
    said: dict[str, str] = {}
    for key in _keys_of("person.", cells.keys()):
        text = _replaced(cells, key)
        if text is not None:
            said[key.removeprefix("person.")] = text
    return said


def _keys_of(prefix: str, keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key.startswith(prefix)]
