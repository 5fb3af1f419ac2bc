"""A survey under the threshold opens its steps again, until they are done anew; the latest survey decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.change import JSON, Change
from shared.board.chart import Chart, days_of, seen
from shared.board.redo import Redo
from shared.board.surveys import all_satisfied, fails, sums
from shared.campaign.model import Rules
from tests import small
from tests.logbook import change
from tests.small import VILLAGE
from tests.unit.test_chart import UNITS, entered, on

IN_JUNE = date(2026, 6, 10)
CHART = Chart(small.campaign())
RULES = Rules()


def sheet(dissatisfied: int, valid: int = 158, **more: JSON) -> dict[str, JSON]:
    """A sheet of 167 issued and 160 returned, the others satisfied."""
    counts = {"count.effect.satisfied": valid - dissatisfied, "count.effect.dissatisfied": dissatisfied}
    return {"on": "2026-06-10", "issued": 167, "returned": 160, "valid": valid, **counts, **more}


def survey(number: int, values: dict[str, JSON]) -> Change:
    """A survey on the village."""
    return change(number, values, f"survey/{VILLAGE}/s{number}")


def lights(*changes: Change, today: date = IN_JUNE) -> str:
    """What the village shows."""
    return CHART.row(UNITS[VILLAGE], entered(*changes), today, today).lights


DONE = on("2.1", {"state": "done", "done_on": "2026-06-01"}, 1)


@pytest.mark.parametrize(("dissatisfied", "word"), [(0, "毕"), (79, "毕"), (80, "课"), (158, "课")])
def test_exactly_half_dissatisfied_opens_no_redo_and_one_more_does(dissatisfied: int, word: str) -> None:
    assert lights(DONE, survey(2, sheet(dissatisfied)))[3] == word


@given(st.integers(1, 10_000), st.integers(0, 100), st.data())
def test_the_threshold_is_exact_at_every_share(valid: int, hundredths: int, data: st.DataObject) -> None:
    dissatisfied = data.draw(st.integers(0, valid))
    rules = replace(RULES, redo_above=hundredths / 100)
    values = sheet(dissatisfied, valid, issued=valid, returned=valid)
    assert fails(values, rules) == (dissatisfied * 100 > hundredths * valid)


def test_a_step_that_was_never_begun_is_opened_as_well_and_others_are_not() -> None:
    assert lights(survey(2, sheet(80))) == lights()[:3] + "课" + lights()[4:]


def test_a_redo_has_days_of_its_own_and_is_late_after_them() -> None:
    (plan,) = [each for each in CHART.plan(UNITS[VILLAGE]) if each.step.id == "2.1"]
    redo = CHART.redo(entered(survey(2, sheet(80))))
    assert redo == Redo("s2", IN_JUNE, date(2026, 7, 10))
    assert days_of(plan, seen(plan, entered(DONE)[DONE.record], redo)).due == date(2026, 7, 10)
    assert lights(DONE, survey(2, sheet(80)), today=date(2026, 7, 11))[3] == "逾"
    own = survey(2, sheet(80, redo_due_on="2026-08-01"))
    assert lights(DONE, own, today=date(2026, 7, 11))[3] == "课"
    planned = on("2.1", {"state": "done", "done_on": "2026-06-01", "due_on": "2026-08-02"}, 1)
    assert lights(planned, survey(2, sheet(80)), today=date(2026, 8, 2))[3] == "课"


@pytest.mark.parametrize(
    "again",
    [
        {"state": "done", "done_on": "2026-06-10", "redone": "s2"},
        {"state": "done", "done_on": "2026-06-11"},
    ],
)
def test_a_step_done_again_after_the_survey_is_done(again: dict[str, JSON]) -> None:
    after = on("2.1", again, 1)
    assert lights(after, survey(2, sheet(80)), today=date(2026, 6, 12))[3] == "毕"


def test_what_was_done_on_the_day_before_the_survey_does_not_count_as_done_again() -> None:
    assert lights(on("2.1", {"state": "done", "done_on": "2026-06-10"}), survey(2, sheet(80)))[3] == "课"
    assert lights(on("2.1", {"state": "submitted"}), survey(2, sheet(80)))[3] == "审"


def test_the_latest_survey_decides_and_the_first_stays_beside_it() -> None:
    second = survey(3, {**sheet(10), "on": "2026-06-20"})
    records = entered(DONE, survey(2, sheet(80)), second)
    assert CHART.row(UNITS[VILLAGE], records, IN_JUNE, IN_JUNE).redo is None
    assert len([address for address in records if address.startswith("survey/")]) == 2


def test_a_survey_dated_at_the_end_of_time_hides_nobody() -> None:
    assert lights(DONE, survey(2, {**sheet(80), "on": "9999-12-31"}))[3] == "课"


@pytest.mark.parametrize("numbers", [(2, 3), (3, 2)])
def test_of_two_surveys_of_one_day_the_one_under_the_threshold_decides(numbers: tuple[int, int]) -> None:
    failed, passed = numbers
    assert lights(DONE, survey(failed, sheet(80)), survey(passed, sheet(10)))[3] == "课"


@pytest.mark.parametrize(
    "more",
    [
        {"withdrawn": True},
        {"valid": 157},
        {"valid": 0},
        {"returned": 150},
        {"on": None},
        {"count.effect.satisfied": "9"},
    ],
)
def test_a_sheet_that_was_taken_back_or_does_not_add_up_opens_nothing(more: dict[str, JSON]) -> None:
    assert lights(DONE, survey(2, {**sheet(80), **more}))[3] == "毕"


def test_each_question_may_open_the_redo_and_one_that_was_not_asked_does_not() -> None:
    conduct = {"count.conduct.satisfied": 10, "count.conduct.dissatisfied": 148}
    assert fails(sheet(0, **conduct), RULES)
    assert not fails(sheet(0), RULES)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"issued": 159}, "returned"),
        ({"returned": 157}, "valid"),
        ({"invited": 100, "present": 101}, "present"),
        ({"count.effect.basic": 1}, "count.effect.satisfied"),
        ({"valid": 0}, "valid"),
    ],
)
def test_what_does_not_add_up_is_named(more: dict[str, JSON], field: str) -> None:
    assert next(wrong.field for wrong in sums({**sheet(80), **more}, RULES)) == field
    assert list(sums(sheet(80), RULES)) == []


def test_a_survey_without_anybody_dissatisfied_is_worth_a_second_look() -> None:
    assert all_satisfied(sheet(0), RULES)
    assert not all_satisfied(sheet(1), RULES)
