"""An import is an update: it adds, changes, closes and opens again, and never deletes or forgets."""

from __future__ import annotations

import pytest

from server.roster.entries import Reading, entry_of
from server.roster.plan import apply_plan, differences, plan_import
from server.roster.problems import Place
from server.roster.sheet import sheet_of
from server.roster.statistics import statistics_of
from shared.board.unit import values_of
from shared.roster import Unit, UnitKind

from .drill import (
    BAOHE,
    DISTRICT,
    VILLAGES,
    baohe,
    board,
    codes,
    hefei,
    imported,
    planned,
    sheet,
    spots,
    streets,
    villages,
    workbook,
)

SCHOOLS = "名称,类型,上级\n骆岗小学,小学,骆岗街道\n骆岗中学,中学,骆岗街道\n"


def test_an_empty_board_takes_the_whole_district_and_a_second_import_changes_nothing() -> None:
    first = planned({}, baohe())
    assert (len(first.added), first.ready) == (149, True)
    again = planned(apply_plan({}, first), baohe())
    assert again.empty
    assert len(again.unchanged) == 149


def test_the_whole_city_comes_in_without_a_word() -> None:
    plan = plan_import({}, hefei(), ["3401"])
    assert (len(plan.added), plan.problems.listed) == (1933, ())


def test_what_the_division_does_not_say_stays() -> None:
    current = imported(
        board(),
        sheet("编码,名称,联络员,设党委,指导检查组,简称\n340111001008,官塘社区居民委员会,张三,是,第一组,官塘\n"),
    )
    assert planned(current, statistics_of([streets(), villages()], DISTRICT)).empty
    unit = current["340111001008"]
    assert (unit.people, unit.attributes) == ({"liaison": "张三"}, {"party_committee": True})
    assert (unit.group, unit.short) == ("第一组", "官塘")


def test_a_blank_cell_leaves_what_stands_and_a_dash_takes_it_away() -> None:
    head = "编码,名称,联络员,设党委,指导检查组\n340111001008,官塘社区居民委员会"
    current = imported(board(), sheet(f"{head},张三,是,第一组\n"))
    assert planned(current, sheet(f"{head},,,\n")).empty
    (change,) = planned(current, sheet(f"{head},-,-,-\n")).changed
    assert change.fields == {
        "group": ("第一组", ""),
        "attribute.party_committee": (True, None),
        "person.liaison": ("张三", ""),
    }
    assert (change.unit.people, change.unit.attributes, change.unit.group) == ({}, {}, "")


def test_a_value_that_was_taken_away_in_the_record_is_no_difference() -> None:
    current = board()
    emptied = {
        code: Unit(u.code, u.name, u.short, u.kind, u.parent, {"party_committee": ""}, {"liaison": ""})
        for code, u in current.items()
    }
    assert planned(emptied, statistics_of([streets(), villages()], DISTRICT)).empty


def test_the_fields_of_a_change_are_the_fields_of_the_units_record() -> None:
    before = board()["340111001008"]
    after = Unit("340111001008", "甲", "乙", UnitKind.OTHER, "3", {"x": "1"}, {"y": "2"}, "丙", True)
    values = values_of(after)
    assert {name: pair[1] for name, pair in differences(before, after).items()} == values


def test_a_corrected_kind_survives_until_the_name_says_another() -> None:
    code = "340122100035"
    upgraded = statistics_of([villages(f"{code},赵岗社区村民委员会,340122100\n")], ["34"])
    town = statistics_of([streets("340122100,店埠镇,340122\n")], ["34"])
    current = apply_plan({}, plan_import({}, town, ["34"]))
    current = apply_plan(current, plan_import(current, upgraded, ["34"]))
    assert current[code].kind is UnitKind.VILLAGE
    corrected = apply_plan(current, plan_import(current, sheet(f"编码,名称,类型\n{code},,社区\n"), ["34"]))
    assert corrected[code].kind is UnitKind.COMMUNITY
    assert plan_import(corrected, upgraded, ["34"]).empty
    for name, kind in (("赵岗民族社区村民委员会", UnitKind.COMMUNITY), ("赵岗社区居民委员会", UnitKind.COMMUNITY)):
        renamed = statistics_of([villages(f"{code},{name},340122100\n")], ["34"])
        assert plan_import(corrected, renamed, ["34"]).changed[0].unit.kind is kind
    assert plan_import(current, renamed, ["34"]).changed[0].unit.kind is UnitKind.COMMUNITY


