"""Opening a roster's file: what it is is told by its bytes, not by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from server.roster.delimited import delimited_rows
from server.roster.problems import Place, Tally
from server.roster.table import MAX_BYTES, Row, Source
from server.roster.workbook import workbook_rows

_OLE: Final = b"\xd0\xcf\x11\xe0"
"""The container of the old .xls, and of an .xlsx with a password."""


def open_source(path: Path, tally: Tally) -> Source | None:
    """The file's bytes, or nothing and a problem when it cannot be read or is too big."""
    try:
        if not path.is_file():
            tally.add(Place(path.name), "file-no-file" if path.exists() else "file-missing")
            return None
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        # A path with a NUL is a ValueError.
        tally.add(Place(path.name), "file-unreadable", reason=getattr(error, "strerror", None) or "bad path")
        return None
    return Source(path.name, raw)


def rows_of(source: Source, tally: Tally) -> list[Row] | None:
    """The rows of a CSV text or of an Excel workbook, or nothing when the file as a whole cannot be used."""
    place = Place(source.name)
    if len(source.raw) > MAX_BYTES:
        tally.add(place, "file-too-big", limit=MAX_BYTES // (1024 * 1024))
    elif source.raw.startswith(_OLE):
        tally.add(place, "old-excel")
    elif source.is_workbook:
        return workbook_rows(source, tally)
    elif source.raw and source.name.lower().endswith((".xlsx", ".xlsm")):
        tally.add(place, "not-xlsx")
    else:
        return delimited_rows(source, tally)
    return None
