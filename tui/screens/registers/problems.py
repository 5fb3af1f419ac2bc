"""The register of problems on a page: by light, category and who answers for them; each a key from being acted on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from rich.style import Style
from rich.text import Text
from textual import work
from textual.widgets import Static
from textual.widgets.option_list import Option

from shared.board.change import JSON
from shared.board.lights import Light
from shared.forms.model import Field, Form
from shared.forms.model import Option as Way
from shared.inspection.register import Registered, Sought
from shared.messages import _
from shared.roster import Unit
from tui import registers
from tui.exporting import write_table
from tui.grid.plain import plain
from tui.item_words import answer_title
from tui.keymap import ON_PROBLEMS, bindings
from tui.ledger_words import headings, ledger_row
from tui.live_board import LiveBoard
from tui.screens import asking, unit_deeds
from tui.screens.duty_page import LISTED, DutyPage
from tui.screens.filling import Opening, fill, open_form
from tui.screens.naming import unit_name
from tui.screens.presence import present
from tui.screens.wanted import UnitWanted
from tui.words import light_words

LIGHTS: Final = (Light.OVERDUE, Light.DUE_SOON, Light.ON_TRACK, Light.REVIEW, Light.DONE, Light.LATE_DONE)
"""What a problem can show."""


class ProblemsPage(DutyPage):
    """The problems that are sought; Enter goes to the unit, F6 acts on the one under the cursor."""

    BINDINGS = bindings(ON_PROBLEMS)

    def __init__(self, board: LiveBoard, paint: Callable[[Light], Style]) -> None:
        super().__init__(board, paint)
        self.wanted = Sought()
        self._found: list[Registered] = []

    async def read(self) -> None:
        """Read what is sought, and list it."""
        identity, now, wanted = self.board.identity, self.board.now(), self.wanted
        self._found = await self.board.read_aside(lambda replica: registers.problems(replica, identity, now, wanted))
        if present(self):
            self._show()

    def line_words(self, key: str) -> str:
        """The line of this name in full."""
        each = self._at(key)
        return self._words(each) if each is not None else ""

    def action_open(self) -> None:
        """Go to the unit's page at the problem."""
        each = self._at(self.key)
        if each is not None:
            self.post_message(UnitWanted(each.unit, each.problem.item.address))

    @work(exclusive=True, group="ask")
    async def action_deeds(self) -> None:
        """Ask what is to be done with the problem under the cursor."""
        each, unit = self._at(self.key), self._unit()
        if each is not None and unit is not None:
            records = await self.board.records(unit)
            unit_deeds.ask_deed(self.app, self.board, unit, each.problem.item.address, records)

    async def action_edit(self) -> None:
        """Change what stands on the problem under the cursor."""
        each, unit = self._at(self.key), self._unit()
        if each is not None and unit is not None:
            await fill(self.app, self.board, unit, each.problem.item.kind, each.problem.item.id)

    async def action_seek(self) -> None:
        """Ask which problems are sought."""
        unit = self._unit() or self._any_unit()
        if unit is None:
            return
        standing: dict[str, JSON] = {**self.wanted._asdict(), "closed": not self.wanted.open_only or None}
        given = {name: value for name, value in standing.items() if value and name != "open_only"}

        async def asked(values: Mapping[str, JSON]) -> None:
            self.wanted = _sought({**given, **values})
            self.query_one("#head", Static).update(_("reading ..."))
            self.read_soon(0.0)

        await open_form(
            self.app, self.board, unit, Opening(seek_form(), lambda values: [], given), whose=" ", asked=asked
        )

    @work(exclusive=True, group="ask")
    async def action_export(self) -> None:
        """Write everything that is sought as the ledger of rectification into a file."""
        name = f"guatu-problems-{self.board.now().date().isoformat()}.xlsx"
        ways = [asking.Way("write", Text(_("Write the file; a name that ends in .csv makes it CSV")))]
        inquiry = asking.Inquiry(_("Write the problems to a file"), Text(""), ways, _("File"), str(Path.home() / name))
        answer = await self.app.push_screen_wait(asking.Asking(inquiry, self._export))
        if answer is not None:
            self.app.notify(_("Written: {file}.").format(file=plain(answer.text.strip())), markup=False)

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    async def _export(self, answer: asking.Answer) -> str | None:
        if not answer.text.strip() or self.board.view is None:
            return _("This must be filled in.")
        path, view = Path(answer.text.strip()), self.board.view
        rows = [ledger_row(at, each, view) for at, each in enumerate(self._found, 1)]
        try:
            await asyncio.to_thread(write_table, path, _("Problems"), [headings(), *rows])
        except FileExistsError:
            return _("{file} is there already; give another name.").format(file=plain(str(path)))
        except (OSError, ValueError) as failed:
            return _("Not written: {why}.").format(why=plain(str(getattr(failed, "strerror", None) or failed)))
        return None

    def _show(self) -> None:
        late = sum(each.light is Light.OVERDUE for each in self._found)
        open_now = sum(not each.problem.closed for each in self._found)
        words = _("{count} problems, {open} open, {late} overdue")
        head = words.format(count=len(self._found), open=open_now, late=late)
        self.query_one("#head", Static).update(f"{head}  {self._sought_words()}".rstrip())
        self.fill(list(self._options()))

    def _sought_words(self) -> str:
        wanted = self.wanted
        light = light_words(Light(wanted.light)) if wanted.light else ""
        parts = (light, wanted.category, wanted.responsible, wanted.area, wanted.text)
        told = "  ".join(plain(part) for part in parts if part)
        hidden = _("(struck-off ones are not listed)") if wanted.open_only else ""
        return "  ".join(each for each in (hidden, _("sought: {what}").format(what=told) if told else "") if each)

    def _options(self) -> Iterator[Option]:
        for each in self._found[:LISTED]:
            text = Text(each.light.value, style=self.paint(each.light))
            text.append("!" if each.problem.item.collisions else " ", style="bold")
            yield Option(text.append(f" {self._words(each)}"), id=each.problem.item.address)
        if len(self._found) > LISTED:
            yield Option(_("... and {count} more").format(count=len(self._found) - LISTED), disabled=True)
        if not self._found:
            yield Option(_("No such problem."), disabled=True)

    def _words(self, each: Registered) -> str:
        item, view = each.problem.item, self.board.view
        parts = [each.problem.number, unit_name(view, each.unit), plain(item.text("title"))]
        parts += [self._answer(each, "severity"), self._answer(each, "stage", each.problem.stage)]
        parts += [item.text("due_on"), plain(item.text("responsible"))]
        return "  ".join(part for part in parts if part)

    def _answer(self, each: Registered, name: str, value: str = "") -> str:
        from shared.forms.shelf import form_of  # noqa: PLC0415 -- read with the first line

        view = self.board.view
        form = form_of(each.problem.item.kind, view.chart.campaign) if view is not None else None
        if view is None or form is None:
            return ""
        return answer_title(form, name, value or each.problem.item.text(name), view.chart.campaign, "")

    def _at(self, key: str) -> Registered | None:
        return next((each for each in self._found if each.problem.item.address == key), None)

    def _unit(self) -> Unit | None:
        each = self._at(self.key)
        return self.board.view.units.get(each.unit) if each is not None and self.board.view is not None else None

    def _any_unit(self) -> Unit | None:
        return next(iter(self.board.view.units.values()), None) if self.board.view is not None else None


def _sought(values: Mapping[str, JSON]) -> Sought:
    texts = {name: str(values.get(name) or "") for name in ("light", "category", "responsible", "area", "text")}
    return Sought(**texts, open_only=not values.get("closed"))


def seek_form() -> Form:
    """The form that asks which problems are sought."""
    lights = tuple(
        Way(each.value, f"{each.value} {light_words(each)}", f"{each.value} {light_words(each)}") for each in LIGHTS
    )
    fields = (
        Field("light", "显示", "showing", "choice", options=lights),
        Field("category", "类别", "category", "choice", list="problem-category"),
        Field("responsible", "责任人、分管领导或责任单位", "responsible person, leader or unit", most=60),
        Field("area", "镇街或单位编码", "town or code", most=20),
        Field("text", "编号、标题或单位中有", "in its number, title or unit", most=60),
        Field("closed", "也显示已销号的", "closed ones, too", "tick"),
    )
    return Form("seek", "筛选问题", "which problems to show", "problems", "", (), fields)
