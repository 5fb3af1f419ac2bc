"""What changes on a wall while its facts stay: the time, how fresh they are, which page it is, who stands before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tui.wall.trust import Freshness


@dataclass(frozen=True)
class Moment:
    """What changes while the facts stay: the time, how fresh they are and since when, what is wrong, who waits.

    `seen`: when the board last stood at the office's head. `why`: what is wrong with the connection, in few words.
    `frozen`: somebody holds the picture. `paused`: the page stays. `marked`: what changed just now, by code. `typed`:
    digits of a town somebody is about to jump to. `notice`: what else is to be said at the bottom.
    """

    now: datetime
    fresh: Freshness = Freshness.FRESH
    seen: datetime | None = None
    why: str = ""
    frozen: bool = False
    paused: bool = False
    marked: frozenset[str] = frozenset()
    typed: str = ""
    notice: str = ""


class Turn(NamedTuple):
    """Which page is shown, of how many, and how many seconds it still stands."""

    title: str
    number: int
    of: int
    left: int
