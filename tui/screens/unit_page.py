"""One unit: all its phases and steps, what it is, its people, and its history."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shared.board.chart import seen
from shared.board.lights import Light
from shared.board.record import kind_of, rest_of, step_address, unit_address
from shared.roster import Unit
from tui import past
from tui.acting import Records
from tui.keymap import ON_UNIT, WIDTHS, bindings
from tui.live_board import Delta, LiveBoard
from tui.past import Scope
from tui.screens import unit_deeds as acting
from tui.screens.editing import edit_step
from tui.screens.filling import fill
from tui.screens.key_line import KeyLine
from tui.screens.people_text import people_text
from tui.screens.presence import present
from tui.screens.record_lines import Place, record_lines
from tui.screens.rereading import Rereading
from tui.screens.unit_text import about_text, head_text, phase_text, step_text
from tui.screens.wanted import HistoryWanted
from tui.view import BoardView


class UnitPage(Rereading):
    """A unit's page. It is read anew whenever something of the unit changes."""

    BINDINGS = bindings(ON_UNIT)
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, board: LiveBoard, unit: Unit, style: Callable[[Light], Style], step: str | None = None) -> None:
        super().__init__()
        self.board = board
        self.unit = unit
        self._style = style
        self._wanted = step
        self._records: Records = {}

    def compose(self) -> ComposeResult:
        """Head, steps on the left, everything else on the right."""
        yield Static(id="head", markup=False)
        with Horizontal():
            yield OptionList(id="steps", markup=False, compact=True)
            with VerticalScroll(id="side"):
                yield Static(id="about", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the unit."""
        self.read_now()

    async def follow(self, delta: Delta) -> None:
        """Read the unit anew when something of it has changed."""
        if delta.whole or self.unit.code in delta.touched:
            self.read_soon(0)

    async def read(self) -> None:
        """Show what stands now, with the cursor where it was; the office's part of the history comes after."""
        view = self.board.view
        if view is None:
            return
        self.unit = view.units.get(self.unit.code, self.unit)
        self._records = await self.board.records(self.unit)
        if not present(self):
            return
        workflow = view.chart.campaign.workflow_for(self.unit.kind)
        self.query_one("#head", Static).update(head_text(self.unit, view.rows.get(self.unit.code), workflow))
        self._list_steps(view)
        self._show_past(view)

    def action_history(self) -> None:
        """Show the history of the step under the cursor, or of the unit."""
        step = "" if "/" in self.chosen else self.chosen
        self.post_message(HistoryWanted(Scope(unit=self.unit.code, step=step)))

    def action_back(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    @property
    def chosen(self) -> str:
        """The step under the cursor, or the address of the record; empty when there is none."""
        options = self.query_one("#steps", OptionList)
        at = options.highlighted
        return "" if at is None else options.get_option_at_index(at).id or ""

    async def action_edit(self) -> None:
        """Enter something on the step under the cursor, or change the record."""
        await self._edit(self.chosen or None)

    def action_new(self) -> None:
        """Ask what is to be entered beside the steps."""
        acting.ask_new(self.app, self.board, self.unit)

    def action_deeds(self) -> None:
        """Ask what is to be done with the step or the record under the cursor."""
        acting.ask_deed(self.app, self.board, self.unit, self.chosen, self._records)

    async def action_people(self) -> None:
        """Enter the unit's people, figures and ties."""
        await acting.enter_people(self.app, self.board, self.unit)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a step opens its editor."""
        await self._edit(event.option.id)

    async def _edit(self, step: str | None) -> None:
        if step is None:
            return
        self._wanted = step
        if "/" in step:
            await fill(self.app, self.board, self.unit, kind_of(step), rest_of(step))
        else:
            await edit_step(self.app, self.board, self.unit, step)

    @work(exclusive=True)
    async def _show_past(self, view: BoardView) -> None:
        known = await past.here(self.board, self.unit)
        if not present(self):
            return
        about = self.query_one("#about", Static)
        people = people_text(view, self.unit, self.board.identity.areas)
        about.update(about_text(view.chart, self.unit, self._records, known, people))
        told = await past.at_office(self.board, self.unit, known)
        if told is not known:
            about.update(about_text(view.chart, self.unit, self._records, told, people))

    def _list_steps(self, view: BoardView) -> None:
        options = self.query_one("#steps", OptionList)
        before, at = self.chosen, options.highlighted
        options.clear_options()
        found = [*self._options(view), *self._records_options(view)]
        options.add_options(found)
        wanted, self._wanted = self._wanted or before, None
        if any(option.id == wanted for option in found if option.id is not None):
            options.highlighted = options.get_option_index(str(wanted))
        elif at is not None:
            options.highlighted = min(at, len(found) - 1)
        options.focus()

    def _records_options(self, view: BoardView) -> list[Option]:
        """What stands beside the steps, under them; headings cannot be chosen."""
        row = view.rows.get(self.unit.code)
        workflow = row.workflow if row is not None else ""
        place = Place(self.unit.code, workflow, view.day.today, view.chart.campaign, self._style)
        return [
            Option(line.words, id=line.address or None, disabled=not line.address)
            for line in record_lines(self._records, place)
        ]

    def _options(self, view: BoardView) -> list[Option]:
        found: list[Option] = []
        own = self._records.get(unit_address(self.unit.code))
        workflow = view.chart.campaign.workflow_for(self.unit.kind)
        redo = view.chart.redo(self._records)
        phase = 0
        for plan in view.chart.plan(self.unit, own):
            if workflow is not None and plan.phase != phase:
                phase = plan.phase
                found.append(Option(phase_text(workflow, plan, own), disabled=True))
            record = self._records.get(step_address(self.unit.code, plan.step.id))
            line = step_text(view.chart, self.unit, plan, seen(plan, record, redo), view.day, self._style)
            found.append(Option(line, id=plan.step.id))
        return found
