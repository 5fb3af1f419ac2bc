"""`guatu window`: a unit's own window for a phase, with its reason; harvest, Spring Festival, winter holiday."""

from __future__ import annotations

import typer

from shared.board.record import Record, unit_address
from shared.board.unit import windows_of
from shared.campaign.calendar import UnitWindow, minimum_months_breach, plan_for
from shared.messages import _
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import a_day, one_unit
from tui.entry import Problem
from tui.entry_words import sentence
from tui.grid.plain import plain
from tui.laptop import Laptop


@plainly
def window(wanted: str, phase: int, first: str, last: str, reason: str) -> None:
    """Give a unit a window of its own for one phase. Too short an activity is said, not forbidden (domain.md)."""
    days = a_day(first), a_day(last)
    problem = UnitWindow.problem_with(*days, reason)
    if problem is not None or not reason.isprintable():
        fail(_("A window needs a first day, a last day not before it, and a reason."), Code.USAGE)
    with Laptop(writing=True) as laptop:
        view, unit = one_unit(laptop, wanted)
        workflow = view.chart.campaign.workflow_for(unit.kind)
        if workflow is None or phase not in {p.no for p in workflow.phases}:
            fail(_("{unit} has no phase {phase}.").format(unit=plain(unit.short), phase=phase), Code.USAGE)
        address = unit_address(unit.code)
        shown = laptop.replica.records(unit.code).get(address) or Record(address)
        value = {"first": days[0].isoformat(), "last": days[1].isoformat(), "reason": reason.strip()}
        made = laptop.pen(view).change(shown, {f"window.{phase}": value})
        if isinstance(made, Problem):
            fail(sentence(made))
        laptop.save([made])
        own = {**windows_of(shown), phase: UnitWindow(*days, reason)}
        breach = minimum_months_breach(workflow, plan_for(workflow, view.chart.campaign.start, own))
    typer.echo(_("Saved here: {unit}, phase {phase}, {first} to {last}.").format(
        unit=plain(unit.short), phase=phase, first=first, last=last))  # fmt: skip
    if breach is not None:
        text = _("The concentrated activity must last {months} months: to {day}, {short} days more.")
        day = breach.earliest_last.isoformat()
        typer.echo(text.format(months=breach.months, day=day, short=breach.days_short))
