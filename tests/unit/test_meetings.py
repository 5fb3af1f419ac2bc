"""Meetings and study in the words of the plan: who must come, who came, whom study reached."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.board.change import JSON, Change
from shared.board.record import Record, unit_address
from shared.campaign.loader import builtin
from shared.campaign.model import Role, Step
from shared.forms.checks import wrongs
from shared.forms.shelf import forms
from shared.inspection.meetings import Attendance, attendance_of, breaches, must_attend, ties_of
from shared.inspection.study import Coverage, coverage_of, reached_in, sessions_of
from tests.logbook import change
from tests.small import VILLAGE
from tests.unit.test_chart import entered, on

BAOHE = builtin("baohe-2009")
LEADERS = ("district_leading_group", "discipline_office", "organisation_office", "inspection_group")


def steps(workflow: str) -> tuple[Step, ...]:
    found = BAOHE.workflow(workflow)
    assert found is not None
    return found.steps()


def step(workflow: str, wanted: str) -> Step:
    return next(each for each in steps(workflow) if each.id == wanted)


def must(workflow: str, wanted: str, *ties: str) -> tuple[str, ...]:
    return must_attend(step(workflow, wanted), BAOHE.roles, frozenset(ties))


def meeting(number: int, steps: list[str], attended: list[str], **more: JSON) -> Change:
    values = {"sort": "branch-life", "on": "2026-11-20", "steps": steps, "attended": attended, **more}
    return change(number, values, f"meeting/{VILLAGE}/m{number}")


def of_unit(number: int, values: Mapping[str, JSON]) -> Change:
    return change(number, values, unit_address(VILLAGE))


def attendance(workflow: str, *changes: Change) -> list[Attendance]:
    return attendance_of(entered(*changes), VILLAGE, steps(workflow), BAOHE.roles)


DONE = {"state": "done", "done_on": "2026-11-20"}


# --- who must come ---


@pytest.mark.parametrize(
    ("workflow", "wanted", "roles"),
    [
        ("town-organ", "1.6", ("inspection_group",)),
        ("town-organ", "2.2", ()),
        ("village", "1.6", ("contact_leader",)),
        ("village", "2.1", ("town_team", "instructor")),
        ("street-organ", "2.3", ("discipline_office", "organisation_office")),
        ("community", "1.5", ("instructor",)),
        ("community", "2.1", ("contact_leader",)),
        ("school", "1.1", ("masses_attending",)),
        ("new-org", "1.1", ("applicants", "staff")),
        ("village", "1.1", ()),
    ],
)
def test_those_must_come_whom_the_plan_sends_and_not_those_who_may_be_invited(
    workflow: str, wanted: str, roles: tuple[str, ...]
) -> None:
    assert must(workflow, wanted) == roles


@pytest.mark.parametrize("wanted", ["1.8", "2.3"])
def test_the_district_leader_comes_only_to_the_town_tied_to_him(wanted: str) -> None:
    assert "district_leading_group" not in must("town-organ", wanted)
    assert "district_leading_group" in must("town-organ", wanted, "contact")


def test_a_role_that_is_not_known_here_has_to_come() -> None:
    newer = Step("1.1", 1, "步骤", "Step", attended_by=("observer",))
    assert must_attend(newer, (Role("masses", "群众", "masses", invited=True),), frozenset()) == ("observer",)


def test_a_tie_is_what_the_units_record_names() -> None:
    records = entered(of_unit(1, {"tie.contact": "张副书记", "tie.pair": "", "person.liaison": "李"}))
    assert ties_of(records, VILLAGE) == {"contact"}
    assert ties_of({}, VILLAGE) == frozenset()


# --- who came ---


def test_a_meeting_with_all_who_must_come_is_no_breach() -> None:
    (held,) = attendance("village", meeting(1, ["2.1"], ["instructor", "town_team"]))
    assert (held.step, held.held, held.missing) == ("2.1", True, ())
    assert breaches([held]) == []


def test_who_must_and_did_not_come_is_named_with_the_reason_given() -> None:
    found = attendance("village", meeting(1, ["2.1"], ["town_team", "masses"], absence="指导员住院"))
    assert [(each.missing, each.reasons) for each in breaches(found)] == [(("instructor",), ("指导员住院",))]


def test_several_meetings_of_one_step_count_together() -> None:
    both = attendance("village", meeting(1, ["2.1"], ["town_team"]), meeting(2, ["2.1", "1.6"], ["instructor"]))
    assert [(each.step, each.missing) for each in both] == [("1.6", ("contact_leader",)), ("2.1", ())]


def test_a_step_done_without_any_meeting_is_a_breach_and_one_not_done_is_none() -> None:
    found = attendance("village", on("2.1", DONE), on("1.6", {"state": "doing"}, 2))
    assert [(each.step, each.held, each.missing) for each in found] == [("2.1", False, ("town_team", "instructor"))]
    assert attendance("village", on("1.1", DONE)) == []


def test_a_meeting_that_was_taken_back_was_not_held() -> None:
    assert attendance("village", meeting(1, ["2.1"], [], withdrawn=True)) == []


@given(st.sampled_from([flow.id for flow in BAOHE.workflows]), st.sets(st.sampled_from([r.id for r in BAOHE.roles])))
def test_to_invite_more_people_never_makes_a_breach(workflow: str, came: set[str]) -> None:
    every = [each.id for each in steps(workflow)]
    found = {each.step: each for each in attendance(workflow, meeting(1, every, sorted(came)))}
    for each in found.values():
        assert set(each.missing) == set(each.must) - came
    everybody = attendance(workflow, meeting(1, every, [role.id for role in BAOHE.roles]))
    assert [(each.step, each.missing) for each in everybody] == [(each, ()) for each in found]


@pytest.mark.parametrize(("expected", "present", "fits"), [(30, 30, True), (30, 31, False), (None, 31, True)])
def test_no_more_are_present_than_were_expected(expected: int | None, present: int, fits: bool) -> None:
    values = {"sort": "mobilisation", "on": "2026-09-10", "expected": expected, "present": present}
    assert (wrongs(forms()["meeting"], values, BAOHE, "village") == []) is fits


# --- whom study reached ---


def study(number: int, **values: JSON) -> Change:
    return change(number, {"on": f"2026-10-{number:02}", "sort": "together", **values}, f"study/{VILLAGE}/s{number}")


def coverage(*changes: Change) -> Coverage:
    return coverage_of(entered(*changes), VILLAGE)


@pytest.mark.parametrize("members", [40, "40"])
def test_study_reaches_those_who_came_and_those_to_whom_it_was_brought(members: JSON) -> None:
    found = coverage(of_unit(1, {"figure.members": members}), study(2, present=31, at_home=9))
    assert found == Coverage(1, 40, 9, 40)
    assert (found.missing, found.complete) == (0, True)


def test_sessions_name_nobody_so_that_the_best_one_counts() -> None:
    found = coverage(of_unit(1, {"figure.members": 40}), study(2, present=20), study(3, present=25, at_home=3))
    assert (found, found.missing, found.complete) == (Coverage(2, 28, 3, 40), 12, False)


def test_without_a_number_of_members_the_sheets_say_it_or_nobody_does() -> None:
    assert coverage(study(2, members=30, present=12)).missing == 18
    unknown = coverage(study(2, present=12))
    assert (unknown.members, unknown.missing, unknown.complete) == (None, None, False)


def test_no_study_reaches_nobody() -> None:
    nobody = coverage(of_unit(1, {"figure.members": 0}))
    assert (nobody, nobody.complete) == (Coverage(0, 0, 0, 0), False)
    assert not coverage().complete


@pytest.mark.parametrize("nonsense", [-1, True, "many", "９", None, ["40"], "9" * 30])
def test_a_number_of_members_that_is_none_counts_as_not_entered(nonsense: JSON) -> None:
    assert coverage(of_unit(1, {"figure.members": nonsense}), study(2, present=3)).members is None


@pytest.mark.parametrize(("present", "at_home", "fits"), [(31, 9, True), (32, 9, False), (41, None, False)])
def test_no_more_members_are_reached_than_there_are(present: int, at_home: int | None, fits: bool) -> None:
    values = {"on": "2026-10-01", "sort": "together", "members": 40, "present": present, "at_home": at_home}
    assert (wrongs(forms()["study"], values, BAOHE, "village") == []) is fits


def test_the_sessions_stand_in_the_order_of_their_days() -> None:
    records: dict[str, Record] = entered(study(9, present=1), study(2, present=2))
    assert [reached_in(each) for each in sessions_of(records)] == [2, 1]
