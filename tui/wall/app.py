"""The wall's app: one screen over a live board, with nothing to log in to and nothing to enter."""

from __future__ import annotations

from tui.connected import ConnectedApp
from tui.keymap import AT_WALL, bindings
from tui.laptop import Laptop
from tui.live_board import Delta
from tui.wall.reading import Reading
from tui.wall.screen import WallScreen
from tui.wall.settings import Settings


class WallApp(ConnectedApp):
    """Everything that changes comes through `LiveBoard`; the one screen only shows it."""

    BINDINGS = bindings(AT_WALL)
    COMMANDS = frozenset[type]()  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, laptop: Laptop, settings: Settings, *, connect: bool = True) -> None:
        super().__init__(laptop, connect=connect)
        self.animation_level = "none"
        self._settings = settings

    def on_mount(self) -> None:
        """Show the wall, then connect."""
        reading = Reading(self.laptop.profile.replica_path, self.laptop.identity, self.laptop.now)
        dark = self.theme != "guatu-light"
        self.wall = WallScreen(self.board, self.palette, self._settings, reading, dark=dark)
        self.push_screen(self.wall)
        self.begin()

    async def absorbed(self, delta: Delta) -> None:
        """Show what came in."""
        await self.wall.follow(delta)
