"""Which lines the board shows: filter, order, folding, search, and what one changed unit touches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache, partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.district import TownRow, UnitRow, count_cells, town_row
from shared.board.redo import Redo
from tests.bench.grid_rows import Sample, sample, towns_of
from tests.counting import calls_of
from tui.grid.rows import NO_LINES, Arrangement, Beside, Filter, Lines, Order, Row, arrange, find, next_town

DISTRICT = sample(149)


def unit(code: str, name: str, lights: str = "毕正", kind: str = "village", over: int = 0) -> UnitRow:
    return UnitRow(code, name, kind, code[:9], "village", lights, (), (), over, *count_cells(lights))


def small() -> Sample:
    rows = (
        unit("340111001", "甲街道", "毕毕", "street-organ"),
        unit("340111001201", "陆大村", "逾正", over=3),
        unit("340111001202", "㙦塘村", "毕正"),
        unit("340111002", "乙镇", "免免", "town-organ"),
        unit("340111002201", "Ａ１小学", "临未", "school"),
        unit("340111002202", "淝南村", "逾逾", over=9),
    )
    units = {row.code: row for row in rows}
    return Sample(units, towns_of(units))


def shown(*, source: Sample | None = None, **wanted: object) -> Lines:
    source = source or small()
    return arrange(source.units, source.towns, Arrangement(**wanted))  # type: ignore[arg-type]


def labels(lines: Lines) -> list[str]:
    return [f"#{row.name}" if isinstance(row, TownRow) else row.name for row in lines.rows]


def test_units_stand_under_their_towns_by_code() -> None:
    assert labels(shown()) == [
        "#甲街道", "甲街道", "陆大村", "㙦塘村", "#乙镇", "乙镇", "Ａ１小学", "淝南村",
    ]  # fmt: skip


def test_a_folded_town_keeps_its_line_and_hides_its_units() -> None:
    lines = shown(folded=frozenset(["340111001"]))
    assert labels(lines) == ["#甲街道", "#乙镇", "乙镇", "Ａ１小学", "淝南村"]
    assert "340111001" in lines.folded
    assert "340111001201" not in lines.units


@pytest.mark.parametrize("text", ["A1", "Ａ１", "a1", " ａ１ ", "小学", "340111002201"])
def test_a_filter_takes_either_width_and_any_case(text: str) -> None:
    assert labels(shown(filter=Filter(text=text))) == ["#乙镇", "Ａ１小学"]


def test_a_town_s_name_finds_all_its_units() -> None:
    assert labels(shown(filter=Filter(text="乙镇"))) == ["#乙镇", "乙镇", "Ａ１小学", "淝南村"]


def test_filters_by_kind_town_and_light_hold_together() -> None:
    assert labels(shown(filter=Filter(kinds=frozenset(["village"])))) == [
        "#甲街道",
        "陆大村",
        "㙦塘村",
        "#乙镇",
        "淝南村",
    ]
    assert labels(shown(filter=Filter(lights=frozenset("逾临")))) == [
        "#甲街道",
        "陆大村",
        "#乙镇",
        "Ａ１小学",
        "淝南村",
    ]
    both = Filter(lights=frozenset("逾"), towns=frozenset(["340111002"]))
    assert labels(shown(filter=both)) == ["#乙镇", "淝南村"]
    assert bool(both)
    assert not Filter(text="  ")


def test_a_filter_by_what_stands_beside_the_steps() -> None:
    rows = {code: replace(row, problems=at % 3, late=at % 2) for at, (code, row) in enumerate(small().units.items())}
    rows["340111002201"] = replace(rows["340111002201"], redo=Redo("s", date(2026, 11, 1), date(2026, 12, 1)))
    source = Sample(rows, towns_of(rows))

    def passing(beside: Beside) -> set[str]:
        return set(shown(source=source, filter=Filter(beside=beside)).units)

    assert passing(Beside.PROBLEMS) == {code for code, row in rows.items() if row.problems}
    assert passing(Beside.LATE) == {code for code, row in rows.items() if row.late}
    assert passing(Beside.REDO) == {"340111002201"}


def test_a_filter_that_nothing_passes_leaves_no_line() -> None:
    assert len(shown(filter=Filter(text="没有"))) == 0


def test_the_most_overdue_town_comes_first_and_in_it_the_most_overdue_unit() -> None:
    assert labels(shown(order=Order.OVERDUE)) == [
        "#乙镇", "淝南村", "乙镇", "Ａ１小学", "#甲街道", "陆大村", "甲街道", "㙦塘村",
    ]  # fmt: skip


def test_the_least_progress_comes_first_and_nothing_to_do_counts_as_done() -> None:
    assert labels(shown(order=Order.PROGRESS, grouped=False)) == [
        "陆大村",
        "Ａ１小学",
        "淝南村",
        "㙦塘村",
        "甲街道",
        "乙镇",
    ]


def test_without_towns_the_units_of_all_towns_are_one_list() -> None:
    assert labels(shown(order=Order.OVERDUE, grouped=False))[:2] == ["淝南村", "陆大村"]


def test_a_town_and_its_organ_share_a_code_and_are_told_apart() -> None:
    lines = shown()
    assert (lines.towns["340111001"], lines.units["340111001"]) == (0, 1)
    assert lines.place_of("340111001") == 1
    assert shown(folded=frozenset(["340111001"])).place_of("340111001") == 0
    assert lines.place_of("999") is None


def test_a_change_replaces_its_unit_and_its_town_and_nothing_else() -> None:
    source, lines = small(), shown()
    new = unit("340111001201", "陆大村", "毕正")
    units = {**source.units, new.code: new}
    town = town_row("340111001", "甲街道", [row for row in units.values() if row.town == new.town], 2)
    after, changed = lines.replaced({new.code: new}, {town.code: town})
    assert [change.at for change in changed] == [2, 0]
    assert [at for at in range(len(lines)) if after.rows[at] is not lines.rows[at]] == [0, 2]
    assert after.units is lines.units
    assert lines.rows[2] is not new


def test_an_equal_row_or_one_that_is_not_shown_changes_nothing() -> None:
    lines = shown(filter=Filter(text="陆大"))
    same = replace(small().units["340111001201"])
    hidden = unit("340111002202", "淝南村", "毕毕")
    assert lines.replaced({same.code: same, hidden.code: hidden}, {}) == (lines, ())


def test_searching_goes_on_after_the_cursor_and_round_the_end() -> None:
    lines = shown()
    assert find(lines, "村", 0) == 2
    assert find(lines, "村", 2) == 3
    assert find(lines, "村", 7) == 2
    assert find(lines, "村", 2, -1) == 7
    assert find(lines, "陆大", 2) == 2
    assert find(lines, "没有", 0) is None
    assert find(lines, " ", 0) is None
    assert find(NO_LINES, "村", 0) is None


def test_towns_are_a_jump_apart() -> None:
    lines = shown()
    assert (next_town(lines, 0), next_town(lines, 4), next_town(lines, 7, -1), next_town(lines, 0, -1)) == (
        4,
        None,
        4,
        None,
    )


arrangements = st.builds(
    Arrangement,
    st.builds(
        Filter,
        st.sampled_from(["", "村", "社区", "3401110", "没有"]),
        st.frozensets(st.sampled_from(sorted(DISTRICT.towns)), max_size=2),
        st.frozensets(st.sampled_from(["village", "community"]), max_size=1),
        st.frozensets(st.sampled_from("逾临审"), max_size=2),
    ),
    st.sampled_from(list(Order)),
    st.frozensets(st.sampled_from(sorted(DISTRICT.towns)), max_size=3),
    st.booleans(),
)


@given(arrangements)
def test_every_line_is_found_where_it_stands(wanted: Arrangement) -> None:
    lines = arrange(DISTRICT.units, DISTRICT.towns, wanted)
    for at, row in enumerate(lines.rows):
        assert (lines.towns if isinstance(row, TownRow) else lines.units)[row.code] == at
    assert len(lines.units) + len(lines.towns) == len(lines)


@given(arrangements)
def test_order_and_grouping_never_change_which_units_pass(wanted: Arrangement) -> None:
    plainly = arrange(DISTRICT.units, DISTRICT.towns, Arrangement(wanted.filter))
    lines = arrange(DISTRICT.units, DISTRICT.towns, replace(wanted, folded=frozenset()))
    assert lines.units.keys() == plainly.units.keys()


@given(arrangements)
def test_columns_keep_still_whatever_is_filtered(wanted: Arrangement) -> None:
    largest = max(row.applicable for row in DISTRICT.towns.values())
    assert arrange(DISTRICT.units, DISTRICT.towns, wanted).most == largest


@cache
def province() -> Sample:
    return sample(20_000)


@pytest.mark.parametrize(
    ("wanted", "calls"),
    [
        (Arrangement(Filter(text="村")), 3),
        (Arrangement(Filter(lights=frozenset("逾临"))), 4),
        (Arrangement(Filter(kinds=frozenset(["village"]))), 2),
        (Arrangement(order=Order.OVERDUE), 3),
        (Arrangement(order=Order.PROGRESS, grouped=False), 2),
    ],
    ids=["text", "light", "kind", "over", "progress"],
)
def test_filter_and_order_take_a_few_calls_for_each_unit(wanted: Arrangement, calls: int) -> None:
    source = province()
    assert calls_of(partial(arrange, source.units, source.towns, wanted)) <= calls * len(source.units)


def test_one_change_among_twenty_thousand_costs_next_to_nothing() -> None:
    source = province()
    lines = arrange(source.units, source.towns, Arrangement())
    old: Row = lines.rows[10_000]
    assert isinstance(old, UnitRow)
    new = replace(old, lights="退" + old.lights[1:])
    assert calls_of(lambda: lines.replaced({new.code: new}, {})) <= 30
