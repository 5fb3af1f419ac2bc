"""The pages over all units by their names, each loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

from rich.style import Style
from textual.screen import Screen

from shared.board.lights import Light
from tui.live_board import LiveBoard

PAGES: Final = {
    "my-day": ("tui.screens.my_day", "MyDayPage"),
    "review": ("tui.screens.registers.review", "ReviewPage"),
    "problems": ("tui.screens.registers.problems", "ProblemsPage"),
    "visits": ("tui.screens.registers.visits", "VisitsPage"),
    "chase": ("tui.screens.chase", "ChasePage"),
    "progress": ("tui.screens.progress", "ProgressPage"),
}
"""What a page is called, and where it is."""


def page_of(name: str, board: LiveBoard, paint: Callable[[Light], Style]) -> Screen[None]:
    """A new page of this name."""
    module, cls = PAGES[name]
    page: Screen[None] = getattr(import_module(module), cls)(board, paint)
    return page
