"""The sheet to fill in comes back as it went out, and nothing in it runs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.roster.columns import COLUMNS
from server.roster.plan import differences
from server.roster.sheet import read_sheet, sheet_of
from server.roster.table import Source
from server.roster.template import template_csv, template_xlsx, write_template
from shared.roster import Unit, UnitKind, clean_text, refused_characters
from shared.spreadsheet import escaped, unescaped

from .drill import baohe, board, codes, imported, planned, sheet

MAKERS = pytest.mark.parametrize(("name", "make"), [("a.csv", template_csv), ("a.xlsx", template_xlsx)])


def rich() -> dict[str, Unit]:
    """A board with every kind of field."""
    return imported(
        board(),
        sheet(
            "编码,名称,类型,上级,简称,设党委,学校类别,第一责任人,直接责任人,联络员,联系电话,指导检查组,已撤销,属性:党员数,人员:副组长\n"
            "340111001008,,,,官塘,是,,王一,李二,张 三,0551-1,第一组,,=1+1,-甲\n"
            "340111001-S01,@小学,学校,骆岗街道,,,小学,,,,,,,,\n"
            "340111001-S02,+中学,学校,骆岗街道,,,中学,,,,,,是,,\n"
        ),
    )


@MAKERS
def test_an_empty_template_holds_only_examples(name: str, make: object) -> None:
    reading = sheet_of(Source(name, make()))  # type: ignore[operator]
    assert (reading.entries, codes(reading.problems)) == ((), ["file-empty"])


@MAKERS
def test_the_examples_are_themselves_good_rows(name: str, make: object) -> None:
    rows = list(csv.reader(io.StringIO(template_csv().decode("utf-8-sig"))))
    text = io.StringIO()
    csv.writer(text).writerows([[cell.removeprefix("示例").strip() for cell in row] for row in rows])
    plan = planned(board(), sheet(text.getvalue()))
    assert plan.ready
    assert [unit.code for unit in plan.added] == ["340111001-S01"]


@MAKERS
def test_a_roster_goes_out_and_comes_back_unchanged(name: str, make: object) -> None:
    for current in (rich(), imported({}, baohe())):
        reading = sheet_of(Source(name, make(current.values())))  # type: ignore[operator]
        plan = planned(current, reading)
        assert plan.problems.errors == 0
        assert plan.empty
        assert planned({}, reading).added == tuple(current[code] for code in sorted(current))


@MAKERS
def test_no_cell_is_a_formula(name: str, make: object) -> None:
    raw: bytes = make(rich().values())  # type: ignore[operator]
    if name.endswith(".csv"):
        for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in tuple("=+-@")[: len(cell)]], row
        return
    for page in openpyxl.load_workbook(io.BytesIO(raw)).worksheets:
        for cells in page.iter_rows():
            assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}


def test_the_code_column_is_text_so_that_excel_keeps_every_digit() -> None:
    page = openpyxl.load_workbook(io.BytesIO(template_xlsx(board().values()))).worksheets[0]
    assert page.column_dimensions["A"].number_format == "@"
    assert {page.cell(row, 1).number_format for row in range(1, 7)} == {"@"}
    assert page.cell(2, 1).value == "340111001"


def test_the_headers_are_chinese_and_the_csv_opens_in_excel() -> None:
    raw = template_csv()
    assert raw.startswith(b"\xef\xbb\xbf")
    header = raw.decode("utf-8-sig").splitlines()[0].split(",")
    assert header == [column.zh for column in COLUMNS.values()]
    page = openpyxl.load_workbook(io.BytesIO(template_xlsx())).worksheets[0]
    assert [cell.value for cell in page[1]] == header


@pytest.mark.parametrize("name", ["roster.csv", "roster.xlsx", "ROSTER.XLSX"])
def test_a_template_is_written_as_its_name_says(name: str, tmp_path: Path) -> None:
    write_template(tmp_path / name, board().values())
    reading = read_sheet(tmp_path / name)
    assert planned(board(), reading).empty
    assert (tmp_path / name).read_bytes().startswith(b"PK") is name.lower().endswith(".xlsx")


@given(st.text(max_size=20))
def test_every_text_comes_back_from_its_escape_and_none_runs(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert escaped(text)[:1] not in tuple("=+-@\t\r＝＋－＠")


@example("primary")
@example("#1")
@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co"]), min_size=1, max_size=30))
def test_every_name_that_may_be_imported_survives_both_files(text: str) -> None:
    value = clean_text(text)
    if (
        not value
        or value in ("-", "—", "——", "－", "/", "无")
        or value.casefold() == "none"
        or refused_characters(value)
    ):
        return
    unit = Unit(
        "340111001", "骆岗街道", "骆岗街道", UnitKind.STREET_ORGAN, "340111", {"备注": value}, {"liaison": value}
    )
    for name, raw in (("a.csv", template_csv([unit])), ("a.xlsx", template_xlsx([unit]))):
        (back,) = planned({}, sheet_of(Source(name, raw))).added
        assert "_x" in value or differences(unit, back) == {}, (name, value)
