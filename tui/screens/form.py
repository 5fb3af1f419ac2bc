"""The one form: whatever is entered beside steps is entered here, by what its form says of each field."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, Label, TextArea
from textual.widgets.selection_list import Selection

from shared.board.change import JSON
from shared.forms.model import Field, Form, Option
from shared.messages import _, pick
from tui.grid.plain import plain
from tui.keymap import IN_EDITOR, bindings
from tui.screens.choices import Answers, Several, Tick, escaped
from tui.screens.fields import Fields
from tui.screens.key_line import KeyLine
from tui.screens.leaving import Leaving, unsaved_words
from tui.typed import typed

Typed = Mapping[str, JSON]
Options = Mapping[str, tuple[Option, ...]]
SHOWN_OPTIONS: Final = 6
"""So many answers of a list stand on the screen at once."""


class Refusal(NamedTuple):
    """Why something cannot be entered: a sentence, and the field it is about, if it is about one."""

    words: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Filling:
    """What the form shows when it opens: whose record, the values that stand, and what is put in beforehand.

    `standing` is what an entry is compared with; `offered` goes into the fields in its place. `options` are the answers
    of each field that has some.
    """

    title: str
    form: Form
    standing: Typed
    options: Options
    offered: Typed = field(default_factory=dict)
    verb: str = ""
    """What the button says in place of "Save", where nothing is saved."""

    def shown(self, name: str) -> JSON:
        """What a field holds when the form opens."""
        return self.offered.get(name, self.standing.get(name))


Save = Callable[[Typed], Awaitable[Refusal | None]]
"""Saves the fields that were changed; gives the reason why not, or nothing when they are on the disk."""


class FormEditor(ModalScreen[bool]):
    """Closes with true once what was typed is saved; until then, whatever goes wrong, it keeps every letter."""

    BINDINGS = bindings(IN_EDITOR)

    def __init__(self, filling: Filling, save: Save) -> None:
        super().__init__()
        self.filling = filling
        self._save = save
        self._busy = False
        self._leaving = Leaving()

    def compose(self) -> ComposeResult:
        """The title, each field under its own, what is wrong, and two buttons."""
        with Vertical():
            yield Label(self.filling.title, id="title", markup=False)
            with Fields(id="fields", can_focus=False):
                for each in self.filling.form.typed:
                    yield from self._field(each)
            yield Label("", id="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button((self.filling.verb or _("Save")) + " F2", id="save", variant="primary", compact=True)
                yield Button(_("Cancel") + " Esc", id="cancel", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin at the first field."""
        first = self.filling.form.typed[0] if self.filling.form.typed else None
        if first is not None:
            self.query_one(f"#{_dom_id(first.name)}").focus(scroll_visible=False)
            self.query_one("#fields", Fields).scroll_home(animate=False)
        self.call_after_refresh(self._note_opened)

    async def on_button_pressed(self, event: Button.Pressed) -> None:
        """The mouse's way to save and to leave."""
        if event.button.id == "save":
            await self.action_save()
        else:
            self.action_cancel()

    async def action_save(self) -> None:
        """Save what was changed and close, or say what is wrong, at the field that it is about."""
        if self._busy:
            return
        self._busy = True
        try:
            refusal = await self._save(self.entered())
        finally:
            self._busy = False
        if refusal is None:
            self.dismiss(True)
            return
        self.query_one("#problem", Label).update(refusal.words)
        for widget in self.query(f"#{_dom_id(refusal.field)}" if refusal.field else "#none"):
            widget.focus()
            widget.scroll_visible()

    def action_cancel(self) -> None:
        """Leave without an entry; what was typed is thrown away when that is said twice."""
        if self._leaving.may_leave(self.entered()):
            self.dismiss(False)
        else:
            self.query_one("#problem", Label).update(unsaved_words())

    def entered(self) -> dict[str, JSON]:
        """The fields that differ from what stood when the form opened; one that was emptied is nothing."""
        values: dict[str, JSON] = {}
        for each in self.filling.form.typed:
            value = self._value(each)
            if (value or None) != (self.filling.standing.get(each.name) or None) and not self._untouched(each, value):
                values[each.name] = value
        return values

    def _note_opened(self) -> None:
        self._leaving.opened(self.entered())
        self.query_one("#fields", Fields).scroll_home(animate=False)

    def _untouched(self, each: Field, value: JSON) -> bool:
        """Whether a file stays as it is: its field is empty unless another one is named."""
        return each.kind == "file" and not value

    def _field(self, each: Field) -> Iterator[Widget]:
        title = pick(each.title, each.title_en) + (" *" if each.required else "")
        if each.kind == "tick":
            yield Tick(escaped(title), value=self.filling.shown(each.name) is True, id=_dom_id(each.name), compact=True)
            return
        yield Label(title + self._hint(each), classes="caption", markup=False)
        yield self._widget(each, self.filling.shown(each.name))

    def _widget(self, each: Field, value: JSON) -> Widget:
        name, options = _dom_id(each.name), self.filling.options.get(each.name, ())
        if each.kind == "choice":
            return Answers([(each.id, _title(each)) for each in options], value if isinstance(value, str) else "", name)
        if each.kind in ("many", "steps", "roles"):
            chosen = value if isinstance(value, list) else []
            rows = [Selection(escaped(_title(option)), option.id, option.id in chosen) for option in options]
            several = Several(*rows, id=name, compact=True)
            several.styles.height = max(1, min(SHOWN_OPTIONS, len(rows)))
            return several
        if each.kind == "text":
            return TextArea("" if value is None else str(value), id=name, soft_wrap=True, compact=True)
        text = "" if value is None or each.kind == "file" else str(value)
        return Input(text, id=name, max_length=_most(each), compact=True)

    def _value(self, each: Field) -> JSON:
        name = _dom_id(each.name)
        if each.kind == "tick":
            return self.query_one(f"#{name}", Tick).value or None
        if each.kind == "choice":
            return self.query_one(f"#{name}", Answers).answer or None
        if each.kind in ("many", "steps", "roles"):
            return sorted(self.query_one(f"#{name}", Several).selected) or None
        if each.kind == "text":
            return self.query_one(f"#{name}", TextArea).text or None
        text = self.query_one(f"#{name}", Input).value
        return text.strip() or None if each.kind == "file" else typed(each, text)

    def _hint(self, each: Field) -> str:
        if each.kind == "day":
            return "  " + _("YYYY-MM-DD")
        if each.kind != "file":
            return ""
        standing = self.filling.standing.get(each.name)
        name = plain(str(standing.get("name"))) if isinstance(standing, dict) else ""
        return "  " + (_("there is: {name}; another path replaces it").format(name=name) if name else _("path"))


def _most(each: Field) -> int:
    return {"day": 10, "number": 12, "file": 1024}.get(each.kind, each.most)


def _title(option: Option) -> str:
    return plain(pick(option.title, option.title_en))


def _dom_id(name: str) -> str:
    """The field's name as Textual takes one: letters, digits, `_` and `-`; one of somebody's own by its code points."""
    return "f-" + "".join(each if each.isascii() and each.isalnum() else f"_{ord(each):x}_" for each in name)
