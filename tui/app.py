"""The board's app: screens of one laptop that people enter things on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol, runtime_checkable

from rich.style import Style
from textual.app import App, SystemCommand
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.screen import Screen

from shared.board.lights import Light
from shared.campaign.model import Rules
from shared.messages import _
from tui.connected import ConnectedApp
from tui.keymap import EVERYWHERE, bindings
from tui.laptop import Laptop
from tui.live_board import Delta
from tui.screens.board import BoardScreen
from tui.screens.offering import Offer
from tui.screens.wanted import HistoryWanted, UnitWanted

PALETTE_HITS = 40


@runtime_checkable
class Follows(Protocol):
    """A screen above the board that shows something of it, and goes along with what changes."""

    async def follow(self, delta: Delta) -> None:
        """Show what concerns this screen."""


@runtime_checkable
class Settles(Protocol):
    """A screen on which people see what wants a look: nobody needs to be called to it."""

    def show_status(self) -> None:
        """Show how everything stands."""


class Units(Provider):
    """Units and towns in the command palette, found by a part of their name or code."""

    async def search(self, query: str) -> Hits:
        """The units whose name or code holds the query, a bounded number of them."""
        app = self.app
        if not isinstance(app, GuatuApp) or app.board.view is None:
            return
        for unit in app.board.view.find(query.strip())[:PALETTE_HITS]:
            yield Hit(1.0, unit.short, partial(app.open_unit, unit.code), help=unit.code)

    async def discover(self) -> Hits:
        """The towns, before anything is typed."""
        app = self.app
        if isinstance(app, GuatuApp) and app.board.view is not None:
            for town in list(app.board.view.towns.values())[:PALETTE_HITS]:
                yield DiscoveryHit(town.name, partial(app.jump_to, town.code))


class GuatuApp(ConnectedApp):
    """One laptop's board. Everything that changes comes through `LiveBoard`; screens only show it."""

    CSS_PATH = "guatu.tcss"
    BINDINGS = bindings(EVERYWHERE)
    COMMANDS = App.COMMANDS | {Units}
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, laptop: Laptop, *, connect: bool = True) -> None:
        super().__init__(laptop, connect=connect)
        self._offer = Offer()

    def on_mount(self) -> None:
        """Show the board, then connect: nothing of the network is loaded before the first frame."""
        self.main = BoardScreen(self.board, self.palette)
        self.push_screen(self.main)
        self.begin()

    def light_style(self, light: Light) -> Style:
        """How a light's word is painted."""
        return self.palette.styles[light.value]

    def action_help(self) -> None:
        """Show what the words and keys mean."""
        from tui.screens.help import Help  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        view = self.board.view
        rules = view.chart.campaign.rules if view is not None else Rules()
        self.push_screen(Help(rules.warning_days, rules.ladder))

    def action_sync(self) -> None:
        """Show the sync page."""
        from tui.screens.sync.page import SyncPage  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        self.clear_notifications()
        self.push_screen(SyncPage(self.board))

    async def action_undo(self) -> None:
        """Take back the newest own entry with all of its act."""
        from tui.screens.undoing import take_back  # noqa: PLC0415 -- as above

        await take_back(self, self.board)

    def on_history_wanted(self, event: HistoryWanted) -> None:
        """The board or a unit's page asks for a history."""
        from tui.screens.history.page import HistoryPage  # noqa: PLC0415 -- as above

        self.push_screen(HistoryPage(self.board, event.scope))

    def on_day_wanted(self) -> None:
        """The board asks for itself as it was on a day."""
        from tui.screens.day.page import DayPage  # noqa: PLC0415 -- as above

        self.push_screen(DayPage(self.board, self.palette))

    def open_unit(self, code: str, step: str | None = None) -> None:
        """Open a unit's page."""
        from tui.screens.unit_page import UnitPage  # noqa: PLC0415 -- screens nobody has asked for yet do not delay the first frame

        view = self.board.view
        if view is not None and code in view.units:
            self.push_screen(UnitPage(self.board, view.units[code], self.light_style, step))

    def on_unit_wanted(self, event: UnitWanted) -> None:
        """The board asks for a unit's page."""
        self.open_unit(event.unit, event.step)

    def jump_to(self, code: str) -> None:
        """Put the cursor on a town."""
        self.main.grid.jump_to_town(code)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Textual's own commands, and the board's."""
        yield from super().get_system_commands(screen)
        yield SystemCommand(_("Connect now"), _("Try the office at once"), self.action_reconnect)
        yield SystemCommand(_("Sync"), _("What went out, what came in, and what wants a look"), self.action_sync)
        yield SystemCommand(_("Undo"), _("Take back your newest entry, or the whole act"), self.action_undo)
        if screen is self.main:
            yield SystemCommand(
                _("My day"),
                _("What waits for me, what is due, what turned red"),
                partial(self.main.action_page, "my-day"),
            )
            yield SystemCommand(
                _("Review list"), _("What waits for review, the oldest first"), partial(self.main.action_page, "review")
            )
            yield SystemCommand(
                _("Problems"), _("The register over all units"), partial(self.main.action_page, "problems")
            )
            yield SystemCommand(
                _("Visits"), _("Where somebody was, and where not"), partial(self.main.action_page, "visits")
            )
            yield SystemCommand(
                _("Chase list"), _("What is past due, and whom to call"), partial(self.main.action_page, "chase")
            )
            yield SystemCommand(
                _("Planned and actual"),
                _("How far all are behind the plan, or a town, or a phase"),
                partial(self.main.action_page, "progress"),
            )
            yield SystemCommand(_("History"), _("Of what is under the cursor"), self.main.action_history)
            yield SystemCommand(_("The board on a day"), _("As it was, and what changed"), self.main.action_as_of)
            yield SystemCommand(_("Select all shown"), _("To enter one step for all"), self.main.action_select_shown)

    async def absorbed(self, delta: Delta) -> None:
        """Paint what differs, and let the link send what was entered."""
        self.main.show(delta)
        pages = list(self.screen_stack)  # also what stands behind a question is right when that is answered
        for page in pages:
            if isinstance(page, Follows):
                await page.follow(delta)
        if self._link is not None and self.board.labels.saved:
            self._link.nudge()
        if (offer := self._offer.of(self.board)) and not any(isinstance(page, Settles) for page in pages):
            self.notify(offer, timeout=10, severity="warning", markup=False)
