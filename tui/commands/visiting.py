"""`guatu visit add` and `guatu visits`: who was where, what was found there, and where nobody was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import typer

from shared.board.record import Record
from shared.inspection.item import Entered, address_of, item_of
from shared.inspection.problems import problems_of
from shared.inspection.visits import VISIT, Coverage, coverage_of, uncovered
from shared.messages import _, ngettext
from shared.roster import Unit
from tui.commands.entering import enter, say_saved
from tui.commands.failing import Code, fail, plainly
from tui.commands.filling import SHORT, Given, in_unit, say_json, units_with, values_given
from tui.commands.naming import one_unit
from tui.grid.plain import plain
from tui.item_words import clipped
from tui.laptop import Laptop
from tui.story import visit_json, visits_json
from tui.view import BoardView


@plainly
def add(wanted: str, given: Given, findings: Sequence[str] = (), as_json: bool = False) -> None:
    """Enter a visit that took place or is planned, with its findings, one on a line."""
    if not given.get("on") and not given.get("planned_on"):
        fail(_("Say --on DATE for a visit that took place, or --plan DATE for one to come."), Code.USAGE)
    with Laptop(writing=True) as laptop:
        view, unit = one_unit(laptop, wanted)
        lines = "\n".join(each.strip() for each in findings if each.strip())
        values = values_given(view, unit, VISIT, {**given, "findings": lines or None})
        address = address_of(VISIT, unit.code, laptop.pen(view).new_id())
        enter(laptop, view, [Entered(Record(address), values)])
        item = item_of(laptop.replica.records(unit.code)[address])
        if as_json:
            say_json(in_unit(unit, visit_json(item, ())))
            return
        what = _("{unit}, visit {line}")
        say_saved(laptop, what.format(unit=plain(unit.short), line=visit_line(visit_json(item, ()))))


@plainly
def visits(wanted: str | None = None, as_json: bool = False) -> None:
    """List the visits of all units or of one, planned ones among them, the oldest first."""
    with Laptop() as laptop:
        _view, units = units_with(laptop, VISIT, wanted)
        found = [(unit, each) for unit, records in units for each in visits_json(records, problems_of(records))]
    found.sort(key=lambda pair: pair[1]["on"] or pair[1]["planned_on"] or "")
    if as_json:
        say_json([in_unit(unit, each) for unit, each in found])
        return
    for unit, each in found:
        typer.echo(visit_line(each, unit))
    typer.echo(ngettext("{n} visit.", "{n} visits.", len(found)).format(n=len(found)))


@plainly
def coverage(wanted: str | None = None, as_json: bool = False) -> None:
    """Say how each unit was visited, or one of them: those that nobody came to first, then the longest ago."""
    with Laptop() as laptop:
        if wanted is None:
            view, standing = laptop.view(), laptop.replica.every()
        else:
            view, unit = one_unit(laptop, wanted)
            standing = iter([(unit.code, laptop.replica.shown(unit.code))])
        today = view.day.today
        every = [coverage_of(code, shown.standing.values, today) for code, shown in standing if code in view.units]
    found = uncovered(every, today, 0)
    if as_json:
        say_json([_coverage_json(view, each) for each in found])
        return
    for each in found:
        typer.echo(_coverage_line(view, each))
    for town in sorted({view.rows[each.unit].town for each in found}):
        typer.echo(_town_line(view, town, found))


def visit_line(visit: Mapping[str, Any], unit: Unit | None = None) -> str:
    """A visit on one line, as its JSON tells it: its id, day, unit, who went, the note, and how much was found."""
    parts = [visit["id"][:SHORT], visit["on"] or _("planned for {day}").format(day=visit["planned_on"])]
    parts += [unit.short if unit is not None else "", visit["who"] or "", clipped(visit["note"] or "")]
    if count := len(visit["findings"]):
        parts.append(ngettext("{n} finding", "{n} findings", count).format(n=count))
    if visit["problems"]:
        parts.append(", ".join(visit["problems"]))
    return "  ".join(plain(part) for part in parts if part)


def _coverage_line(view: BoardView, covered: Coverage) -> str:
    unit, since = view.units[covered.unit], covered.days_since(view.day.today)
    ago = _("never") if since is None else ngettext("{n} day ago", "{n} days ago", since).format(n=since)
    count = ngettext("{n} visit", "{n} visits", covered.count).format(n=covered.count) if covered.count else ""
    planned = ", ".join(day.isoformat() for day in covered.planned)
    parts = [ago, unit.short, unit.code, unit.group, count, _("planned for {day}").format(day=planned)]
    return "  ".join(plain(part) for part in (parts if planned else parts[:-1]) if part)


def _town_line(view: BoardView, town: str, every: Sequence[Coverage]) -> str:
    inside = [each for each in every if view.rows[each.unit].town == town]
    name = view.units[town].short if town in view.units else town
    text = _("{town}: {visited} of {units} units visited.")
    return text.format(town=plain(name), visited=sum(each.count > 0 for each in inside), units=len(inside))


def _coverage_json(view: BoardView, covered: Coverage) -> dict[str, Any]:
    unit = view.units[covered.unit]
    return {
        "unit": unit.code,
        "unit_name": unit.short,
        "town": view.rows[unit.code].town,
        "group": unit.group,
        "count": covered.count,
        "last": covered.last.isoformat() if covered.last is not None else None,
        "days": covered.days_since(view.day.today),
        "planned": [day.isoformat() for day in covered.planned],
    }
