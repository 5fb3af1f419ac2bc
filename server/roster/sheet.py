"""guatu's own roster sheet, as CSV or Excel: what an office knows of its units beyond their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from server.roster.cells import RowCells
from server.roster.columns import Header, header_of
from server.roster.entries import Entry, Reading
from server.roster.problems import Place, Tally
from server.roster.source import open_source, rows_of
from server.roster.table import Row, Source
from server.roster.words import kind_named
from shared.forms.model import Field, Wrong
from shared.people.fields import unit_field
from shared.people.words import is_nothing, level_named, value_in, yes_or_no
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
        people=_said_of(cells, "person", ""),
        group=_replaced(cells, "group"),
        closed=_yes_or_no(cells, "closed"),
        figures=_said_of(cells, "figure", None),
        ties=_said_of(cells, "tie", ""),
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
    said = _said_of(cells, "attribute", "")
    if level := level_named(kind_word):
        # A sheet that calls the kind 中学 or 小学 has said the level, too.
        said.setdefault("school_level", level)
    return said


def _said_of(cells: RowCells, group: str, nothing: Any) -> dict[str, Any]:
    """What a row says of one group of a unit's fields; `nothing` stands for a cell that takes away what stands."""
    said: dict[str, Any] = {}
    for key in _keys_of(f"{group}.", cells.keys()):
        field = unit_field(key)
        text = cells.day(key) if field is not None and field.kind == "day" else cells.text(key)
        if field is not None and text:
            value = _value(cells, field, text)
            said[key.partition(".")[2]] = nothing if value is None else value
    return said


def _value(cells: RowCells, field: Field, text: str) -> str | bool | int | None:
    """What a cell says, nothing when it says that there is none; of a yes or no 无 is the no."""
    value = value_in(field, text) if field.kind == "tick" or not is_nothing(text) else None
    if not isinstance(value, Wrong):
        return value
    if not is_nothing(text):
        code, named = _REFUSED[value.code if field.kind != "tick" else field.kind]
        cells.refuse(code, field.name, **{named: value.limit if named == "limit" else text[:_SHOWN]})
    return None


_REFUSED: Final = {
    "too-long": ("cell-too-long", "limit"),
    "not-a-number": ("number-bad", "value"),
    "out-of-range": ("number-range", "limit"),
    "not-a-date": ("day-bad", "value"),
    "not-a-choice": ("choice-bad", "value"),
    "tick": ("yes-or-no-bad", "value"),
}
"""What is wrong with a field's value, as a code of a roster's problems and what its sentence names."""


def _keys_of(prefix: str, keys: Sequence[str]) -> list[str]:
    return [key for key in keys if key.startswith(prefix)]
