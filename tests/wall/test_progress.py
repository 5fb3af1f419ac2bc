"""Planned against actual, by the one as-of path: each day's sum is what the board of that day shows."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from shared.board.district import SETTLED
from shared.board.lights import Light
from shared.board.progress import Part
from tests.small import SetClock
from tests.wall.district import HEFEI, NOW, opened
from tui.as_of import NotKnown, view_at
from tui.progress import Past, days_of, past, ranks
from tui.wall.facts import Facts
from tui.wall.once import facts_on

TODAY = NOW.date()


@pytest.fixture(scope="module")
def told(profile: Path) -> Past:
    with opened(profile) as laptop:
        found = past(laptop.replica, laptop.identity, TODAY, HEFEI)
    assert isinstance(found, Past)
    return found


@pytest.mark.parametrize("back", [1, 2, 9, 40, 80])
def test_what_was_done_by_a_day_is_what_its_board_shows(profile: Path, told: Past, back: int) -> None:
    day = TODAY - timedelta(days=back)
    with opened(profile) as laptop:
        view = view_at(laptop.replica, laptop.identity, day, HEFEI)
    assert not isinstance(view, NotKnown)
    place = told.progress.days.index(day)
    whole = told.progress.course()
    assert whole.done[place] == sum(row.done for row in view.rows.values())
    for town, sums in view.towns.items():
        assert told.progress.course(town).done[place] == sums.done
    for phase in {column.phase for column in view.chart.columns}:
        spots = [at for at, column in enumerate(view.chart.columns) if column.phase == phase]
        done = sum(row.lights[at] in SETTLED for row in view.rows.values() for at in spots)
        assert told.progress.course(phase=phase).done[place] == done


def test_yesterday_is_the_board_of_yesterday(profile: Path, told: Past) -> None:
    with opened(profile) as laptop:
        view = view_at(laptop.replica, laptop.identity, TODAY - timedelta(days=1), HEFEI)
    assert not isinstance(view, NotKnown)
    assert told.yesterday == view.rows


def test_what_is_planned_rises_to_all_that_applies_and_follows_each_units_plan(profile: Path, told: Past) -> None:
    with opened(profile) as laptop:
        view = laptop.view()
    whole = told.progress.course()
    assert list(whole.planned) == sorted(whole.planned)
    assert whole.planned[-1] == whole.steps == sum(row.applicable for row in view.rows.values())
    due: dict[date, int] = {}
    for code, unit in view.units.items():
        for plan in view.chart.plan(unit, None):
            if view.rows[code].lights[plan.column] != Light.EXEMPT.value:
                due[plan.days.due] = due.get(plan.days.due, 0) + 1
    for at, day in enumerate(whole.days):
        assert whole.planned[at] == sum(number for when, number in due.items() if when <= day) or at == 0


def test_the_parts_are_the_whole(told: Past) -> None:
    progress = told.progress
    towns = {part.town for part in progress.planned}
    assert isinstance(next(iter(progress.planned)), Part)
    whole = progress.course()
    by_town = [progress.course(town).done for town in sorted(towns)]
    assert tuple(map(sum, zip(*by_town, strict=True))) == whole.done
    assert len(whole.done) == progress.over == (TODAY - progress.days[0]).days
    assert whole.behind() == whole.planned[progress.over - 1] - whole.done[-1]


def test_before_a_campaign_nothing_is_over_and_long_after_it_all_is(profile: Path) -> None:
    with opened(profile, SetClock(NOW)) as laptop:
        first = laptop.view().chart.span.first
        early = past(laptop.replica, laptop.identity, first, HEFEI)
        late = past(laptop.replica, laptop.identity, date(2031, 1, 1), HEFEI)
        chart = laptop.view().chart
    assert isinstance(early, Past)
    assert early.progress.over == 0
    assert early.progress.course().behind() == 0
    assert early.yesterday == {}
    assert isinstance(late, Past)
    assert late.progress.over == len(late.progress.days) == 1000
    assert days_of(chart, date(2031, 1, 1))[-1] == date(2030, 12, 31)


def test_a_laptop_that_does_not_know_the_past_says_so(own: Path) -> None:
    with opened(own) as laptop:
        laptop.replica.set_meta("past", "7")
        found = past(laptop.replica, laptop.identity, TODAY, HEFEI)
    assert isinstance(found, NotKnown)


def test_who_is_equal_shares_a_place_and_the_next_one_stays_free() -> None:
    assert ranks({"a": 0.5, "b": 0.9, "c": 0.5, "d": 0.1}) == {"b": 1, "a": 2, "c": 2, "d": 4}
    assert ranks({}) == {}


def test_the_registers_of_a_day_are_those_that_stood_then(profile: Path, facts: Facts) -> None:
    with opened(profile) as laptop:
        told = [
            facts_on(laptop.replica, laptop.identity, NOW, TODAY - timedelta(days=back)) for back in (0, 14, 40, 400)
        ]
    days = [each for each in told if isinstance(each, Facts)]
    assert len(days) == len(told)
    assert days[0].registers == facts.registers
    counts = [sum((each.registers.stages or {}).values()) for each in days]
    assert counts[0] > counts[1] > counts[2] >= counts[3] == 0
    sheets = [each.registers.surveyed for each in days]
    assert sheets == sorted(sheets, reverse=True)
    assert all(sheet.on <= TODAY - timedelta(days=14) for sheet in days[1].registers.surveys)
    assert days[3].registers.known
