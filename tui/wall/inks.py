"""What the names of inks mean on a terminal: a style for each, by palette and theme, and dimmed for the night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from shared.board.lights import Light
from tui.themes.palette import MONOCHROME, Palette
from tui.wall.lines import Ink, Line, width_of

_ON_DARK: Final[Mapping[Ink, str]] = {
    Ink.PLAIN: "#e6e6e6 on #000000",
    Ink.STRONG: "bold #ffffff on #000000",
    Ink.QUIET: "#9aa4ae on #000000",
    Ink.RULE: "#4a4f55 on #000000",
    Ink.FILLED: "#2faf5f on #000000",
    Ink.EMPTY: "#3a4048 on #000000",
    Ink.CHANGED: "bold #ffd21f on #000000",
    Ink.AMBER: "bold #000000 on #ffb000",
    Ink.ALARM: "bold #ffffff on #c80000",
    Ink.PLANNED: "#ffd21f on #000000",
}
_ON_LIGHT: Final[Mapping[Ink, str]] = {
    Ink.PLAIN: "#1a1a1a on #fafafa",
    Ink.STRONG: "bold #000000 on #fafafa",
    Ink.QUIET: "#4c5157 on #fafafa",
    Ink.RULE: "#b9bfc6 on #fafafa",
    Ink.FILLED: "#1f7a3d on #fafafa",
    Ink.EMPTY: "#c8ced4 on #fafafa",
    Ink.CHANGED: "bold #8f5a00 on #fafafa",
    Ink.AMBER: "bold #000000 on #ffb000",
    Ink.ALARM: "bold #ffffff on #c80000",
    Ink.PLANNED: "#8f5a00 on #fafafa",
}
_NO_COLOURS: Final[Mapping[Ink, str]] = {
    Ink.PLAIN: "none",
    Ink.STRONG: "bold",
    Ink.QUIET: "none",
    Ink.RULE: "none",
    Ink.FILLED: "none",
    Ink.EMPTY: "none",
    Ink.CHANGED: "bold",
    Ink.AMBER: "bold reverse",
    Ink.ALARM: "bold reverse",
    Ink.PLANNED: "bold",
}
MADE: Final = 256
"""So many different lines are kept as they are painted."""


@dataclass(frozen=True, eq=False)
class Inks:
    """A style for every name of an ink; a name that is not known is written plainly."""

    styles: Mapping[str, Style]
    plain: Style

    def strip(self, line: Line) -> Strip:
        """The line as it is painted."""
        styles, plain = self.styles, self.plain
        return Strip([Segment(text, styles.get(ink, plain)) for text, ink in line], width_of(line))


def inks_for(palette: Palette, *, dark: bool, dimmed: bool = False) -> Inks:
    """All inks of a palette: those of the lights stand on the wall's own ground, big figures are drawn in their colour.

    `dimmed`: for the night, everything fainter.
    """
    named = _NO_COLOURS if palette is MONOCHROME else _ON_DARK if dark else _ON_LIGHT
    styles: dict[str, Style] = {ink.value: Style.parse(text) for ink, text in named.items()}
    plain, strong = styles[Ink.PLAIN.value], styles[Ink.STRONG.value]
    for light in Light:
        styles[light.value] = plain + palette.styles[light.value]
        styles[f"{Ink.FIGURE}{light.value}"] = _figure(palette.styles[light.value], strong)
    for ink in (Ink.STRONG, Ink.PLAIN):
        styles[f"{Ink.FIGURE}{ink}"] = strong
    styles[Ink.FIGURE.value] = strong
    styles[f"{Ink.FIGURE}{Ink.PLANNED}"] = Style.combine((styles[Ink.FILLED.value], Style(reverse=True, bold=True)))
    if dimmed:
        styles = {name: style + Style(dim=True, bold=False) for name, style in styles.items()}
    return Inks(styles, styles[Ink.PLAIN.value])


def _figure(light: Style, strong: Style) -> Style:
    """The colour of a light without its ground: blocks are drawn in it."""
    colour = light.bgcolor or light.color
    return strong if colour is None else strong + Style(color=colour)
