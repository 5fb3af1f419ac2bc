"""However often a campaign is changed, no step is ever lost, none comes back, and whatever differs is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.campaign.model import (
    Campaign,
    ChecklistItem,
    Moment,
    Phase,
    Role,
    Step,
    Window,
    Workflow,
)
from shared.campaign.problems import CampaignInvalid
from shared.campaign.succession import head_changes, succeed, workflow_changes

NUMBERS = range(1, 7)
FIRST = Window("3月", Moment(0), Moment(1))
Written = dict[int, tuple[bool, str]]


def step(no: int, **more: object) -> Step:
    return replace(Step(f"1.{no}", no, f"步骤{no}", f"Step {no}"), **more)  # type: ignore[arg-type]


def made(*steps: Step, window: Window = FIRST, **more: object) -> Campaign:
    """A campaign of one workflow with one phase of these steps."""
    flow = Workflow("village", "村", "Villages", ("village",), (Phase(1, "一", "One", window, steps),))
    return replace(Campaign("drill", "演练", "Drill", "2026-03", (flow,)), **more)  # type: ignore[arg-type]


def of(written: Written) -> Campaign:
    return made(*(step(no, retired=retired, title=title) for no, (retired, title) in sorted(written.items())))


def statuses(campaign: Campaign) -> dict[str, bool]:
    """Step → whether it is retired."""
    return {each.id: each.retired for flow in campaign.workflows for each in flow.steps()}


def codes(caught: pytest.ExceptionInfo[CampaignInvalid]) -> list[str]:
    return [each.code for each in caught.value.problems]


written = st.dictionaries(
    st.sampled_from(NUMBERS), st.tuples(st.booleans(), st.sampled_from("甲乙")), min_size=1
)  # fmt: skip


@given(st.lists(written, min_size=2, max_size=8))
def test_no_step_is_lost_and_none_that_was_retired_is_asked_again(history: list[Written]) -> None:
    revisions = [of(history[0])]
    for each in history[1:]:
        retired = {no for before in revisions for no, gone in statuses(before).items() if gone}
        wanted = of(each)
        again = {no for no, gone in statuses(wanted).items() if not gone} & retired
        if again:
            with pytest.raises(CampaignInvalid) as caught:
                succeed(revisions, wanted)
            assert codes(caught) == ["step_reused"] * len(again)
            continue
        succession = succeed(revisions, wanted)
        revisions.append(succession.campaign)
        before, after = statuses(revisions[-2]), statuses(revisions[-1])
        assert set(after) == set(before) | set(statuses(wanted))
        assert all(after[no] for no in retired)
        assert {no for _, no in succession.left_out} == {
            no for no, gone in before.items() if not gone and no not in statuses(wanted)
        }
        assert all(after[no] for _, no in succession.left_out)
        assert list(after) == sorted(after), "steps stand in the order of their numbers"
        assert revisions[-1].revision == len(revisions)


@given(written, written)
def test_every_step_that_differs_is_told_and_no_other(before: Written, after: Written) -> None:
    old, new = of(before), of(after)
    told = {change.after.id: change for flow in workflow_changes(old, new) for change in flow.steps}
    for no, (retired, title) in after.items():
        was = before.get(no)
        change = told.pop(f"1.{no}", None)
        assert (change is None) == (was == (retired, title))
        if change is not None and was is not None:
            assert (change.retired, change.renamed) == (retired and not was[0], title != was[1])
    assert not told


def test_the_same_campaign_changes_nothing_but_its_number() -> None:
    one = made(step(1), step(2, retired=True))
    succession = succeed([one], one)
    assert replace(succession.campaign, revision=1) == one
    assert (workflow_changes(one, one), head_changes(one, one), succession.left_out) == ((), (), ())


def test_a_checklist_is_told_by_its_numbers() -> None:
    before = made(step(1, checklist=(ChecklistItem("1", "一", "One"), ChecklistItem("2", "二", "Two"))))
    after = made(step(1, checklist=(ChecklistItem("2", "二", "Second"), ChecklistItem("3", "三", "Three"))))
    ((change,),) = (flow.steps for flow in workflow_changes(before, after))
    assert (change.fields, change.items) == (("checklist",), (("3",), ("1",), ("2",)))


def test_a_window_that_moves_is_told_in_days_and_words() -> None:
    before, after = made(step(1)), made(step(1), window=Window("三月上旬", Moment(0), Moment(0, "上旬")))
    ((window,),) = (flow.windows for flow in workflow_changes(before, after))
    assert [day.isoformat() for day in (*window.before, *window.after)] == [
        "2026-03-01", "2026-04-30", "2026-03-01", "2026-03-10",
    ]  # fmt: skip
    assert window.words == ("3月", "三月上旬")


def test_a_campaign_that_begins_in_another_month_moves_every_window() -> None:
    before = made(step(1))
    kept, moved = succeed([before], replace(before, start="2009-01")), succeed([before], before, "2026-05")
    assert kept.campaign.start == "2026-03"
    assert head_changes(before, moved.campaign) == ("start",)
    assert workflow_changes(before, moved.campaign)[0].windows[0].after[0].isoformat() == "2026-05-01"


def test_a_role_that_only_a_left_out_step_names_stays() -> None:
    roles = Role("office", "办", "Office"), Role("team", "组", "Team")
    before = made(step(1), step(2, reviewed_by=("team",)), roles=roles)
    after = succeed([before], made(step(1), roles=roles[:1])).campaign
    assert {role.id for role in after.roles} == {"office", "team"}


def test_a_workflow_that_is_new_is_told_with_all_its_steps() -> None:
    before = made(step(1))
    flow = replace(before.workflows[0], id="school", kinds=("school",))
    after = succeed([before], replace(before, workflows=(*before.workflows, flow))).campaign
    (change,) = workflow_changes(before, after)
    assert (change.new, change.workflow.id, [each.after.id for each in change.steps]) == (True, "school", ["1.1"])


def test_titles_of_workflows_and_phases_are_told() -> None:
    before = made(step(1))
    flow = before.workflows[0]
    phases = tuple(replace(phase, title="别的") for phase in flow.phases)
    after = replace(before, workflows=(replace(flow, title_en="Other", phases=phases),))
    assert [change.fields for change in workflow_changes(before, after)] == [("title_en", "phases")]


def test_everything_that_may_not_be_is_said_at_once() -> None:
    first = made(step(1), step(2))
    flow = first.workflows[0]
    second = Phase(2, "二", "Two", FIRST, (replace(step(1), id="2.1"),))
    before = replace(first, workflows=(replace(flow, phases=(*flow.phases, second)),), revision=2)
    retired = replace(
        first, workflows=(replace(flow, phases=(replace(flow.phases[0], steps=(step(1, retired=True),)),)),)
    )
    gone = replace(first, workflows=(replace(flow, kinds=("hamlet",)),))
    with pytest.raises(CampaignInvalid) as caught:
        succeed([retired, before], gone)
    assert codes(caught) == ["phase_gone", "kind_moved", "step_reused"]
