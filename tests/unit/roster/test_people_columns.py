"""People, figures, ties and attributes in the roster's file: out and in again, unchanged."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.roster.columns import COLUMNS
from server.roster.sheet import sheet_of
from server.roster.table import Source
from server.roster.template import template_csv, template_xlsx
from shared.board.unit import unit_in, values_of
from shared.people.fields import UNIT_FIELDS
from shared.roster import Unit
from tests.unit.test_people_fields import a_value

from .drill import baohe, board, codes, imported, planned, sheet, spots, workbook

CODE = "340111001008"
NAMED = st.fixed_dictionaries({}, optional={name: a_value(each.field) for name, each in UNIT_FIELDS.items()})


def with_fields(unit: Unit, values: dict[str, object]) -> Unit:
    made = unit_in(unit.code, {**values_of(unit), **values})
    assert made is not None
    return made


@settings(max_examples=12)
@given(st.lists(NAMED, min_size=1, max_size=4))
def test_the_real_roster_with_any_people_goes_out_and_comes_back_unchanged(known: list[dict[str, object]]) -> None:
    current = imported({}, baohe())
    for code, values in zip(list(current)[10:], known, strict=False):
        current[code] = with_fields(current[code], values)
    for name, make in (("a.csv", template_csv), ("a.xlsx", template_xlsx)):
        plan = planned(current, sheet_of(Source(name, make(current.values()))))
        assert plan.problems.errors == 0, plan.problems.listed[:3]
        assert plan.empty


@pytest.mark.parametrize(("key", "heading"), [(key, word) for key in UNIT_FIELDS for word in
    (COLUMNS[key].zh, COLUMNS[key].en, key, *COLUMNS[key].aliases)])  # fmt: skip
def test_every_heading_of_a_field_brings_it_in(key: str, heading: str) -> None:
    field = UNIT_FIELDS[key].field
    text = {"number": "46", "tick": "是", "day": "2026-09-01"}.get(field.kind, "甲")
    text = field.options[0].title if field.options else text
    (entry,) = sheet(f"编码,名称,{heading}\n{CODE},官塘社区居民委员会,{text}\n").entries
    (change,) = planned(board(), sheet(f"编码,名称,{heading}\n{CODE},官塘社区居民委员会,{text}\n")).changed
    assert list(change.fields) == [key]
    assert entry.name


def test_columns_of_ones_own_say_by_their_first_word_what_they_hold() -> None:
    text = "编码,名称,属性:备注,人员:副书记,数据：妇女党员,联系:帮扶企业,figure.青年,tie.街坊\n"
    (entry,) = sheet(f"{text}{CODE},官塘社区居民委员会,好,张三,12,某公司,7,乙\n").entries
    assert (entry.attributes, entry.people) == ({"备注": "好"}, {"副书记": "张三"})
    assert (entry.figures, entry.ties) == ({"妇女党员": 12, "青年": 7}, {"帮扶企业": "某公司", "街坊": "乙"})


def test_every_wrong_cell_of_a_row_is_told_with_its_column() -> None:
    head = "编码,名称,党员数,流入党员,数据:妇女,难点村,党组织形式,上报日期,联络员\n"
    reading = sheet(f"{head}{CODE},官塘,约46,99999999,十二,也许,党小组,11月底,{'张' * 201}\n")
    assert reading.entries == ()
    assert sorted(spots(reading.problems)) == sorted(
        (2, column, code)
        for column, code in (
            ("figure.members", "number-bad"),
            ("figure.inflow", "number-range"),
            ("figure.妇女", "number-bad"),
            ("attribute.problem_village", "yes-or-no-bad"),
            ("attribute.party_body", "choice-bad"),
            ("person.instructor_reported_on", "day-bad"),
            ("person.liaison", "cell-too-long"),
        )
    )


def test_a_dash_takes_a_figure_away_and_a_nought_is_a_figure() -> None:
    text = "编码,名称,党员数,流入党员,结对部门\n{},官塘社区居民委员会,{},{},{}\n"
    current = imported(board(), sheet(text.format(CODE, 46, 3, "区民政局")))
    (change,) = planned(current, sheet(text.format(CODE, "-", 0, "无"))).changed
    assert change.fields == {
        "figure.members": (46, None), "figure.inflow": (3, 0), "tie.department": ("区民政局", "")
    }  # fmt: skip
    assert (change.unit.figures, change.unit.ties) == ({"inflow": 0}, {})


def test_a_sheet_without_the_new_columns_leaves_them_as_they_stand() -> None:
    current = imported(board(), sheet(f"编码,名称,党员数,指导员\n{CODE},官塘社区居民委员会,46,李四\n"))
    older = sheet(f"编码,名称,联络员\n{CODE},官塘社区居民委员会,张三\n")
    after = imported(current, older)[CODE]
    assert (after.figures, after.people) == ({"members": 46}, {"instructor": "李四", "liaison": "张三"})


def test_a_spreadsheets_own_days_and_numbers_are_understood() -> None:
    reading = sheet_of(
        workbook(
            ["编码", "名称", "党员数", "流入党员", "上报日期"],
            [CODE, "官塘社区居民委员会", 46, 3.0, datetime.datetime(2026, 9, 10)],
        )
    )
    (entry,) = reading.entries
    assert codes(reading.problems) == []
    assert (entry.figures, entry.people) == (
        {"members": 46, "inflow": 3},
        {"instructor_reported_on": "2026-09-10"},
    )
