"""The wall's one screen: four parts that are repainted where they change, moved by the clock and by what comes in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import zip_longest
from typing import Final

from textual.app import ComposeResult
from textual.events import Resize
from textual.screen import Screen

from tui.keymap import ON_WALL, bindings
from tui.live_board import Delta, LiveBoard
from tui.screens.head import short_link
from tui.themes.palette import Palette
from tui.wall.facts import Changed
from tui.wall.frame import Frame, asleep, bare, heights, waiting
from tui.wall.gathering import Gathering
from tui.wall.hanging import Hanging
from tui.wall.inks import Inks, inks_for
from tui.wall.lines import Block
from tui.wall.once import heard_in
from tui.wall.panel import EMPTY, Panel
from tui.wall.reading import Reading
from tui.wall.settings import Glow, Settings, shift_at

TICK: Final = 1.0
"""Seconds between two looks at the clock."""
REGISTERS_EVERY: Final = timedelta(seconds=30)
"""The registers are read again at most so often."""
PARTS: Final = {"top": 2, "critical": 4, "centre": 1, "bottom": 1}
"""The parts from the top, and of how many panels each is made."""


class WallScreen(Screen[None]):
    """It reads only. `reading` reads past and registers beside the loop."""

    BINDINGS = bindings(ON_WALL)

    def __init__(self, board: LiveBoard, palette: Palette, settings: Settings, reading: Reading, *, dark: bool) -> None:
        super().__init__()
        self.hanging = Hanging(settings, board.now(), board.read_at)
        self._board, self._settings, self._reading = board, settings, reading
        self._inks_of = {glow: inks_for(palette, dark=dark, dimmed=glow is not Glow.FULL) for glow in Glow}
        self._glow = settings.glow(board.now())
        self._registers_at: datetime | None = None
        self._stale = False
        self._reads: dict[str, Callable[[], Awaitable[None]] | None] = {}
        self._shift: tuple[int, int] = (0, 0)
        self._panels: dict[str, list[Panel]] = {}

    def compose(self) -> ComposeResult:
        """The four parts, each of as many panels as it has blocks at most."""
        self._panels = {name: [Panel(self._inks, name) for _panel in range(count)] for name, count in PARTS.items()}
        for panels in self._panels.values():
            yield from panels

    async def on_mount(self) -> None:
        """Show what there is, then let the clock move it."""
        self.styles.background = self._inks.plain.bgcolor.name if self._inks.plain.bgcolor is not None else "black"
        await self._begin_anew()
        self.set_interval(TICK, self.tick)

    def on_resize(self, event: Resize) -> None:
        """Everything stands elsewhere."""
        self.hanging.measure(event.size.width, event.size.height)
        self.paint()

    async def follow(self, delta: Delta) -> None:
        """Show what came in."""
        gathering, now = self.hanging.gathering, self._board.now()
        if gathering is None or delta.whole:
            await self._begin_anew()
        elif delta.rows:
            self._note(gathering.take(delta.rows, now))
        elif gathering.facts().past is None:  # news that changes nothing: the office's log has come at last
            self._beside("past", self._read_past)
            self._beside("news", self._read_news)
        self._stale = self._stale or bool(delta.touched) or delta.whole
        self.paint()

    def _note(self, changed: Iterable[Changed]) -> None:
        """Mark what came in, and show what turned red."""
        changed, rows = tuple(changed), self._board.view.rows if self._board.view is not None else {}
        towns = {each.code: rows[each.code].town for each in changed if each.code in rows}
        self.hanging.note(changed, towns, self._board.now())

    def tick(self) -> None:
        """A second has passed."""
        now, gathering = self._board.now(), self.hanging.gathering
        self.hanging.pass_time(now, self._board.link)
        if gathering is not None and gathering.age(now):
            self._beside("renew", self._renew)
        due = self._registers_at is None or now - self._registers_at >= REGISTERS_EVERY
        if self._stale and due and gathering is not None:
            self._stale, self._registers_at = False, now
            self._beside("registers", self._read_registers)
        self.paint()

    def paint(self) -> None:
        """Bring the screen up to what is known now."""
        now, hanging = self._board.now(), self.hanging
        if not self.size or not self.is_mounted:
            return
        self._set_glow(now)
        facts = hanging.facts
        if self._glow is Glow.OFF:
            frame = bare(asleep(now, hanging.layout), hanging.layout)
        elif facts is None:
            frame = bare(waiting(short_link(self._board.link), hanging.layout), hanging.layout)
        else:
            frame = hanging.frame(facts, now, self._board.link)
        self._show(frame)

    def _show(self, frame: Frame) -> None:
        """Put every block where it belongs: nothing lies between panels and screen that would be painted as well."""
        across, down = self._shift
        y = down
        for name, band, high in zip(PARTS, frame, heights(self.hanging.layout), strict=True):
            x = across
            for panel, block in zip_longest(self._panels[name], band, fillvalue=EMPTY):
                assert isinstance(panel, Panel)
                assert isinstance(block, Block)
                panel.place(x, y, block.width, high)
                panel.show(block.lines)
                x += block.width
            y += high

    # --- keys ---

    def action_turn(self, by: int) -> None:
        """So many pages on, or back."""
        self.hanging.turn(by, self._board.now())
        self.paint()

    def action_hold(self) -> None:
        """Stay on this page, or go on."""
        self.hanging.hold(self._board.now())
        self.paint()

    def action_freeze(self) -> None:
        """Hold the picture, or let it live again."""
        self.hanging.freeze()
        self.paint()

    def action_digit(self, digit: str) -> None:
        """A digit of a town's number."""
        self.hanging.type(digit)
        self.paint()

    def action_town(self, by: int) -> None:
        """The town whose number was typed, or the next one."""
        self.hanging.jump(self._board.now(), by)
        self.paint()

    def action_day(self, by: int) -> None:
        """So many days back or on; today is the last."""
        facts, today = self.hanging.facts, self._board.now().date()
        if facts is not None:
            day = min(today, (facts.as_of or today) + timedelta(days=by))
            self._beside("day", partial(self._show_day, day))

    def action_today(self) -> None:
        """Everything as it is, and the pages in their turn."""
        self.hanging.past_day = None
        self.paint()

    # --- what is read beside the loop ---

    def _beside(self, name: str, read: Callable[[], Awaitable[None]]) -> None:
        """Read something beside the loop; while it is read, what is asked for meanwhile waits until it is done."""
        if name in self._reads:
            self._reads[name] = read
            return
        self._reads[name] = None

        async def run() -> None:
            try:
                await read()
            finally:
                again = self._reads.pop(name)
            if again is not None:
                self._beside(name, again)

        self.run_worker(run(), group=name, exit_on_error=False)

    async def _begin_anew(self) -> None:
        """Make the facts of the board as it stands, and read again what goes with them."""
        view, now = self._board.view, self._board.now()
        if view is None:
            return
        heard = await self._board.keeper.run(heard_in)
        if self.hanging.gathering is None:
            self.hanging.gathering = Gathering(view, heard, now, self._settings.patience)
            self._beside("news", self._read_news)
        else:
            self._note(self.hanging.gathering.renew(view, heard, now))
        self._stale = True
        self._beside("past", self._read_past)

    async def _renew(self) -> None:
        await self._begin_anew()
        self.paint()

    async def _read_past(self) -> None:
        past = await self._reading.past()
        if self.hanging.gathering is not None:
            self.hanging.gathering.note_past(past, self._board.now())
        self.paint()

    async def _read_registers(self) -> None:
        found = await self._reading.registers()
        if self.hanging.gathering is not None:
            self.hanging.gathering.note_registers(found)
        self.paint()

    async def _read_news(self) -> None:
        view = self._board.view
        if view is not None and self.hanging.gathering is not None:
            self.hanging.gathering.note_changed(await self._reading.news(view))
            self.paint()

    async def _show_day(self, day: date) -> None:
        self.hanging.past_day = None if day >= self._board.now().date() else await self._reading.day(day)
        self.paint()

    # --- how it looks ---

    @property
    def _inks(self) -> Inks:
        return self._inks_of[self._glow]

    def _set_glow(self, now: datetime) -> None:
        """Stand a little elsewhere beside the frame, so that nothing burns in; and dim for the night."""
        layout = self.hanging.layout
        room = self.size.width - layout.width, self.size.height - layout.height
        across, down = (min(by, max(0, spare)) for by, spare in zip(shift_at(now), room, strict=True))
        self._shift = (across, down)
        glow = self._settings.glow(now)
        if glow is not self._glow:
            self._glow = glow
            for panel in (panel for panels in self._panels.values() for panel in panels):
                panel.ink(self._inks)
