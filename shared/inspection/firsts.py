"""The first so many of a great many, by a key, and how many there were: what a list shows that has a bound."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Generic, TypeVar

T = TypeVar("T")
_SLACK = 4


class Firsts(Generic[T]):
    """Takes any number of things and keeps the `limit` first by their keys, in memory for a few times that many.

    Keys are tuples of values that can be compared, each different from all others.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: list[tuple[tuple[object, ...], T]] = []
        self.count = 0

    def take(self, key: tuple[object, ...], thing: T) -> None:
        """Take a thing."""
        self.count += 1
        self._kept.append((key, thing))
        if len(self._kept) >= _SLACK * max(self._limit, 1):
            self._cut()

    def __iter__(self) -> Iterator[T]:
        """The first so many, in order."""
        self._cut()
        return iter([thing for _key, thing in self._kept])

    def _cut(self) -> None:
        self._kept.sort(key=itemgetter(0))
        del self._kept[self._limit :]
