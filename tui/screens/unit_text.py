"""What a unit's page says, as text: pure functions of values."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from rich.text import Text

from shared.board.change import JSON
from shared.board.chart import Chart, StepPlan, days_of
from shared.board.district import UnitRow
from shared.board.lights import Light, days_over
from shared.board.log_record import APPLIED, LogRecord
from shared.board.record import Record, kind_of, rest_of, unit_address
from shared.board.step import StepView
from shared.board.unit import attributes_of, windows_of
from shared.campaign.applies import assumed
from shared.campaign.calendar import minimum_months_breach, plan_for
from shared.campaign.model import Campaign, Workflow
from shared.forms.shelf import forms
from shared.inspection.ladder import rung_at
from shared.messages import _, language, pick
from shared.roster import Unit, kind_title
from tui.acting import Records
from tui.attending import gathered_lines
from tui.form_words import place_in_form, value_in_form
from tui.grid.plain import plain
from tui.item_words import called
from tui.ladder_words import days_words, rung_words
from tui.past import History
from tui.telling import field_told
from tui.view import Day
from tui.words import label_word, value_words

FIELDS_SHOWN = 8


def head_text(unit: Unit, row: UnitRow | None, workflow: Workflow | None) -> Text:
    """The unit's name, code, kind, workflow and progress. A workflow the plan does not give for this kind says so."""
    text = Text(plain(unit.name), style="bold")
    text.append(f"  {unit.code}  {kind_title(unit.kind, language())}")
    if workflow is not None:
        text.append(f"  {pick(workflow.title, workflow.title_en)}")
        if unit.kind in workflow.assumed_kinds:
            text.append("  " + _("assumed: the plan has no table for this kind"), style="bold")
    if row is not None:
        text.append(f"  {Light.DONE.value}{row.done}/{row.applicable}")
        if row.redo is not None and Light.REDO.value in row.lights:
            words = _("redo after the survey of {day}, due {due}")
            text.append("  " + words.format(day=row.redo.on.isoformat(), due=row.redo.due.isoformat()), style="bold")
    return text


def phase_text(workflow: Workflow, plan: StepPlan, record: Record | None) -> Text:
    """A phase's title, days and printed words; a window of the unit's own says why."""
    phase = next(p for p in workflow.phases if p.no == plan.phase)
    text = Text(f"{phase.no}  {pick(phase.title, phase.title_en)}", style="bold", no_wrap=True)
    text.append(f"  {plan.span.first.isoformat()} - {plan.span.last.isoformat()}", style="dim")
    own = windows_of(record).get(phase.no) if record is not None else None
    if own is not None:
        text.append("  " + _("own window: {reason}").format(reason=plain(own.reason)), style="bold")
    text.append(f"  {phase.window.words}", style="dim")
    return text


def step_text(
    chart: Chart, unit: Unit, plan: StepPlan, shown: StepView, day: Day, style: Callable[[Light], Style]
) -> Text:
    """A step on one line: light, number, due day, ticks, title, note."""
    light = chart.light(plan, shown, day.today, day.heard_of(unit.code))
    text = Text(no_wrap=True, overflow="crop")
    text.append(light.value, style=style(light))
    text.append("!" if shown.collisions else " ", style="bold")
    ticks = f"{len(shown.ticks)}/{len(plan.step.checklist)}" if plan.step.checklist else ""
    text.append(f" {plan.step.id:<5}{days_of(plan, shown).due.strftime('%m-%d')} {ticks:>4}  ")
    text.append(pick(plan.step.title, plan.step.title_en))
    if light is Light.OVERDUE:
        over, ladder = days_over(days_of(plan, shown), day.today), chart.campaign.rules.ladder
        rung = rung_words(ladder, rung_at(ladder, over))
        text.append(f"  {days_words(over)}" + (f" ({rung})" if rung else ""), style="bold")
    if assumed(plan.step, attributes_of(unit)):
        text.append("  " + _("assumed"), style="dim")
    if shown.note:
        text.append("  " + plain(shown.note), style="italic")
    return text


def about_text(chart: Chart, unit: Unit, records: Records, history: History, people: Text | None = None) -> Text:
    """What the calendar has against a unit, what is known of it (`people_text`), and what happened, newest first."""
    text = Text()
    _breach(text, chart, unit, records)
    if people is not None:
        text.append_text(people)
    _gathered(text, chart, unit, records)
    text.append("\n" + _("History"), style="bold")
    text.append("\n" if history.whole else "  " + _("as far as this laptop knows it") + "\n")
    for record, label in history.events:
        _event(text, chart.campaign, records, record, label)
    return text


def _gathered(text: Text, chart: Chart, unit: Unit, records: Records) -> None:
    steps = [plan.step for plan in chart.plan(unit) if plan.applies]
    if lines := gathered_lines(records, unit.code, steps, chart.campaign):
        text.append("\n" + _("Meetings and study") + "\n", style="bold")
        text.append("\n".join(lines) + "\n")


def _breach(text: Text, chart: Chart, unit: Unit, records: Records) -> None:
    record = records.get(unit_address(unit.code))
    workflow = chart.campaign.workflow_for(unit.kind)
    if workflow is None or record is None:
        return
    breach = minimum_months_breach(workflow, plan_for(workflow, chart.campaign.start, windows_of(record)))
    if breach is not None:
        words = _("The concentrated activity must last {months} months: to {day}, {short} days more.")
        day = breach.earliest_last.isoformat()
        text.append(words.format(months=breach.months, day=day, short=breach.days_short) + "\n", style="bold")


def _event(text: Text, campaign: Campaign, records: Records, record: LogRecord, label: str) -> None:
    change = record.change()
    if change is None:
        return
    where = _where(change.record, records)
    text.append(f"{change.at[:16].replace('T', ' ')}  {plain(where)}  {plain(change.author)}")
    if label != APPLIED:
        text.append(f"  [{label_word(label)}]", style="bold")
    text.append("\n")
    for name, value in sorted(change.values.items())[:FIELDS_SHOWN]:
        title = field_told(name, change.record, campaign)
        text.append(f"    {title}: {_value(campaign, change.record, name, value)}\n", style="dim")


def _where(address: str, records: Records) -> str:
    """A step, or what else was entered on: a problem by its number, and whatever has one by its title."""
    form, known = forms().get(kind_of(address)), records.get(address)
    name = called(known) if form is not None and known is not None and known.entries else ""
    if form is not None and name:
        return f"{pick(form.title, form.title_en)} {name}"
    return place_in_form(address) or rest_of(address) or _("unit")


def _value(campaign: Campaign, address: str, name: str, value: JSON) -> str:
    found = value_in_form(address, name, value, campaign)
    return value_words(name, value) if found is None else found
