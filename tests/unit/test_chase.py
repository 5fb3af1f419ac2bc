"""What is past due stands on a rung by its days, and in the chase list with whom to call about it; work, not people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.chart import Chart
from shared.board.record import unit_address
from shared.board.unit import values_of
from shared.campaign.model import LADDER, Rules, Rung
from shared.inspection.chase import Chase, Wanted, chase_of
from shared.inspection.firsts import Firsts
from shared.inspection.ladder import rung_at, rung_of
from shared.inspection.tasks import Who
from shared.rights import Role
from tests import small
from tests.logbook import change
from tests.small import COMMUNITY, FAR_VILLAGE, OTHER_TOWN, SECOND, TOWN, UNITS, VILLAGE
from tests.unit.duties import CHART, IN_APRIL, board, clock, problem
from tests.unit.test_chart import on

LEAD = Who(Role.LEAD, (TOWN,))
OFFICE = Who(Role.ADMIN, (TOWN,))
EVERY_UNIT = 6
"""Open units on the small board; each has the steps 1.1 and 1.2, due on the last of April."""


def names(found: Chase) -> list[tuple[str, str, int, int]]:
    """Unit, step or problem, days and rung of each line."""
    return [(row.unit.code, row.task.name, row.days, row.rung) for row in found.rows]


# --- the ladder ---


@pytest.mark.parametrize(("days", "rung"), [(-1, 0), (0, 1), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (8, 3), (400, 3)])
def test_a_rung_begins_on_its_very_day(days: int, rung: int) -> None:
    assert rung_at(LADDER, days) == rung
    assert rung_of(LADDER, days) == (LADDER[rung - 1] if rung else None)


def test_below_the_first_rung_of_a_ladder_nobody_is_told() -> None:
    assert (rung_at((Rung(5, "镇街", "town"),), 4), rung_of((), 100)) == (0, None)


@given(st.lists(st.integers(0, 60), unique=True).map(sorted), st.integers(-5, 70))
def test_nothing_ever_goes_down_the_ladder(rungs: list[int], days: int) -> None:
    ladder = [Rung(each, "级", "rung") for each in rungs]
    assert 0 <= rung_at(ladder, days) <= rung_at(ladder, days + 1) <= len(ladder)


# --- the list ---


@pytest.mark.parametrize(
    ("today", "late"), [("2026-04-30", 0), ("2026-05-01", 2), ("2026-05-03", 2), ("2026-07-01", 3)]
)
def test_what_is_due_today_is_not_late_yet(today: str, late: int) -> None:
    found = chase_of(CHART, board(), LEAD, clock(date.fromisoformat(today)), Wanted(VILLAGE))
    assert len(found.rows) == late


def test_the_highest_rung_leads_then_days_then_units_then_steps_in_the_order_of_the_plan() -> None:
    entries = [problem(1, "2026-05-03"), problem(2, "2026-04-20", SECOND), problem(3, "2026-05-05", COMMUNITY)]
    found = chase_of(CHART, board(*entries), LEAD, clock(date(2026, 5, 6)))
    assert names(found)[0] == (SECOND, "T-000000", 16, 3)
    assert names(found)[1:3] == [(TOWN, "1.1", 6, 2), (TOWN, "1.2", 6, 2)]
    assert names(found)[-2:] == [(VILLAGE, "T-000000", 3, 2), (COMMUNITY, "T-000000", 1, 1)]
    assert found.by_rung == (0, 1, 9, 1)


def test_what_waits_for_the_reviewer_or_is_done_or_withdrawn_is_chased_by_nobody() -> None:
    entries = [
        on("1.1", {"state": "submitted", "submitted_on": "2026-04-30"}),
        on("1.2", {"state": "done", "done_on": "2026-05-09"}, 2),
        problem(3, "2026-05-01", stage="measured", measured_on="2026-05-20"),
        problem(4, "2026-05-01", stage="signed", signed_on="2026-05-20"),
        problem(5, "2026-05-01", withdrawn=True),
    ]
    assert names(chase_of(CHART, board(*entries), LEAD, clock(date(2026, 5, 20)), Wanted(VILLAGE))) == []


def test_a_unit_nobody_was_heard_of_stands_in_it_as_unknown_and_not_as_overdue() -> None:
    found = chase_of(CHART, board(), LEAD, clock(date(2026, 5, 20), heard=IN_APRIL), Wanted(VILLAGE))
    assert ([row.task.light.value for row in found.rows], found.unheard) == (["？", "？"], 2)


def test_it_holds_what_a_call_needs() -> None:
    called = replace(UNITS[1], people={"liaison": "张三", "phone": "0551-1", "responsible": "王一"})
    entries = [
        change(7, values_of(called), unit_address(VILLAGE)),
        problem(8, "2026-05-01", responsible="赵二"),
    ]
    rows = chase_of(CHART, board(*entries), LEAD, clock(date(2026, 5, 4)), Wanted(VILLAGE)).rows
    by_name = {row.task.name: row for row in rows}
    step, found = by_name["1.1"], by_name["T-000000"]
    assert (step.liaison, step.phone, step.responsible, found.responsible) == ("张三", "0551-1", "王一", "赵二")
    assert (step.town, step.town_name) == (TOWN, "东镇")


def test_only_ones_own_areas_are_listed_and_the_office_has_all() -> None:
    late = clock(date(2026, 5, 4))
    assert {row.town for row in chase_of(CHART, board(), LEAD, late).rows} == {TOWN}
    assert {row.town for row in chase_of(CHART, board(), OFFICE, late).rows} == {TOWN, OTHER_TOWN}


def test_a_town_or_a_rung_can_be_asked_for_and_the_counts_of_rungs_stay_those_of_the_area() -> None:
    entries = [problem(1, "2026-05-03"), problem(2, "2026-04-20", FAR_VILLAGE)]
    late = clock(date(2026, 5, 4))
    only = chase_of(CHART, board(*entries), OFFICE, late, Wanted(OTHER_TOWN, 3))
    assert names(only) == [(FAR_VILLAGE, "T-000000", 14, 3)]
    assert (only.by_rung, only.units) == ((0, 0, 4, 1), 2)
    assert names(chase_of(CHART, board(*entries), OFFICE, late, Wanted(rung=1))) == [(VILLAGE, "T-000000", 1, 1)]
    assert chase_of(CHART, board(), OFFICE, late, Wanted("340199")).units == 0


def test_the_campaigns_own_ladder_holds() -> None:
    own = replace(small.campaign(), rules=Rules(ladder=(Rung(2, "镇街", "town"), Rung(30, "区", "district"))))
    found = chase_of(Chart(own), board(problem(1, "2026-05-03")), LEAD, clock(date(2026, 5, 4)), Wanted(VILLAGE))
    assert [(days, rung) for _unit, _name, days, rung in names(found)] == [(4, 1), (4, 1), (1, 0)]
    assert found.by_rung == (1, 2, 0)


# --- order and bounds ---


@given(
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from([VILLAGE, SECOND, COMMUNITY, FAR_VILLAGE])), max_size=12),
    st.integers(0, 30),
    st.integers(0, 3),
)
def test_whatever_is_late_is_listed_once_in_order_and_a_bound_only_cuts_the_end(
    problems: list[tuple[int, str]], limit: int, rung: int
) -> None:
    today = date(2026, 5, 6)
    entries = [problem(n, (today - timedelta(days)).isoformat(), code) for n, (days, code) in enumerate(problems, 1)]
    every = chase_of(CHART, board(*entries), OFFICE, clock(today), Wanted(rung=rung))
    addresses = [row.task.address for row in every.rows]
    assert len(set(addresses)) == len(addresses)
    assert [(-row.rung, -row.days) for row in every.rows] == sorted((-row.rung, -row.days) for row in every.rows)
    if rung == 0:
        assert len(addresses) == len(problems) + 2 * EVERY_UNIT == sum(every.by_rung)
    cut = chase_of(CHART, board(*entries), OFFICE, clock(today), Wanted(rung=rung), limit)
    assert (cut.rows, cut.total) == (every.rows[:limit], every.total)


@given(st.lists(st.integers(), unique=True, max_size=60), st.integers(0, 8))
def test_the_first_so_many_of_any_number_are_those_that_sorting_all_would_give(numbers: list[int], limit: int) -> None:
    firsts = Firsts[int](limit)
    for number in numbers:
        firsts.take((number,), number)
    assert (list(firsts), firsts.count) == (sorted(numbers)[:limit], len(numbers))
