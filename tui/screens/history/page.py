"""A history, newest first: a line for each entry in plain words, and the one under the cursor in full."""

from __future__ import annotations

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shared.board.record import kind_of, owner_of, rest_of
from shared.messages import _
from shared.roster import town_of
from tui import past
from tui.chronicle import Line
from tui.keymap import ON_HISTORY, WIDTHS, bindings
from tui.live_board import Delta, LiveBoard
from tui.past import Scope
from tui.screens.asking import Answer, Asking
from tui.screens.history.text import head_text, undo_inquiry
from tui.screens.key_line import KeyLine
from tui.screens.presence import present
from tui.screens.rereading import Rereading
from tui.screens.sync.detail import told_text
from tui.screens.sync.lines import key_of, line_of
from tui.screens.undoing import take_back


class HistoryPage(Rereading):
    """The history of a step, a unit, a town or a person, and taking back what stands under the cursor."""

    BINDINGS = bindings(ON_HISTORY)
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, board: LiveBoard, scope: Scope) -> None:
        super().__init__()
        self.board = board
        self.scope = scope
        self._told: dict[str, Line] = {}

    def compose(self) -> ComposeResult:
        """Whose history, list beside detail, keys."""
        yield Static(id="head", markup=False)
        with Horizontal():
            yield OptionList(id="entries", markup=False, compact=True)
            with VerticalScroll(id="side", can_focus=False):
                yield Static(id="detail", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read it."""
        self.query_one("#entries", OptionList).focus()
        self.read_now()

    async def follow(self, delta: Delta) -> None:
        """Read it anew when something of it may have changed."""
        if delta.whole or not self.scope.unit or self.scope.unit in delta.rows:
            self.read_soon()

    @property
    def told(self) -> Line | None:
        """The entry under the cursor."""
        options = self.query_one("#entries", OptionList)
        if options.highlighted is None:
            return None
        return self._told.get(options.get_option_at_index(options.highlighted).id or "")

    @work(exclusive=True, group="act")
    async def action_undo_this(self) -> None:
        """Take back the entry under the cursor, and all others of its act, once somebody has said so."""
        told = self.told
        if told is not None:
            change, board = told.event.change, self.board
            act = change.act or ""
            many = len(await board.keeper.run(lambda replica: replica.bygone.of_act(act))) if act else 1
            if await self.app.push_screen_wait(Asking(undo_inquiry(board.view, told, many), _yes)):
                await take_back(self.app, board, change)

    def on_option_list_option_selected(self) -> None:
        """Enter or a click does the same: the list has nothing else to open."""
        self.action_undo_this()

    def action_scope(self, wanted: str) -> None:
        """Show the history of the step, unit, town or person of the entry under the cursor."""
        change = self.told.event.change if self.told is not None else None
        unit = owner_of(change.record) if change is not None else self.scope.unit
        match wanted:
            case "step" if change is not None and kind_of(change.record) == "step":
                self.scope = Scope(unit=unit, step=rest_of(change.record))
            case "unit" if unit:
                self.scope = Scope(unit=unit)
            case "town" if unit or self.scope.area:
                self.scope = Scope(area=town_of(unit) if unit else self.scope.area)
            case "person" if change is not None:
                self.scope = Scope(person=change.author)
            case _:
                return
        self.read_soon(0.0)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    def on_option_list_option_highlighted(self) -> None:
        """Show the entry under the cursor in full."""
        told = self.told
        if told is not None:
            self.query_one("#detail", Static).update(told_text(self.board.view, told))

    async def read(self) -> None:
        """Read the history, and list it with the cursor where it was."""
        scope = self.scope
        told, behind = await self.board.read_aside(lambda r: (past.told(r, scope), r.bygone.known_behind()))
        if not present(self):
            return
        options = self.query_one("#entries", OptionList)
        at = options.highlighted
        self._told = {key_of(each): each for each in told}
        self.query_one("#head", Static).update(head_text(self.board.view, scope, len(told), behind))
        options.clear_options()
        options.add_options([Option(line_of(self.board.view, each), id=key) for key, each in self._told.items()])
        options.highlighted = min(at or 0, len(self._told) - 1) if self._told else None
        if not self._told:
            self.query_one("#detail", Static).update(_("Nothing has been entered here yet."))


async def _yes(_answer: Answer) -> str | None:
    return None
