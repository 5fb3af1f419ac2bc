"""One step in full: its window in words and dates, checklist, remarks, what was entered, by whom, and what collides."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Final

from rich.cells import cell_len, chop_cells
from rich.text import Text

from shared.board.chart import Chart, StepPlan, days_of, seen
from shared.board.district import TownRow, UnitRow
from shared.board.lights import Light, days_over
from shared.board.record import Record, step_address, unit_address
from shared.board.step import StepView
from shared.board.unit import attributes_of
from shared.campaign.applies import exemption
from shared.campaign.model import Step
from shared.inspection.ladder import rung_at
from shared.messages import _, language, pick
from shared.people.fields import in_order
from shared.roster import Unit, kind_title
from tui.acting import Records
from tui.grid.plain import plain
from tui.ladder_words import ladder_words, rung_words
from tui.view import Day
from tui.words import field_word, light_words, person_word, state_word, value_words

WIDTH: Final = 42
"""How many cells the pane has for text."""


def step_detail(chart: Chart, unit: Unit, step: str, records: Records, day: Day) -> Text:
    """Everything there is to say of one step of one unit."""
    plans = chart.plan(unit, records.get(unit_address(unit.code)))
    plan = next((p for p in plans if p.step.id == step), None)
    if plan is None:
        return Text(_("{unit} has no step {step}.").format(unit=plain(unit.short), step=step))
    record = records.get(step_address(unit.code, step))
    shown = seen(plan, record, chart.redo(records))
    text = Text()
    _title(text, unit, plan)
    _when(text, chart, plan, shown, day, unit)
    _collisions(text, record, shown)
    _checklist(text, plan.step, shown)
    _roles(text, chart, plan.step)
    _absent(text, chart, unit, plan.step, records)
    _entries(text, record, shown)
    return text


def unit_detail(unit: Unit, row: UnitRow) -> Text:
    """A unit in a few lines: what it is, how far it is, and whom to call."""
    text = Text(plain(unit.name) + "\n", style="bold")
    text.append(f"{unit.code}  {kind_title(unit.kind, language())}\n\n")
    text.append(f"{Light.DONE.value} {row.done}/{row.applicable}\n")
    _counts(text, ((light.value, row.lights.count(light.value)) for light in Light))
    for name in in_order(unit.people, "person"):
        text.append(f"\n{person_word(name)}: {value_words(f'person.{name}', unit.people[name])}")
    return text


def town_detail(town: TownRow) -> Text:
    """A town in a few lines: how many units, how far they are, and how many steps show what."""
    text = Text(plain(town.name) + "\n", style="bold")
    text.append(f"{town.code}\n\n")
    text.append(_("{count} units").format(count=town.units) + f"  {Light.DONE.value} {town.done}/{town.applicable}\n")
    _counts(text, town.counts)
    return text


def _counts(text: Text, counts: Iterable[tuple[str, int]]) -> None:
    for word, number in counts:
        if number:
            text.append(f"{word}  {number:>4}  {light_words(Light(word))}\n")


def _title(text: Text, unit: Unit, plan: StepPlan) -> None:
    text.append(plain(unit.short), style="bold")
    text.append(f"  {plan.step.id}\n")
    text.append(pick(plan.step.title, plan.step.title_en) + "\n", style="bold")


def _when(text: Text, chart: Chart, plan: StepPlan, shown: StepView, day: Day, unit: Unit) -> None:
    light = chart.light(plan, shown, day.today, day.heard_of(unit.code))
    days = days_of(plan, shown)
    text.append(f"{light.value}  ", style="reverse")
    text.append(light_words(light))
    if light is Light.OVERDUE:
        over = days_over(days, day.today)
        text.append("  " + _("{days} days").format(days=over))
        ladder = chart.campaign.rules.ladder
        if rung := rung_words(ladder, rung_at(ladder, over)):
            text.append("\n" + _("rung") + f"  {rung}  ({ladder_words(ladder)})")
    text.append(f"\n{state_word(shown.state)}")
    for name, on in sorted(shown.days.items()):
        text.append(f"  {field_word(name)} {on.isoformat()}")
    phase = next(p for w in chart.campaign.workflows for p in w.phases if plan.step in p.steps)
    text.append("\n" + _("window") + f"  {phase.window.words}\n")
    text.append(f"{plan.span.first.isoformat()} - {plan.span.last.isoformat()}  ")
    text.append(_("due") + f" {days.due.isoformat()}\n")
    if not plan.applies:
        reason = exemption(plan.step, attributes_of(unit))
        text.append(f"{Light.EXEMPT.value}  {pick(reason.zh, reason.en) if reason else ''}\n")


def _collisions(text: Text, record: Record | None, shown: StepView) -> None:
    if record is None or not shown.collisions:
        return
    text.append("\n" + _("Different values stand side by side:") + "\n", style="bold reverse")
    for name in shown.collisions:
        text.append(field_word(name) + "\n", style="bold")
        for head in record.heads(name):
            text.append(f"  {value_words(name, head.value)}  ", style="bold")
            text.append(f"{plain(head.author)}  {head.at[:16].replace('T', ' ')}  {plain(head.device)}\n")


def _checklist(text: Text, step: Step, shown: StepView) -> None:
    if step.checklist:
        text.append("\n" + _("Checklist") + "\n", style="bold")
    for item in step.checklist:
        tick = "[x]" if item.no in shown.ticks else "[ ]"
        text.append(hanging(f"{tick} {item.no} ", pick(item.text, item.text_en), WIDTH) + "\n")
    if step.remarks:
        text.append("\n" + _("Remarks") + "\n", style="bold")
    for item in step.remarks:
        text.append(hanging("- ", pick(item.text, item.text_en), WIDTH) + "\n")


def hanging(mark: str, words: str, width: int) -> str:
    """A mark and words behind it on as many lines as they need, each `width` cells wide at the most.

    Chinese breaks anywhere, as it is written without blanks; other words stay whole.
    """
    room = width - cell_len(mark)
    chinese = cell_len(words) > len(words)
    lines = chop_cells(words, room) if chinese else wrap(words, room)
    return mark + ("\n" + " " * cell_len(mark)).join(lines)


def _roles(text: Text, chart: Chart, step: Step) -> None:
    titles = {role.id: pick(role.title, role.title_en) for role in chart.campaign.roles}
    invited = {role.id for role in chart.campaign.roles if role.invited}
    for label, roles in (
        (_("Reviewed by"), step.reviewed_by),
        (_("Filed with"), step.filed_with),
        (_("Reported to"), step.reported_to),
        (_("Attended by"), tuple(role for role in step.attended_by if role not in invited)),
        (_("May be invited"), tuple(role for role in step.attended_by if role in invited)),
    ):
        if roles:
            text.append(f"\n{label}: ", style="bold")
            text.append(", ".join(titles.get(role, role) for role in roles))
    if step.throughout:
        text.append("\n" + _("Runs through the whole campaign"))
    text.append("\n")


def _absent(text: Text, chart: Chart, unit: Unit, step: Step, records: Records) -> None:
    """Who had to come to the step's meeting and did not, once it was held or the step is done."""
    if not step.attended_by:
        return
    from tui.attending import breach_lines  # noqa: PLC0415 -- few steps have a meeting that others must attend

    for line in breach_lines(records, unit.code, (step,), chart.campaign):
        text.append(hanging("! ", line, WIDTH) + "\n", style="bold")


def _entries(text: Text, record: Record | None, shown: StepView) -> None:
    if shown.note:
        text.append("\n" + _("Note") + "\n", style="bold")
        text.append("\n".join(plain(line) for line in shown.note.splitlines()) + "\n")
    if record is None or not record.entries:
        return
    text.append("\n" + _("Entered by") + "\n", style="bold")
    for entry in sorted(record.entries, key=lambda e: e.at, reverse=True)[:12]:
        fields = ", ".join(sorted(field_word(name) for name in entry.values))
        text.append(f"{entry.at[:16].replace('T', ' ')}  {plain(entry.author)}  {fields}\n")
