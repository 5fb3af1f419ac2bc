"""Planned against actual on a page: of all, of one town, of one phase, drawn over the days of the campaign."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.events import Resize
from textual.screen import Screen
from textual.widgets import Static

from shared.board.district import SETTLED
from shared.board.lights import Light
from shared.messages import _
from tui.as_of import NotKnown
from tui.grid.plain import plain
from tui.keymap import ON_PROGRESS, bindings
from tui.live_board import Delta, LiveBoard
from tui.progress import Past, past
from tui.screens.key_line import KeyLine
from tui.screens.presence import present
from tui.wall.blocks import Blocks
from tui.wall.lines import text_of
from tui.wall.plot import key, plot, words


class ProgressPage(Screen[None]):
    """Both lines, read aside from this laptop's log once; arrows choose the town and the phase."""

    BINDINGS = bindings(ON_PROGRESS)
    DEFAULT_CSS = "ProgressPage #plot { height: 1fr; } ProgressPage #about { height: 2; padding: 0 1; }"

    def __init__(self, board: LiveBoard, paint: Callable[[Light], Style]) -> None:
        super().__init__()
        self.board = board
        self.paint = paint
        self.past: Past | None = None
        self.said = _("reading ...")
        self._town = self._phase = 0

    def compose(self) -> ComposeResult:
        """What is shown, the plot, keys."""
        yield Static(id="about", markup=False)
        yield Static(id="plot", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Read the past."""
        self._draw()
        self._read()

    def on_resize(self, _event: Resize) -> None:
        """Draw it as large as there is room."""
        self.call_after_refresh(self._draw)

    async def follow(self, delta: Delta) -> None:
        """Read it anew when the whole board is another one, as after midnight."""
        if delta.whole:
            self._read()
        elif delta.rows:
            self._draw()

    def action_town(self, by: int) -> None:
        """The next town, or the one before; behind the last all of them together."""
        self._town = (self._town + by) % (len(self._towns) + 1)
        self._draw()

    def action_phase(self, by: int) -> None:
        """The next phase, or the one before; behind the last all of them together."""
        self._phase = (self._phase + by) % (len(self._phases) + 1)
        self._draw()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(None)

    @work(exclusive=True, group="read", exit_on_error=False)
    async def _read(self) -> None:
        identity, now = self.board.identity, self.board.now()
        found = await self.board.read_aside(lambda replica: past(replica, identity, now.date(), now.tzinfo))
        if isinstance(found, NotKnown):
            text = _("The history is not known on this laptop from its beginning; guatu sync reads it from the office.")
            self.said = text
        else:
            self.past, self.said = found, ""
        if present(self):
            self._draw()

    @property
    def _towns(self) -> list[str]:
        return list(self.board.view.towns) if self.board.view is not None else []

    @property
    def _phases(self) -> list[int]:
        return sorted({part.phase for part in self.past.progress.planned}) if self.past is not None else []

    def _done(self, town: str, phase: int) -> int:
        """How many steps stand as done now, as the board counts them."""
        view = self.board.view
        if view is None:
            return 0
        places = [at for at, column in enumerate(view.chart.columns) if phase in (0, column.phase)]
        rows = [row for row in view.rows.values() if town in ("", row.town)]
        return sum(row.lights[at] in SETTLED for row in rows for at in places)

    def _draw(self) -> None:
        about, drawn = self.query_one("#about", Static), self.query_one("#plot", Static)
        if self.past is None:
            about.update(self.said)
            return
        town = self._towns[self._town - 1] if 0 < self._town <= len(self._towns) else ""
        phase = self._phases[self._phase - 1] if 0 < self._phase <= len(self._phases) else 0
        course = self.past.progress.course(town, phase)
        view = self.board.view
        name = plain(view.towns[town].name) if town and view is not None else _("all towns")
        which = _("phase {no}").format(no=phase) if phase else _("all phases")
        head = Text(f"{_('Planned and actual')}  {name}  {which}  ", style="bold")
        head.append(f"{words(course)}\n")
        done = _("now {now}/{all}, at the end of yesterday {before}")
        before = course.done[-1] if course.done else 0
        head.append(f"{done.format(now=self._done(town, phase), all=course.steps, before=before)}  {key(Blocks.ASCII)}")
        about.update(head)
        size = drawn.size
        lines = plot(course, size.width, size.height, self.past.today, Blocks.ASCII) if size.height else ()
        drawn.update(Text("\n".join(map(text_of, lines)), no_wrap=True))
