"""One frame of the board as text, for a pipe, a mail or a test."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App


def one_frame(app: App[Any], columns: int, rows: int) -> str:
    """What the app's first full frame shows at this size, line by line, without colours."""
    return asyncio.run(_frame(app, columns, rows))


async def _frame(app: App[Any], columns: int, rows: int) -> str:
    async with app.run_test(size=(columns, rows)) as pilot:
        await pilot.pause()
        lines = app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines)
