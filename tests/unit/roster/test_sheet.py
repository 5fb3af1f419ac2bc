"""A sheet says what is in it and nothing more, by whatever name its columns go."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.roster.sheet import read_sheet, sheet_of
from server.roster.table import Source
from shared.roster import KIND_TITLES, UnitKind

from .drill import codes, sheet, spots, workbook


def test_one_row_holds_all_that_an_office_knows() -> None:
    reading = sheet(
        "编码,名称,类型,上级,简称,设党委,学校类别,第一责任人,直接责任人,联络员,联系电话,指导检查组,已撤销,属性:党员数\n"
        "340111001-S01,骆岗中学,中小学校,340111001,骆中,否,中学,王一,李二,张 三,13800000000,第一组,否,12\n"
    )
    (entry,) = reading.entries
    assert not reading.problems.listed
    assert (entry.code, entry.name, entry.kind, entry.parent) == (
        "340111001-S01",
        "骆岗中学",
        UnitKind.SCHOOL,
        "340111001",
    )
    assert (entry.short, entry.group, entry.closed) == ("骆中", "第一组", False)
    assert entry.attributes == {"party_committee": False, "school_level": "middle", "党员数": "12"}
    assert entry.people == {
        "responsible": "王一",
        "directly_responsible": "李二",
        "liaison": "张 三",
        "phone": "13800000000",
    }


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("代码,单位名称", "code"),
        ("统计用区划代码,参学单位", "code"),
        ("code,name", "code"),
        (" 编 码 ,名称（全称）", "code"),
        ("＊编码：,名称", "code"),
        ("CODE,Unit Name", "code"),
    ],
)
def test_a_column_goes_by_many_names(heading: str, key: str) -> None:
    (entry,) = sheet(f"{heading}\n340111001,骆岗街道\n").entries
    assert (getattr(entry, key), entry.name) == ("340111001", "骆岗街道")


@pytest.mark.parametrize(
    ("heading", "person"),
    [
        ("责任人", "responsible"),
        ("分管领导", "directly_responsible"),
        ("联系人", "liaison"),
        ("手机号码", "phone"),
        ("person.liaison", "liaison"),
        ("人员：副组长", "副组长"),
    ],
)
def test_people_columns_go_by_many_names(heading: str, person: str) -> None:
    (entry,) = sheet(f"编码,名称,{heading}\n340111001,骆岗街道,王一\n").entries
    assert entry.people == {person: "王一"}


@pytest.mark.parametrize(
    "word", [kind.value for kind in UnitKind] + [title for t in KIND_TITLES.values() for title in t]
)
def test_every_kind_is_known_by_its_id_and_both_its_names(word: str) -> None:
    (entry,) = sheet(f"名称,类型,上级\n某单位,{word},骆岗街道\n").entries
    assert entry.kind is not None
    assert word in (entry.kind.value, *KIND_TITLES[entry.kind])


def test_a_kind_that_is_a_level_says_the_level_too_unless_the_sheet_does() -> None:
    reading = sheet(
        "名称,类型,上级,学校类别\n甲,中学,骆岗街道,\n乙,小学,骆岗街道,\n丙,学校,骆岗街道,初中\n丁,小学,骆岗街道,中学\n"
    )
    assert [entry.attributes["school_level"] for entry in reading.entries] == ["middle", "primary", "middle", "middle"]
    assert {entry.kind for entry in reading.entries} == {UnitKind.SCHOOL}


def test_a_blank_cell_says_nothing_and_a_dash_takes_away() -> None:
    blank, dash, none = sheet(
        "编码,名称,联络员,指导检查组,学校类别,设党委,简称\n"
        "340111001,骆岗街道,,,,,\n"
        "340111002,常青街道,-,—,/,-,-\n"
        "340111003,芜湖路街道,无,无,无,无,无\n"
    ).entries
    assert (blank.people, blank.group, blank.attributes, blank.short) == ({}, None, {}, "")
    assert (dash.people, dash.group, dash.short) == ({"liaison": ""}, "", "")
    assert dash.attributes == {"school_level": "", "party_committee": ""}
    assert none.attributes == {"school_level": "", "party_committee": False}


def test_a_title_above_the_header_and_blank_rows_do_not_shift_the_row_numbers() -> None:
    reading = sheet("包河区参学单位名册\n\n序号,编码,名称\n\n1,340111001,骆岗街道\n,,\n2,34011100,常青街道\n")
    assert [entry.place.row for entry in reading.entries] == [5]
    assert spots(reading.problems) == [(7, "code", "code-bad")]


def test_examples_and_remarks_are_not_imported() -> None:
    reading = sheet("编码,名称\n示例 340111001,骆岗街道\n# 以下为街道,\n,示例：某街道\n340111002,常青街道\n")
    assert [entry.name for entry in reading.entries] == ["常青街道"]


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_other_separators_are_recognised(separator: str) -> None:
    text = "编码,名称,联络员\n340111001,骆岗街道,张三\n".replace(",", separator)
    assert sheet(text).entries[0].people == {"liaison": "张三"}


@pytest.mark.parametrize("cell", ["３４０１１１００１", "'340111001", '="340111001"', "340111001000", " 340111001 "])
def test_a_code_however_a_spreadsheet_dressed_it_is_the_code(cell: str) -> None:
    (entry,) = sheet(f"编码,名称\n{cell},骆岗街道\n").entries
    assert entry.code == "340111001"


@pytest.mark.parametrize("cell", ["3.40111E+11", "340111001.0", "3.4e8", "+3.4E+8"])
def test_a_code_that_became_a_number_is_refused_and_not_guessed(cell: str) -> None:
    assert spots(sheet(f"编码,名称\n{cell},骆岗街道\n").problems) == [(2, "code", "code-number")]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    reading = sheet("编码,名称,类型,设党委,学校类别,已撤销\n3401,骆\x07岗,两新组织,也许,大学,不知道\n")
    assert reading.entries == ()
    assert sorted(spots(reading.problems)) == [
        (2, "attribute.party_committee", "yes-or-no-bad"),
        (2, "attribute.school_level", "choice-bad"),
        (2, "closed", "yes-or-no-bad"),
        (2, "code", "code-bad"),
        (2, "kind", "kind-bad"),
        (2, "name", "control-character"),
    ]


def test_a_doubtful_character_is_warned_of_and_its_row_imported() -> None:
    reading = sheet("编码,名称\n340111001,骆\ue170街道\n340111002,常\ufffd街道\n")
    assert len(reading.entries) == 2
    assert spots(reading.problems) == [(2, "name", "private-use"), (3, "name", "lost-character")]
    assert reading.problems.errors == 0


def test_private_characters_survive_gb18030() -> None:
    (entry,) = sheet("编码,名称\n340111001,骆\ue170街道\n", "gb18030").entries
    assert entry.name == "骆\ue170街道"


def test_a_comma_too_many_is_told_before_it_shifts_the_cells() -> None:
    reading = sheet("编码,名称,联络员\n340111001,骆岗街道,张三,李四\n340111002,常青街道,王五,,\n")
    assert [entry.code for entry in reading.entries] == ["340111002"]
    assert spots(reading.problems) == [(2, "", "too-many-cells")]


def test_a_note_in_the_margin_of_a_workbook_is_no_shift() -> None:
    reading = sheet_of(workbook(["编码", "名称"], ["340111001", "骆岗街道", "记得打电话"]))
    assert [entry.name for entry in reading.entries] == ["骆岗街道"]


def test_an_open_quote_is_told_where_it_opens() -> None:
    reading = sheet('编码,名称\n340111001,骆岗街道\n340111002,"常青街道\n340111003,芜湖路街道\n')
    assert [entry.code for entry in reading.entries] == ["340111001"]
    assert spots(reading.problems) == [(3, "", "row-broken")]


def test_a_row_with_a_stray_quote_does_not_take_the_next_with_it() -> None:
    reading = sheet('编码,名称\n340111001,"骆岗"街道\n340111002,常青街道\n')
    assert [(entry.code, entry.place.row) for entry in reading.entries] == [("340111002", 3)]
    assert spots(reading.problems) == [(2, "", "row-broken")]


def test_an_open_quote_over_a_long_file_makes_no_rows_of_what_it_swallowed() -> None:
    reading = sheet('编码,名称\n340111001,"骆岗街道\n' + "340111002,常青街道\n" * 10_000)
    assert (reading.entries, spots(reading.problems)) == ((), [(2, "", "row-broken")])


def test_a_cell_with_a_line_break_is_one_cell_of_one_row() -> None:
    reading = sheet('编码,名称,联络员\n340111001,骆岗街道,"张三\n李四"\n3401,常青街道,\n')
    assert reading.entries[0].people == {"liaison": "张三 李四"}
    assert [problem.row for problem in reading.problems.listed] == [3]


def test_damaged_utf8_is_not_read_as_other_characters() -> None:
    text = "code,name\n340111001,骆岗街道\n340111002,常青街道\n".encode()
    broken = text[:-3] + b"\xff" + text[-2:]
    reading = sheet_of(Source("sheet.csv", broken))
    assert reading.entries == ()
    (problem,) = reading.problems.listed
    assert (problem.code, problem.params["line"]) == ("damaged-utf8", 3)


def test_problems_are_bounded_and_the_rest_is_counted() -> None:
    lines = "".join(f"{number},某街道\n" for number in range(1000))
    problems = sheet("编码,名称\n" + lines).problems
    assert (len(problems.listed), problems.more, problems.errors) == (200, 800, 1000)


def test_errors_are_listed_before_warnings_when_there_is_no_room_for_both() -> None:
    doubtful = "".join(f"340111{number:03d},骆\ue170街道\n" for number in range(1, 400))
    problems = sheet(f"编码,名称\n{doubtful}3401,某街道\n").problems
    assert problems.listed[-1].code == "code-bad"
    assert (problems.errors, problems.warnings, problems.more) == (1, 399, 200)


def test_a_file_that_is_not_there_is_a_problem_and_not_an_error(tmp_path: Path) -> None:
    assert codes(read_sheet(tmp_path / "none.csv").problems) == ["file-missing"]
