"""A dry run says in plain words what would happen, in either language, and nothing in it drives the terminal."""

from __future__ import annotations

from server.roster.plan import plan_import
from server.roster.report import counts, report, shown
from server.roster.statistics import statistics_of

from .drill import DISTRICT, baohe, board, imported, planned, sheet, streets, villages


def test_the_counts_stand_in_the_first_lines() -> None:
    plan = planned({}, baohe())
    assert counts(plan) == "新增 149，变更 0，撤销 0，恢复 0，不变 0；错误 0，提醒 0"
    assert report(plan, "en").splitlines()[:2] == [
        "Roster import, dry run (nothing is written)",
        "149 added, 0 changed, 0 closed, 0 reopened, 0 unchanged; 0 errors, 0 warnings",
    ]


def test_long_parts_are_cut_with_the_number_of_the_rest() -> None:
    lines = report(planned({}, baohe()), "zh", listed=2).splitlines()
    assert lines[2:] == [
        "新增 (149)",
        "  340111001 骆岗街道 [街道机关]",
        "  340111001008 官塘社区居民委员会 [社区]",
        "  …… 另有 147 项",
    ]


def test_a_change_shows_both_values_under_the_names_of_the_columns() -> None:
    text = "编码,名称,类型,联络员,设党委,属性:党员数\n340111001008,,村,张三,是,12\n"
    zh, en = (report(planned(board(), sheet(text)), lang) for lang in ("zh", "en"))
    assert (
        "340111001008 官塘社区居民委员会：类型 “社区” → “村”；设党委 “（空）” → “是”；"
        "属性:党员数 “（空）” → “12”；联络员 “（空）” → “张三”" in zh
    )
    assert "kind “community” → “village”; party committee “(nothing)” → “yes”; attribute:党员数" in en


def test_everything_that_closes_is_listed_however_long() -> None:
    current = imported({}, baohe())
    plan = planned(current, statistics_of([streets(), villages()], DISTRICT))
    text = report(plan, "zh", listed=1)
    assert f"撤销（只标记，不删除） ({len(plan.closed)})" in text
    for change in plan.closed:
        assert f"  {change.unit.code} {change.unit.name}\n" in text


def test_a_reopened_unit_has_a_part_of_its_own() -> None:
    closed = imported(board(), sheet("编码,名称,已撤销\n340111001008,,是\n"))
    text = report(planned(closed, statistics_of([villages()], DISTRICT)), "en")
    assert "Reopened (1)\n  340111001008 官塘社区居民委员会\n" in text


def test_a_problem_names_its_file_row_and_column() -> None:
    plan = planned(board(), sheet("编码,名称\n3.40111E+11,骆岗街道\n340111001,骆\ue170街道\n"))
    zh, en = report(plan), report(plan, "en")
    assert "  [错误] sheet.csv 第 2 行 编码：编码被 Excel 变成了数字「3.40111E+11」" in zh
    assert "  [提醒] sheet.csv 第 3 行 名称：含有自造字 U+E170" in zh
    assert "  [error] sheet.csv row 2 code: Excel turned the code into the number “3.40111E+11”" in en
    assert "  [warning] sheet.csv row 3 name: there are private-use characters, U+E170" in en


def test_problems_beyond_the_bound_are_counted() -> None:
    plan = planned(board(), sheet("编码,名称\n" + "1,甲\n" * 300))
    text = report(plan, "en")
    assert text.count("[error]") == 200
    assert text.endswith("  ... and 100 more\n")
    assert "300 errors" in text


def test_nothing_that_was_typed_reaches_the_terminal_as_a_command() -> None:
    nasty = "\x1b]0;x\x07\u202e\x9b31m\u2028"
    reading = sheet(f'编码,名称,{nasty}列,类型\n34{nasty},骆岗街道,a,"{nasty}"\n{nasty}', name=f"a{nasty}.csv")
    for lang in ("zh", "en"):
        text = report(plan_import({}, reading, DISTRICT), lang)
        assert not set(nasty) & set(text) - set("0;x31m]"), text
    assert shown(nasty) == "<U+001B>]0;x<U+0007><U+202E><U+009B>31m<U+2028>"


def test_a_long_value_is_cut() -> None:
    assert len(shown("骆" * 5000)) == 200


def test_an_import_that_changes_nothing_says_so_in_two_lines() -> None:
    plan = planned(board(), statistics_of([streets(), villages()], DISTRICT))
    assert len(report(plan).splitlines()) == 2
