"""The campaigns that come with guatu: the six workflows of the plan, and a second campaign in the same form."""

from __future__ import annotations

import json

import pytest

from shared.campaign import calendar, codec, loader, rules, schema, show
from shared.campaign.model import Campaign, Workflow

COUNTS = {
    "town-organ": [10, 4, 7],
    "village": [10, 2, 6, 2],
    "street-organ": [10, 4, 7],
    "community": [7, 3, 6, 2],
    "school": [3, 2, 3, 2],
    "new-org": [3, 2, 3, 2],
}


@pytest.fixture(scope="module")
def baohe() -> Campaign:
    return loader.builtin("baohe-2009")


@pytest.fixture(scope="module", params=sorted(COUNTS))
def workflow(request: pytest.FixtureRequest, baohe: Campaign) -> Workflow:
    found = baohe.workflow(request.param)
    assert found is not None
    return found


@pytest.fixture(scope="module", params=["baohe-2009", "fire-safety-2026"])
def campaign(request: pytest.FixtureRequest) -> Campaign:
    return loader.builtin(request.param)


def test_a_built_in_campaign_is_named_as_its_folder() -> None:
    assert {"baohe-2009", "fire-safety-2026"} <= set(loader.builtin_ids())
    assert [loader.builtin(each).id for each in loader.builtin_ids()] == list(loader.builtin_ids())


def test_the_plan_has_six_workflows(baohe: Campaign) -> None:
    assert {each.id for each in baohe.workflows} == set(COUNTS)


def test_each_phase_has_the_steps_of_the_plan(workflow: Workflow) -> None:
    assert [len(phase.steps) for phase in workflow.phases] == COUNTS[workflow.id]


def test_the_plan_has_a_hundred_steps_and_187_requirements(baohe: Campaign) -> None:
    steps = [step for each in baohe.workflows for step in each.steps()]
    assert len(steps) == 100
    assert sum(len(step.checklist) for step in steps) == 187


def test_only_the_first_steps_of_schools_and_organisations_have_parts(baohe: Campaign) -> None:
    parts = {(w.id, step.id): len(step.substeps) for w in baohe.workflows for step in w.steps() if step.substeps}
    assert parts == {("school", "1.1"): 4, ("new-org", "1.1"): 6}


def test_numbers_of_steps_have_no_gaps(workflow: Workflow) -> None:
    for phase in workflow.phases:
        assert [step.no for step in phase.steps] == list(range(1, len(phase.steps) + 1))


def test_the_printed_windows_keep_the_rule_of_four_or_six_months(workflow: Workflow, baohe: Campaign) -> None:
    assert workflow.minimum_months == (6 if workflow.id in ("town-organ", "street-organ") else 4)
    assert calendar.minimum_months_breach(workflow, calendar.plan_for(workflow, baohe.start)) is None


def test_a_failed_survey_opens_steps_of_the_rectification_phase_only(workflow: Workflow) -> None:
    redone = {phase.no for phase in workflow.phases for step in phase.steps if step.redo}
    assert redone == {3}


def test_the_campaign_runs_from_september_to_the_end_of_february(baohe: Campaign) -> None:
    first, last = calendar.campaign_span(baohe)
    assert (first.isoformat(), last.isoformat()) == ("2009-09-01", "2010-02-28")


def test_every_kind_of_unit_has_a_workflow(baohe: Campaign) -> None:
    named = {kind for each in baohe.workflows for kind in each.kinds + each.assumed_kinds}
    assert len(named) == 10


def test_the_printed_words_agree_with_the_windows(campaign: Campaign) -> None:
    assert rules.warnings(campaign) == ()


def test_a_campaign_survives_the_journey_to_a_laptop(campaign: Campaign) -> None:
    there = json.loads(json.dumps(codec.dump(campaign)))
    assert codec.parse_trusted(there) == schema.parse(there) == campaign


@pytest.mark.parametrize("start", ["2009-09", "2026-09", "2023-12", "2027-02"])
def test_a_campaign_can_begin_in_any_month(campaign: Campaign, start: str) -> None:
    moved = calendar.with_start(campaign, start)
    for workflow in moved.workflows:
        assert all(plan.span.first <= plan.span.last for plan in calendar.plan_for(workflow, start))
    assert calendar.campaign_span(moved).first.isoformat().startswith(start)


def test_a_campaign_can_be_read_in_both_languages(campaign: Campaign) -> None:
    for lang, title in (("zh", campaign.title), ("en", campaign.title_en)):
        text = show.to_text(campaign, lang="zh" if lang == "zh" else "en")
        assert text.startswith(title)
        assert text.count("\n    1.1 ") == len(campaign.workflows)
