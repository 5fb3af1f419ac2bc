"""How a number chooses one of several things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def of(things: Sequence[T], number: int) -> T:
    """The thing that this number chooses."""
    return things[number % len(things)]
