"""One unit: all its phases and steps, what it is, its people, and its history."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from shared.board.chart import StepPlan, days_of
from shared.board.lights import Light
from shared.board.log_record import LogRecord
from shared.board.record import rest_of, step_address, unit_address
from shared.board.step import view as step_view
from shared.messages import _, language, pick
from shared.roster import Unit, kind_title
from tui.grid.plain import plain
from tui.keymap import ON_UNIT, WIDTHS, bindings
from tui.live_board import Delta, LiveBoard, Records
from tui.screens.editing import edit_step
from tui.words import attribute_word, field_word, person_word, value_words

HISTORY_SHOWN = 60


class UnitPage(Screen[None]):
    """A unit's page. It is read anew whenever something of the unit changes."""

    BINDINGS = bindings(ON_UNIT)
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, board: LiveBoard, unit: Unit, step: str | None = None) -> None:
        super().__init__()
        self.board = board
        self.unit = unit
        self.wanted = step
        self.records: Records = {}

    def compose(self) -> ComposeResult:
        """Head, steps on the left, everything else on the right."""
        yield Static(id="head", markup=False)
        with Horizontal():
            yield OptionList(id="steps", markup=False, compact=True)
            with VerticalScroll(id="side"):
                yield Static(id="about", markup=False)
        yield Footer(show_command_palette=False)

    async def on_mount(self) -> None:
        """Read the unit."""
        await self.read_anew()

    async def follow(self, delta: Delta) -> None:
        """Read the unit anew when something of it has changed."""
        if delta.whole or self.unit.code in delta.rows:
            await self.read_anew()

    async def read_anew(self) -> None:
        """Show what stands now, with the cursor where it was."""
        view = self.board.view
        if view is None:
            return
        self.records = await self.board.records(self.unit)
        history = await self.board.keeper.run(lambda replica: replica.history(self.unit.code, HISTORY_SHOWN))
        row = view.rows.get(self.unit.code)
        title = Text(plain(self.unit.name), style="bold")
        title.append(f"  {self.unit.code}  {kind_title(self.unit.kind, language())}")
        if row is not None:
            title.append(f"  {Light.DONE.value}{row.done}/{row.applicable}")
        self.query_one("#head", Static).update(title)
        self._list_steps()
        self.query_one("#about", Static).update(about(self.unit, history))

    def action_back(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    async def action_edit(self) -> None:
        """Enter something on the step under the cursor."""
        options = self.query_one("#steps", OptionList)
        if options.highlighted is None:
            return
        step = options.get_option_at_index(options.highlighted).id
        if step is not None:
            await self._edit(step)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a step opens its editor."""
        if event.option.id is not None:
            await self._edit(event.option.id)

    async def _edit(self, step: str) -> None:
        self.wanted = step
        await edit_step(self.app, self.board, self.unit, step)

    def _list_steps(self) -> None:
        options = self.query_one("#steps", OptionList)
        before = options.highlighted
        options.clear_options()
        view = self.board.view
        if view is None:
            return
        phase = 0
        for plan in view.chart.plan(self.unit, self.records.get(unit_address(self.unit.code))):
            if plan.phase != phase:
                phase = plan.phase
                options.add_option(Option(self._phase_line(plan), disabled=True))
            options.add_option(Option(self._step_line(plan), id=plan.step.id))
        if self.wanted is not None:
            options.highlighted = options.get_option_index(self.wanted)
            self.wanted = None
        elif before is not None:
            options.highlighted = before
        options.focus()

    def _phase_line(self, plan: StepPlan) -> Text:
        view = self.board.view
        workflow = view.chart.campaign.workflow_for(self.unit.kind) if view else None
        phase = next(p for p in workflow.phases if p.no == plan.phase) if workflow else None
        if phase is None:
            return Text("")
        text = Text(f"{phase.no}  {pick(phase.title, phase.title_en)}", style="bold")
        text.append(f"  {plan.span.first.isoformat()} - {plan.span.last.isoformat()}", style="dim")
        text.append(f"  {phase.window.words}", style="dim")
        return text

    def _step_line(self, plan: StepPlan) -> Text:
        view = self.board.view
        if view is None:
            return Text("")
        shown = step_view(self.records.get(step_address(self.unit.code, plan.step.id)))
        light = view.chart.light(plan, shown, view.day.today, view.day.heard_of(self.unit.code))
        text = Text(no_wrap=True, overflow="crop")
        text.append(light.value, style=self.app.light_style(light))  # type: ignore[attr-defined]
        text.append("!" if shown.collisions else " ", style="bold")
        due = days_of(plan, shown).due.strftime("%m-%d")
        ticks = f"{len(shown.ticks)}/{len(plan.step.checklist)}" if plan.step.checklist else ""
        text.append(f" {plan.step.id:<5}{due} {ticks:>4}  ")
        text.append(pick(plan.step.title, plan.step.title_en))
        if shown.note:
            text.append("  " + plain(shown.note), style="italic")
        return text


def about(unit: Unit, history: list[tuple[LogRecord, str]]) -> Text:
    """What the unit is, its people, and what happened, newest first."""
    text = Text()
    text.append(_("Attributes") + "\n", style="bold")
    for name, value in sorted(unit.attributes.items()):
        text.append(f"{attribute_word(name)}: {value_words(name, value)}\n")
    if unit.group:
        text.append(f"{_('Inspection group')}: {plain(unit.group)}\n")
    text.append("\n" + _("People") + "\n", style="bold")
    for name, person in sorted(unit.people.items()):
        text.append(f"{person_word(name)}: {plain(person)}\n")
    text.append("\n" + _("History") + "\n", style="bold")
    for record, label in history:
        _event(text, record, label)
    return text


def _event(text: Text, record: LogRecord, label: str) -> None:
    change = record.change()
    if change is None:
        return
    where = rest_of(change.record) or _("unit")
    text.append(f"{change.at[:16].replace('T', ' ')}  {plain(where)}  {plain(change.author)}")
    if label != "applied":
        text.append(f"  [{label}]", style="bold")
    text.append("\n")
    for name, value in sorted(change.values.items())[:8]:
        text.append(f"    {field_word(name)}: {value_words(name, value)}\n", style="dim")
