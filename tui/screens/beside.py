"""The pane beside the grid: the step, the unit or the town under the cursor, in full and as it stands now."""

from __future__ import annotations

from typing import NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from tui.grid.messages import CursorCell
from tui.live_board import Delta, LiveBoard
from tui.screens.detail import step_detail, town_detail, unit_detail
from tui.screens.presence import present


class Beside(NamedTuple):
    """A unit, one of its steps, or a town, which may have the code of its own office."""

    code: str
    step: str = ""
    town: bool = False


class BesidePane(VerticalScroll):
    """Shows what is under the cursor; while it is closed it reads nothing."""

    def __init__(self, board: LiveBoard) -> None:
        super().__init__(id="detail", can_focus=False)
        self._board = board
        self._shown: Beside | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static(id="step", markup=False)

    def show(self, cell: CursorCell) -> None:
        """Show this cell from now on."""
        if cell.unit is not None:
            self._shown = Beside(cell.unit, cell.column.step if cell.column is not None else "")
        elif cell.town is not None:
            self._shown = Beside(cell.town, town=True)
        self.renew()

    def follow(self, delta: Delta) -> None:
        """Show what came in, if it is about what is shown."""
        shown = self._shown
        if shown is not None and shown.code in (delta.towns if shown.town else delta.rows):
            self.renew()

    def renew(self) -> None:
        """Show what there is now."""
        shown, view = self._shown, self._board.view
        if shown is None or view is None:
            return
        if not shown.town:
            self._read(shown)
        elif shown.code in view.towns:
            self.query_one("#step", Static).update(town_detail(view.towns[shown.code]))

    @work(exclusive=True, group="detail")
    async def _read(self, shown: Beside) -> None:
        view = self._board.view
        if view is None or shown.code not in view.units or not self.display:
            return
        records = await self._board.records(view.units[shown.code])
        unit, row = view.units.get(shown.code), view.rows.get(shown.code)
        if not self.is_attached or not present(self.screen) or unit is None or row is None:
            return
        text = step_detail(view.chart, unit, shown.step, records, view.day) if shown.step else unit_detail(unit, row)
        self.query_one("#step", Static).update(text)
