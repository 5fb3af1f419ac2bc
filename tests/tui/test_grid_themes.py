"""Palettes: every word has a style that can be read, on every ground it can stand on."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from shared.board.lights import Light
from tui.themes.chrome import DARK, LIGHT, THEMES
from tui.themes.palette import (
    CLASSIC,
    CLASSIC_LIGHT,
    MONOCHROME,
    NAMES,
    OKABE_ITO,
    OKABE_ITO_LIGHT,
    Palette,
    colourless,
    palette_for,
)

ENOUGH = 4.5  # WCAG 2.2, 1.4.3
COLOURED = [(CLASSIC, DARK), (CLASSIC_LIGHT, LIGHT), (OKABE_ITO, DARK), (OKABE_ITO_LIGHT, LIGHT)]
NO_ENVIRONMENT: dict[str, str] = {}


def luminance(color: Color) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in color.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def grounds(theme: Theme) -> list[Color]:
    return [Color.parse(name) for name in (theme.background, theme.surface, theme.panel) if name]


def coloured(color: RichColor | None) -> Color | None:
    return None if color is None else Color.from_rich_color(color)


@pytest.mark.parametrize(("palette", "theme"), COLOURED)
def test_every_word_can_be_read_on_every_ground(palette: Palette, theme: Theme) -> None:
    for word, style in palette.styles.items():
        front, back = coloured(style.color), coloured(style.bgcolor)
        assert front is not None
        for ground in [back] if back else grounds(theme):
            assert contrast(front, ground) >= ENOUGH, (word, ground)


@pytest.mark.parametrize("theme", THEMES)
def test_text_around_the_lights_can_be_read(theme: Theme) -> None:
    assert theme.foreground
    for ground in grounds(theme):
        assert contrast(Color.parse(theme.foreground), ground) >= ENOUGH


@pytest.mark.parametrize("palette", [*(palette for palette, _ in COLOURED), MONOCHROME])
def test_every_light_has_a_style(palette: Palette) -> None:
    assert set(palette.styles) == {light.value for light in Light}


@pytest.mark.parametrize("palette", [palette for palette, _ in COLOURED])
def test_late_and_lost_steps_look_unlike_done_ones(palette: Palette) -> None:
    loud = (Light.DONE, Light.DUE_SOON, Light.OVERDUE, Light.REVIEW, Light.RETURNED, Light.REDO, Light.UNKNOWN)
    assert len({palette.styles[light.value].bgcolor for light in loud}) == len(loud)


def test_monochrome_has_attributes_and_no_colour() -> None:
    for style in (*MONOCHROME.styles.values(), MONOCHROME.bar.done_style, MONOCHROME.bar.left_style):
        assert style.color is None
        assert style.bgcolor is None
    assert MONOCHROME.styles[Light.OVERDUE.value] != Style()
    assert MONOCHROME.bar.done != MONOCHROME.bar.left


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "linux"}, {"TERM": "dumb"}, {"TERM": "vt220"}])
def test_a_terminal_without_colours_gets_none(environment: dict[str, str]) -> None:
    assert colourless(environment)
    assert palette_for("classic", dark=True, environment=environment) is MONOCHROME


def test_an_empty_no_color_asks_for_nothing() -> None:
    assert not colourless({"NO_COLOR": "", "TERM": "xterm-256color"})


def test_a_palette_is_found_by_its_name_and_suits_the_theme() -> None:
    assert palette_for("classic", dark=True, environment=NO_ENVIRONMENT) is CLASSIC
    assert palette_for("classic", dark=False, environment=NO_ENVIRONMENT) is CLASSIC_LIGHT
    assert palette_for("okabe-ito", dark=True, environment=NO_ENVIRONMENT) is OKABE_ITO
    assert palette_for("okabe-ito", dark=False, environment=NO_ENVIRONMENT) is OKABE_ITO_LIGHT
    assert palette_for("of a newer release", dark=True, environment=NO_ENVIRONMENT) is CLASSIC
    assert {palette_for(name, dark=True, environment=NO_ENVIRONMENT).name for name in NAMES} == set(NAMES)
