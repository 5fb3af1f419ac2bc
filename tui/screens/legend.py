"""The line under the board: what is selected, what the words mean, and whether units are left out."""

from __future__ import annotations

from rich.text import Text

from shared.board.lights import Light
from shared.messages import _
from tui.themes.palette import Palette
from tui.words import light_words


def legend(palette: Palette, selected: int, *, filtered: bool) -> Text:
    """The legend as it is painted with so many units selected."""
    text = Text(no_wrap=True, overflow="crop")
    if selected:
        words = _("{count} selected: F2 enters one step for all, Esc selects none").format(count=selected)
        text.append(words + "  ", style="bold reverse")
    if filtered:
        text.append(_("filtered") + "  ", style="bold reverse")
    for light in Light:
        text.append(light.value, style=palette.styles[light.value])
        text.append(f" {light_words(light).split(':')[0]}  ")
    return text
