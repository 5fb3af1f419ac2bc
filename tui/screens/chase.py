"""The chase list on a page: what is past due by rung and days, whom to call; copied, exported, Enter opens the unit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.style import Style
from rich.text import Text
from textual import work
from textual.widgets import Static
from textual.widgets.option_list import Option

from shared.board.lights import Light
from shared.inspection.chase import EVERYTHING, MOST, Chase, Chased, Wanted
from shared.messages import _
from tui import duties
from tui.duty_words import chase_cells, chase_headings, chase_words
from tui.exporting import write_table
from tui.grid.plain import plain
from tui.keymap import ON_CHASE, bindings
from tui.ladder_words import rung_words
from tui.live_board import LiveBoard
from tui.screens.asking import Answer, Asking, Inquiry, Way
from tui.screens.choosing import TownChoice
from tui.screens.duty_lines import chase_columns, chase_head, chase_line
from tui.screens.duty_page import LISTED, DutyPage
from tui.screens.naming import unit_name
from tui.screens.presence import present
from tui.screens.wanted import UnitWanted

COPIED: Final = 70_000
"""So many bytes are copied at the most: terminals take no more from a program."""
CSV, XLSX = ".csv", ".xlsx"


class ChasePage(DutyPage):
    """The list, all of it or of one town or rung. What is exported is the whole of what is asked for."""

    BINDINGS = bindings(ON_CHASE)

    def __init__(self, board: LiveBoard, paint: Callable[[Light], Style]) -> None:
        super().__init__(board, paint)
        self.found: Chase | None = None
        self.wanted = EVERYTHING

    async def read(self) -> None:
        """Read what is asked for, and list it."""
        self.found = await self._found(LISTED)
        if present(self):
            self._show()

    def line_words(self, key: str) -> str:
        """The line of this name in full."""
        row = self._row(key)
        return chase_words(row) if row is not None else ""

    def on_resize(self) -> None:
        """Give the columns what room there is now."""
        self._show()

    def action_open(self) -> None:
        """Go to the unit's page at the step."""
        row = self._row(self.key)
        if row is not None:
            self.post_message(UnitWanted(row.unit.code, None if row.task.is_problem else row.task.name))

    def action_rung(self) -> None:
        """List one rung after the other from the top, then all of them."""
        rungs = len(self.ladder)
        self._ask_for(self.wanted._replace(rung=(self.wanted.rung or rungs + 1) - 1))

    @work(exclusive=True, group="ask")
    async def action_town(self) -> None:
        """Ask for a town, and list what is late there."""
        if self.board.view is not None:
            town = await self.app.push_screen_wait(TownChoice(list(self.board.view.towns.values())))
            if town is not None:
                self._ask_for(self.wanted._replace(area=town))

    def action_all(self) -> None:
        """List everything."""
        self._ask_for(EVERYTHING)

    def action_copy(self) -> None:
        """Copy the lines that are listed, as far as a terminal takes them."""
        rows = self.found.rows if self.found is not None else ()
        lines = whole_lines([chase_words(row) for row in rows], COPIED)
        self.app.copy_to_clipboard("\n".join(lines))
        total = self.found.total if self.found is not None else 0
        words = _("Copied: {count} of {all} lines, if this terminal lets programs copy.")
        self.app.notify(words.format(count=len(lines), all=total), markup=False)

    @work(exclusive=True, group="ask")
    async def action_export(self) -> None:
        """Ask for a file's name, and write everything that is asked for into it."""
        name = f"guatu-chase-{self.board.now().date().isoformat()}"
        ways = [Way(XLSX, Text(_("as a workbook (.xlsx)"))), Way(CSV, Text(_("as CSV")))]
        body = Text(_("It holds names and phone numbers: keep it where they may be read."))
        inquiry = Inquiry(_("Write the chase list to a file"), body, ways, _("File"), str(Path.home() / name))
        answer = await self.app.push_screen_wait(Asking(inquiry, self._export))
        if answer is not None:
            self.app.notify(_("Written: {file}.").format(file=plain(str(path_of(answer)))), markup=False)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    # --- what is shown ---

    def _ask_for(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.query_one("#head", Static).update(_("reading ..."))
        self.read_soon(0.0)

    async def _found(self, limit: int) -> Chase | None:
        identity, now, wanted = self.board.identity, self.board.now(), self.wanted
        return await self.board.read_aside(lambda replica: duties.chase(replica, identity, now, wanted, limit))

    def _show(self) -> None:
        if self.found is None:
            return
        width = max(40, self.size.width - 3)
        day = self.board.now().date().isoformat()
        self.query_one("#head", Static).update(chase_head(self.found, day, self._where(), self.ladder))
        self.query_one("#columns", Static).update(chase_columns(width))
        options = [Option(chase_line(row, self.ladder, width, self.paint), id=_key(row)) for row in self.found.rows]
        if self.found.more:
            options.append(Option(_("... and {count} more").format(count=self.found.more), disabled=True))
        if not self.found.rows:
            options.append(Option(_("Nothing is past due."), disabled=True))
        self.fill(options)

    def _where(self) -> str:
        town = unit_name(self.board.view, self.wanted.area) if self.wanted.area else ""
        return "  ".join(text for text in (town, rung_words(self.ladder, self.wanted.rung)) if text) or _("all")

    def _row(self, key: str) -> Chased | None:
        rows = self.found.rows if self.found is not None else ()
        return next((row for row in rows if _key(row) == key), None)

    async def _export(self, answer: Answer) -> str | None:
        if not answer.text.strip():
            return _("This must be filled in.")
        found, ladder, path = await self._found(MOST), self.ladder, path_of(answer)
        rows = [] if found is None else [chase_cells(row, ladder) for row in found.rows]
        try:
            await asyncio.to_thread(write_table, path, _("Chase list"), [chase_headings(), *rows])
        except FileExistsError:
            return _("{file} is there already; give another name.").format(file=plain(str(path)))
        except (OSError, ValueError) as failed:
            return _("Not written: {why}.").format(why=plain(str(getattr(failed, "strerror", None) or failed)))
        return None


def path_of(answer: Answer) -> Path:
    """The file that was named, with the ending of what was chosen."""
    path = Path(answer.text.strip()).expanduser()
    if path.suffix.lower() in (CSV, XLSX):
        path = path.with_suffix("")
    return path.with_name(path.name + answer.way)


def whole_lines(lines: list[str], room: int) -> list[str]:
    """The first of these lines that fit into so many bytes of UTF-8, each whole."""
    taken = 0
    for number, line in enumerate(lines):
        taken += len(line.encode()) + 1
        if taken > room:
            return lines[:number]
    return lines


def _key(row: Chased) -> str:
    return row.task.address