def test_a_short_name_follows_the_name_unless_the_office_chose_one() -> None:
    renamed = statistics_of([villages("340111001008,新官塘社区居民委员会,340111001\n")], DISTRICT)
    (change,) = planned(board(), renamed).changed
    assert change.unit.short == "新官塘社区"
    chosen = imported(board(), sheet("编码,名称,简称\n340111001008,,官塘\n"))
    assert planned(chosen, renamed).changed[0].unit.short == "官塘"


# --- closing ---


def test_a_place_that_the_division_dropped_is_closed_and_not_deleted() -> None:
    plan = planned(
        board(), statistics_of([streets(), villages("340111001008,官塘社区居民委员会,340111001\n")], DISTRICT)
    )
    assert [change.unit.code for change in plan.closed] == ["340111001009", "340111002201"]
    assert plan.closed[0].fields == {"closed": (False, True)}
    after = apply_plan(board(), plan)
    assert set(after) == set(board())
    assert after["340111001009"].closed


def test_a_school_is_never_closed_by_the_division_that_never_listed_it() -> None:
    current = imported(board(), sheet(SCHOOLS))
    plan = planned(current, statistics_of([streets(), villages()], DISTRICT))
    assert plan.empty


def test_a_file_of_streets_alone_says_nothing_about_villages_and_the_other_way_round() -> None:
    assert planned(board(), statistics_of([streets()], DISTRICT)).empty
    assert planned(board(), statistics_of([villages()], DISTRICT)).empty


def test_only_the_area_of_the_import_is_closed() -> None:
    elsewhere = Unit("340102001", "明光路街道", "明光路街道", UnitKind.STREET_ORGAN, "340102")
    plan = planned(board() | {elsewhere.code: elsewhere}, statistics_of([streets(), villages()], DISTRICT))
    assert plan.empty


def test_a_sheet_closes_nothing_unless_it_is_said_to_be_complete() -> None:
    current = imported(board(), sheet(SCHOOLS))
    less = sheet("名称,类型,上级\n骆岗小学,小学,骆岗街道\n")
    assert planned(current, less).empty
    plan = plan_import(current, less, DISTRICT, closes={UnitKind.SCHOOL})
    assert [change.unit.name for change in plan.closed] == ["骆岗中学"]


def test_a_sheet_can_close_a_unit_by_saying_so() -> None:
    plan = planned(board(), sheet("编码,名称,已撤销\n340111001008,,是\n"))
    assert [change.unit.code for change in plan.closed] == ["340111001008"]
    assert planned(apply_plan(board(), plan), sheet("编码,名称,已撤销\n340111001008,,是\n")).empty


def test_a_unit_that_comes_back_is_opened_again_with_all_it_had() -> None:
    current = imported(board(), sheet("编码,名称,联络员,已撤销\n340111001008,,张三,是\n"))
    plan = planned(current, statistics_of([streets(), villages()], DISTRICT))
    (change,) = plan.reopened
    assert change.fields == {"closed": (True, False)}
    assert change.unit.people == {"liaison": "张三"}


def test_nothing_is_closed_while_a_row_could_not_be_read() -> None:
    broken = villages("340111001008,官塘社区居民委员会,340111001\n3.40111E+11,骆岗社区居民委员会,340111001\n")
    plan = planned(board(), statistics_of([streets(), broken], DISTRICT))
    assert (plan.closed, plan.ready) == ((), False)
    assert set(codes(plan.problems)) == {"closing-withheld", "code-number"}


