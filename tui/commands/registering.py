"""`guatu problem …` and `guatu problems`: the register of problems, from the finding to the close-out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

import typer

from shared.board.change import JSON
from shared.board.closing import PROBLEM
from shared.board.lights import Light
from shared.board.record import Record
from shared.board.stages import CLOSED, STAGE_DAY
from shared.forms.model import Wrong
from shared.forms.shelf import options_of
from shared.inspection import problems as register
from shared.inspection.item import WITHDRAWN, Entered, address_of, item_of
from shared.inspection.problems import ESCALATION, LOOKBACK, Problem, problems_of
from shared.inspection.visits import INSPECTION, VISIT
from shared.messages import _, ngettext
from shared.roster import Unit
from tui.commands.entering import enter, say_saved
from tui.commands.failing import Code, fail, plainly
from tui.commands.filling import (
    Given,
    in_unit,
    known_form,
    one_item,
    one_problem,
    say_json,
    units_with,
    values_given,
    workflow_of,
)
from tui.commands.naming import day_given, one_unit
from tui.grid.plain import plain
from tui.item_words import answer_title, clipped
from tui.laptop import Laptop
from tui.story import problem_json
from tui.typed import answer
from tui.view import BoardView
from tui.words import field_word


class _Scene(NamedTuple):
    """A problem as it stands on its unit, the day of an act, and an id for what comes to stand beside it."""

    view: BoardView
    unit: Unit
    record: Record
    day: date
    new: str


Act = Callable[[_Scene], Entered | list[Entered] | Wrong]


class Wish(NamedTuple):
    """Which problems are wanted; what is empty or nothing leaves it open."""

    unit: str | None = None
    open: bool = False
    light: Light | None = None
    category: str = ""
    responsible: str = ""


@plainly
def add(wanted: str, given: Given, visit: str | None = None, as_json: bool = False) -> None:
    """Register a problem on a unit, on its own or as a visit found it, and print the number it has here."""
    with Laptop(writing=True) as laptop:
        view, unit = one_unit(laptop, wanted)
        values = {**_found_by(laptop, unit, visit), **values_given(view, unit, PROBLEM, given)}
        new = laptop.pen(view).new_id()
        enter(laptop, view, [register.register(unit.code, values, new)])
        if as_json:
            say_json(_told(laptop, unit.code, new))
            return
        number = register.temporary(new)
        typer.echo(number)
        what = _("{unit}, problem {number}: {title}")
        say_saved(laptop, what.format(unit=plain(unit.short), number=number, title=plain(str(values["title"]))))


@plainly
def advance(number: str, stage: str, on: str | None = None, by: str | None = None, as_json: bool = False) -> None:
    """Take a problem to the next stage of its closing."""
    if stage not in STAGE_DAY:
        line = _("{stage} is no stage; choose one of {stages}.")
        fail(line.format(stage=plain(stage), stages=", ".join(STAGE_DAY)), Code.USAGE)
    _do(number, lambda at: register.advance(at.record, stage, at.day, (by or "").strip()), on, as_json)


@plainly
def reopen(number: str, reason: str, due: str | None = None, on: str | None = None, as_json: bool = False) -> None:
    """Open a problem again that was struck off, as a look-back found it come back."""
    until = day_given(due)
    _do(number, lambda at: register.reopen(at.record, reason, at.day, at.new, until), on, as_json)


@plainly
def look(number: str, held: bool, given: Given, on: str | None = None, as_json: bool = False) -> None:
    """Enter a look-back that found a problem still solved."""
    if not held:
        fail(_("Say --held if it is still solved; what has come back is opened by guatu problem reopen."), Code.USAGE)

    def act(at: _Scene) -> Entered | Wrong:
        return register.look(at.record, values_given(at.view, at.unit, LOOKBACK, given), at.day, at.new)

    _do(number, act, on, as_json)


@plainly
def escalate(number: str, given: Given, on: str | None = None, as_json: bool = False) -> None:
    """Enter to whom above the unit a problem goes."""

    def act(at: _Scene) -> Entered:
        values = values_given(at.view, at.unit, ESCALATION, given)
        return register.escalate(at.record, {"on": at.day.isoformat(), **values}, at.new)

    _do(number, act, on, as_json)


@plainly
def withdraw(number: str, reason: str, as_json: bool = False) -> None:
    """Take a problem back as a whole, with the reason."""
    _do(number, lambda at: register.withdraw(at.record, reason), None, as_json)


@plainly
def problems(wish: Wish, as_json: bool = False) -> None:
    """List the problems of all units or of one, those due first before others."""
    with Laptop() as laptop:
        view, units = units_with(laptop, PROBLEM, wish.unit)
        today, rules = view.day.today, view.chart.campaign.rules
        found = [
            (unit, problem_json(each, today, rules))
            for unit, records in units
            for each in problems_of(records)
            if _fits(view, unit, each, wish)
        ]
    found.sort(key=lambda pair: (pair[1]["due_on"] or "", pair[1]["number"]))
    if as_json:
        say_json([in_unit(unit, each) for unit, each in found])
        return
    for unit, each in found:
        typer.echo(problem_line(view, unit, each))
    late = sum(each["light"] == Light.OVERDUE.value for _unit, each in found)
    still = sum(each["stage"] not in CLOSED for _unit, each in found)
    text = ngettext(
        "{n} problem, {open} open, {late} overdue.", "{n} problems, {open} open, {late} overdue.", len(found)
    )
    typer.echo(text.format(n=len(found), open=still, late=late))


def wish(unit: str | None, only_open: bool, light: str | None, category: str | None, responsible: str | None) -> Wish:
    """What was typed as a wish; a light that is none ends the command."""
    return Wish(unit, only_open, _light(light), category or "", responsible or "")


def _light(text: str | None) -> Light | None:
    """The light that is meant by its word or its English name."""
    if text is None:
        return None
    found = next((each for each in Light if text in (each.value, each.name.lower().replace("_", "-"))), None)
    if found is None:
        words = ", ".join(f"{each.value} {each.name.lower().replace('_', '-')}" for each in Light)
        fail(_("{light} is no light; choose one of {lights}.").format(light=plain(text), lights=words), Code.USAGE)
    return found


def problem_line(view: BoardView, unit: Unit, told: Mapping[str, Any], *, named: bool = True) -> str:
    """A problem on one line, as its JSON tells it: light, number, unit, severity, title, due day, person and stage."""
    severity, stage = (_answer(view, unit, name, told[name] or "") for name in ("severity", "stage"))
    parts = [
        told["light"] + ("!" if told["collisions"] else " "),
        told["number"],
        unit.short if named else "",
        severity,
        clipped(told["title"] or ""),
        told["due_on"] or "",
        told["responsible"] or "",
        stage,
    ]
    if times := told["reopened"]:
        parts.append(ngettext("came back {n} time", "came back {n} times", times).format(n=times))
    if told["withdrawn"]:
        parts.append(field_word(WITHDRAWN))
    return "  ".join(plain(part) for part in parts if part)


def _answer(view: BoardView, unit: Unit, name: str, value: str) -> str:
    return answer_title(known_form(view, PROBLEM), name, value, view.chart.campaign, workflow_of(view, unit))


def _fits(view: BoardView, unit: Unit, problem: Problem, wish: Wish) -> bool:
    item = problem.item
    if wish.open and problem.closed:
        return False
    if wish.light is not None and problem.light(view.day.today, view.chart.campaign.rules.warning_days) != wish.light:
        return False
    if wish.responsible not in item.text("responsible"):
        return False
    return not wish.category or item.text("category") == _category(view, unit, wish.category)


def _category(view: BoardView, unit: Unit, text: str) -> str:
    """The id of the category that is meant by its id or title, among those that the unit's workflow has."""
    field = known_form(view, PROBLEM).field("category")
    return answer(text, options_of(field, view.chart.campaign, workflow_of(view, unit))) if field is not None else text


