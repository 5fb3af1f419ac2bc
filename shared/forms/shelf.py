"""The forms that guatu comes with, one TOML file each in `data/`, read when they are first asked for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from shared.board.surveys import SURVEY, count_field
from shared.campaign.model import Campaign, Choice, Role, Step
from shared.forms.model import Field, Form, Option

GROUPS: Final = ("review", "visits", "problems", "surveys", "meetings", "study", "publicity", "closing", "people")
"""The groups of forms, in the order of a unit's page."""


@cache
def forms() -> Mapping[str, Form]:
    """Every form by its id, in the order of the groups, inside a group in the order of the files' names."""
    found = [
        _form(tomllib.loads(each.read_text("utf-8")))
        for each in sorted(files("shared.forms").joinpath("data").iterdir(), key=lambda each: each.name)
        if each.name.endswith(".toml")
    ]
    return {each.id: each for each in sorted(found, key=lambda each: GROUPS.index(each.group))}


def form_of(kind: str, campaign: Campaign) -> Form | None:
    """The form of a kind of record in this campaign; a survey's has a count for each grade of each question."""
    form = forms().get(kind)
    return _with_counts(form, campaign) if form is not None and kind == SURVEY else form


def options_of(field: Field, campaign: Campaign, workflow: str) -> tuple[Option, ...]:
    """The answers that a field offers to a unit of this workflow, the campaign's own where it has a list."""
    if field.kind == "steps":
        flow = campaign.workflow(workflow)
        steps = () if flow is None else flow.steps()
        return _offered(step for step in steps if not step.retired)
    if field.kind == "roles":
        return _offered(campaign.roles)
    return _offered(campaign.choices(field.list, workflow)) or field.options


def answers_of(field: Field, campaign: Campaign) -> tuple[Option, ...]:
    """Every answer that a field has in this campaign, whatever workflow a unit is in."""
    if field.kind == "roles":
        return _offered(campaign.roles)
    return _offered(next((each.items for each in campaign.lists if each.id == field.list), ())) or field.options


def _offered(each: Iterable[Role | Choice | Step]) -> tuple[Option, ...]:
    """What a campaign calls these, as answers."""
    return tuple(Option(one.id, one.title, one.title_en) for one in each)


def _with_counts(form: Form, campaign: Campaign) -> Form:
    counts = tuple(
        Field(
            count_field(question.id, grade.id),
            f"{question.title}：{grade.title}",
            f"{question.title_en}: {grade.title_en}",
            "number",
            most=1_000_000,
        )
        for question in campaign.rules.questions
        for grade in campaign.rules.grades
    )
    at = next((n for n, each in enumerate(form.fields, 1) if each.name == "valid"), len(form.fields))
    fields = (*form.fields[:at], *counts, *form.fields[at:])
    return Form(form.id, form.title, form.title_en, form.group, form.day, form.line, fields, form.single, form.source)


def _form(table: dict[str, Any]) -> Form:
    fields = tuple(
        Field(**{**each, "options": tuple(Option(**option) for option in each.get("options", ()))})
        for each in table.pop("fields")
    )
    return Form(**{**table, "line": tuple(table["line"]), "fields": fields})
