"""The line of keys at the foot of a screen: one widget that draws all of them, however many there are.

A widget for each key would be a third of what opening a screen costs on a poor laptop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final, NamedTuple

from rich.cells import cell_len
from rich.text import Text
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

LAST: Final = "help"
"""The action that is shown however little room there is: it lists all the others."""


class Key(NamedTuple):
    """A key, how it is written, what it does in words, its action, and whether it does that now."""

    key: str
    shown: str
    words: str
    action: str
    enabled: bool = True

    @property
    def width(self) -> int:
        """Cells, with one before, one between and one behind."""
        return cell_len(self.shown) + cell_len(self.words) + 3


class Placed(NamedTuple):
    """A key and the cells it takes, from `start` to before `end`."""

    start: int
    end: int
    key: Key


def placed(keys: Sequence[Key], width: int) -> tuple[Placed, ...]:
    """As many keys as there is room for, whole and in their order; the help stands in any case."""
    kept = next((key for key in keys if key.action == LAST), None)
    room = width - (kept.width if kept is not None else 0)
    found: list[Placed] = []
    at, full = 0, False
    for key in keys:
        full = full or (key is not kept and at + key.width > room)
        if key is kept:
            room = width
        elif full:
            continue
        found.append(Placed(at, at + key.width, key))
        at += key.width
    return tuple(found)


class KeyLine(Widget):
    """What can be done on this screen now. A click does it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--words"}

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[Key, ...] = ()

    def on_mount(self) -> None:
        """Follow what can be done."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def render(self) -> Text:
        """The keys that there is room for."""
        key, words = (self.get_component_rich_style(f"key-line--{part}", partial=True) for part in ("key", "words"))
        text = Text(no_wrap=True, end="")
        for each in self._placed:
            dim = "" if each.key.enabled else "dim"
            text.append(f" {each.key.shown} ", style=key)
            text.append(f"{each.key.words} ", style=words)
            text.stylize(dim, each.start, each.end)
        return text

    def on_click(self, event: Click) -> None:
        """Do what the key under the mouse does."""
        for each in self._placed:
            if each.start <= event.x < each.end:
                if each.key.enabled:
                    self.app.simulate_key(each.key.key)
                else:
                    self.app.bell()

    @property
    def _placed(self) -> tuple[Placed, ...]:
        return placed(self._keys, self.size.width)

    def _follow(self, screen: Screen[Any]) -> None:
        keys: dict[str, Key] = {}
        for _node, binding, enabled, _tooltip in screen.active_bindings.values():
            if binding.show:
                shown = self.app.get_key_display(binding)
                keys.setdefault(binding.action, Key(binding.key, shown, binding.description, binding.action, enabled))
        if (found := tuple(keys.values())) != self._keys:
            self._keys = found
            self.refresh()
