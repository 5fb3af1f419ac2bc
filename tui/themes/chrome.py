"""The Textual themes for everything around the lights; calm, so that the lights are what is seen."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="guatu-dark",
    primary="#4f9fe0",
    secondary="#7fb4ff",
    accent="#ffd21f",
    warning="#ffd21f",
    error="#ff6b60",
    success="#2faf5f",
    foreground="#e6e6e6",
    background="#16191d",
    surface="#1c2025",
    panel="#292f36",
    dark=True,
    variables={"block-cursor-background": "#ffffff", "block-cursor-foreground": "#000000"},
)
LIGHT: Final = Theme(
    name="guatu-light",
    primary="#0a5ea8",
    secondary="#2f6fb0",
    accent="#8f5a00",
    warning="#8f5a00",
    error="#b00000",
    success="#1f7a3d",
    foreground="#1a1a1a",
    background="#fafafa",
    surface="#f2f3f5",
    panel="#e0e4e8",
    dark=False,
    variables={"block-cursor-background": "#000000", "block-cursor-foreground": "#ffffff"},
)
THEMES: Final = (DARK, LIGHT)
