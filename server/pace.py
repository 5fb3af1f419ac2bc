"""How fast one peer may go: a token bucket over a clock that is passed in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

MAX_PEERS: Final = 4096


class Bucket:
    """Holds one second's worth of `rate`; `take` says whether there is enough left."""

    def __init__(self, rate: float, now: Callable[[], float]) -> None:
        self._rate = rate
        self._now = now
        self._level = rate
        self._at = now()

    def take(self, amount: int) -> bool:
        """Take this much, or nothing when there is not enough."""
        now = self._now()
        self._level = min(self._rate, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < amount:
            return False
        self._level -= amount
        return True


class Tries:
    """At most `limit` tries per peer and window, for doors that take a secret; remembers a bounded number of peers."""

    def __init__(self, limit: int, seconds: float, now: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._now = now
        self._tries: OrderedDict[str, list[float]] = OrderedDict()

    def wait(self, peer: str) -> int:
        """Count a try of this peer; 0 when it may go on, otherwise the seconds to wait."""
        now = self._now()
        recent = [at for at in self._tries.pop(peer, ()) if now - at < self._seconds]
        waiting = 0 if len(recent) < self._limit else max(1, int(self._seconds - (now - recent[0])) + 1)
        if not waiting:
            recent.append(now)
        self._tries[peer] = recent
        while len(self._tries) > MAX_PEERS:
            self._tries.popitem(last=False)
        return waiting
