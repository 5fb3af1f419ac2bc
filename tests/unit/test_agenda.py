"""My day: what waits for a person comes first, nothing stands in two places, and every list has a bound."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.change import Change
from shared.board.holds import hold_address
from shared.inspection.agenda import AHEAD, Agenda, Asked, Part, agenda_of
from shared.inspection.tasks import Who
from shared.rights import Role
from tests.logbook import change
from tests.small import COMMUNITY, FAR_VILLAGE, SECOND, TOWN, VILLAGE
from tests.unit.duties import CHART, IN_APRIL, board, clock, problem, visit
from tests.unit.test_chart import on
from tests.unit.test_redo import sheet, survey

LEAD, MEMBER = Who(Role.LEAD, (TOWN,)), Who(Role.MEMBER, (TOWN,))
VIEWER, OFFICE = Who(Role.VIEWER, (TOWN,)), Who(Role.ADMIN, (TOWN,))
IN_MAY, IN_JUNE = date(2026, 5, 20), date(2026, 6, 20)
TASKS = (Part.WAITING, Part.RETURNED, Part.TURNED, Part.DUE)


def day(*changes: Change, who: Who = LEAD, today: date = IN_APRIL, **more: Any) -> Agenda:
    """Somebody's day after these entries."""
    return agenda_of(CHART, board(*changes), who, clock(today), **more)


def listed(agenda: Agenda, part: Part) -> list[tuple[str, str, int | None]]:
    """Unit, step or problem, and days of each line of a part."""
    return [(t.unit, t.task.name if t.task is not None else "", t.days) for t in agenda[part].things]


SUBMITTED = on("1.1", {"state": "submitted", "submitted_on": "2026-04-06"})
EARLIER = on("1.2", {"state": "submitted", "submitted_on": "2026-04-01"}, 2, SECOND)
RETURNED = on("1.2", {"state": "returned", "returned_on": "2026-04-08", "reason": "缺", "due_on": "2026-04-20"}, 3)
MEASURED = problem(4, "2026-04-01", stage="measured", measured_on="2026-04-02")
CHECKED = problem(5, "2026-04-01", COMMUNITY, stage="checked", checked_on="2026-04-09")
FAR = on("1.1", {"state": "submitted", "submitted_on": "2026-04-01"}, 6, FAR_VILLAGE)


# --- what waits ---


def test_what_was_handed_in_and_what_was_mended_waits_for_a_lead_the_oldest_first() -> None:
    waiting = listed(day(SUBMITTED, EARLIER, MEASURED, CHECKED, FAR), Part.WAITING)
    assert waiting == [(SECOND, "1.2", 9), (VILLAGE, "T-000000", 8), (VILLAGE, "1.1", 4), (COMMUNITY, "T-000000", 1)]


@pytest.mark.parametrize(("who", "count"), [(LEAD, 1), (OFFICE, 2), (MEMBER, 0), (VIEWER, 0)])
def test_a_review_waits_for_those_alone_who_may_answer_it(who: Who, count: int) -> None:
    everywhere = who._replace(areas=("*",)) if who.role is Role.ADMIN else who
    assert day(SUBMITTED, FAR, who=everywhere)[Part.WAITING].total == count


def test_what_was_returned_waits_for_a_member_and_stands_as_returned_for_a_lead() -> None:
    (mine,) = day(RETURNED, SUBMITTED, who=MEMBER)[Part.WAITING].things
    assert mine.task is not None
    assert (mine.unit, mine.task.name, mine.days, mine.task.reason, mine.task.due) == (
        VILLAGE, "1.2", 2, "缺", date(2026, 4, 20),
    )  # fmt: skip
    assert day(RETURNED, who=MEMBER)[Part.RETURNED].total == 0
    assert listed(day(RETURNED), Part.RETURNED) == [(VILLAGE, "1.2", 2)]


