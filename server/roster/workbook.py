"""Excel workbooks, read without trusting them: bounded before they are unpacked, every fault a problem."""

from __future__ import annotations

import datetime
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

import openpyxl

from server.roster.problems import Place, Tally
from server.roster.table import MAX_COLUMNS, Cell, Odd, Row, Source, rows_within_bounds

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet
    from openpyxl.worksheet.worksheet import Worksheet

MAX_UNPACKED: Final = 96 * 1024 * 1024
MAX_TAGS: Final = 10_000_000
NOTES_SHEET: Final = "填写说明"
"""The sheet of our own template that explains it, and that nobody expects to be read."""

_LAST_ROW: Final = 1_048_576
_CHUNK: Final = 1024 * 1024
_MERGED: Final = b"<mergeCell "
_ERROR: Final = re.compile("#(?:[A-Z/0_]+[!?]|N/A|GETTING_DATA)")
_CARRIAGE_RETURN: Final = re.compile("_x000[dD]_")


class _SwollenError(Exception):
    """Unpacking would take too much memory."""


def workbook_rows(source: Source, tally: Tally) -> list[Row] | None:
    """The rows of the first visible sheet, or nothing when the workbook cannot be used."""
    place = Place(source.name)
    try:
        merged = _surveyed(source.raw)
        with warnings.catch_warnings():
            # The library warns of ornaments that it leaves out; none of them is a cell's value.
            warnings.simplefilter("ignore")
            return _first_sheet(source, merged, tally)
    except _SwollenError:
        tally.add(place, "xlsx-swollen", limit=MAX_UNPACKED // (1024 * 1024))
    except Exception:
        # Whatever two parsers raise at a stranger's file means one thing to the person who chose it.
        tally.add(place, "xlsx-damaged")
    return None


def _surveyed(raw: bytes) -> bool:
    """Whether cells are merged, after making sure that the workbook can be unpacked at all.

    The sizes that the archive states are upper bounds: zipfile reads no byte beyond them.
    """
    merged, tags = False, 0
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise _SwollenError
        for part in archive.infolist():
            if not part.filename.endswith(".xml"):
                continue
            for block in _blocks(archive, part):
                merged = merged or (_MERGED in block and part.filename.startswith("xl/worksheets/"))
                tags += block.count(b"<")
            if tags > MAX_TAGS:
                raise _SwollenError
    return merged


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while block := stream.read(_CHUNK):
            yield block


def _first_sheet(source: Source, merged: bool, tally: Tally) -> list[Row] | None:
    book = openpyxl.load_workbook(io.BytesIO(source.raw), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [cast("ReadOnlyWorksheet", sheet) for sheet in book.worksheets]
        visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
        first = visible[0]
        rows = rows_within_bounds(source.name, _records(first), tally)
        others = [sheet.title for sheet in visible[1:] if sheet.title != NOTES_SHEET and _holds_something(sheet)]
    finally:
        book.close()
    if merged:
        tally.add(Place(source.name), "merged-cells")
    if others:
        tally.add(Place(source.name), "other-sheets", sheet=first.title, others="、".join(others))
    return rows


def _records(sheet: ReadOnlyWorksheet) -> Iterator[tuple[Cell, ...]]:
    # The size that a sheet states is often wrong, and would cut rows off or pad them to the last column.
    sheet.reset_dimensions()
    rows = cast("Worksheet", sheet).iter_rows(values_only=True, max_col=MAX_COLUMNS + 1)
    for number, values in enumerate(rows, 1):
        if number > _LAST_ROW:
            raise ValueError(number)
        # A column that somebody formatted to its end makes a million blank rows.
        yield () if values.count(None) == len(values) else tuple(_cell(value) for value in values)


def _holds_something(sheet: ReadOnlyWorksheet) -> bool:
    return any(any(cells) for cells in islice(_records(sheet), 50))


def _cell(value: object) -> Cell:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float():
            return Odd("float", repr(value))
        case datetime.date() | datetime.time() | datetime.timedelta():
            return Odd("date", str(value))
        case str() if _ERROR.fullmatch(value):
            return Odd("error", value)
    return _CARRIAGE_RETURN.sub("\n", str(value))
