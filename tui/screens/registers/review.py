"""The review list on a page: what waits for the reviewer, the oldest first; approved or returned, several at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from rich.style import Style
from rich.text import Text
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from shared.board.change import JSON
from shared.board.lights import Light
from shared.forms import acts
from shared.forms.checks import wrongs
from shared.forms.model import Form, Wrong
from shared.inspection import documents
from shared.inspection.item import Entered
from shared.inspection.review import Waiting
from shared.messages import _, ngettext, pick
from shared.rights import ALLOWED, Action, role_of
from tui import registers
from tui.grid.plain import plain
from tui.keymap import ON_REVIEW, bindings
from tui.live_board import LiveBoard
from tui.past import Scope
from tui.screens.duty_page import LISTED, DutyPage
from tui.screens.filling import Opening, open_form
from tui.screens.naming import unit_name
from tui.screens.presence import present
from tui.screens.wanted import HistoryWanted, UnitWanted

MARK, UNMARKED = "#", " "


class ReviewPage(DutyPage):
    """What waits, with marks for several; an answer is about what was listed, and one act whatever its size."""

    BINDINGS = bindings(ON_REVIEW)

    def __init__(self, board: LiveBoard, paint: Callable[[Light], Style]) -> None:
        super().__init__(board, paint)
        self._found: registers.Review | None = None
        self._marked: set[str] = set()

    async def read(self) -> None:
        """Read what waits, and list it."""
        identity, now = self.board.identity, self.board.now()
        self._found = await self.board.read_aside(lambda replica: registers.review(replica, identity, now))
        if present(self):
            self._marked &= {each.key for each in self._found.waiting}
            self._show()

    def line_words(self, key: str) -> str:
        """The line of this name in full, with who reviews."""
        each = next(each for each in self._waiting if each.key == key)
        reviewers = pick("、", ", ").join(self._reviewers(each))
        return f"{self._words(each)}  " + _("reviewed by {who}").format(who=reviewers or _("the office"))

    def action_open(self) -> None:
        """Go to the unit's page at the step."""
        each = self._under_cursor()
        if each is not None:
            self.post_message(UnitWanted(each.unit, each.step_id))

    def action_history(self) -> None:
        """Show the history of the step under the cursor."""
        each = self._under_cursor()
        if each is not None:
            self.post_message(HistoryWanted(Scope(unit=each.unit, step=each.step_id)))

    def action_mark(self) -> None:
        """Mark the line under the cursor, or unmark it, and go on to the next."""
        if self.key:
            self._marked ^= {self.key}
            self._show()
            self.query_one("#things", OptionList).action_cursor_down()

    def action_mark_all(self) -> None:
        """Mark every line, or none."""
        every = {each.key for each in self._waiting}
        self._marked = set() if self._marked == every else every
        self._show()

    async def action_approve(self) -> None:
        """Approve what is marked, or what is under the cursor, as one act."""
        await self._answer(Action.APPROVE, acts.APPROVE, self._approved, {"on": self.board.now().date().isoformat()})

    async def action_give_back(self) -> None:
        """Return what is marked, or what is under the cursor, with one reason and one new due day."""
        await self._answer(Action.RETURN, acts.GIVE_BACK, self._given_back, {})

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    # --- answers ---

    async def _answer(
        self,
        action: Action,
        form: Form,
        make: Callable[[Waiting, Mapping[str, JSON]], Sequence[Entered] | Wrong],
        offered: Mapping[str, JSON],
    ) -> None:
        chosen, view = self._chosen(), self.board.view
        if view is None or not chosen:
            return
        if action not in ALLOWED[role_of(self.board.identity.role)]:
            words = _("Your role or area does not allow this entry; ask the office.")
            self.app.notify(words, severity="warning", markup=False)
            return

        def made(values: Mapping[str, JSON]) -> Sequence[Entered] | Wrong:
            if found := wrongs(form, values, view.chart.campaign, ""):
                return found[0]
            act: list[Entered] = []
            for each in chosen:
                part = make(each, values)
                if isinstance(part, Wrong):
                    return part
                act += part
            return act

        async def saved() -> None:
            self._marked.clear()

        unit = view.units.get(chosen[0].unit)
        if unit is not None:
            await open_form(self.app, self.board, unit, Opening(form, made, {}, offered), saved, self._whose(chosen))

    def _approved(self, each: Waiting, values: Mapping[str, JSON]) -> Sequence[Entered] | Wrong:
        on = date.fromisoformat(str(values["on"]))
        return documents.approve(each.step, each.records, each.unit, each.step_id, on)

    def _given_back(self, each: Waiting, values: Mapping[str, JSON]) -> Sequence[Entered] | Wrong:
        due, today = date.fromisoformat(str(values["due_on"])), self.board.now().date()
        return documents.give_back(each.step, each.records, each.unit, each.step_id, today, str(values["reason"]), due)

    def _whose(self, chosen: Sequence[Waiting]) -> str:
        first = f"{unit_name(self.board.view, chosen[0].unit)} {plain(chosen[0].step_id)}"
        return first if len(chosen) == 1 else ngettext("{n} paper", "{n} papers", len(chosen)).format(n=len(chosen))

    # --- what is shown ---

    @property
    def _waiting(self) -> list[Waiting]:
        return self._found.waiting if self._found is not None else []

    def _under_cursor(self) -> Waiting | None:
        return next((each for each in self._waiting if each.key == self.key), None)

    def _chosen(self) -> list[Waiting]:
        marked = [each for each in self._waiting if each.key in self._marked]
        under = self._under_cursor()
        return marked or ([under] if under is not None else [])

    def _show(self) -> None:
        if self._found is None:
            return
        slow = self._found.slowness
        head = _(
            "{count} wait for review, the longest for {longest} days; half of all answers took {median} days or less"
        )
        words = head.format(count=slow.waiting, longest=slow.longest, median=f"{slow.median:g}")
        self.query_one("#head", Static).update(words)
        self.fill(list(self._options()))

    def _options(self) -> Iterator[Option]:
        for each in self._waiting[:LISTED]:
            mark = MARK if each.key in self._marked else UNMARKED
            text = Text(f"{mark} ", style="bold").append(Light.REVIEW.value, style=self.paint(Light.REVIEW))
            yield Option(text.append(f"  {self._words(each)}"), id=each.key)
        if len(self._waiting) > LISTED:
            words = _("... and {count} more").format(count=len(self._waiting) - LISTED)
            yield Option(words, disabled=True)
        if not self._waiting:
            yield Option(_("Nothing waits for review."), disabled=True)

    def _words(self, each: Waiting) -> str:
        parts = [
            ngettext("{n} day", "{n} days", each.days).format(n=each.days),
            f"{unit_name(self.board.view, each.unit)} {plain(each.step_id)}",
            plain(each.title),
            each.since.isoformat() if each.since is not None else "",
        ]
        if each.paper is not None and len(each.paper.rounds) > 1:
            rounds = len(each.paper.rounds)
            parts.append(ngettext("{n} round", "{n} rounds", rounds).format(n=rounds))
        return "  ".join(part for part in parts if part)

    def _reviewers(self, each: Waiting) -> Iterator[str]:
        view = self.board.view
        unit = view.units.get(each.unit) if view is not None else None
        if view is None or unit is None:
            return
        step = next((plan.step for plan in view.chart.plan(unit) if plan.step.id == each.step_id), None)
        titles = {role.id: pick(role.title, role.title_en) for role in view.chart.campaign.roles}
        yield from (titles.get(name, name) for name in (step.reviewed_by if step is not None else ()))