def test_steps_of_a_redo_wait_for_a_member_until_they_are_done_again() -> None:
    done = on("2.1", {"state": "done", "done_on": "2026-06-01"}, 1)
    again = on("2.1", {"state": "done", "done_on": "2026-06-15"}, 1)
    assert listed(day(done, survey(2, sheet(80)), who=MEMBER, today=IN_JUNE), Part.WAITING) == [(VILLAGE, "2.1", 10)]
    assert day(again, survey(2, sheet(80)), who=MEMBER, today=IN_JUNE)[Part.WAITING].total == 0


def test_a_submission_on_which_the_states_collide_still_waits_for_an_answer() -> None:
    other = on("1.1", {"state": "done", "done_on": "2026-04-07"}, 9, device="d9")
    agenda = day(SUBMITTED, other)
    assert listed(agenda, Part.WAITING) == [(VILLAGE, "1.1", 4)]
    (collision,) = agenda[Part.COLLISIONS].things
    assert (collision.unit, collision.words) == (VILLAGE, ("state",))


# --- what is due, and what turned red ---


@pytest.mark.parametrize(("before", "due"), [(AHEAD, True), (AHEAD + 1, False), (0, True), (-1, False)])
def test_what_is_due_today_or_within_a_week_is_due_soon(before: int, due: bool) -> None:
    assert AHEAD == 7
    today = date(2026, 4, 30) - timedelta(before)
    found = day(problem(1, "2026-04-30"), today=today)
    assert ((VILLAGE, "1.1", -before) in listed(found, Part.DUE)) is due
    assert ((VILLAGE, "T-000000", -before) in listed(found, Part.DUE)) is due


def test_what_is_done_or_does_not_apply_or_waits_for_others_is_due_for_nobody() -> None:
    entries = [
        on("1.1", {"state": "done", "done_on": "2026-04-02"}),
        on("1.2", {"state": "na"}, 2),
        on("1.1", {"state": "submitted", "submitted_on": "2026-04-27"}, 3, SECOND),
        problem(4, "2026-04-29", stage="published"),
        problem(5, "2026-04-29", withdrawn=True),
    ]
    found = listed(day(*entries, today=date(2026, 4, 28), who=VIEWER), Part.DUE)
    assert {(unit, name) for unit, name, _days in found if unit in (VILLAGE, SECOND)} == {(SECOND, "1.2")}


@pytest.mark.parametrize(
    ("looked", "new"), [(None, True), ("2026-04-29", True), ("2026-04-30", True), ("2026-05-01", False)]
)
def test_what_was_due_on_the_day_of_the_last_look_or_after_it_turned_red_since(looked: str | None, new: bool) -> None:
    last = date.fromisoformat(looked) if looked else None
    found = day(today=date(2026, 5, 8), looked=last)
    assert ((VILLAGE, "1.1", 8) in listed(found, Part.TURNED)) is new
    assert found.late == 8
    if new:
        assert {thing.rung for thing in found[Part.TURNED].things} == {3}


def test_what_nobody_was_heard_of_is_counted_and_turned_nothing() -> None:
    found = agenda_of(CHART, board(), LEAD, clock(IN_MAY, heard=IN_APRIL))
    assert (found[Part.TURNED].total, found.late, found.unheard) == (0, 0, 8)


# --- visits, collisions, entries ---


def test_visits_planned_for_the_week_and_those_that_were_missed_are_listed_by_day() -> None:
    entries = [
        visit(1, planned_on="2026-04-17"),
        visit(2, planned_on="2026-04-18"),
        visit(3, SECOND, planned_on="2026-04-08"),
        visit(4, SECOND, planned_on="2026-04-11", on="2026-04-09"),
        visit(5, SECOND, planned_on="2026-04-12", withdrawn=True),
    ]
    assert listed(day(*entries), Part.VISITS) == [(SECOND, "", 2), (VILLAGE, "", -7)]


