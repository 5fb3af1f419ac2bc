"""Choosing what the board shows: a filter, or a town to jump to."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, OptionList, Select
from textual.widgets.option_list import Option

from shared.board.district import TownRow
from shared.board.lights import Light
from shared.messages import _, language
from shared.roster import UnitKind, kind_title
from tui.grid.plain import plain
from tui.grid.rows import Beside, Filter
from tui.screens.choices import Several
from tui.words import light_words


class FilterChoice(ModalScreen[Filter | None]):
    """A filter by text, town, kind and light; gives nothing when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", ""), ("f2", "apply", ""), ("ctrl+r", "clear", "")]

    def __init__(self, now: Filter, towns: list[TownRow]) -> None:
        super().__init__()
        self._now = now
        self._towns = towns

    def compose(self) -> ComposeResult:
        """Text, town, kind, lights."""
        towns = [(plain(town.name), town.code) for town in self._towns]
        kinds = [(kind_title(kind, language()), kind.value) for kind in UnitKind]
        with Vertical():
            yield Label(_("Show only units with this in their name or code"), markup=False)
            yield Input(self._now.text, id="text", max_length=40, compact=True)
            yield Select(towns, prompt=_("all towns"), value=_one(self._now.towns), id="town", compact=True)
            yield Select(kinds, prompt=_("all kinds"), value=_one(self._now.kinds), id="kind", compact=True)
            beside = [(words, each.value) for each, words in _beside_words().items()]
            chosen = frozenset({self._now.beside.value}) if self._now.beside is not None else frozenset()
            yield Select(beside, prompt=_("with or without problems"), value=_one(chosen), id="beside", compact=True)
            yield Label(_("with a step that shows"), markup=False)
            choices = [
                (f"{light.value} {light_words(light)}", light.value, light.value in self._now.lights) for light in Light
            ]
            yield Several(*choices, id="lights")
            with Horizontal(classes="buttons"):
                yield Button(_("Show") + " F2", id="apply", variant="primary", compact=True)
                yield Button(_("Show all") + " Ctrl+R", id="clear", compact=True)
                yield Button(_("Cancel") + " Esc", id="cancel", compact=True)

    def _light_choice(self, light: Light) -> tuple[str, str, bool]:
        return f"{light.value} {light_words(light)}", light.value, light.value in self._now.lights

    def on_input_submitted(self) -> None:
        """Enter in the text shows at once."""
        self.action_apply()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The mouse's way."""
        {"apply": self.action_apply, "clear": self.action_clear}.get(event.button.id or "", self.action_cancel)()

    def action_apply(self) -> None:
        """Close with the filter."""
        town, kind = self.query_one("#town", Select).value, self.query_one("#kind", Select).value
        beside = self.query_one("#beside", Select).value
        self.dismiss(
            Filter(
                text=self.query_one("#text", Input).value,
                towns=frozenset({town}) if isinstance(town, str) else frozenset(),
                kinds=frozenset({kind}) if isinstance(kind, str) else frozenset(),
                lights=frozenset(self.query_one("#lights", Several).selected),
                beside=Beside(beside) if isinstance(beside, str) else None,
            )
        )

    def action_clear(self) -> None:
        """Close with no filter at all."""
        self.dismiss(Filter())

    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)


class TownChoice(ModalScreen[str | None]):
    """A town to jump to; gives its code, or nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "cancel", "")]

    def __init__(self, towns: list[TownRow]) -> None:
        super().__init__()
        self._towns = towns

    def compose(self) -> ComposeResult:
        """A line to type in and the towns that fit it."""
        with Vertical():
            yield Input(placeholder=_("a part of the town's name"), max_length=40, compact=True)
            yield OptionList(markup=False, compact=True)

    def on_mount(self) -> None:
        """Show every town."""
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the towns that fit."""
        self._list(event.value)

    def on_input_submitted(self) -> None:
        """Enter takes the first that fits."""
        options = self.query_one(OptionList)
        if options.option_count:
            self.dismiss(options.get_option_at_index(0).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click takes this one."""
        self.dismiss(event.option.id)

    def action_cancel(self) -> None:
        """Stay where the cursor is."""
        self.dismiss(None)

    def _list(self, wanted: str) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        for town in self._towns:
            if wanted.strip() in town.name or wanted.strip() in town.code:
                counts = f"{Light.OVERDUE.value}{town.count(Light.OVERDUE)}  {town.done}/{town.applicable}"
                options.add_option(Option(f"{plain(town.name)}  {counts}", id=town.code))


def _one(chosen: frozenset[str]) -> str:
    return next(iter(chosen), Select.NULL)  # type: ignore[return-value]


def _beside_words() -> dict[Beside, str]:
    return {
        Beside.PROBLEMS: _("with open problems"),
        Beside.LATE: _("with overdue problems"),
        Beside.REDO: _("with a redo under way"),
    }