def test_closing_a_large_part_of_the_area_is_warned_of() -> None:
    current = imported({}, baohe())
    few = statistics_of([streets(), villages()], DISTRICT)
    plan = planned(current, few)
    (warning,) = [problem for problem in plan.problems.listed if problem.code == "closes-many"]
    assert warning.params == {"count": len(plan.closed), "all": 149}


def test_what_hangs_from_a_street_that_closes_is_named() -> None:
    current = imported(board(), sheet(SCHOOLS))
    plan = planned(current, statistics_of([streets("340111002,常青街道,340111\n")], DISTRICT))
    assert [change.unit.code for change in plan.closed] == ["340111001"]
    told = [problem.params["unit"] for problem in plan.problems.listed if problem.code == "parent-closed"]
    assert told == ["340111001-S01", "340111001-S02", "340111001008", "340111001009"]


def test_a_street_that_closed_long_ago_is_not_brought_up_again() -> None:
    current = imported(board(), sheet(SCHOOLS), sheet("编码,名称,已撤销\n340111001,,是\n"))
    assert planned(current, sheet("编码,名称,联络员\n340111002,,张三\n")).problems.listed == ()
    assert codes(planned(current, sheet("编码,名称,联络员\n340111001-S01,,张三\n")).problems) == ["parent-closed"]


def test_a_unit_that_closes_is_no_namesake() -> None:
    two = "名称,编码,类型,学校类别\n骆岗小学,340111001-S01,学校,小学\n骆岗小学,340111001-S02,学校,小学\n"
    current = apply_plan(board(), planned(board(), sheet(two)))
    assert codes(planned(current, sheet(two)).problems) == ["same-name", "same-name"]
    assert planned(current, sheet("编码,名称,已撤销\n340111001-S01,骆岗小学,是\n")).problems.listed == ()


# --- codes for what has none ---


def test_schools_get_the_next_numbers_in_the_order_of_the_sheet() -> None:
    plan = planned(board(), sheet(SCHOOLS))
    assert [(unit.code, unit.name) for unit in plan.added] == [
        ("340111001-S01", "骆岗小学"),
        ("340111001-S02", "骆岗中学"),
    ]
    assert {unit.parent for unit in plan.added} == {"340111001"}


def test_every_kind_counts_for_itself_under_its_own_parent() -> None:
    plan = planned(
        board(),
        sheet(
            "名称,类型,上级\n甲,学校,340111001\n乙,民办医院,340111001\n丙,新经济组织,官塘社区\n"
            "丁,新社会组织,340111001008\n戊,街道直属单位,常青街道\n己,其他,常青街道\n"
        ),
    )
    assert [unit.code for unit in plan.added] == [
        "340111001-H01",
        "340111001-S01",
        "340111001008-E01",
        "340111001008-O01",
        "340111002-X01",
        "340111002-X02",
    ]


def test_a_second_import_keeps_the_numbers_whatever_the_order_and_spacing() -> None:
    current = imported(board(), sheet(SCHOOLS))
    again = sheet("名称,类型,上级\n骆 岗 中 学,学校,340111001\n新骆小学,小学,骆岗街道\n骆岗小学,,骆岗街道\n")
    plan = planned(current, again)
    assert [(unit.code, unit.name) for unit in plan.added] == [("340111001-S03", "新骆小学")]
    assert (plan.changed, len(plan.unchanged)) == ((), 2)


def test_a_number_is_never_given_twice_not_even_a_closed_ones() -> None:
    current = imported(board(), sheet(SCHOOLS), sheet("编码,名称,类型\n340111001-S05,第五小学,小学\n"))
    current = imported(current, sheet("编码,名称,已撤销\n340111001-S01,,是\n"))
    more = "".join(f"新{n}小学,小学,骆岗街道\n" for n in range(3))
    plan = planned(current, sheet(f"名称,类型,上级\n{more}"))
    assert [unit.code for unit in plan.added] == ["340111001-S03", "340111001-S04", "340111001-S06"]