def test_units_never_visited_lead_those_visited_long_ago_and_the_rest_is_not_listed() -> None:
    entries = [visit(1, on="2026-03-11"), visit(2, SECOND, on="2026-03-12"), visit(3, COMMUNITY, on="2026-02-01")]
    assert listed(day(*entries), Part.UNVISITED) == [(TOWN, "", None), (COMMUNITY, "", 68), (VILLAGE, "", 30)]


def test_entries_that_need_a_look_lead_those_that_wait_for_a_decision_and_no_entry_stands_there_twice() -> None:
    address = f"step/{VILLAGE}/1.1"
    held = [change(n, {"status": "held:no-right"}, hold_address(VILLAGE, f"e{n}")) for n in (1, 2)]
    decided = change(3, {"status": "held:no-right", "verdict": "declined"}, hold_address(VILLAGE, "e3"))
    own = [Asked("e2", address, "held:no-right", "2026-04-09"), Asked("x", address, "refused", "2026-04-08")]
    things = day(*held, decided, looks=own)[Part.LOOKS].things
    assert [(thing.words[1], thing.name) for thing in things] == [("x", "甲村"), ("e2", "甲村"), ("e1", "甲村")]
    mine = day(*held, who=MEMBER, looks=own)[Part.LOOKS].things
    assert [thing.words[1] for thing in mine] == ["x", "e2"]


def test_nothing_of_other_areas_or_closed_units_is_anybodys_matter() -> None:
    units = {thing.unit for part in Part for thing in day(FAR, today=IN_MAY)[part].things}
    assert units == {TOWN, VILLAGE, SECOND, COMMUNITY}


# --- all of it at once ---

_DAYS = st.integers(-60, 30).map(lambda n: (IN_MAY + timedelta(n)).isoformat())
_CODES = st.sampled_from([VILLAGE, SECOND, COMMUNITY, FAR_VILLAGE])
_STATES = st.sampled_from(["todo", "doing", "submitted", "returned", "done", "na"])


@st.composite
def _entries(draw: st.DrawFn) -> list[Change]:
    made: list[Change] = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        code, first, second = draw(_CODES), draw(_DAYS), draw(_DAYS)
        match draw(st.integers(0, 3)):
            case 0:
                stage = draw(st.sampled_from(["open", "measured", "checked", "signed"]))
                made.append(problem(number, first, code, stage=stage, measured_on=second))
            case 1:
                made.append(visit(number, code, planned_on=first, **draw(st.sampled_from([{}, {"on": "2026-04-20"}]))))
            case _:
                state = draw(_STATES)
                values = {"state": state, "due_on": first, "submitted_on": second, "returned_on": second}
                step = draw(st.sampled_from(["1.1", "1.2", "2.1"]))
                made.append(on(step, {**values, "done_on": second}, number, code, device=f"d{number}"))
    return made


@given(
    _entries(),
    st.sampled_from([LEAD, MEMBER, VIEWER, OFFICE]),
    st.integers(0, 4),
    st.sampled_from([None, IN_MAY, IN_APRIL]),
)
def test_no_work_stands_in_two_parts_all_is_in_order_and_a_bound_only_cuts_the_end(
    entries: list[Change], who: Who, limit: int, looked: date | None
) -> None:
    every = day(*entries, who=who, today=IN_MAY, looked=looked, limit=10**6)
    addresses = [thing.address for part in TASKS for thing in every[part].things]
    assert len(set(addresses)) == len(addresses)
    for part in Part:
        things = every[part].things
        assert len({(thing.unit, thing.address, thing.words) for thing in things}) == len(things)
        days = [thing.days for thing in things if thing.days is not None]
        assert all(older >= newer for older, newer in pairwise(days))
    cut = day(*entries, who=who, today=IN_MAY, looked=looked, limit=limit)
    for part in Part:
        assert (cut[part].things, cut[part].total) == (every[part].things[:limit], every[part].total)
    assert (cut.late, cut.unheard) == (every.late, every.unheard)
