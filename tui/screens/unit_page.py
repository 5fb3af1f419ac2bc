"""One unit: all its phases and steps, what it is, its people, and its history."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

from shared.board.lights import Light
from shared.board.record import step_address, unit_address
from shared.roster import Unit
from tui import past
from tui.acting import Records
from tui.keymap import ON_UNIT, WIDTHS, bindings
from tui.live_board import Delta, LiveBoard
from tui.past import Scope
from tui.screens.editing import edit_step
from tui.screens.unit_text import about_text, head_text, phase_text, step_text
from tui.screens.wanted import HistoryWanted
from tui.view import BoardView


class UnitPage(Screen[None]):
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
        yield Footer(show_command_palette=False)

    async def on_mount(self) -> None:
        """Read the unit."""
        await self.read_anew()

    async def follow(self, delta: Delta) -> None:
        """Read the unit anew when something of it has changed."""
        if delta.whole or self.unit.code in delta.rows:
            await self.read_anew()

    async def read_anew(self) -> None:
        """Show what stands now, with the cursor where it was; the office's part of the history comes after."""
        view = self.board.view
        if view is None:
            return
        self.unit = view.units.get(self.unit.code, self.unit)
        self._records = await self.board.records(self.unit)
        workflow = view.chart.campaign.workflow_for(self.unit.kind)
        self.query_one("#head", Static).update(head_text(self.unit, view.rows.get(self.unit.code), workflow))
        self._list_steps(view)
        self._show_past(view)

    def action_history(self) -> None:
        """Show the history of the step under the cursor, or of the unit."""
        options = self.query_one("#steps", OptionList)
        step = options.get_option_at_index(options.highlighted).id if options.highlighted is not None else None
        self.post_message(HistoryWanted(Scope(unit=self.unit.code, step=step or "")))

    def action_back(self) -> None:
        """Go back to the board."""
        self.dismiss(None)

    async def action_edit(self) -> None:
        """Enter something on the step under the cursor."""
        options = self.query_one("#steps", OptionList)
        if options.highlighted is not None:
            await self._edit(options.get_option_at_index(options.highlighted).id)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a step opens its editor."""
        await self._edit(event.option.id)

    async def _edit(self, step: str | None) -> None:
        if step is not None:
            self._wanted = step
            await edit_step(self.app, self.board, self.unit, step)

    @work(exclusive=True)
    async def _show_past(self, view: BoardView) -> None:
        about = self.query_one("#about", Static)
        known = await past.here(self.board, self.unit)
        about.update(about_text(view.chart, self.unit, self._records, known))
        told = await past.at_office(self.board, self.unit, known)
        if told is not known:
            about.update(about_text(view.chart, self.unit, self._records, told))

    def _list_steps(self, view: BoardView) -> None:
        options = self.query_one("#steps", OptionList)
        before = options.highlighted
        options.clear_options()
        options.add_options(self._options(view))
        if self._wanted is not None:
            options.highlighted = options.get_option_index(self._wanted)
            self._wanted = None
        elif before is not None:
            options.highlighted = before
        options.focus()

    def _options(self, view: BoardView) -> list[Option]:
        found: list[Option] = []
        own = self._records.get(unit_address(self.unit.code))
        workflow = view.chart.campaign.workflow_for(self.unit.kind)
        phase = 0
        for plan in view.chart.plan(self.unit, own):
            if workflow is not None and plan.phase != phase:
                phase = plan.phase
                found.append(Option(phase_text(workflow, plan, own), disabled=True))
            record = self._records.get(step_address(self.unit.code, plan.step.id))
            line = step_text(view.chart, self.unit, plan, record, view.day, self._style)
            found.append(Option(line, id=plan.step.id))
        return found