def test_a_number_that_a_row_gives_itself_is_not_given_to_another() -> None:
    plan = planned(board(), sheet("名称,编码,类型,上级\n甲,,小学,骆岗街道\n乙,340111001-S01,小学,骆岗街道\n"))
    assert {unit.name: unit.code for unit in plan.added} == {"乙": "340111001-S01", "甲": "340111001-S02"}


def test_a_renamed_school_leaves_its_old_name_free() -> None:
    current = imported(board(), sheet(SCHOOLS))
    text = "名称,编码,类型,上级\n骆岗小学,,小学,骆岗街道\n骆岗实验小学,340111001-S01,小学,骆岗街道\n"
    after = imported(current, sheet(text))
    assert (after["340111001-S01"].name, after["340111001-S03"].name) == ("骆岗实验小学", "骆岗小学")
    assert planned(after, sheet(text)).empty


def test_an_organisation_that_becomes_another_kind_keeps_its_code() -> None:
    current = imported(board(), sheet("名称,类型,上级\n某公司,新经济组织,骆岗街道\n"))
    (change,) = planned(current, sheet("名称,类型,上级\n某公司,新社会组织,骆岗街道\n")).changed
    assert (change.unit.code, change.unit.kind) == ("340111001-E01", UnitKind.NEW_SOCIAL)


def test_a_place_can_be_named_without_its_code_once_it_is_known() -> None:
    (change,) = planned(board(), sheet("名称,类型,上级,联络员\n官塘社区居民委员会,,骆岗街道,张三\n")).changed
    assert (change.unit.code, change.fields) == ("340111001008", {"person.liaison": ("", "张三")})


# --- rows against each other ---


def test_a_whole_roster_comes_in_from_one_sheet_in_any_order() -> None:
    lines = ",骆岗小学,小学,官塘社区\n340111001008,官塘社区居民委员会,,骆岗街道\n340111001,骆岗街道,,包河区\n"
    plan = planned({}, sheet(f"编码,名称,类型,上级\n{lines}"))
    assert plan.ready
    assert [unit.code for unit in plan.added] == ["340111001", "340111001008", "340111001008-S01"]


def test_the_first_of_two_rows_with_one_code_counts_and_the_second_is_told() -> None:
    plan = planned({}, sheet("编码,名称\n340111001,骆岗街道\n340111001,望湖街道\n"))
    (problem,) = plan.problems.listed
    assert (problem.row, problem.code, problem.params["first"]) == (3, "duplicate-code", 2)
    assert [unit.name for unit in plan.added] == ["骆岗街道"]


def test_a_second_row_quarrels_even_with_one_that_was_refused() -> None:
    plan = planned({}, sheet("编码,名称\n340111001,\n340111001,骆岗街道\n"))
    assert (plan.added, codes(plan.problems)) == ((), ["name-missing", "duplicate-code"])


@pytest.mark.parametrize("word", ["-", "无", "——"])
def test_a_code_may_be_said_not_to_exist(word: str) -> None:
    plan = planned(board(), sheet(f"编码,名称,类型,上级\n{word},骆岗小学,小学,骆岗街道\n"))
    assert [unit.code for unit in plan.added] == ["340111001-S01"]


def test_the_same_district_twice_is_one_district() -> None:
    plan = planned({}, baohe(), baohe())
    assert len(plan.added) == 149
    assert (plan.problems.errors, plan.problems.warnings) == (0, 149)


