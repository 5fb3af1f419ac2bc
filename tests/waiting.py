"""Waiting for a state, never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 20.0


async def until(holds: Callable[[], object]) -> None:
    """Give others turns until this holds; fails when it never does."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await asyncio.sleep(0.005)


async def event(happened: Callable[[float], bool]) -> None:
    """Wait for a `threading.Event.wait` without stopping the loop."""
    assert await asyncio.to_thread(happened, PATIENCE)
