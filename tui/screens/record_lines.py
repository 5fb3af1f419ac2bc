"""What stands beside a unit's steps, one line for each thing, by the groups of its page: pure functions of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rich.style import Style
from rich.text import Text

from shared.board.closing import PROBLEM
from shared.board.lights import Light
from shared.board.surveys import SURVEY, all_satisfied, tallies
from shared.campaign.model import Campaign
from shared.forms.model import Form
from shared.forms.shelf import GROUPS, form_of, forms
from shared.inspection.documents import DOCUMENT, Dossier, dossiers
from shared.inspection.item import Item, of_kind
from shared.inspection.problems import ESCALATION, LOOKBACK, Problem, problems_of
from shared.messages import _, ngettext, pick
from tui.acting import Records
from tui.grid.plain import plain
from tui.item_words import answer_title, line_of

GROUP_TITLES: Mapping[str, tuple[str, str]] = {
    "review": ("材料与审查", "Papers and review"),
    "visits": ("走访", "Visits"),
    "problems": ("问题与销号", "Problems"),
    "surveys": ("群众测评", "Surveys"),
    "meetings": ("会议", "Meetings"),
    "study": ("学习", "Study"),
    "publicity": ("宣传报送", "Publicity"),
    "closing": ("整改与归档", "Closing"),
    "people": ("人员", "People"),
}


class Line(NamedTuple):
    """One line: the address of what it is about, nothing for a heading, and its words."""

    address: str
    words: Text


@dataclass(frozen=True, slots=True)
class Place:
    """What lines depend on beside the records: unit, workflow, day, campaign, and how lights are painted."""

    unit: str
    workflow: str
    today: date
    campaign: Campaign
    style: Callable[[Light], Style]


def record_lines(records: Records, place: Place) -> Iterator[Line]:
    """The lines of all groups that hold something, each under its heading."""
    for group in GROUPS:
        found = [line for form in forms().values() if form.group == group for line in _of_form(form.id, records, place)]
        if found:
            yield Line("", Text(pick(*GROUP_TITLES[group]), style="bold"))
            yield from found


def _of_form(kind: str, records: Records, place: Place) -> Iterator[Line]:
    form = form_of(kind, place.campaign)
    if form is None or kind in (LOOKBACK, ESCALATION):
        return
    if kind == DOCUMENT:
        yield from _papers(form, records, place)
    elif kind == PROBLEM:
        for problem in problems_of(records):
            yield from _problem(form, problem, place)
    else:
        for item in of_kind(records, kind, form.day):
            yield Line(item.address, _marked(item).append_text(_item(form, item, place)))


def _papers(form: Form, records: Records, place: Place) -> Iterator[Line]:
    for dossier in dossiers(records, place.unit):
        yield Line("", Text("  " + dossier_words(form, dossier, place), style="dim"))
        for each in dossier.rounds:
            yield Line(each.item.address, _marked(each.item).append(line_in(form, each.item, place)))


def dossier_words(form: Form, dossier: Dossier, place: Place) -> str:
    """A paper as a whole: its step and sort, how many rounds it took, and how many days the office had it."""
    rounds, days = len(dossier.rounds), dossier.days(place.today)
    parts = [
        plain(dossier.step),
        answer_title(form, "sort", dossier.sort, place.campaign, place.workflow),
        ngettext("{n} round", "{n} rounds", rounds).format(n=rounds),
        ngettext("{n} day at the office", "{n} days at the office", days).format(n=days),
    ]
    return "  ".join(part for part in parts if part) + ("  " + _("waits for review") if dossier.waiting else "")


def _problem(form: Form, problem: Problem, place: Place) -> Iterator[Line]:
    light = problem.light(place.today, place.campaign.rules.warning_days)
    text = Text("  ").append(light.value, style=place.style(light))
    text.append("!" if problem.item.collisions else " ", style="bold")
    stage = answer_title(form, "stage", problem.stage, place.campaign, place.workflow)
    text.append(f" {plain(problem.number)}  {stage}  {line_in(form, problem.item, place)}")
    if problem.reopened:
        words = ngettext("came back {n} time", "came back {n} times", problem.reopened)
        text.append("  " + words.format(n=problem.reopened), style="bold")
    yield Line(problem.item.address, text)
    for said in (*problem.lookbacks, *problem.escalations):
        told = form_of(said.kind, place.campaign)
        if told is not None:
            words = f"      {pick(told.title, told.title_en)}  {line_in(told, said, place)}"
            yield Line(said.address, Text(words, style="dim"))


def _item(form: Form, item: Item, place: Place) -> Text:
    text = Text(line_in(form, item, place))
    if form.id == SURVEY:
        text.append("  " + survey_words(item, place.campaign), style="bold")
        return text
    title = pick(form.title, form.title_en)
    return Text(f"{title}  ").append_text(text)


def survey_words(item: Item, campaign: Campaign) -> str:
    """What a sheet says: how many were dissatisfied with what, whether it opens a redo or wants a second look."""
    rules, found = campaign.rules, tallies(item.values, campaign.rules)
    if not found:
        return _("does not add up")
    words = [
        _("{question}: {dissatisfied} of {valid} dissatisfied").format(
            question=pick(each.question.title, each.question.title_en),
            dissatisfied=each.dissatisfied,
            valid=each.valid,
        )
        for each in found
    ]
    if any(each.fails(rules) for each in found):
        words.append(_("under the threshold: a redo"))
    elif all_satisfied(item.values, rules):
        words.append(_("all satisfied: take a second look"))
    return pick("，", ", ").join(words)


def line_in(form: Form, item: Item, place: Place) -> str:
    """An item on one line in this place's words."""
    return line_of(form, item, place.campaign, place.workflow)


def _marked(item: Item) -> Text:
    """Where a line begins: with the mark of what collides."""
    return Text("   " + ("!" if item.collisions else " ") + "  ")
