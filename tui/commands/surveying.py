"""`guatu survey add` and `guatu surveys`: the sheet of a satisfaction survey, and what it opens again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import typer

from shared.board.record import Record
from shared.board.surveys import SURVEY, count_field
from shared.campaign.model import Question, Rules
from shared.inspection.item import Entered, address_of, item_of, of_kind
from shared.messages import _, ngettext, pick
from shared.roster import Unit
from tui.commands.entering import enter, say_saved
from tui.commands.failing import Code, fail, plainly
from tui.commands.filling import SHORT, Given, in_unit, say_json, units_with, values_given
from tui.commands.naming import one_unit
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.story import redo_json, survey_json
from tui.view import BoardView


class Counts(NamedTuple):
    """The answers on a sheet as they were typed.

    `grades`: grade → how many, to the first question. `conduct`: `70/60/28`, to the question of this id, in the order
    of the campaign's grades. `more`: `GRADE=N`, to the first question, or `QUESTION.GRADE=N`.
    """

    grades: Mapping[str, str | None]
    conduct: str | None = None
    more: Sequence[str] = ()


@plainly
def add(wanted: str, given: Given, counts: Counts, as_json: bool = False) -> None:
    """Enter the sheet of a survey. One that does not add up is refused; one under the threshold opens a redo."""
    with Laptop(writing=True) as laptop:
        view, unit = one_unit(laptop, wanted)
        day = given.get("on") or laptop.now().date().isoformat()
        answers = dict(_answers(counts, view.chart.campaign.rules))
        values = values_given(view, unit, SURVEY, {**given, "on": day, **answers})
        address = address_of(SURVEY, unit.code, laptop.pen(view).new_id())
        enter(laptop, view, [Entered(Record(address), values)])
        records = laptop.replica.records(unit.code)
        told = survey_json(item_of(records[address]), view.chart.campaign.rules)
        if as_json:
            say_json(in_unit(unit, told))
            return
        view, unit = one_unit(laptop, unit.code)
        say_saved(laptop, _("{unit}, survey {line}").format(unit=plain(unit.short), line=survey_line(told)))
        for line in _follows(view, unit, records, told):
            typer.echo(line)


@plainly
def surveys(wanted: str | None = None, as_json: bool = False) -> None:
    """List the surveys of all units or of one, the oldest first."""
    with Laptop() as laptop:
        view, units = units_with(laptop, SURVEY, wanted)
        rules = view.chart.campaign.rules
        found = [(unit, survey_json(each, rules)) for unit, records in units for each in of_kind(records, SURVEY)]
    found.sort(key=lambda pair: (pair[1]["on"] or "", pair[0].code))
    if as_json:
        say_json([in_unit(unit, each) for unit, each in found])
        return
    for unit, each in found:
        typer.echo(survey_line(each, unit))
    fails = sum(each["fails"] for _unit, each in found)
    text = ngettext("{n} survey, {fails} under the threshold.", "{n} surveys, {fails} under the threshold.", len(found))
    typer.echo(text.format(n=len(found), fails=fails))


def survey_line(survey: Mapping[str, Any], unit: Unit | None = None) -> str:
    """A survey on one line, as its JSON tells it: id, day, unit, sheets, and how many are dissatisfied of how many."""
    sheets = (str(survey[name]) for name in ("issued", "returned", "valid"))
    text = _("{question}: {dissatisfied} of {valid} dissatisfied")
    parts = [
        survey["id"][:SHORT],
        survey["on"] or "",
        unit.short if unit is not None else "",
        "/".join(sheets),
        *(_told(text, survey, each) for each in survey["questions"] if survey["adds_up"]),
    ]
    if survey["fails"]:
        parts.append(_("under the threshold"))
    if not survey["adds_up"]:
        parts.append(_("does not add up"))
    return "  ".join(plain(part) for part in parts if part)


def _told(text: str, survey: Mapping[str, Any], question: Mapping[str, Any]) -> str:
    title = pick(question["title"], question["title_en"])
    return text.format(question=title, dissatisfied=question["dissatisfied"], valid=survey["valid"])


def _follows(view: BoardView, unit: Unit, records: Mapping[str, Record], told: Mapping[str, Any]) -> Iterator[str]:
    """What a sheet that was just entered leads to."""
    redo = redo_json(view, view.chart.plan(unit, records.get(f"unit/{unit.code}")), unit, records)
    if redo is not None and redo["survey"]["id"] == told["id"] and redo["open"]:
        steps = pick("、", ", ").join(each["id"] for each in redo["steps"] if not each["redone"])
        yield _("A redo opens: {steps}, until {due}.").format(steps=steps, due=redo["due"])
    if told["all_satisfied"]:
        yield _("Nobody at all was dissatisfied: worth a second look.")


def _answers(counts: Counts, rules: Rules) -> Iterator[tuple[str, str]]:
    """Field → the number typed, for every grade of every question that was answered; or the end of the command."""
    first = rules.questions[0].id
    for grade, number in counts.grades.items():
        if number is not None:
            yield _field(rules, first, grade), number
    if counts.conduct is not None:
        yield from _in_order(rules, "conduct", counts.conduct)
    for each in counts.more:
        name, equals, number = each.partition("=")
        question, dot, grade = name.strip().rpartition(".")
        if not equals:
            fail(_("Write {word} as GRADE=N or QUESTION.GRADE=N.").format(word=plain(each)), Code.USAGE)
        yield _field(rules, question if dot else first, grade), number


def _in_order(rules: Rules, question: str, text: str) -> Iterator[tuple[str, str]]:
    numbers = text.split("/")
    if len(numbers) != len(rules.grades):
        grades = "/".join(grade.id for grade in rules.grades)
        fail(_("Write all grades in their order: {grades}.").format(grades=grades), Code.USAGE)
    for grade, number in zip(rules.grades, numbers, strict=True):
        yield _field(rules, question, grade.id), number


def _field(rules: Rules, question: str, grade: str) -> str:
    """The field for a grade of a question, both of this campaign."""
    asked: Question | None = next((each for each in rules.questions if question in (each.id, each.title)), None)
    if asked is None:
        names = ", ".join(each.id for each in rules.questions)
        line = _("This campaign does not ask about {question}; it asks about {questions}.")
        fail(line.format(question=plain(question), questions=names), Code.USAGE)
    given = next((each.id for each in rules.grades if grade in (each.id, each.title)), None)
    if given is None:
        grades = ", ".join(each.id for each in rules.grades)
        line = _("This campaign has no grade {grade}; it has {grades}. Give counts as --count GRADE=N.")
        fail(line.format(grade=plain(grade), grades=grades), Code.USAGE)
    return count_field(asked.id, given)
