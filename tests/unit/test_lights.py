"""The light of a step, case by case: domain.md "States and lights", and promise 10, silence is not green."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.chart import Chart
from shared.board.lights import Days, Facts, Light, State, days_over, light_of
from shared.board.record import Record, step_address
from shared.board.reduce import fold
from shared.board.step import view
from shared.board.unit import latest
from shared.roster import Unit, UnitKind
from tests.small import COMMUNITY, LEAD, MEMBER, TOWN, VILLAGE, campaign, entry, state, unit

OPENS: Final = date(2026, 3, 1)
DUE: Final = date(2026, 4, 30)
DAYS: Final = Days(OPENS, DUE)
DAY: Final = timedelta(days=1)


def at(offset: int) -> date:
    """So many days after the due day."""
    return DUE + offset * DAY


# state, done on (days after due), today (days after due), heard (days after due, or nothing), light
CASES: Final = [
    # 未: before the window starts
    ("todo", None, -61, None, "未"),
    ("todo", None, -60, None, "正"),
    # 正: due later than the warning window
    ("todo", None, -4, None, "正"),
    ("doing", None, -4, None, "正"),
    ("doing", None, -70, None, "正"),
    # 临: due within three days, the due day itself included
    ("todo", None, -3, None, "临"),
    ("todo", None, 0, None, "临"),
    ("doing", None, 0, -90, "临"),
    # 逾: past due, and the unit's laptops were heard of since
    ("todo", None, 1, 1, "逾"),
    ("doing", None, 30, 30, "逾"),
    ("doing", None, 30, 1, "逾"),
    ("returned", None, 1, 1, "逾"),
    # ？: past due, and nothing was heard since before it was due
    ("todo", None, 1, 0, "？"),
    ("todo", None, 1, -20, "？"),
    ("todo", None, 1, None, "？"),
    ("doing", None, 90, 0, "？"),
    ("returned", None, 1, None, "？"),
    # 退: returned, with a new due day
    ("returned", None, 0, None, "退"),
    ("returned", None, -30, None, "退"),
    # 审: the clock is the reviewer's; the unit does not turn red, nor unknown
    ("submitted", None, -30, None, "审"),
    ("submitted", None, 30, 30, "审"),
    ("submitted", None, 30, None, "审"),
    # 毕 and 补: what was done stays done, whoever is silent
    ("done", -30, 0, None, "毕"),
    ("done", 0, 90, None, "毕"),
    ("done", 1, 90, None, "补"),
    ("done", None, 90, None, "毕"),
    # 免
    ("na", None, 90, None, "免"),
    ("na", None, -90, None, "免"),
    # a state that is not known here is not started
    ("levitating", None, 1, 1, "逾"),
]


@pytest.mark.parametrize(("entered", "done", "today", "heard", "light"), CASES)
def test_the_light_of(entered: str, done: int | None, today: int, heard: int | None, light: str) -> None:
    facts = Facts(entered, None if done is None else at(done))
    assert light_of(facts, DAYS, at(today), None if heard is None else at(heard)) == Light(light)


def test_every_light_and_every_state_stands_in_the_table() -> None:
    assert {case[4] for case in CASES} | {"课"} == {light.value for light in Light}
    assert {case[0] for case in CASES} >= {entered.value for entered in State}


@pytest.mark.parametrize(
    ("entered", "light"), [("todo", "课"), ("doing", "课"), ("done", "课"), ("submitted", "审"), ("na", "免")]
)
def test_a_survey_that_failed_opens_its_steps_again(entered: str, light: str) -> None:
    facts = Facts(entered, done_on=at(-5), redo=True)
    assert light_of(facts, DAYS, DAYS.due, at(30)) == Light(light)


def test_a_redo_that_is_not_done_in_its_days_is_overdue() -> None:
    facts = Facts("done", done_on=at(-5), redo=True)
    assert light_of(facts, DAYS, at(30), at(30)) is Light.OVERDUE
    assert light_of(facts, DAYS, at(30), None) is Light.UNKNOWN


def test_a_step_on_which_states_collide_never_counts_as_done() -> None:
    for today in range(-90, 90, 7):
        assert not light_of(Facts("done", at(-5), collides=True), DAYS, at(today), at(today)).settles


def test_the_warning_window_is_the_campaigns() -> None:
    wide = Days(OPENS, DUE, warning=10)
    assert light_of(Facts(), wide, at(-10), None) is Light.DUE_SOON
    assert light_of(Facts(), wide, at(-11), None) is Light.ON_TRACK


def test_days_over_counts_from_the_day_after_the_due_day() -> None:
    assert [days_over(DAYS, at(n)) for n in (-1, 0, 1, 30)] == [0, 0, 1, 30]


@given(
    entered=st.sampled_from([each.value for each in State]),
    today=st.integers(-100, 100),
    heard=st.none() | st.integers(-100, 0),
)
def test_silence_is_neither_green_nor_red(entered: str, today: int, heard: int | None) -> None:
    light = light_of(Facts(entered), DAYS, at(today), None if heard is None else at(heard))
    if today > 0 and entered in ("todo", "doing", "returned"):
        assert light is Light.UNKNOWN
    else:
        assert light is not Light.OVERDUE


COLUMNS: Final = ["1.1", "1.2", "1.3", "2.1", "2.2"]


def row_of(one: Unit, *entries: object, today: date = date(2026, 5, 2), heard: date | None = None) -> str:
    records: dict[str, Record] = {}
    for change in entries:
        address = change.record  # type: ignore[attr-defined]
        records[address] = fold(records.get(address) or Record(address), [change])  # type: ignore[list-item]
    chart = Chart(campaign())
    assert [column.step for column in chart.columns] == COLUMNS
    return chart.row(one, records, today, heard).lights


def test_a_row_shows_a_light_for_each_step_and_a_blank_for_a_retired_one() -> None:
    village = unit(VILLAGE, "甲村", UnitKind.VILLAGE)
    assert row_of(village, today=date(2026, 4, 1)) == "正正 未免"
    assert row_of(village, heard=date(2026, 5, 1)) == "逾逾 正免"
    assert row_of(village, heard=date(2026, 4, 30)) == "？？ 正免"
    assert row_of(village, state(LEAD, "done"), heard=None) == "毕？ 正免"


def test_a_step_that_does_not_apply_is_exempt_until_somebody_enters_something_on_it() -> None:
    village = unit(VILLAGE, "甲村", UnitKind.VILLAGE)
    assert row_of(village, state(LEAD, "doing", step="2.2")) == "？？ 正正"
    community = unit(COMMUNITY, "丙社区", UnitKind.COMMUNITY, attributes={"party_committee": True})
    assert row_of(community) == "？？ 正正"


def test_a_unit_that_planned_a_day_of_its_own_is_due_on_that_day() -> None:
    village = unit(VILLAGE, "甲村", UnitKind.VILLAGE)
    own = entry(LEAD, step_address(VILLAGE, "1.1"), {"due_on": "2026-05-20"})
    assert row_of(village, own, heard=date(2026, 5, 2)) == "正逾 正免"


def test_the_most_cautious_of_colliding_states_is_shown() -> None:
    record = fold(Record("x"), [state(LEAD, "done"), state(MEMBER, "doing"), state(MEMBER, "submitted")])
    assert view(record).state == "doing"
    assert view(record).facts().collides


@pytest.mark.parametrize(
    ("heard", "code", "day"),
    [
        ({}, VILLAGE, None),
        ({TOWN: 1}, VILLAGE, 1),
        ({TOWN: 1, "340111": 2}, VILLAGE, 1),
        ({VILLAGE: 3, TOWN: 1}, VILLAGE, 3),
        ({"*": 5}, VILLAGE, 5),
        ({"*": 5, "34": 4}, VILLAGE, 4),
        ({"340111002": 1}, VILLAGE, None),
        ({f"{TOWN}-S1": 1}, f"{TOWN}-S10", None),
        ({f"{TOWN}-S10": 1}, f"{TOWN}-S10", 1),
        ({VILLAGE + "0": 1}, VILLAGE, None),
    ],
)
def test_a_unit_was_heard_of_when_the_nearest_laptop_was(heard: dict[str, int], code: str, day: int | None) -> None:
    days = {area: at(number) for area, number in heard.items()}
    assert latest(days, code) == (None if day is None else at(day))
