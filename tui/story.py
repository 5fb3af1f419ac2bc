"""What the inspection group's work on one unit tells other programs: papers, problems, visits, surveys, the redo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from shared.board.change import JSON
from shared.board.chart import StepPlan, days_of, seen
from shared.board.lights import State
from shared.board.record import Record, step_address, unit_address
from shared.board.redo import Redo
from shared.board.stages import ORDER, STAGE_DAY
from shared.board.surveys import SURVEY, Tally, all_satisfied, count_field, fails, tallies
from shared.campaign.model import Question, Rules
from shared.forms.model import Form
from shared.forms.shelf import forms
from shared.inspection.documents import DOCUMENT, Dossier, Round, dossiers
from shared.inspection.item import Item, item_of, of_kind
from shared.inspection.problems import ESCALATION, LOOKBACK, Problem, problems_of
from shared.inspection.visits import VISIT, findings_of
from shared.roster import Unit
from tui.view import BoardView

TOLD_APART: Final = frozenset((DOCUMENT, "problem", LOOKBACK, ESCALATION, VISIT, SURVEY))
"""The kinds of record that a unit's story tells under names of their own; all others stand under `records`."""


def story(view: BoardView, unit: Unit, records: Mapping[str, Record]) -> dict[str, Any]:
    """All that was entered on a unit beside its steps, as these records tell it on the view's day."""
    campaign, today = view.chart.campaign, view.day.today
    plans = view.chart.plan(unit, records.get(unit_address(unit.code)))
    problems = problems_of(records)
    return {
        "documents": documents_json(plans, unit, records, today),
        "problems": [problem_json(each, today, campaign.rules) for each in problems],
        "visits": visits_json(records, problems),
        "surveys": [survey_json(each, campaign.rules) for each in of_kind(records, SURVEY)],
        "redo": redo_json(view, plans, unit, records),
        "records": {form.id: records_json(form, records) for form in forms().values() if form.id not in TOLD_APART},
    }


def entered_json(item: Item) -> dict[str, Any]:
    """What every item says of itself: its id, who entered it when, and the fields on which different values stand."""
    return {
        "id": item.id,
        "entered_by": item.by,
        "entered_at": item.at,
        "collisions": list(item.collisions),
        "withdrawn": item.withdrawn,
    }


def records_json(form: Form, records: Mapping[str, Record]) -> list[dict[str, Any]]:
    """The records of a form that were not taken back, by their day; `values` holds every field of the form."""
    return [record_json(form, item) for item in of_kind(records, form.id, form.day)]


def record_json(form: Form, item: Item) -> dict[str, Any]:
    """One record of a form, with fields of newer forms as they are."""
    values = {**{field.name: item.values.get(field.name) for field in form.fields}, **item.values}
    return {"kind": form.id, **entered_json(item), "day": item.text(form.day) or None, "values": values}


# --- papers ---


def documents_json(
    plans: Sequence[StepPlan], unit: Unit, records: Mapping[str, Record], today: date
) -> list[dict[str, Any]]:
    """The papers of a unit in the order of its steps, each with all its rounds."""
    order = {plan.step.id: place for place, plan in enumerate(plans)}
    steps = {plan.step.id: plan for plan in plans}
    found = sorted(dossiers(records, unit.code), key=lambda each: (order.get(each.step, len(order)), each.step))
    return [document_json(each, steps.get(each.step), today) for each in found]


def document_json(dossier: Dossier, plan: StepPlan | None, today: date) -> dict[str, Any]:
    """One paper: what its last round says, what was said to each, and how many days the office had it."""
    item = dossier.rounds[-1].item
    return {
        "step": dossier.step,
        "sort": dossier.sort or None,
        "id": item.id,
        **_texts(item, "title", "number", "note"),
        **_days(item, "on", "submitted_on", "filed_on", "reported_on", "read_on", "published_on"),
        "file": item.values.get("file"),
        "state": "waiting" if dossier.waiting else dossier.answer or None,
        "days": dossier.days(today),
        "rounds": [_round_json(each, dossier.days_with(each, today)) for each in dossier.rounds],
        "reviewed_by": list(plan.step.reviewed_by) if plan is not None else [],
        "filed_with": list(plan.step.filed_with) if plan is not None else [],
    }


def _round_json(one: Round, days: int) -> dict[str, Any]:
    item = one.item
    return {
        **entered_json(item),
        **_days(item, "submitted_on", "answered_on", "due_on"),
        "by": item.by,
        **_texts(item, "title", "number", "reason"),
        "outcome": one.outcome or None,
        "answered_by": one.answered_by or None,
        "file": item.values.get("file"),
        "days": days,
    }


# --- problems ---


def problem_json(problem: Problem, today: date, rules: Rules) -> dict[str, Any]:
    """One problem with what it shows on a day, each stage it has come to, and all that was said to it since."""
    item = problem.item
    return {
        "number": problem.number,
        "temporary": problem.temporary,
        **entered_json(item),
        **_texts(item, "title", "category", "source", "severity", "difficulty", "term", "responsible", "leader"),
        **_texts(item, "department", "measure", "goal", "note", "visit"),
        "promise": item.values.get("promise") is True,
        "stage": problem.stage,
        "light": problem.light(today, rules.warning_days).value,
        **_days(item, "due_on", "found_on"),
        **_stages_json(problem),
        "reopened": problem.reopened,
        **_days(item, "reopened_on"),
        **_texts(item, "reason"),
        "lookbacks": [_said_json(each, ("result", "who", "note"), ("on",)) for each in problem.lookbacks],
        "escalations": [
            _said_json(each, ("level", "to", "text", "answer"), ("on", "answered_on")) for each in problem.escalations
        ],
    }


