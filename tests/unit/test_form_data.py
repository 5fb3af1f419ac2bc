"""The forms that guatu comes with are sound: whatever is entered with them can be stored, shown and found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import get_args

import pytest

from shared.board.change import MAX_FIELDS, is_field
from shared.board.surveys import count_field
from shared.campaign.loader import builtin, builtin_ids
from shared.campaign.model import Campaign, Choice
from shared.forms.checks import MAX_CHOSEN, wrongs
from shared.forms.model import Field, FieldKind, Form
from shared.forms.shelf import GROUPS, form_of, forms, options_of
from shared.inspection.item import WITHDRAWN

CAMPAIGNS = tuple(map(builtin, builtin_ids()))
WORKFLOWS = [(campaign, workflow.id) for campaign in CAMPAIGNS for workflow in campaign.workflows]
LISTED = {field.list for form in forms().values() for field in form.fields if field.list}
_KIND = re.compile("[a-z][a-z-]{0,31}")


@pytest.fixture(params=sorted(forms()))
def form(request: pytest.FixtureRequest) -> Form:
    return forms()[request.param]


@pytest.fixture(params=WORKFLOWS, ids=lambda pair: f"{pair[0].id}/{pair[1]}")
def place(request: pytest.FixtureRequest) -> tuple[Campaign, str]:
    found: tuple[Campaign, str] = request.param
    return found


def choosing(form: Form) -> Iterator[Field]:
    return (field for field in form.fields if field.kind in ("choice", "many"))


def is_told_in_both_languages(zh: str, en: str) -> bool:
    """Whether neither is missing, the one is Chinese and the other is not."""
    return any(unicodedata.name(each, "").startswith("CJK") for each in zh) and en.isascii() and bool(en.strip())


def has_settled_width(text: str) -> bool:
    """Whether every terminal gives these characters the same number of cells."""
    return all(unicodedata.east_asian_width(each) != "A" for each in text) and text.isprintable()


def test_a_form_names_a_kind_of_record_and_stands_in_a_group(form: Form) -> None:
    assert _KIND.fullmatch(form.id)
    assert form.group in GROUPS


def test_a_forms_fields_are_fields_of_a_record_each_of_them_once(form: Form) -> None:
    names = [field.name for field in form.fields]
    assert len(set(names)) == len(names) <= MAX_FIELDS
    assert all(map(is_field, names))
    assert WITHDRAWN not in names
    assert {field.kind for field in form.fields} <= set(get_args(FieldKind))


def test_the_day_and_the_line_of_a_form_are_fields_of_it(form: Form) -> None:
    day = form.field(form.day)
    assert day is not None
    assert day.kind == "day"
    assert form.line
    assert all(form.field(name) is not None for name in form.line)


def test_what_is_required_is_typed_unless_an_act_sets_it(form: Form) -> None:
    assert form.typed
    assert all(field.kind != "tick" for field in form.fields if field.required)


def test_every_word_of_a_form_stands_in_both_languages_at_a_settled_width(form: Form) -> None:
    words = [(form.title, form.title_en), *((field.title, field.title_en) for field in form.fields)]
    words += [(option.title, option.title_en) for field in form.fields for option in field.options]
    for zh, en in words:
        assert is_told_in_both_languages(zh, en), zh
        assert has_settled_width(zh + en), zh


def test_every_word_of_a_list_stands_in_both_languages_at_a_settled_width() -> None:
    every: list[Choice] = [item for campaign in CAMPAIGNS for each in campaign.lists for item in each.items]
    for each in every:
        assert is_told_in_both_languages(each.title, each.title_en), each
        assert has_settled_width(each.title + each.title_en), each


def test_every_choice_offers_something_in_any_campaign(form: Form) -> None:
    for field in choosing(form):
        assert field.options, field
        assert len({option.id for option in field.options}) == len(field.options) <= MAX_CHOSEN


def test_only_a_choice_has_answers_to_choose_from(form: Form) -> None:
    chosen = {field.name for field in choosing(form)}
    assert all(not field.options and not field.list for field in form.fields if field.name not in chosen)


def test_a_list_of_a_campaign_is_asked_for_by_a_form() -> None:
    for campaign in CAMPAIGNS:
        assert {each.id for each in campaign.lists} <= LISTED


def test_the_plan_writes_every_list_that_a_form_asks_for() -> None:
    assert {each.id for each in builtin("baohe-2009").lists} == LISTED


def test_every_unit_has_answers_in_every_field_and_none_twice(form: Form, place: tuple[Campaign, str]) -> None:
    campaign, workflow = place
    for field in choosing(form):
        titles = [option.title for option in options_of(field, campaign, workflow)]
        assert titles, field
        assert len(set(titles)) == len(titles)


def test_what_a_list_offers_can_be_entered_by_those_it_is_for(form: Form, place: tuple[Campaign, str]) -> None:
    campaign, workflow = place
    for field in choosing(form):
        every = [option.id for option in options_of(field, campaign, workflow)]
        value = every[0] if field.kind == "choice" else every
        found = wrongs(form, {field.name: value}, campaign, workflow, {field.name})
        assert [wrong for wrong in found if wrong.field == field.name] == []


def test_what_is_for_others_is_refused() -> None:
    baohe, diary = builtin("baohe-2009"), forms()["diary"]
    for workflow, fits in (("village", True), ("community", False)):
        wrong = wrongs(diary, {"household": "petitioners"}, baohe, workflow, {"household"})
        assert ([each.code for each in wrong] == []) is fits


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda each: each.id)
def test_a_sheet_counts_every_grade_of_every_question(campaign: Campaign) -> None:
    sheet = form_of("survey", campaign)
    assert sheet is not None
    wanted = [count_field(q.id, grade.id) for q in campaign.rules.questions for grade in campaign.rules.grades]
    assert [field.name for field in sheet.fields if field.name.startswith("count.")] == wanted
    assert all(map(is_field, wanted))
    assert all(has_settled_width(field.title + field.title_en) for field in sheet.fields)


def test_a_survey_of_the_plan_asks_for_effect_and_for_conduct() -> None:
    asked = [(question.id, question.title) for question in builtin("baohe-2009").rules.questions]
    assert asked == [("effect", "活动实际效果"), ("conduct", "开展活动情况")]