@pytest.mark.parametrize(
    ("row", "spot"),
    [
        ("340111003008,某社区,,", ("parent", "parent-unknown")),
        ("340111001-S01,某小学,小学,340111002", ("parent", "parent-bad")),
        ("340111001-S01,某小学,小学,常青街道", ("parent", "parent-bad")),
        ("340111001,骆岗街道,,340112", ("parent", "parent-bad")),
        ("340111001008,官塘社区,村,", ("", "")),
        ("340111001008,官塘社区,学校,", ("kind", "kind-code")),
        ("340111001-S01,某医院,民办医院,", ("kind", "kind-code")),
        (",某小学,小学,340111001-S01", ("parent", "parent-unknown")),
        (",某小学,小学,340111003", ("parent", "parent-unknown")),
        ("340102001-S01,某小学,小学,", ("parent", "parent-unknown")),
        ("340102001,明光路街道,,", ("code", "outside-scope")),
    ],
)
def test_code_parent_and_kind_go_together(row: str, spot: tuple[str, str]) -> None:
    plan = planned(board(), sheet(f"编码,名称,类型,上级\n{row}\n"))
    assert [(column, code) for _, column, code in spots(plan.problems)] == ([spot] if spot[1] else [])
    assert plan.added == ()


def test_two_streets_of_one_name_in_two_towns_are_told_apart_or_asked_about() -> None:
    two = "340111001300,和平村民委员会,340111001\n340111002300,和平村民委员会,340111002\n"
    current = imported(board(), statistics_of([streets(), villages(VILLAGES + two)], DISTRICT))
    plan = planned(current, sheet("名称,类型,上级\n和平小学,小学,和平村\n"))
    (problem,) = plan.problems.listed
    assert (problem.code, problem.params["codes"]) == ("parent-ambiguous", "340111001300、340111002300")
    closed = imported(current, sheet("编码,名称,已撤销\n340111001300,,是\n"))
    (unit,) = planned(closed, sheet("名称,类型,上级\n和平小学,小学,和平村\n")).added
    assert unit.code == "340111002300-S01"


def test_a_street_that_is_about_to_close_is_not_meant_by_its_name() -> None:
    moved = villages(VILLAGES.replace("340111001008,", "340111001012,"))
    both = statistics_of([streets(), moved], DISTRICT), sheet("名称,类型,上级\n官塘小学,小学,官塘社区\n")
    plan = planned(board(), *both)
    assert [change.unit.code for change in plan.closed] == ["340111001008"]
    assert [unit.code for unit in plan.added] == ["340111001012", "340111001012-S01"]


def test_nothing_hangs_from_a_school() -> None:
    current = imported(board(), sheet(SCHOOLS))
    for parent in ("340111001-S01", "骆岗小学"):
        plan = planned(current, sheet(f"名称,类型,上级\n分校,小学,{parent}\n"))
        assert (plan.added, codes(plan.problems)) == ((), ["parent-unknown"])


def test_an_odd_kind_that_the_office_chose_is_no_fault_of_a_row() -> None:
    odd = Unit("340111001", "骆岗街道", "骆岗街道", UnitKind.VILLAGE, "340111")
    plan = planned(board() | {odd.code: odd}, statistics_of([streets(), villages()], DISTRICT))
    assert (plan.problems.listed, plan.empty) == ((), True)


def test_a_plan_reads_and_changes_nothing_it_was_given() -> None:
    current = board()
    before = dict(current)
    planned(current, statistics_of([streets("340111001,新街道,340111\n")], DISTRICT))
    assert current == before


def test_a_unit_says_all_of_itself_as_a_row() -> None:
    current = imported(board(), sheet(SCHOOLS))
    rows = tuple(entry_of(unit, Place("copy", n)) for n, unit in enumerate(current.values()))
    assert planned(current, Reading(rows)).empty
    assert imported({}, Reading(rows)) == current


def test_a_workbook_and_a_csv_of_one_roster_plan_the_same() -> None:
    rows = [line.split(",") for line in SCHOOLS.splitlines()]
    assert planned(board(), sheet_of(workbook(*rows))).added == planned(board(), sheet(SCHOOLS)).added


def test_the_real_files_are_still_the_ones_that_were_downloaded() -> None:
    assert [len(path.read_bytes()) for path in BAOHE] == [567, 9168]
