"""The line under the board: what is selected, what the words mean, who is told when, and whether units are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.text import Text

from shared.board.lights import Light
from shared.campaign.model import LADDER, Rung
from shared.messages import _, pick
from tui.ladder_words import ladder_words
from tui.themes.palette import Palette
from tui.words import light_words

_SHORT: Final[Mapping[Light, tuple[str, str]]] = {
    Light.OVERDUE: ("期", "late"),
    Light.DUE_SOON: ("期", "soon"),
    Light.REVIEW: ("待审", "review"),
    Light.RETURNED: ("回", "back"),
    Light.REDO: ("补课", "redo"),
    Light.UNKNOWN: ("不明", "unknown"),
    Light.DONE: ("完成", "done"),
    Light.LATE_DONE: ("完", "made up"),
    Light.ON_TRACK: ("常", "fine"),
    Light.CLOSED: ("到", "later"),
    Light.EXEMPT: ("做", "exempt"),
}
"""The same in few cells, what wants attention first: where there is no room for all, what is left out is calm."""


def legend(palette: Palette, selected: int, width: int, *, filtered: bool, ladder: Sequence[Rung] = LADDER) -> Text:
    """The legend as it is painted with so many units selected, in the most words for which there is room."""
    text = Text(no_wrap=True, overflow="crop")
    if selected:
        words = _("{count} selected: F2 enters one step for all, Esc selects none").format(count=selected)
        text.append(words + "  ", style="bold reverse")
    if filtered:
        text.append(_("filtered") + "  ", style="bold reverse")
    room = width - text.cell_len
    forms = (_in_words(palette, f" ({ladder_words(ladder)})"), _in_words(palette, ""))
    chosen = next((form for form in forms if form.cell_len <= room), None)
    return text.append_text(chosen if chosen is not None else _in_short(palette, room))


def _in_words(palette: Palette, rungs: str) -> Text:
    text = Text()
    for light in Light:
        text.append("  " if text else "")
        text.append(light.value, style=palette.styles[light.value])
        text.append(f" {light_words(light).split(':')[0]}{rungs if light is Light.OVERDUE else ''}")
    return text


def _in_short(palette: Palette, room: int) -> Text:
    text = Text()
    for light, words in _SHORT.items():
        each = Text(" " if text else "").append(light.value, style=palette.styles[light.value]).append(pick(*words))
        if text.cell_len + each.cell_len > room:
            break
        text.append_text(each)
    return text
