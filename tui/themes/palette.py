"""Palettes: what stands behind each light's word. The word is always there; a palette only makes it found sooner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from rich.style import Style

from shared.board.lights import Light


class Bar(NamedTuple):
    """How progress is drawn: a one-cell character with its style, for what is done and for what is left."""

    done: str
    done_style: Style
    left: str
    left_style: Style


@dataclass(frozen=True, eq=False)
class Palette:
    """A style for every word, and for the small bars. A style without a background stands on the line's own.

    `name` is what settings call it; two palettes are the same only when they are one object. `pointer` is a character
    that shows the cursor where a background may not; it takes the last cell beside the word when that is free.
    """

    name: str
    styles: Mapping[str, Style]
    bar: Bar
    pointer: str = ""


def _palette(name: str, styles: Mapping[Light, str], bar: Bar, pointer: str = "") -> Palette:
    words = {light.value: Style.parse(styles[light]) for light in Light}
    return Palette(name, MappingProxyType(words), bar, pointer)


def _blocks(done: str, left: str) -> Bar:
    return Bar(" ", Style(bgcolor=done), " ", Style(bgcolor=left))


# Lights that ask for nothing now are text on the line's own background; it is dark or light with the theme.
_QUIET_ON_DARK: Final = {Light.CLOSED: "#a8a8a8", Light.EXEMPT: "#9aa0a7"}
_QUIET_ON_LIGHT: Final = {Light.CLOSED: "#4c5157", Light.EXEMPT: "#5a6068"}
_TRACK_ON_DARK, _TRACK_ON_LIGHT = "#4a4f55", "#b9bfc6"

# What is done stands back, so that on a board that is mostly done the rest is seen first.
_DONE_ON_DARK: Final = {Light.DONE: "#ffffff on #1f6b3a", Light.LATE_DONE: "#ffffff on #5c661a"}
_DONE_ON_LIGHT: Final = {Light.DONE: "#000000 on #a6dfb8", Light.LATE_DONE: "#000000 on #d5e3a0"}

_CLASSIC: Final = {
    Light.DUE_SOON: "#000000 on #ffd21f",
    Light.OVERDUE: "bold #ffffff on #c80000",
    Light.REVIEW: "#000000 on #7fb4ff",
    Light.RETURNED: "#000000 on #ff9440",
    Light.REDO: "bold #ffffff on #8f2fb0",
    Light.UNKNOWN: "#000000 on #c8c8c8",
}
# Okabe and Ito, Color Universal Design (2008): told apart with any kind of colour vision.
_OKABE_ITO: Final = {
    Light.DONE: "#ffffff on #0072b2",
    Light.LATE_DONE: "#000000 on #009e73",
    Light.DUE_SOON: "#000000 on #f0e442",
    Light.OVERDUE: "bold #000000 on #d55e00",
    Light.REVIEW: "#000000 on #56b4e9",
    Light.RETURNED: "#000000 on #e69f00",
    Light.REDO: "bold #000000 on #cc79a7",
    Light.UNKNOWN: "#000000 on #c8c8c8",
}

CLASSIC: Final = _palette(
    "classic",
    {**_CLASSIC, **_DONE_ON_DARK, **_QUIET_ON_DARK, Light.ON_TRACK: "#6fe092"},
    _blocks("#2f9f58", _TRACK_ON_DARK),
)
CLASSIC_LIGHT: Final = _palette(
    "classic",
    {**_CLASSIC, **_DONE_ON_LIGHT, **_QUIET_ON_LIGHT, Light.ON_TRACK: "#005c26"},
    _blocks("#1f8a48", _TRACK_ON_LIGHT),
)
OKABE_ITO: Final = _palette(
    "okabe-ito", {**_OKABE_ITO, **_QUIET_ON_DARK, Light.ON_TRACK: "#7cc8f5"}, _blocks("#56b4e9", _TRACK_ON_DARK)
)
OKABE_ITO_LIGHT: Final = _palette(
    "okabe-ito", {**_OKABE_ITO, **_QUIET_ON_LIGHT, Light.ON_TRACK: "#004f7c"}, _blocks("#0072b2", _TRACK_ON_LIGHT)
)
MONOCHROME: Final = _palette(
    "monochrome",
    {
        Light.DONE: "none",
        Light.LATE_DONE: "none",
        Light.ON_TRACK: "none",
        Light.DUE_SOON: "bold underline",
        Light.OVERDUE: "bold reverse",
        Light.REVIEW: "underline",
        Light.RETURNED: "reverse",
        Light.REDO: "bold reverse underline",
        Light.CLOSED: "none",
        Light.EXEMPT: "none",
        Light.UNKNOWN: "reverse underline",
    },
    Bar("#", Style(), ".", Style()),
    pointer="<",
)
NAMES: Final = ("classic", "okabe-ito", "monochrome")
"""What a person can choose, the default first."""

_COLOURLESS_TERMS: Final = ("linux", "dumb", "vt")


def colourless(environment: Mapping[str, str]) -> bool:
    """Whether this terminal should get no colours: NO_COLOR is set and not empty (no-color.org), or it has too few."""
    return bool(environment.get("NO_COLOR")) or environment.get("TERM", "").startswith(_COLOURLESS_TERMS)


def palette_for(name: str, *, dark: bool, environment: Mapping[str, str]) -> Palette:
    """The palette a person named, for a dark or light theme; the monochrome one where colours cannot be shown.

    A name this program does not know means the first palette.
    """
    if name == MONOCHROME.name or colourless(environment):
        return MONOCHROME
    if name == OKABE_ITO.name:
        return OKABE_ITO if dark else OKABE_ITO_LIGHT
    return CLASSIC if dark else CLASSIC_LIGHT
