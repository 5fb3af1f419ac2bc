"""What people typed is text in every file that guatu writes: no cell runs as a formula, in CSV or in a workbook."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.spreadsheet import csv_of, escaped, unescaped, xlsx_of

STARTS = "=+-@\t\r＝＋－＠"
CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=5)


@pytest.mark.parametrize("start", STARTS)
def test_a_cell_that_would_begin_a_formula_is_text_in_half_and_in_full_width(start: str) -> None:
    text = f'{start}HYPERLINK("http://x","y")'
    assert escaped(text) == "'" + text
    ((cell,),) = csv.reader(io.StringIO(csv_of([[text]]).decode("utf-8-sig"), newline=""))
    assert cell == "'" + text
    found = _sheet(xlsx_of("单", [[text]]))["A1"]
    assert (found.data_type, found.quotePrefix, found.number_format) == ("s", True, "@")


@pytest.mark.parametrize("text", ["甲村", "", "0551-6300123", "1.1 制定方案", "a=b"])
def test_any_other_cell_stays_as_it_is(text: str) -> None:
    assert escaped(text) == text


@given(ROWS)
def test_a_csv_can_be_read_back_cell_by_cell(rows: list[list[str]]) -> None:
    raw = csv_of(rows)
    assert raw.startswith(b"\xef\xbb\xbf")
    back = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert [[unescaped(cell) for cell in row] for row in back] == rows


@given(ROWS)
def test_every_cell_of_a_workbook_is_text_and_none_is_escaped(rows: list[list[str]]) -> None:
    page = _sheet(xlsx_of("单", rows))
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s"}
    told = [cell for row in rows for cell in row if cell]
    assert [cell.value for cell in cells] == told


def test_what_a_workbook_cannot_hold_is_left_out() -> None:
    assert _sheet(xlsx_of("单", [["a\x00\x1b[2J\ud800b"]]))["A1"].value == "a[2Jb"


def _sheet(raw: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0]
