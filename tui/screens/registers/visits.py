"""The visits on a page: where nobody was yet, where the longest ago, what is planned, by town and group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Final

from rich.style import Style
from rich.text import Text
from textual.widgets import Static
from textual.widgets.option_list import Option

from shared.board.lights import Light
from shared.inspection.visits import VISIT, Share, shares
from shared.messages import _, ngettext
from shared.roster import Unit, town_of
from tui import registers
from tui.grid.plain import plain
from tui.keymap import ON_VISITS, bindings
from tui.live_board import LiveBoard
from tui.registers import Covered
from tui.screens.duty_page import LISTED, DutyPage
from tui.screens.filling import fill
from tui.screens.naming import unit_name
from tui.screens.presence import present
from tui.screens.wanted import UnitWanted

LATELY: Final = 30
"""So many days are lately."""
WEEK: Final = timedelta(days=7)


class VisitsPage(DutyPage):
    """Coverage; on a unit's line a visit is entered or planned."""

    BINDINGS = bindings(ON_VISITS)

    def __init__(self, board: LiveBoard, paint: Callable[[Light], Style]) -> None:
        super().__init__(board, paint)
        self._found: list[Covered] = []
        self._by_group = False

    async def read(self) -> None:
        """Read every unit's visits, and list them."""
        identity, now = self.board.identity, self.board.now()
        self._found = await self.board.read_aside(lambda replica: registers.coverage(replica, identity, now))
        if present(self):
            self._show()

    def line_words(self, key: str) -> str:
        """The line of this name in full."""
        each = self._at(key)
        return self._words(each) if each is not None else ""

    def action_open(self) -> None:
        """Go to the unit's page."""
        each = self._at(self.key)
        if each is not None:
            self.post_message(UnitWanted(each.unit.code, None))

    async def action_enter_visit(self) -> None:
        """Enter a visit to the unit under the cursor."""
        if (unit := self._unit()) is not None:
            await fill(self.app, self.board, unit, VISIT, offered={"on": self.board.now().date().isoformat()})

    async def action_plan(self) -> None:
        """Plan a visit to the unit under the cursor."""
        if (unit := self._unit()) is not None:
            tomorrow = self.board.now().date() + timedelta(days=1)
            await fill(self.app, self.board, unit, VISIT, offered={"planned_on": tomorrow.isoformat()})

    def action_turn(self) -> None:
        """Sum up by group in place of town, or the other way round."""
        self._by_group = not self._by_group
        self._show()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _show(self) -> None:
        today = self.board.now().date()
        never = sum(each.coverage.last is None for each in self._found)
        words = _("{units} units, {never} never visited; {lately} visited in the last {days} days")
        lately = sum(each.lately for each in self._shares(today))
        head = words.format(units=len(self._found), never=never, lately=lately, days=LATELY)
        self.query_one("#head", Static).update(head)
        self.fill(list(self._options(today)))

    def _options(self, today: date) -> Iterator[Option]:
        yield Option(Text(_("by group") if self._by_group else _("by town"), style="bold"), disabled=True)
        for share in self._shares(today):
            line = f"  {plain(share.name) or '-'}  " + _("{ever} of {units} visited, {lately} in the last {days} days")
            told = line.format(ever=share.ever, units=share.units, lately=share.lately, days=LATELY)
            yield Option(told, disabled=True)
        week = [each for each in self._found if any(today <= day < today + WEEK for day in each.coverage.planned)]
        if week:
            yield Option(Text(_("planned for the next seven days"), style="bold"), disabled=True)
            for each in sorted(week, key=lambda one: one.coverage.planned[0]):
                yield Option("  " + self._words(each), id=f"plan {each.unit.code}")
        yield Option(Text(_("never visited, then the longest ago"), style="bold"), disabled=True)
        for each in self._found[:LISTED]:
            yield Option("  " + self._words(each), id=f"unit {each.unit.code}")
        if len(self._found) > LISTED:
            yield Option(_("... and {count} more").format(count=len(self._found) - LISTED), disabled=True)

    def _shares(self, today: date) -> list[Share]:
        named = ((self._name_of(each.unit), each.coverage) for each in self._found)
        return shares(named, today, LATELY)

    def _name_of(self, unit: Unit) -> str:
        return unit.group if self._by_group else unit_name(self.board.view, town_of(unit.code))

    def _words(self, each: Covered) -> str:
        today, coverage = self.board.now().date(), each.coverage
        since = coverage.days_since(today)
        last = _("never visited")
        if since is not None and coverage.last is not None:
            ago = ngettext("{n} day ago", "{n} days ago", since).format(n=since)
            last = f"{coverage.last.isoformat()}  {ago}  " + _("{count} in all").format(count=coverage.count)
        planned = [day.isoformat() for day in coverage.planned if day >= today]
        plan = "  " + _("planned: {days}").format(days=" ".join(planned)) if planned else ""
        return f"{plain(each.unit.short)}  {last}{plan}"

    def _at(self, key: str) -> Covered | None:
        code = key.rpartition(" ")[2]
        return next((each for each in self._found if each.unit.code == code), None)

    def _unit(self) -> Unit | None:
        each = self._at(self.key)
        return each.unit if each is not None else None