def _do(number: str, act: Act, on: str | None, as_json: bool) -> None:
    """Do something to the problem of this number, and say what it shows then."""
    with Laptop(writing=True) as laptop:
        day = day_given(on) or laptop.now().date()
        view, unit, problem = one_problem(laptop, number)
        record = laptop.replica.records(unit.code)[problem.item.address]
        found = act(_Scene(view, unit, record, day, laptop.pen(view).new_id()))
        enter(laptop, view, [found] if isinstance(found, Entered) else found)
        told = _told(laptop, unit.code, problem.item.id)
        if as_json:
            say_json(told)
        else:
            say_saved(laptop, problem_line(view, unit, told))


def _found_by(laptop: Laptop, unit: Unit, visit: str | None) -> dict[str, JSON]:
    """What a problem takes over from the visit that found it."""
    if visit is None:
        return {}
    found = one_item(laptop.replica.records(unit.code), VISIT, visit)
    day = found.day("on")
    return {
        "visit": found.id,
        "source": INSPECTION,
        **({"found_on": day.isoformat()} if day is not None else {}),
    }


def _standing(laptop: Laptop, code: str, item_id: str) -> Problem:
    """The problem as it stands by now; one that was withdrawn, too."""
    records = laptop.replica.records(code)
    found = next((each for each in problems_of(records) if each.item.id == item_id), None)
    return found or Problem(item_of(records[address_of(PROBLEM, code, item_id)]))


def _told(laptop: Laptop, code: str, item_id: str) -> dict[str, Any]:
    view, unit = one_unit(laptop, code)
    problem = _standing(laptop, code, item_id)
    return in_unit(unit, problem_json(problem, view.day.today, view.chart.campaign.rules))
