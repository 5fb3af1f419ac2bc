"""The sync page: what stands at the top, everything in a list, and beside it what is under the cursor in full."""

from __future__ import annotations

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shared.messages import _
from tui import stock
from tui.attachments import Due, due
from tui.holding import Undecided, may_decide
from tui.keymap import ON_SYNC, WIDTHS, bindings
from tui.live_board import Delta, LiveBoard
from tui.questions import Question
from tui.screens.head import reading_only
from tui.screens.key_line import KeyLine
from tui.screens.presence import present
from tui.screens.rereading import Rereading
from tui.screens.sync import acts
from tui.screens.sync.detail import detail_text
from tui.screens.sync.lines import Item, Section, key_of, line_of, more_words, sections
from tui.screens.sync.status import Standing, status_text
from tui.stock import Stock
from tui.waiting import Look


class SyncPage(Rereading):
    """What is listed is what an answer names: it changes under nobody's cursor while a question is open."""

    BINDINGS = bindings(ON_SYNC)
    HORIZONTAL_BREAKPOINTS = WIDTHS

    def __init__(self, board: LiveBoard) -> None:
        super().__init__()
        self.board = board
        self.stock: Stock | None = None
        self._files = Due()
        self._items: dict[str, Item] = {}
        self._marked: set[str] = set()

    def compose(self) -> ComposeResult:
        """Status, list beside detail, keys."""
        yield Static(id="status", markup=False)
        with Horizontal():
            yield OptionList(id="items", markup=False, compact=True)
            with VerticalScroll(id="side", can_focus=False):
                yield Static(id="detail", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Take stock."""
        self.show_status()
        self.query_one("#items", OptionList).focus()
        self.set_interval(5.0, self._look_around)
        self.read_now()

    async def follow(self, _delta: Delta) -> None:
        """Show how the link stands at once, and read the rest anew a moment later, once for all that came."""
        self.show_status()
        self.read_soon()

    def _look_around(self) -> None:
        """Time has passed; the office may have got a file, which is no news of the board."""
        self.show_status()
        if self._files.here:
            self.read_soon()

    def show_status(self) -> None:
        """Bring the top up to now."""
        board = self.board
        standing = Standing(
            board.link,
            board.labels,
            board.read_at,
            board.now(),
            board.clock_offset,
            board.link.copied or (self.stock.copied if self.stock is not None else ""),
            reading_only(board),
            len(self._files.here),
            len(self._files.gone),
        )
        for status in self.query("#status").results(Static):  # none before the page is made, and when it is gone
            status.update(status_text(standing))

    # --- what is listed ---

    async def read(self) -> None:
        """Take stock, and list what there is."""
        board = self.board
        device, view = board.identity.device, board.view
        colliding, undecided = (view.colliding, tuple(view.undecided)) if view is not None else ((), ())
        folder = board.profile.folder
        found, files = await board.read_aside(
            lambda r: (stock.take_stock(r, device, colliding, undecided), due(r, folder))
        )
        self.stock, self._files = found, files
        if not present(self):
            return
        self.show_status()
        self._list(sections(found, view.collisions if view is not None else 0))

    def _list(self, listed: list[Section]) -> None:
        options = self.query_one("#items", OptionList)
        before, at = self.item_key, options.highlighted
        self._items = {key_of(item): item for section in listed for item in section.items}
        self._marked &= {item.id for item in self._items.values() if isinstance(item, Question)}
        options.clear_options()
        options.add_options(self._options(listed))
        if before in self._items:
            options.highlighted = options.get_option_index(before)
        elif self._items:
            options.highlighted = min(at, options.option_count - 1) if at is not None else 1
        else:
            self.query_one("#detail", Static).update(
                _("Nothing wants a look; all that was entered here is on its way.")
            )

    def _options(self, listed: list[Section]) -> list[Option]:
        found: list[Option] = []
        for section in listed:
            found.append(Option(Text(section.heading, style="bold"), disabled=True))
            found += [Option(self._line(item), id=key_of(item)) for item in section.items]
            if more := more_words(section):
                found.append(Option(more, disabled=True))
        return found

    def _line(self, item: Item) -> Text:
        marked = isinstance(item, Question) and item.id in self._marked
        asking = self.stock.asking if self.stock is not None else {}
        entries = asking.get(item.change.act or item.change.id, 1) if isinstance(item, Look) else 1
        return line_of(self.board.view, item, marked=marked, entries=entries)

    @property
    def item_key(self) -> str:
        """What names the item under the cursor; empty when there is none."""
        options = self.query_one("#items", OptionList)
        if options.highlighted is None:
            return ""
        return options.get_option_at_index(options.highlighted).id or ""

    @property
    def item(self) -> Item | None:
        """The item under the cursor, as it is shown."""
        return self._items.get(self.item_key)

    def on_option_list_option_highlighted(self) -> None:
        """Show the item under the cursor in full."""
        item = self.item
        if item is not None:
            self.query_one("#detail", Static).update(detail_text(self.board.view, item, self.board.identity.device))
            self.query_one("#side", VerticalScroll).scroll_home(animate=False)

    # --- what people do ---

    def on_option_list_option_selected(self) -> None:
        """Enter or a click opens the item."""
        self.action_open()

    def action_open(self) -> None:
        """Settle, decide on or look into the item under the cursor."""
        self._open(self.item)

    def action_number(self, number: int) -> None:
        """Open the collision under the cursor with this value in hand; Enter takes it."""
        if isinstance(self.item, Question):
            self._open(self.item, number - 1)

    @work(exclusive=True, group="act")
    async def _open(self, item: Item | None, first: int = 0) -> None:
        match item:
            case Question():
                await acts.settle(self.app, self.board, item, first)
            case Look():
                await acts.look_at(self.app, self.board, item, self._asking())
            case Undecided() if may_decide(self.board.identity, item.held.owner):
                await acts.decide(self.app, self.board, item)
            case Undecided():
                self.app.notify(_("Your role or area does not allow you to decide on this."), markup=False)
            case _:
                self.action_history()

    def action_mark(self) -> None:
        """Mark the collision under the cursor, or take the mark away, and go on to the next line."""
        item, options = self.item, self.query_one("#items", OptionList)
        if isinstance(item, Question) and options.highlighted is not None:
            self._marked ^= {item.id}
            options.replace_option_prompt_at_index(options.highlighted, self._line(item))
            options.action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark every collision that is listed, or none if all are."""
        options = self.query_one("#items", OptionList)
        every = {key: item for key, item in self._items.items() if isinstance(item, Question)}
        self._marked = set() if len(self._marked) == len(every) else {item.id for item in every.values()}
        for key, item in every.items():
            options.replace_option_prompt(key, self._line(item))

    @work(exclusive=True, group="act")
    async def action_settle_marked(self) -> None:
        """Settle all that are marked at once."""
        marked = [item for item in self._items.values() if isinstance(item, Question) and item.id in self._marked]
        if marked:
            await acts.settle_many(self.app, self.board, marked)
        else:
            self.app.notify(_("Mark collisions with the space bar first."), markup=False)

    def action_history(self) -> None:
        """Show the history of what the item under the cursor is about."""
        acts.show_history(self.app, self.board, self.item)

    async def action_back(self) -> None:
        """Leave; what was listed counts as looked at."""
        if self.stock is not None and self.board.profile.held:
            read_to = self.stock.read_to
            await self.board.keeper.run(lambda replica: stock.note_looked(replica, read_to))
        self.dismiss(None)

    def _asking(self) -> int:
        return sum(self.stock.asking.values()) if self.stock is not None else 0
