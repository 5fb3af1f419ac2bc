"""A scroll bar without block characters, which take two cells on some Chinese terminals."""

from __future__ import annotations

from typing import ClassVar

from rich.style import StyleType
from textual.scrollbar import ScrollBar, ScrollBarRender


class SolidScrollBar(ScrollBarRender):
    """Draws a scroll bar with backgrounds alone: set it as `renderer` of one bar, or of `ScrollBar` for all.

    Where everything is in sight it has no thumb.
    """

    VERTICAL_BARS: ClassVar[list[str]] = [" "]
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "]

    def __init__(
        self,
        virtual_size: int = 100,
        window_size: int = 0,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        style: StyleType = "bright_magenta on #555555",
    ) -> None:
        shown = window_size if window_size < virtual_size else 0
        super().__init__(virtual_size, shown, position, thickness, vertical, style)


def move(bar: ScrollBar, position: float) -> None:
    """Move the thumb of a solid bar; it is painted only when it comes to stand on another cell.

    Among thousands of lines most steps move it by a fraction of a cell, and painting it costs more than the board.
    """
    if _thumb(bar, position) == _thumb(bar, bar.position):
        bar.set_reactive(ScrollBar.position, bar.validate_position(position))
    else:
        bar.position = position


def _thumb(bar: ScrollBar, position: float) -> int:
    size, hidden = bar.window_size, bar.window_virtual_size - bar.window_size
    if hidden <= 0 or not size:
        return 0
    return int((size - max(1, size * size / bar.window_virtual_size)) * position / hidden)
