"""A workbook is read for its text, and what Excel made of a text is refused instead of guessed back."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest

from server.roster import workbook as module
from server.roster.sheet import sheet_of
from server.roster.table import Source

from .drill import codes, spots, workbook

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["编码", "名称", "联络员", "联系电话"]


def edited(source: Source, *changes: tuple[str, str], part: str = SHEET) -> Source:
    """The workbook with something in a part replaced, as other programs and attackers write them."""
    raw = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source.raw)) as old, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info).decode()
            for before, after in changes if info.filename == part else ():
                assert before in text
                text = text.replace(before, after)
            new.writestr(info.filename, text)
    return Source(source.name, raw.getvalue())


def test_whole_numbers_are_text_with_all_their_digits() -> None:
    (entry,) = sheet_of(workbook(HEAD, [340111001008, "官塘社区居民委员会", None, 13800000000])).entries
    assert (entry.code, entry.people) == ("340111001008", {"phone": "13800000000"})


def test_a_code_that_became_a_float_is_refused_even_if_it_looks_whole() -> None:
    source = workbook(HEAD, [111, "官塘社区居民委员会"], [222, "骆岗街道"])
    stored = ("<v>111</v>", "<v>3.40111001008E+11</v>"), ("<v>222</v>", "<v>340111001.0</v>")
    reading = sheet_of(edited(source, *stored))
    assert reading.entries == ()
    assert spots(reading.problems) == [(2, "code", "code-number"), (3, "code", "code-number")]


def test_a_float_elsewhere_is_what_it_shows() -> None:
    source = workbook(HEAD, ["340111001", "骆岗街道", 1.5, 222])
    (entry,) = sheet_of(edited(source, ("<v>222</v>", "<v>1.38E10</v>"))).entries
    assert entry.people == {"liaison": "1.5", "phone": "13800000000"}


def test_a_date_is_refused_in_every_column() -> None:
    day = datetime.date(2026, 3, 1)
    reading = sheet_of(workbook(HEAD, ["340111001", day, "甲"], [day, "骆岗街道"], ["340111002", "常青街道", "", day]))
    assert spots(reading.problems) == [
        (2, "name", "date-cell"),
        (3, "code", "date-cell"),
        (4, "person.phone", "date-cell"),
    ]


def test_a_formula_that_failed_is_refused() -> None:
    reading = sheet_of(workbook(HEAD, ["340111001", "#N/A"], ["#REF!", "骆岗街道"], ["340111002", "#1街道"]))
    assert spots(reading.problems) == [(2, "name", "error-cell"), (3, "code", "error-cell")]
    assert [entry.name for entry in reading.entries] == ["#1街道"]


def test_a_truth_value_is_yes_or_no() -> None:
    reading = sheet_of(
        workbook(["编码", "名称", "设党委"], ["340111001008", "甲社区", True], ["340111001009", "乙", False])
    )
    assert [entry.attributes["party_committee"] for entry in reading.entries] == [True, False]


def test_the_size_that_a_sheet_states_is_not_believed() -> None:
    source = workbook(HEAD, ["340111001", "骆岗街道", "张三"], ["340111002", "常青街道"])
    for stated in ("A1:A1", "A1:XFD1048576"):
        lying = edited(source, ('ref="A1:D3"', f'ref="{stated}"'))
        reading = sheet_of(lying)
        assert [entry.people for entry in reading.entries] == [{"liaison": "张三"}, {}]


def test_rows_that_were_left_out_keep_the_numbers_of_the_others() -> None:
    source = edited(workbook(HEAD, ["3401", "骆岗街道"]), ('<row r="2"', '<row r="9"'), ('r="A2"', 'r="A9"'))
    assert [problem.row for problem in sheet_of(source).problems.listed] == [9]


@pytest.mark.parametrize("row", ["1048577", "99999999999"])
def test_a_row_number_beyond_any_sheet_ends_the_reading(row: str) -> None:
    source = edited(workbook(HEAD, ["340111001", "骆岗街道"]), ('<row r="2"', f'<row r="{row}"'))
    reading = sheet_of(source)
    assert (reading.entries, codes(reading.problems)) == ((), ["xlsx-damaged"])


def test_a_hidden_sheet_is_not_the_roster_and_another_visible_one_is_named() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["编码", "名称"])
    book.worksheets[0].sheet_state = "hidden"
    first, second = book.create_sheet("甲镇"), book.create_sheet("乙镇")
    book.create_sheet("空表")
    for page, code in ((first, "340111001"), (second, "340111002")):
        page.append(["编码", "名称"])
        page.append([code, "某街道"])
    raw = io.BytesIO()
    book.save(raw)
    reading = sheet_of(Source("book.xlsx", raw.getvalue()))
    assert [entry.code for entry in reading.entries] == ["340111001"]
    (problem,) = reading.problems.listed
    assert (problem.code, problem.params) == ("other-sheets", {"sheet": "甲镇", "others": "乙镇"})


def test_merged_cells_are_warned_of() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in (["名称", "类型", "上级"], ["甲", "学校", "骆岗街道"], ["乙", "学校", None]):
        page.append(row)
    page.merge_cells("C2:C3")
    raw = io.BytesIO()
    book.save(raw)
    reading = sheet_of(Source("book.xlsx", raw.getvalue()))
    assert codes(reading.problems) == ["merged-cells"]
    assert [entry.parent for entry in reading.entries] == ["骆岗街道", ""]


def test_a_workbook_is_known_by_its_bytes_and_not_by_its_name() -> None:
    source = workbook(HEAD, ["340111001", "骆岗街道"], name="roster.csv")
    assert len(sheet_of(source).entries) == 1


@pytest.mark.parametrize("keep", [10, 100, 1000, 3000, -30, -1])
def test_a_torn_workbook_is_damaged_and_nothing_else(keep: int) -> None:
    source = workbook(HEAD, *([f"{340111001 + number}", "某街道"] for number in range(50)))
    reading = sheet_of(Source(source.name, source.raw[:keep]))
    assert (reading.entries, codes(reading.problems)) == ((), ["xlsx-damaged"])


def test_every_flipped_byte_is_either_harmless_or_a_problem() -> None:
    source = workbook(HEAD, ["340111001", "骆岗街道"])
    for position in range(4, len(source.raw), 97):
        raw = bytearray(source.raw)
        raw[position] ^= 0xFF
        reading = sheet_of(Source(source.name, bytes(raw)))
        assert reading.problems.listed or [entry.name for entry in reading.entries] == ["骆岗街道"]


def test_another_kind_of_archive_is_no_workbook() -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("notes.txt", "你好")
    assert codes(sheet_of(Source("a.xlsx", raw.getvalue())).problems) == ["xlsx-damaged"]


def test_a_workbook_of_nothing_but_tags_is_not_unpacked() -> None:
    cells = "<c/>" * (module.MAX_TAGS + 1)
    source = edited(workbook(HEAD), ("</row>", f"{cells}</row>"))
    assert codes(sheet_of(source).problems) == ["xlsx-swollen"]


@pytest.mark.parametrize(
    ("part", "root", "inside"), [(SHEET, "<worksheet", "<v>"), ("xl/workbook.xml", "<workbook", "<sheets>")]
)
def test_entities_that_grow_are_a_damaged_workbook(part: str, root: str, inside: str) -> None:
    grow = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE s [<!ENTITY l0 "lol">{grow}]>'
    source = workbook(HEAD, [340111001, "骆岗街道"])
    source = edited(source, (f"{root} ", f"{bomb}{root} "), (inside, f"{inside}&l11;"), part=part)
    assert codes(sheet_of(source).problems) == ["xlsx-damaged"]
