"""The board: head line, grid, the step under the cursor in full, legend and keys."""

from __future__ import annotations

from dataclasses import replace

from rich.style import Style
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from shared.board.district import Column
from shared.board.lights import Light
from shared.campaign.model import LADDER
from shared.messages import _, pick
from tui.grid.board_grid import BoardGrid
from tui.grid.messages import CellChosen, CellHighlighted, TownFolded, UnitsSelected
from tui.grid.paint import Titles
from tui.grid.rows import Arrangement, Order, arrange
from tui.keymap import ON_BOARD, WIDE, WIDTHS, bindings
from tui.live_board import Delta, LiveBoard
from tui.past import Scope
from tui.screens.beside import BesidePane
from tui.screens.head import HeadLine, head_of
from tui.screens.key_line import KeyLine
from tui.screens.legend import legend
from tui.screens.presence import present
from tui.screens.problems import no_step_words
from tui.screens.wanted import DayWanted, HistoryWanted, UnitWanted
from tui.themes.palette import Palette
from tui.view import BoardView

_ORDERS = (Order.CODE, Order.OVERDUE, Order.PROGRESS)


def titles_of(view: BoardView) -> Titles:
    """What the header of a board says, in the language spoken."""
    phases = {p.no: pick(p.title, p.title_en) for w in view.chart.campaign.workflows for p in w.phases}
    return Titles(_("unit"), _("done"), _("in all"), _("d"), pick("问题", "prob."), phases)


