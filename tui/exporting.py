"""Tables that a person asked to have as a file: CSV or a workbook, whole or not at all, never over what is there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from shared.spreadsheet import csv_of, xlsx_of
from tui.aside import write_aside
from tui.profile import PRIVATE

WORKBOOK: Final = ".xlsx"


def write_table(path: Path, title: str, rows: Iterable[Sequence[str]], *, force: bool = False) -> None:
    """Write the rows, as a workbook if the name ends in `.xlsx` and as CSV otherwise, for its user alone.

    Raises `FileExistsError` when something is there already, unless `force`; `OSError` when it cannot be written.
    """
    raw = xlsx_of(title, rows) if path.suffix.lower() == WORKBOOK else csv_of(rows)
    if force:
        write_aside(path, [raw])
        return
    write_new(path, raw)


def write_new(path: Path, raw: bytes) -> None:
    """Write a file that is not there, for its user alone; raises `FileExistsError` and `OSError`."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))
    try:
        write_aside(path, [raw])
    except BaseException:
        path.unlink(missing_ok=True)
        raise
