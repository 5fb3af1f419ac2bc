"""Workbooks that the office writes: every cell is text whatever it begins with, so that nothing in them runs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

import openpyxl
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from shared.spreadsheet import TEXT_FORMAT, put_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTH: Final = 16


def workbook_of(title: str, records: Sequence[Sequence[str]]) -> bytes:
    """A workbook with one sheet; the first record is its heading."""
    book = openpyxl.Workbook()
    sheet = cast("Worksheet", book.active)
    sheet.title = title
    write_rows(sheet, records)
    sheet.freeze_panes = "B2"
    for column in range(1, len(records[0]) + 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.number_format = _WIDTH, TEXT_FORMAT
        sheet.cell(1, column).font = Font(bold=True)
    return bytes_of(book)


def write_rows(sheet: Worksheet, records: Sequence[Sequence[str]]) -> None:
    """Write the records as rows of text from the first row on."""
    for row, record in enumerate(records, 1):
        for column, value in enumerate(record, 1):
            if value:  # a blank cell is text by its column, and most of a long row are blank
                put_text(sheet.cell(row, column), value)


def bytes_of(book: openpyxl.Workbook) -> bytes:
    """The workbook as the bytes of its file."""
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()
