"""The ten-day words fall on the days of domain.md, in any month of any year, and a unit may have days of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.campaign.calendar import (
    END_DAYS,
    START_DAYS,
    Breach,
    PhasePlan,
    Span,
    UnitWindow,
    campaign_span,
    day_of,
    due_day,
    minimum_months_breach,
    opens,
    plan_for,
    rectification_phase,
    resolve,
    with_start,
)
from shared.campaign.model import Campaign, Moment, Phase, Step, TenDayWord, Window, Workflow
from shared.campaign.problems import CampaignInvalid

STARTS: list[TenDayWord] = ["初", "上旬", "中旬", "下旬", ""]
ENDS: list[TenDayWord] = ["初", "上旬", "中旬", "下旬", "底", ""]

months = st.builds("{:04d}-{:02d}".format, st.integers(1900, 2198), st.integers(1, 12))
moments = st.tuples(st.integers(0, 24), st.sampled_from(STARTS), st.sampled_from(ENDS))


def window(start: Moment, end: Moment) -> Window:
    return Window("", start, end)


def step(no: str = "1.1", *, redo: bool = False, throughout: bool = False) -> Step:
    return Step(no, 1, "步", "step", redo=redo, throughout=throughout)


def flow(*windows: Window, redo: int | None = None, minimum_months: int = 0) -> Workflow:
    """A workflow of one-step phases; the phase `redo` holds the step that a failed survey opens again."""
    phases = tuple(Phase(n, "", "", each, (step(f"{n}.1", redo=n == redo),)) for n, each in enumerate(windows, 1))
    return Workflow("village", "", "", ("village",), phases, minimum_months=minimum_months)


FOUR = (
    window(Moment(0, "初"), Moment(2, "中旬")),
    window(Moment(2, "中旬"), Moment(3, "上旬")),
    window(Moment(3, "上旬"), Moment(3, "底")),
    window(Moment(4, "初"), Moment(5)),
)


@pytest.mark.parametrize(
    ("start", "month", "word", "day"),
    [
        ("2009-09", 0, "初", date(2009, 9, 1)),
        ("2009-09", 2, "上旬", date(2009, 11, 1)),
        ("2009-09", 2, "中旬", date(2009, 11, 11)),
        ("2009-09", 2, "下旬", date(2009, 11, 21)),
        ("2009-09", 4, "", date(2010, 1, 1)),
        ("2009-12", 2, "下旬", date(2010, 2, 21)),
        ("2024-02", 0, "中旬", date(2024, 2, 11)),
        ("2024-02", 12, "", date(2025, 2, 1)),
        ("2025-12", 24, "初", date(2027, 12, 1)),
    ],
)
def test_a_word_starts_on_its_day(start: str, month: int, word: TenDayWord, day: date) -> None:
    assert resolve(window(Moment(month, word), Moment(24)), start).first == day


@pytest.mark.parametrize(
    ("start", "month", "word", "day"),
    [
        ("2009-09", 2, "初", date(2009, 11, 5)),
        ("2009-09", 2, "上旬", date(2009, 11, 10)),
        ("2009-09", 2, "中旬", date(2009, 11, 20)),
        ("2009-09", 2, "下旬", date(2009, 11, 30)),
        ("2009-09", 3, "底", date(2009, 12, 31)),
        ("2009-09", 5, "底", date(2010, 2, 28)),
        ("2009-09", 5, "", date(2010, 2, 28)),
        ("2023-09", 5, "下旬", date(2024, 2, 29)),
        ("2023-09", 5, "底", date(2024, 2, 29)),
        ("2023-09", 5, "", date(2024, 2, 29)),
        ("2023-09", 5, "中旬", date(2024, 2, 20)),
        ("1900-02", 0, "底", date(1900, 2, 28)),
        ("2000-02", 0, "底", date(2000, 2, 29)),
        ("2199-12", 24, "", date(2201, 12, 31)),
    ],
)
def test_a_word_ends_on_its_day(start: str, month: int, word: TenDayWord, day: date) -> None:
    assert resolve(window(Moment(0), Moment(month, word)), start).last == day


def test_the_last_day_of_a_month_starts_nothing() -> None:
    with pytest.raises(CampaignInvalid) as caught:
        resolve(window(Moment(0, "底"), Moment(1)), "2026-01")
    assert [each.code for each in caught.value.problems] == ["start_word"]


def test_every_word_has_a_day_in_every_role_it_may_play() -> None:
    assert set(START_DAYS) == set(STARTS)
    assert set(END_DAYS) | {"下旬", "底", ""} == set(ENDS)


@pytest.mark.parametrize(
    "start", ["2026", "2026-00", "2026-13", "26-01", "2026-1", "2026-01-01", " 2026-01", "", "2026-0１"]
)
def test_what_is_no_month_is_refused(start: str) -> None:
    campaign = Campaign("c", "", "", "2009-09", (flow(*FOUR),))
    with pytest.raises(CampaignInvalid) as caught:
        with_start(campaign, start)
    assert [each.code for each in caught.value.problems] == ["start_format"]


@given(months, moments)
def test_a_window_of_one_month_ends_in_it_and_never_before_its_first_day(
    start: str, moment: tuple[int, TenDayWord, TenDayWord]
) -> None:
    month, first, last = moment
    span = resolve(window(Moment(month, first), Moment(month + 1, last)), start)
    assert span.first < span.last
    year, index = divmod(int(start[:4]) * 12 + int(start[5:]) - 1 + month, 12)
    assert (span.first.year, span.first.month) == (year, index + 1)


@given(months, moments)
def test_a_year_later_is_the_same_day_a_year_later(start: str, moment: tuple[int, TenDayWord, TenDayWord]) -> None:
    month, first, last = moment
    one = resolve(window(Moment(month, first), Moment(month, last)), start)
    two = resolve(window(Moment(month + 12, first), Moment(month + 12, last)), start)
    assert resolve(window(Moment(month, first), Moment(month, last)), f"{int(start[:4]) + 1}{start[4:]}") == two
    for before, after in zip(one, two, strict=True):
        assert (after.year, after.month) == (before.year + 1, before.month)
        assert after.day == before.day or (before.month == 2 and {after.day, before.day} == {28, 29})


@given(months, st.integers(0, 24), st.sampled_from(ENDS))
def test_the_day_after_an_open_end_is_the_first_of_the_next_month(start: str, month: int, word: TenDayWord) -> None:
    span = resolve(window(Moment(0), Moment(month, word)), start)
    after = span.last + timedelta(days=1)
    assert after.day == {"初": 6, "上旬": 11, "中旬": 21}.get(word, 1)


def test_a_campaign_begun_in_another_month_keeps_its_words() -> None:
    campaign = Campaign("c", "", "", "2009-09", (flow(replace(FOUR[0], words="2009年9月初至11月中旬")),))
    moved = with_start(campaign, "2027-12")
    assert moved.workflows == campaign.workflows
    assert campaign_span(moved) == Span(date(2027, 12, 1), date(2028, 2, 20))


def test_a_unit_window_replaces_the_printed_one_and_only_that() -> None:
    own = UnitWindow(date(2009, 10, 8), date(2009, 11, 30), "秋收")
    plain = plan_for(flow(*FOUR), "2009-09")
    plans = plan_for(flow(*FOUR), "2009-09", {1: own, 9: own})
    assert plans[0] == PhasePlan(1, "", Span(own.first, own.last), plain[0].span, "秋收")
    assert plans[1:] == plain[1:]
    assert [plan.span for plan in plain] == [
        Span(date(2009, 9, 1), date(2009, 11, 20)),
        Span(date(2009, 11, 11), date(2009, 12, 10)),
        Span(date(2009, 12, 1), date(2009, 12, 31)),
        Span(date(2010, 1, 1), date(2010, 2, 28)),
    ]


def test_a_unit_window_needs_an_order_and_a_reason() -> None:
    first, last = date(2026, 3, 2), date(2026, 3, 1)
    assert UnitWindow.problem_with(last, last, "秋收") is None
    for entries, code in (((first, last, "秋收"), "window_order"), ((last, first, " \u3000"), "reason_missing")):
        with pytest.raises(CampaignInvalid) as caught:
            UnitWindow(*entries)
        assert [each.code for each in caught.value.problems] == [code]


def test_a_step_is_due_at_the_end_of_its_phase_unless_the_unit_planned_a_day() -> None:
    span = Span(date(2009, 9, 1), date(2009, 11, 20))
    assert due_day(span) == span.last
    assert due_day(span, date(2009, 10, 1)) == date(2009, 10, 1)
    assert due_day(span, date(2009, 12, 1)) == date(2009, 12, 1)


def test_a_step_opens_with_its_phase_and_one_that_runs_throughout_with_the_campaign() -> None:
    span, first = Span(date(2009, 12, 1), date(2009, 12, 31)), date(2009, 9, 1)
    assert opens(step(), span, first) == span.first
    assert opens(step(throughout=True), span, first) == first
    assert opens(step(throughout=True), span, date(2010, 1, 1)) == span.first


def test_the_campaign_runs_from_the_first_to_the_last_window_of_any_workflow() -> None:
    late = flow(window(Moment(1), Moment(7, "初")))
    campaign = Campaign("c", "", "", "2009-09", (late, flow(*FOUR)))
    assert campaign_span(campaign) == Span(date(2009, 9, 1), date(2010, 4, 5))


@pytest.mark.parametrize(
    ("today", "n"),
    [
        (date(2009, 8, 30), -1),
        (date(2009, 8, 31), 0),
        (date(2009, 9, 1), 1),
        (date(2010, 2, 28), 181),
        (date(2010, 3, 1), 182),
    ],
)
def test_the_day_counter_counts_on_past_both_ends(today: date, n: int) -> None:
    assert day_of(Span(date(2009, 9, 1), date(2010, 2, 28)), today) == (n, 181)


# The plan's rule of four or six months


def test_the_printed_windows_keep_the_rule_and_consolidation_does_not_count() -> None:
    four = flow(*FOUR, redo=3, minimum_months=4)
    assert minimum_months_breach(four, plan_for(four, "2009-09")) is None
    six = replace(four, minimum_months=6)
    assert minimum_months_breach(six, plan_for(six, "2009-09")) == Breach(
        6, Span(date(2009, 9, 1), date(2009, 12, 31)), date(2010, 2, 28)
    )


@pytest.mark.parametrize(
    ("first", "last", "short"),
    [
        (date(2009, 9, 1), date(2009, 12, 31), 0),
        (date(2009, 9, 1), date(2009, 12, 30), 1),
        (date(2009, 9, 2), date(2009, 12, 31), 1),
        (date(2009, 9, 15), date(2010, 1, 14), 0),
        (date(2009, 9, 15), date(2010, 1, 4), 10),
        (date(2009, 10, 28), date(2010, 2, 27), 0),
        (date(2009, 10, 29), date(2010, 2, 28), 0),
        (date(2009, 10, 31), date(2010, 2, 28), 0),
        (date(2009, 10, 31), date(2010, 2, 27), 1),
        (date(2023, 10, 29), date(2024, 2, 28), 0),
        (date(2023, 10, 31), date(2024, 2, 28), 1),
    ],
)
def test_four_months_are_counted_to_the_day(first: date, last: date, short: int) -> None:
    flow_ = flow(*FOUR, redo=3, minimum_months=4)
    own = {1: UnitWindow(first, first, "农忙"), 3: UnitWindow(first, last, "春节")}
    breach = minimum_months_breach(flow_, plan_for(flow_, "2009-09", own))
    assert (breach.days_short if breach else 0) == short


def test_a_unit_that_ends_before_it_begins_is_a_breach_not_a_crash() -> None:
    flow_ = flow(*FOUR, redo=3, minimum_months=4)
    early = {3: UnitWindow(date(2009, 8, 1), date(2009, 8, 2), "调整")}
    breach = minimum_months_breach(flow_, plan_for(flow_, "2009-09", early))
    assert breach is not None
    assert minimum_months_breach(replace(flow_, minimum_months=0), plan_for(flow_, "2009-09", early)) is None
    assert minimum_months_breach(flow_, ()) is None


def test_the_activity_ends_with_the_last_phase_that_a_failed_survey_opens_again() -> None:
    assert rectification_phase(flow(*FOUR, redo=3)) == 3
    assert rectification_phase(flow(*FOUR)) == 4
    twice = flow(*FOUR, redo=3)
    assert rectification_phase(replace(twice, phases=flow(*FOUR, redo=2).phases[:2] + twice.phases[2:])) == 3
