"""Waking everybody who listens: at once after a rest, together under load, and behind the answers to those who ask."""

from __future__ import annotations

import asyncio
import time

import pytest

from server import bell
from server.bell import Bell


class Ear:
    """A listener that does something when it is woken, and says when it was."""

    def __init__(self, heard: list[str], busy: float = 0.0) -> None:
        self.heard, self.busy = heard, busy

    def wake(self) -> None:
        self.heard.append("woken")
        asyncio.get_running_loop().call_soon(time.sleep, self.busy)


async def test_after_a_rest_everybody_is_woken_at_once_but_behind_what_is_queued_already() -> None:
    heard: list[str] = []
    ring = Bell([Ear(heard), Ear(heard)])
    ring.ring()
    asyncio.get_running_loop().call_soon(heard.append, "answered")
    assert heard == []
    await asyncio.sleep(0)
    assert heard == ["woken", "woken", "answered"]


async def test_rings_while_it_rests_are_one_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "LONGEST_REST", 0.05)
    heard: list[str] = []
    ring = Bell([Ear(heard, busy=0.02)])
    ring.ring()
    while not ring._rested:
        await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    before = loop.time()
    for _ in range(10):
        ring.ring()
        await asyncio.sleep(0)
    assert heard == ["woken"]
    while len(heard) < 2:
        await asyncio.sleep(0)
    assert loop.time() >= before + 0.02, "it rested as long as it may"
    assert heard == ["woken", "woken"]


async def test_it_never_rests_long_however_many_listen() -> None:
    heard: list[str] = []
    ring = Bell([Ear(heard, busy=0.1)])
    ring.ring()
    while not ring._rested:
        await asyncio.sleep(0)
    assert ring._rested - asyncio.get_running_loop().time() <= bell.LONGEST_REST


async def test_a_silent_bell_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    ring = Bell([Ear(heard)])
    ring.ring()
    ring.silence()
    for _ in range(3):
        await asyncio.sleep(0)
    assert heard == []
