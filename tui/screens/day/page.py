"""The board on a day: the same grid, to look at only, with the day in a banner and what changed beside it."""

from __future__ import annotations

from datetime import date, timedelta

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shared.messages import _
from tui.as_of import NotKnown, view_at
from tui.grid.board_grid import BoardGrid
from tui.grid.messages import TownFolded
from tui.grid.paint import Titles
from tui.grid.rows import Arrangement, arrange
from tui.keymap import ON_DAY, WIDTHS, bindings
from tui.live_board import LiveBoard
from tui.screens.asking import Answer, Asking, Inquiry, Way
from tui.screens.board import titles_of
from tui.screens.day.changes import LISTED, banner_words, difference_words, differences, summary_words
from tui.screens.key_line import KeyLine
from tui.screens.naming import moment
from tui.screens.presence import present
from tui.themes.palette import Palette
from tui.view import BoardView

_CHANGES = "-changes"


class DayPage(Screen[None]):
    """What stood when a day ended. Nothing that comes in changes it, and nothing can be entered on it."""

    BINDINGS = bindings(ON_DAY)
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, board: LiveBoard, palette: Palette) -> None:
        super().__init__()
        self.board = board
        self.palette = palette
        self.day = board.now().date() - timedelta(days=1)
        self.view: BoardView | None = None
        self._folded: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Banner, grid beside the changes, keys."""
        yield Static(id="banner", markup=False)
        with Horizontal(id="middle"):
            yield BoardGrid((), Titles(), self.palette)
            yield OptionList(id="changes", markup=False, compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show yesterday, and ask for a day."""
        self.query_one(BoardGrid).focus()
        self._show(self.day)
        self.action_other_day()

    def action_day(self, step: int) -> None:
        """Go a day back or on, today at most."""
        self._show(self.day + timedelta(days=step))

    def action_back(self) -> None:
        """Close the list of changes, or go back to the board as it is now."""
        if self.has_class(_CHANGES):
            self.remove_class(_CHANGES)
            self.query_one(BoardGrid).focus()
        else:
            self.dismiss(None)

    @work(exclusive=True, group="ask")
    async def action_other_day(self) -> None:
        """Ask for a day and show it."""
        day = await self._ask(_("Which day?"), _("show the board when this day ended"), self.day)
        if day is not None:
            self._show(day)

    @work(exclusive=True, group="ask")
    async def action_changes(self) -> None:
        """Ask for an earlier day, and list what has changed since it."""
        title, before = _("What changed since which day?"), self.day - timedelta(days=1)
        since = await self._ask(title, _("list what changed since this day ended"), before)
        if since is not None and self.view is not None:
            self._list_changes(since, self.view)

    async def _ask(self, title: str, words: str, proposed: date) -> date | None:
        today = self.board.now().date()

        async def done(answer: Answer) -> str | None:
            day = day_in(answer.text)
            if day is None:
                return _("This is not a day; write it like 2026-11-23.")
            return _("This day has not come yet.") if day > today else None

        inquiry = Inquiry(title, Text(), [Way("show", Text(words))], _("Day (YYYY-MM-DD)"), proposed.isoformat())
        answer = await self.app.push_screen_wait(Asking(inquiry, done))
        return day_in(answer.text) if answer is not None else None

    # --- what is shown ---

    @work(exclusive=True, group="read")
    async def _show(self, day: date) -> None:
        if day > self.board.now().date():
            return
        self._say(_("{day}  reading ...").format(day=day.isoformat()))
        view = await self._read(day)
        if view is None or not present(self):
            return
        self.day, self.view = day, view
        self._say(banner_words(view, day))
        self.query_one(BoardGrid).relabel(view.chart.columns, titles_of(view))
        self._arrange()

    @work(exclusive=True, group="changes")
    async def _list_changes(self, since: date, view: BoardView) -> None:
        before, day = await self._read(since), self.day
        if before is None or not present(self):
            self._say(banner_words(view, day))
            return
        found = differences(before, view)
        options = self.query_one("#changes", OptionList)
        options.clear_options()
        options.add_option(Option(Text(summary_words(found, since, day), style="bold"), disabled=True))
        options.add_options([Option(difference_words(each), id=f"{each.unit} {each.step}") for each in found[:LISTED]])
        options.highlighted = 1 if found else None
        self.add_class(_CHANGES)
        options.focus()

    async def _read(self, day: date) -> BoardView | None:
        identity, zone = self.board.identity, self.board.now().tzinfo
        found = await self.board.read_aside(lambda replica: view_at(replica, identity, day, zone))
        if isinstance(found, BoardView):
            return found
        self._say(not_known_words(found))
        return None

    def _say(self, words: str) -> None:
        for banner in self.query("#banner").results(Static):  # none when the page was left meanwhile
            banner.update(words)

    def _arrange(self) -> None:
        if self.view is not None:
            lines = arrange(self.view.rows, self.view.towns, Arrangement(folded=self._folded))
            self.query_one(BoardGrid).show(lines)

    @on(TownFolded)
    def _fold(self, event: TownFolded) -> None:
        self._folded ^= {event.town}
        self._arrange()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Put the board's cursor on the cell that changed."""
        unit, _blank, step = (event.option.id or "").partition(" ")
        grid = self.query_one(BoardGrid)
        if unit and grid.jump_to(unit) and step and self.view is not None:
            at = next((n for n, column in enumerate(self.view.chart.columns) if column.step == step), None)
            grid.cursor = grid.cursor._replace(column=grid.cursor.column if at is None else at)


def day_in(text: str) -> date | None:
    """The day somebody wrote, or nothing when it is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def not_known_words(found: NotKnown) -> str:
    """Why the board of a day cannot be told."""
    if not found.since:
        return _("Nothing of the past is known on this laptop yet; it is read from the office after the first sync.")
    return _("The past is known here only from {since} on; it is read from the office bit by bit.").format(
        since=moment(found.since)
    )
