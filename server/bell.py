"""Waking everybody who listens, without letting that be all that is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Final, Protocol

REST: Final = 4.0
"""How long it rests, as a multiple of how long serving everybody took."""
LONGEST_REST: Final = 0.02


class Listener(Protocol):
    """Somebody to be woken."""

    def wake(self) -> None:
        """There is something new."""


class Bell:
    """Wakes all listeners when it is rung: at once when it has rested, otherwise a little later for all rings together.

    Telling two hundred costs as much as committing many changes. So under load listeners get fewer and bigger batches,
    a few milliseconds later, and the loop's time goes into what there is to tell; a single edit is told at once.
    """

    def __init__(self, listeners: Collection[Listener]) -> None:
        self._listeners = listeners
        self._waiting: asyncio.Handle | None = None
        self._rested = 0.0

    def ring(self) -> None:
        """There is something new."""
        if self._waiting is None:
            # Never within the turn that rings: answers to those who entered something leave first.
            loop = asyncio.get_running_loop()
            rested = loop.time() >= self._rested
            self._waiting = loop.call_soon(self._wake_all) if rested else loop.call_at(self._rested, self._wake_all)

    def silence(self) -> None:
        """Ring no more."""
        if self._waiting is not None:
            self._waiting.cancel()

    def _wake_all(self) -> None:
        loop = asyncio.get_running_loop()
        self._waiting = None
        started = loop.time()
        for listener in self._listeners:
            listener.wake()
        # Queued behind the listeners' own turns, so that it knows how long these took.
        loop.call_soon(self._rest, loop.time, started)

    def _rest(self, now: Callable[[], float], started: float) -> None:
        self._rested = now() + min(LONGEST_REST, REST * (now() - started))
