"""What my day and the chase list have in common: a head, a list that goes along with what changes, a line in full."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from rich.style import Style
from textual.app import ComposeResult
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shared.board.lights import Light
from shared.campaign.model import Rung
from shared.messages import _
from tui.keymap import WIDTHS
from tui.live_board import Delta, LiveBoard
from tui.screens.key_line import KeyLine
from tui.screens.rereading import Rereading

LISTED: Final = 200
"""So many lines of a list are shown."""


class DutyPage(Rereading):
    """A page read from the whole board, aside, so that nobody's entry waits and the screen never stops."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    rest: ClassVar[float] = 3.0

    def __init__(self, board: LiveBoard, paint: Callable[[Light], Style]) -> None:
        super().__init__()
        self.board = board
        self.paint = paint

    def compose(self) -> ComposeResult:
        """Head, headings of columns, list, the line under the cursor in full, keys."""
        yield Static(_("reading ..."), id="head", markup=False)
        yield Static(id="columns", markup=False)
        yield OptionList(id="things", markup=False, compact=True)
        yield Static(id="line", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read it."""
        self.query_one("#things", OptionList).focus()
        self.read_now()

    async def follow(self, _delta: Delta) -> None:
        """Read it anew in a moment, once for all that came."""
        self.read_soon()

    @property
    def ladder(self) -> tuple[Rung, ...]:
        """The campaign's ladder."""
        return self.board.view.chart.campaign.rules.ladder if self.board.view is not None else ()

    @property
    def key(self) -> str:
        """What names the line under the cursor; empty when there is none."""
        options = self.query_one("#things", OptionList)
        at = options.highlighted
        return "" if at is None else options.get_option_at_index(at).id or ""

    def line_words(self, key: str) -> str:
        """The line of this name in full."""
        raise NotImplementedError

    def fill(self, found: list[Option]) -> None:
        """List these, with the cursor on the line where it was, or else at the same height."""
        options = self.query_one("#things", OptionList)
        before, at = self.key, options.highlighted
        options.clear_options()
        options.add_options(found)
        names = [option.id for option in found if option.id is not None]
        if before in names:
            options.highlighted = options.get_option_index(before)
        elif names:
            last = len(found) - 1
            options.highlighted = options.get_option_index(names[0]) if at is None else min(at, last)
        self._show_line()

    def on_option_list_option_highlighted(self) -> None:
        """Show the line under the cursor in full."""
        self._show_line()

    def on_option_list_option_selected(self) -> None:
        """Enter or a click opens the line."""
        self.action_open()

    def action_open(self) -> None:
        """Open what the line under the cursor is about."""
        raise NotImplementedError

    def _show_line(self) -> None:
        self.query_one("#line", Static).update(self.line_words(self.key) if self.key else "")
