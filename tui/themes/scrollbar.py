"""A scroll bar without block characters, which take two cells on some Chinese terminals."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBarRender


class SolidScrollBar(ScrollBarRender):
    """Draws a scroll bar with backgrounds alone: set it as `renderer` of one bar, or of `ScrollBar` for all."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.VERTICAL_BARS)
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * len(ScrollBarRender.HORIZONTAL_BARS)
