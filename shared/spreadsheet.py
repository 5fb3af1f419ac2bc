"""Cells that a spreadsheet takes for text and never for a formula, in CSV and in workbooks: one rule for both ends."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

# Some spreadsheets take the full-width forms for formulas too.
_FORMULA_START: Final = "=+\\-@\t\r＝＋－＠"
_DANGEROUS: Final = re.compile(f"'*[{_FORMULA_START}]")
_ESCAPED: Final = re.compile(f"'+[{_FORMULA_START}]")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What the XML of a workbook cannot hold."""
TEXT_FORMAT: Final = "@"
"""The number format of text: Excel then keeps every digit."""


def escaped(text: str) -> str:
    """The text as a CSV cell that no spreadsheet takes for a formula (OWASP, "CSV injection")."""
    return "'" + text if _DANGEROUS.match(text) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return text[1:] if _ESCAPED.match(text) else text


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV in UTF-8 with a mark, which Excel needs to read Chinese; no cell of it runs as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def put_text(cell: Cell | MergedCell, text: str) -> None:
    """Put a text into a workbook's cell, typed as text whatever it begins with: a name that starts with "=" is one."""
    cell.value = _ILLEGAL.sub("", text)
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT
    cell.quotePrefix = True


def xlsx_of(title: str, rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a workbook of one sheet, its first row a heading; every cell is text."""
    import openpyxl  # noqa: PLC0415 -- few write workbooks, and none before the first frame
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = [WriteOnlyCell(sheet) for _text in row]
        for cell, text in zip(cells, row, strict=True):
            put_text(cell, text)
        sheet.append(cells)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()
