"""My day on a page: what waits for me, what is due, what turned red since I last looked; Enter goes there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final

from rich.style import Style
from textual.widgets import Static
from textual.widgets.option_list import Option

from shared.board.lights import Light
from shared.inspection.agenda import Agenda, Part, Thing
from shared.messages import _
from tui import duties
from tui.duty_words import thing_words
from tui.grid.plain import plain
from tui.keymap import ON_MY_DAY, bindings
from tui.live_board import LiveBoard
from tui.screens.duty_lines import day_head, part_line, thing_line
from tui.screens.duty_page import DutyPage
from tui.screens.presence import present
from tui.screens.wanted import UnitWanted
from tui.words import role_word

SHOWN: Final = 100
"""So many lines of each part are listed."""
_TO_SETTLE: Final = (Part.COLLISIONS, Part.LOOKS)
"""What is settled on the sync page."""


class MyDayPage(DutyPage):
    """The day of this laptop's person. Leaving it is what counts as a look."""

    BINDINGS = bindings(ON_MY_DAY)

    def __init__(self, board: LiveBoard, paint: Callable[[Light], Style]) -> None:
        super().__init__(board, paint)
        self.day: Agenda | None = None
        self._things: dict[str, Thing] = {}

    async def read(self) -> None:
        """Read the day, and list it."""
        identity, now = self.board.identity, self.board.now()
        self.day = await self.board.read_aside(lambda replica: duties.my_day(replica, identity, now, SHOWN))
        if self.day is not None and present(self):
            who = f"{plain(identity.member)} ({role_word(identity.role)} {plain(' '.join(identity.areas))})"
            self.query_one("#head", Static).update(day_head(self.day, who, self.ladder))
            self._things = {_key(thing): thing for part in self.day.parts.values() for thing in part.things}
            self.fill(list(self._options(self.day)))

    def line_words(self, key: str) -> str:
        """The line of this name in full."""
        return thing_words(self._things[key], self.ladder)

    def action_open(self) -> None:
        """Go to the unit's page at the step, or to the sync page with what is settled there."""
        thing = self._things.get(self.key) if self.key else None
        if thing is None:
            return
        if thing.part in _TO_SETTLE:
            from tui.screens.sync.page import SyncPage  # noqa: PLC0415 -- opened by few

            self.app.push_screen(SyncPage(self.board))
            return
        step = thing.task.name if thing.task is not None and not thing.task.is_problem else None
        self.post_message(UnitWanted(thing.unit, step))

    def action_chase(self) -> None:
        """Show the chase list."""
        from tui.screens.chase import ChasePage  # noqa: PLC0415 -- opened by few

        self.app.push_screen(ChasePage(self.board, self.paint))

    async def action_back(self) -> None:
        """Leave; what was listed counts as looked at."""
        if self.day is not None and self.board.profile.held:
            today = self.day.today
            with suppress(sqlite3.Error, OSError):  # then it is listed once more: nobody is kept here by a full disk
                await self.board.keeper.run(lambda replica: duties.note_looked(replica, today))
        self.dismiss(None)

    def _options(self, day: Agenda) -> Iterator[Option]:
        for part, listed in day.parts.items():
            if listed.total:
                yield Option(part_line(part, listed), disabled=True)
                for thing in listed.things:
                    yield Option(thing_line(thing, self.ladder, self.paint), id=_key(thing))
                if listed.more:
                    yield Option("  " + _("... and {count} more").format(count=listed.more), disabled=True)
        if not self._things:
            yield Option(_("Nothing waits for you today."), disabled=True)


def _key(thing: Thing) -> str:
    """What names a line for as long as it is listed."""
    entry = thing.words[1] if thing.part is Part.LOOKS else ""
    return f"{thing.part.value} {thing.unit} {thing.address} {entry}"