class BoardScreen(Screen[None]):
    """What everybody looks at. It shows what `LiveBoard` holds and asks it to save; it keeps nothing itself."""

    BINDINGS = bindings(ON_BOARD)
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, board: LiveBoard, palette: Palette) -> None:
        super().__init__()
        self.board = board
        self.palette = palette
        self.arrangement = Arrangement()

    def compose(self) -> ComposeResult:
        """Head, grid beside detail, legend, keys."""
        yield HeadLine()
        with Horizontal(id="middle"):
            yield BoardGrid((), Titles(), self.palette)
            yield BesidePane(self.board)
        yield Static(id="legend", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the board as the laptop knows it."""
        self.set_class(self.app.size.width >= WIDE, "-detail")
        self.show_all()
        self.set_interval(5.0, self.show_head)
        self.grid.focus()

    def on_resize(self) -> None:
        """Say in the legend what there is room for now."""
        self.call_after_refresh(self._show_legend)

    @property
    def grid(self) -> BoardGrid:
        """The grid."""
        return self.query_one(BoardGrid)

    @property
    def beside(self) -> BesidePane:
        """The pane beside it."""
        return self.query_one(BesidePane)

    def show(self, delta: Delta) -> None:
        """Paint what looks different now; when it is made, it is made of what is known then."""
        if not present(self):
            return
        if delta.whole:
            self.show_all()
        elif delta.rows or delta.towns:
            self.grid.replace(delta.rows, delta.towns)
            self.beside.follow(delta)
        self.show_head()

    def show_all(self) -> None:
        """Paint everything anew."""
        view = self.board.view
        self._show_legend()
        if view is None:
            return
        self.grid.relabel(view.chart.columns, titles_of(view))
        self.grid.show(arrange(view.rows, view.towns, self.arrangement))
        self.beside.renew()
        self.show_head()

    def show_head(self) -> None:
        """Bring the head line up to now."""
        head = head_of(self.board)
        if head is not None:
            self.query_one(HeadLine).head = head

    @on(CellHighlighted)
    def _follow(self, event: CellHighlighted) -> None:
        self.beside.show(event.cell)

    @on(CellChosen)
    async def _choose(self, event: CellChosen) -> None:
        cell = event.cell
        if cell.unit is not None and cell.column is not None:
            await self.action_edit()
        elif cell.unit is not None:
            self.action_open_unit()

    @on(UnitsSelected)
    def _show_legend(self) -> None:
        if not present(self):
            return
        filtered, view = bool(self.arrangement.filter), self.board.view
        ladder = view.chart.campaign.rules.ladder if view is not None else LADDER
        line = self.query_one("#legend", Static)
        room = line.content_size.width or self.size.width
        line.update(legend(self.palette, len(self.grid.selected), room, filtered=filtered, ladder=ladder))

    @on(TownFolded)
    def _fold(self, event: TownFolded) -> None:
        folded = self.arrangement.folded
        self._arrange(replace(self.arrangement, folded=folded ^ {event.town}))

    async def action_edit(self) -> None:
        """Enter something on the step under the cursor."""
        unit, _town, column = self.grid.cursor_cell
        if self.grid.selected:
            await self._edit_selected(column)
        elif unit is not None and column is not None:
            await self._edit(unit, column.step)
        else:
            self.app.notify(no_step_words(), timeout=2, markup=False)

    def action_select_shown(self) -> None:
        """Select every unit that is shown."""
        self.grid.chosen = frozenset(self.grid.lines.units)

    def action_unselect(self) -> None:
        """Select no unit."""
        self.grid.chosen = frozenset()

    def action_history(self) -> None:
        """Show the history of the step, the unit or the town under the cursor."""
        unit, town, column = self.grid.cursor_cell
        if unit is not None:
            self.post_message(HistoryWanted(Scope(unit=unit, step=self._step_of(unit, column) or "")))
        elif town is not None:
            self.post_message(HistoryWanted(Scope(area=town)))

    def action_as_of(self) -> None:
        """Show the board as it was on a day."""
        self.post_message(DayWanted())

    def action_page(self, name: str) -> None:
        """Show a page over all units: my day, the review list, problems, visits, the chase list, progress."""
        from tui.screens.pages import page_of  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        self.app.push_screen(page_of(name, self.board, self._paint))

    def action_open_unit(self) -> None:
        """Open the page of the unit under the cursor."""
        unit, _town, column = self.grid.cursor_cell
        if unit is not None:
            self.post_message(UnitWanted(unit, self._step_of(unit, column)))
        else:
            self.app.notify(_("There is no unit under the cursor; the arrows lead to one."), timeout=2, markup=False)

    def action_toggle_detail(self) -> None:
        """Open or close the pane that shows the step under the cursor."""
        self.toggle_class("-detail")
        self.call_after_refresh(self.beside.renew)

    @work(exclusive=True)
    async def action_filter(self) -> None:
        """Ask which units to show."""
        from tui.screens.choosing import FilterChoice  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        if self.board.view is not None:
            towns = list(self.board.view.towns.values())
            chosen = await self.app.push_screen_wait(FilterChoice(self.arrangement.filter, towns))
            if chosen is not None:
                self._arrange(replace(self.arrangement, filter=chosen))
            if chosen is not None and chosen and not self.grid.lines.units:
                words = _("No unit fits this; F5 asks again, and Ctrl+R there shows all of them.")
                self.app.notify(words, severity="warning", markup=False)

    @work(exclusive=True)
    async def action_jump(self) -> None:
        """Ask which town to go to."""
        from tui.screens.choosing import TownChoice  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        if self.board.view is not None:
            town = await self.app.push_screen_wait(TownChoice(list(self.board.view.towns.values())))
            if town is not None and not self.grid.jump_to_town(town):
                self.app.notify(_("The filter does not show this town; F5, then Ctrl+R, shows all."), markup=False)

    def action_fold_all(self) -> None:
        """Fold every town, or open them all."""
        if self.board.view is not None:
            every = frozenset(self.board.view.towns)
            self._arrange(replace(self.arrangement, folded=frozenset() if self.arrangement.folded else every))

    def action_sort(self) -> None:
        """Sort by code, by days overdue, by progress, in turn."""
        order = _ORDERS[(_ORDERS.index(self.arrangement.order) + 1) % len(_ORDERS)]
        self._arrange(replace(self.arrangement, order=order))
        words = {Order.CODE: _("by code"), Order.OVERDUE: _("by days overdue"), Order.PROGRESS: _("by progress")}
        self.app.notify(_("Sorted {how}.").format(how=words[order]), timeout=2, markup=False)

    def _arrange(self, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self.show_all()

    async def _edit(self, unit: str, step: str) -> None:
        from tui.screens.editing import edit_step  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        view = self.board.view
        if view is not None and unit in view.units:
            await edit_step(self.app, self.board, view.units[unit], step)

    async def _edit_selected(self, column: Column | None) -> None:
        from tui.screens.editing_many import edit_many  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        view, chosen = self.board.view, self.grid.selected
        if column is None:
            self.app.notify(_("Put the cursor on the step to enter for all of them."), markup=False)
        elif view is not None:
            units = [view.units[code] for code in self.grid.lines.units if code in chosen]
            await edit_many(self.app, self.board, units, column.step, self.action_unselect)

    def _paint(self, light: Light) -> Style:
        return self.palette.styles[light.value]

    def _step_of(self, unit: str, column: Column | None) -> str | None:
        view = self.board.view
        if view is None or column is None:
            return None
        steps = {plan.step.id for plan in view.chart.plan(view.units[unit])}
        return column.step if column.step in steps else None
