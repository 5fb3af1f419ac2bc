"""The board: head line, grid, the step under the cursor in full, legend and keys."""

from __future__ import annotations

from dataclasses import replace

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Static

from shared.board.district import Column
from shared.board.lights import Light
from shared.board.status import count
from shared.messages import _, pick
from tui.grid.board_grid import BoardGrid
from tui.grid.messages import CellChosen, CellHighlighted, TownFolded
from tui.grid.paint import Titles
from tui.grid.plain import plain
from tui.grid.rows import Arrangement, Order, arrange
from tui.keymap import ON_BOARD, WIDE, WIDTHS, bindings
from tui.live_board import Delta, LiveBoard
from tui.screens.detail import step_detail, town_detail, unit_detail
from tui.screens.head import Head, HeadLine
from tui.themes.palette import Palette
from tui.words import light_words, role_word

_ORDERS = (Order.CODE, Order.OVERDUE, Order.PROGRESS)


class UnitWanted(Message):
    """Somebody asked for a unit's page, at a step."""

    def __init__(self, unit: str, step: str | None) -> None:
        super().__init__()
        self.unit = unit
        self.step = step


class BoardScreen(Screen[None]):
    """What everybody looks at. It shows what `LiveBoard` holds and asks it to save; it keeps nothing itself."""

    BINDINGS = bindings(ON_BOARD)
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, board: LiveBoard, palette: Palette) -> None:
        super().__init__()
        self.board = board
        self.palette = palette
        self.arrangement = Arrangement()
        self._detail_of: tuple[str, str] | None = None

    def compose(self) -> ComposeResult:
        """Head, grid beside detail, legend, keys."""
        yield HeadLine()
        with Horizontal(id="middle"):
            yield BoardGrid((), Titles(), self.palette)
            with VerticalScroll(id="detail", can_focus=False):
                yield Static(id="step", markup=False)
        yield Static(id="legend", markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show the board as the laptop knows it."""
        self.set_class(self.app.size.width >= WIDE, "-detail")
        self.show_all()
        self.set_interval(5.0, self.show_head)
        self.grid.focus()

    @property
    def grid(self) -> BoardGrid:
        """The grid."""
        return self.query_one(BoardGrid)

    def show(self, delta: Delta) -> None:
        """Paint what looks different now."""
        if delta.whole:
            self.show_all()
        elif delta.rows or delta.towns:
            self.grid.replace(delta.rows, delta.towns)
            if self._detail_of is not None and self._detail_of[0] in delta.rows:
                self._show_detail(*self._detail_of)
        self.show_head()

    def show_all(self) -> None:
        """Paint everything anew."""
        view = self.board.view
        self.query_one("#legend", Static).update(self._legend())
        if view is None:
            return
        phases = {p.no: pick(p.title, p.title_en) for w in view.chart.campaign.workflows for p in w.phases}
        titles = Titles(_("unit"), _("done"), _("in all"), _("d"), phases)
        self.grid.relabel(view.chart.columns, titles)
        self.grid.show(arrange(view.rows, view.towns, self.arrangement))
        self.show_head()

    def show_head(self) -> None:
        """Bring the head line up to now."""
        board, view = self.board, self.board.view
        if view is None:
            return
        rows = list(view.rows.values())
        identity = board.identity
        campaign = view.chart.campaign
        self.query_one(HeadLine).head = Head(
            campaign=pick(campaign.title, campaign.title_en),
            phase=view.chart.phase_words(view.day.today, pick("zh", "en")),
            day=view.chart.day_of(view.day.today),
            units=len(rows),
            counts=count(row.lights for row in rows),
            collisions=sum(len(row.marks) for row in rows),
            who=f"{plain(identity.member)} ({role_word(identity.role)} {' '.join(identity.areas)})",
            link=board.link,
            read_at=board.read_at,
            now=board.now(),
            labels=board.labels,
            reading_only=""
            if board.profile.held
            else _("reading only: process {pid} writes").format(pid=board.profile.holder()),
            clock_offset=board.clock_offset,
        )

    def _reading_only(self) -> str:
        profile = self.board.profile
        return "" if profile.held else _("reading only: process {pid} writes").format(pid=profile.holder())

    @on(CellHighlighted)
    def _follow(self, event: CellHighlighted) -> None:
        cell = event.cell
        if cell.unit is not None:
            self._show_detail(cell.unit, cell.column.step if cell.column is not None else "")
        elif cell.town is not None and self.board.view is not None:
            self._detail_of = None
            self.query_one("#step", Static).update(town_detail(self.board.view.towns[cell.town]))

    @on(CellChosen)
    async def _choose(self, event: CellChosen) -> None:
        cell = event.cell
        if cell.unit is not None and cell.column is not None:
            await self._edit(cell.unit, cell.column.step)
        elif cell.unit is not None:
            self.action_open_unit()

    @on(TownFolded)
    def _fold(self, event: TownFolded) -> None:
        folded = self.arrangement.folded
        self._arrange(replace(self.arrangement, folded=folded ^ {event.town}))

    async def action_edit(self) -> None:
        """Enter something on the step under the cursor."""
        unit, _town, column = self.grid.cursor_cell
        if unit is not None and column is not None:
            await self._edit(unit, column.step)

    def action_open_unit(self) -> None:
        """Open the page of the unit under the cursor."""
        unit, _town, column = self.grid.cursor_cell
        if unit is not None:
            self.post_message(UnitWanted(unit, self._step_of(unit, column)))

    def action_toggle_detail(self) -> None:
        """Open or close the pane that shows the step under the cursor."""
        self.toggle_class("-detail")

    @work(exclusive=True)
    async def action_filter(self) -> None:
        """Ask which units to show."""
        from tui.screens.choosing import FilterChoice  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        if self.board.view is not None:
            towns = list(self.board.view.towns.values())
            chosen = await self.app.push_screen_wait(FilterChoice(self.arrangement.filter, towns))
            if chosen is not None:
                self._arrange(replace(self.arrangement, filter=chosen))

    @work(exclusive=True)
    async def action_jump(self) -> None:
        """Ask which town to go to."""
        from tui.screens.choosing import TownChoice  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        if self.board.view is not None:
            town = await self.app.push_screen_wait(TownChoice(list(self.board.view.towns.values())))
            if town is not None:
                self.grid.jump_to_town(town)

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

    @work(exclusive=True, group="detail")
    async def _show_detail(self, unit: str, step: str) -> None:
        self._detail_of = (unit, step)
        view = self.board.view
        if view is None or unit not in view.units or not self.has_class("-detail"):
            return
        records = await self.board.records(view.units[unit])
        shown = view.units[unit]
        text = step_detail(view.chart, shown, step, records, view.day) if step else unit_detail(shown, view.rows[unit])
        self.query_one("#step", Static).update(text)

    def _step_of(self, unit: str, column: Column | None) -> str | None:
        view = self.board.view
        if view is None or column is None:
            return None
        steps = {plan.step.id for plan in view.chart.plan(view.units[unit])}
        return column.step if column.step in steps else None

    def _legend(self) -> Text:
        text = Text(no_wrap=True, overflow="crop")
        for light in Light:
            text.append(light.value, style=self.palette.styles[light.value])
            text.append(f" {light_words(light).split(':')[0]}  ")
        if self.arrangement.filter:
            text.append(_("filtered"), style="bold reverse")
        return text
