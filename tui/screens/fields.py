"""The part of a form that scrolls."""

from __future__ import annotations

from typing import Final

from textual.containers import VerticalScroll
from textual.geometry import Size

AROUND: Final = 10
"""Lines that a form needs around its fields: border, title, what is wrong, buttons, and a margin of the screen's."""
LEAST: Final = 3


class Fields(VerticalScroll):
    """As high as its fields, and never so high that what is wrong and the buttons would fall off the screen."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As its fields have it, within what the screen has room for."""
        return min(super().get_content_height(container, viewport, width), max(LEAST, viewport.height - AROUND))
