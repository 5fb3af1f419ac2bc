"""One question with its answers: by number, by arrows and Enter, or by mouse; with a text where one is wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from shared.messages import _
from tui.keymap import HEIGHTS, IN_QUESTION, bindings
from tui.screens.key_line import KeyLine
from tui.screens.leaving import Leaving, unsaved_words

NUMBERED = 9
"""So many answers have a number to press."""
MAX_LINE = 400


class Way(NamedTuple):
    """One of the answers: what it is called in the program, and what a person reads."""

    id: str
    words: Text


class Answer(NamedTuple):
    """What somebody chose, and the text that went with it."""

    way: str
    text: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked. `caption` says what the text is for; without one none is asked for. `lines`: it may have many.

    `first`: which answer stands under the cursor when it opens.
    """

    title: str
    body: Text
    ways: Sequence[Way]
    caption: str = ""
    text: str = ""
    lines: bool = False
    first: int = 0


Done = Callable[[Answer], Awaitable[str | None]]
"""Does what was answered; gives the sentence that says why not, or nothing when it is done."""


class Asking(ModalScreen[Answer | None]):
    """Closes with the answer once it has been done; until then, whatever goes wrong, it keeps every letter."""

    BINDINGS = bindings(IN_QUESTION)
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, inquiry: Inquiry, done: Done) -> None:
        super().__init__()
        self.inquiry = inquiry
        self._done = done
        self._busy = False
        self._leaving = Leaving()
        self._leaving.opened(inquiry.text)

    def compose(self) -> ComposeResult:
        """Title, what it is about, the answers, a text, what is wrong, and a way out for the mouse."""
        asked = self.inquiry
        with Vertical():
            yield Label(asked.title, id="title", markup=False)
            with VerticalScroll(id="body"):
                yield Static(asked.body, markup=False)
            yield OptionList(*map(_option, range(len(asked.ways)), asked.ways), id="ways", markup=False, compact=True)
            if asked.caption:
                yield Label(asked.caption, classes="caption", markup=False)
                if asked.lines:
                    yield TextArea(asked.text, id="text", soft_wrap=True, compact=True)
                else:
                    yield Input(asked.text, id="text", max_length=MAX_LINE, compact=True)
            yield Label("", id="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(_("Do it") + " F2", id="take", variant="primary", compact=True)
                yield Button(_("Cancel") + " Esc", id="cancel", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Stand on the first answer; in the text where there is nothing else to choose."""
        ways = self.query_one("#ways", OptionList)
        ways.highlighted = self.inquiry.first if self.inquiry.ways else None
        if self.inquiry.caption and len(self.inquiry.ways) == 1:
            self.query_one("#text").focus()
        else:
            ways.focus()

    @property
    def typed(self) -> str:
        """The text as it stands now."""
        field = next(iter(self.query("#text")), None)
        if isinstance(field, TextArea):
            return field.text
        return field.value if isinstance(field, Input) else self.inquiry.text

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click takes this one."""
        event.stop()
        await self._take(event.option_index)

    async def on_input_submitted(self) -> None:
        """Enter in the text takes the answer under the cursor."""
        await self.action_take()

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """The mouse's way."""
        if event.button.id == "take":
            await self.action_take()
        else:
            self.action_cancel()

    async def action_take(self) -> None:
        """Take the answer under the cursor."""
        at = self.query_one("#ways", OptionList).highlighted
        if at is not None:
            await self._take(at)

    async def action_number(self, number: int) -> None:
        """Take the answer with this number, if there is one."""
        if number <= min(NUMBERED, len(self.inquiry.ways)):
            await self._take(number - 1)

    def action_cancel(self) -> None:
        """Leave everything as it is; what was typed is thrown away when that is said twice."""
        if self._leaving.may_leave(self.typed):
            self.dismiss(None)
        else:
            self.query_one("#problem", Label).update(unsaved_words())

    async def _take(self, at: int) -> None:
        if self._busy:
            return
        self._busy = True
        answer = Answer(self.inquiry.ways[at].id, self.typed)
        try:
            wrong = await self._done(answer)
        finally:
            self._busy = False
        if wrong is None:
            self.dismiss(answer)
        else:
            self.query_one("#problem", Label).update(wrong)


def _option(at: int, way: Way) -> Option:
    number = f"{at + 1}  " if at < NUMBERED else "   "
    return Option(Text(number, style="bold").append_text(way.words), id=way.id)
