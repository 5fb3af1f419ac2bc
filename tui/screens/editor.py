"""Entering a step: its state and day, the checklist, a note. What stood on the screen when it opened goes with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, RadioSet, TextArea

from shared.board.change import JSON
from shared.board.step import DATE_FIELD, StepView
from shared.campaign.model import Step
from shared.messages import _, pick
from tui.entry import STATES, first_problem
from tui.entry_words import sentence
from tui.keymap import IN_EDITOR, bindings
from tui.screens.choices import Choice, Tick, escaped
from tui.screens.fields import Fields
from tui.screens.key_line import KeyLine
from tui.screens.leaving import Leaving, unsaved_words
from tui.words import state_word


@dataclass(frozen=True, slots=True)
class Draft:
    """What the editor shows when it opens: whose step, what stands there, and what is put in beforehand.

    `shown` is what an entry is compared with; a state that is none there leaves all of them to be chosen.
    """

    whose: str
    step: Step
    shown: StepView
    today: date
    proposed: StepView | None = None

    @property
    def offered(self) -> StepView:
        """What the fields hold when the editor opens."""
        return self.proposed or self.shown


Save = Callable[[Mapping[str, JSON]], Awaitable[str | None]]
"""Saves the fields that were changed; gives the sentence that says why not, or nothing when they are on the disk."""


class StepEditor(ModalScreen[bool]):
    """Closes with true once what was typed is saved; until then, whatever goes wrong, it keeps every letter."""

    BINDINGS = bindings(IN_EDITOR)

    def __init__(self, draft: Draft, save: Save) -> None:
        super().__init__()
        self.draft = draft
        self._save = save
        self._leaving = Leaving()

    def compose(self) -> ComposeResult:
        """State, day, checklist, note, and two buttons."""
        step, offered = self.draft.step, self.draft.offered
        with Vertical():
            title = f"{self.draft.whose}  {step.id}  {pick(step.title, step.title_en)}"
            yield Label(title, id="title", markup=False)
            with Fields(id="fields", can_focus=False):
                with RadioSet(id="state", compact=True):
                    for state in STATES:
                        yield Choice(state_word(state), value=state == offered.state, name=state, compact=True)
                yield Label(_("Day (YYYY-MM-DD)"), classes="caption", markup=False)
                yield Input(self._day_of(offered.state), id="day", max_length=10, compact=True)
                if step.checklist:
                    yield Label(_("Checklist"), classes="caption", markup=False)
                for item in step.checklist:
                    label = f"{item.no}  {pick(item.text, item.text_en)}"
                    yield Tick(escaped(label), value=item.no in offered.ticks, name=item.no, compact=True)
                yield Label(_("Note"), classes="caption", markup=False)
                yield TextArea(offered.note, id="note", soft_wrap=True, compact=True)
            yield Label("", id="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(_("Save") + " F2", id="save", variant="primary", compact=True)
                yield Button(_("Cancel") + " Esc", id="cancel", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Remember what stands here before anybody types."""
        self.call_after_refresh(lambda: self._leaving.opened(self.entered()))

    def on_radio_set_changed(self, event: RadioSet.Changed) -> None:
        """Offer the day that belongs to the state just chosen."""
        self.query_one("#day", Input).value = self._day_of(event.pressed.name or "todo")

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """The mouse's way to save and to leave."""
        if event.button.id == "save":
            await self.action_save()
        else:
            self.action_cancel()

    async def action_save(self) -> None:
        """Save what was changed and close, or say what is wrong and keep everything that was typed."""
        values = self.entered()
        problem = first_problem(values)
        wrong = sentence(problem) if problem is not None else await self._save(values)
        if wrong is None:
            self.dismiss(True)
        else:
            self.query_one("#problem", Label).update(wrong)

    def action_cancel(self) -> None:
        """Leave without an entry; what was typed is thrown away when that is said twice."""
        if self._leaving.may_leave(self.entered()):
            self.dismiss(False)
        else:
            self.query_one("#problem", Label).update(unsaved_words())

    def entered(self) -> dict[str, JSON]:
        """The fields that differ from what was shown when the editor opened."""
        shown = self.draft.shown
        values: dict[str, JSON] = {}
        pressed = self.query_one("#state", RadioSet).pressed_button
        state = (pressed.name if pressed is not None else None) or shown.state
        day = self.query_one("#day", Input).value.strip()
        if state != shown.state or "state" in shown.collisions:
            values["state"] = state
        field = DATE_FIELD.get(state)
        before = shown.days.get(field) if field else None
        if field and (day != (before.isoformat() if before else "") or "state" in values):
            values[field] = day or None
        for box in self.query(Tick):
            if box.value != (box.name in shown.ticks):
                values[f"tick.{box.name}"] = box.value
        note = self.query_one("#note", TextArea).text
        if note != shown.note:
            values["note"] = note
        return values

    def _day_of(self, state: str) -> str:
        field = DATE_FIELD.get(state)
        if field is None:
            return ""
        known = self.draft.offered.days.get(field)
        return (known or self.draft.today).isoformat()