def _stages_json(problem: Problem) -> dict[str, Any]:
    """Day and person of each stage that the problem has come to; those of an earlier closing are its history's."""
    body: dict[str, Any] = {}
    for stage, name in STAGE_DAY.items():
        reached = ORDER[stage] <= ORDER[problem.stage]
        day = problem.item.day(name)
        body[name] = day.isoformat() if reached and day is not None else None
        body[f"{stage}_by"] = (problem.who(stage) or None) if reached else None
    return body


def _said_json(item: Item, texts: Sequence[str], days: Sequence[str]) -> dict[str, Any]:
    return {**entered_json(item), **_days(item, *days), **_texts(item, *texts)}


# --- visits and surveys ---


def visits_json(records: Mapping[str, Record], problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """The visits of a unit, those planned among them, by the day on which they were or are to be."""
    visits = of_kind(records, VISIT)
    found = sorted(visits, key=lambda item: (item.text("on") or item.text("planned_on"), item.id))
    return [visit_json(each, problems) for each in found]


def visit_json(visit: Item, problems: Sequence[Problem]) -> dict[str, Any]:
    """One visit with the numbers of the problems that it found; one that is planned has no day yet."""
    return {
        **entered_json(visit),
        **_days(visit, "on", "planned_on"),
        **_texts(visit, "who", "group", "note"),
        "looked": list(visit.many("looked")),
        "households": list(visit.many("households")),
        "findings": list(findings_of(visit)),
        "problems": [each.number for each in problems if each.item.text("visit") == visit.id],
    }


def survey_json(survey: Item, rules: Rules) -> dict[str, Any]:
    """One survey's sheet, what it says of each question, and whether it opens a redo.

    A sheet that does not add up, as two people entered different numbers, says nothing: its questions have no sums.
    """
    told = {tally.question.id: tally for tally in tallies(survey.values, rules)}
    questions = [_question_json(survey, each, told.get(each.id), rules) for each in rules.questions]
    return {
        **entered_json(survey),
        **_days(survey, "on", "redo_due_on", "reported_on"),
        "method": list(survey.many("method")),
        "takers": list(survey.many("takers")),
        **{name: survey.number(name) for name in ("invited", "present", "issued", "returned", "valid")},
        "questions": [each for each in questions if each["counts"]],
        "adds_up": bool(told),
        "fails": fails(survey.values, rules),
        "all_satisfied": all_satisfied(survey.values, rules),
        **_texts(survey, "cause", "note"),
    }


def _question_json(survey: Item, question: Question, tally: Tally | None, rules: Rules) -> dict[str, Any]:
    given = {grade.id: survey.number(count_field(question.id, grade.id)) for grade in rules.grades}
    return {
        "id": question.id,
        "title": question.title,
        "title_en": question.title_en,
        "counts": {grade: number for grade, number in given.items() if number is not None},
        "satisfied": tally.satisfied if tally is not None else None,
        "dissatisfied": tally.dissatisfied if tally is not None else None,
        "fails": tally.fails(rules) if tally is not None else None,
    }


# --- the redo ---


def redo_json(
    view: BoardView, plans: Sequence[StepPlan], unit: Unit, records: Mapping[str, Record]
) -> dict[str, Any] | None:
    """What the latest survey has opened again and how far that has come; nothing when it lets the unit pass."""
    redo = view.chart.redo(records)
    if redo is None:
        return None
    survey = item_of(records[f"{SURVEY}/{unit.code}/{redo.survey}"])
    steps = [_redone_json(plan, records.get(step_address(unit.code, plan.step.id)), redo) for plan in opened(plans)]
    return {
        "survey": survey_json(survey, view.chart.campaign.rules),
        "due": redo.due.isoformat(),
        "steps": steps,
        "open": not all(each["redone"] for each in steps),
    }


def opened(plans: Sequence[StepPlan]) -> list[StepPlan]:
    """The steps of a unit that a redo opens."""
    return [plan for plan in plans if plan.step.redo and plan.applies]


def _redone_json(plan: StepPlan, record: Record | None, redo: Redo) -> dict[str, Any]:
    """A step of the redo; one that was entered as not applicable has nothing left to do."""
    shown = seen(plan, record, redo)
    redone = shown.redo is None or shown.state == State.NA
    day = shown.days.get("done_on") if shown.redo is None else None
    due = days_of(plan, shown).due if shown.redo is not None else redo.due
    return {
        "id": plan.step.id,
        "due": due.isoformat(),
        "redone": redone,
        "state": shown.state,
        "done_on": day.isoformat() if day is not None else None,
    }


def _texts(item: Item, *names: str) -> dict[str, JSON]:
    return {name: item.text(name) or None for name in names}


def _days(item: Item, *names: str) -> dict[str, JSON]:
    return {name: day.isoformat() if (day := item.day(name)) is not None else None for name in names}
