"""What an office wishes of its wall, as it is said on the command line; and what the hour makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Final

from tui.wall.blocks import Blocks
from tui.wall.rotation import Dwell
from tui.wall.sight import Sight
from tui.wall.trust import PATIENCE, Patience
from tui.wall.typeface import Latin, Typeface

SHIFTED: Final = 300.0
"""Seconds after which the frame moves by a cell, so that nothing burns in."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day, `18:30-07:00`; it may go over midnight. From and to the same time is none."""

    first: time
    last: time

    def hold(self, now: datetime) -> bool:
        """Whether it is such a time."""
        at = now.time().replace(tzinfo=None)
        if self.first <= self.last:
            return self.first <= at < self.last
        return at >= self.first or at < self.last


class Glow(StrEnum):
    """How bright the wall is."""

    FULL = "full"
    DIMMED = "dimmed"
    OFF = "off"


@dataclass(frozen=True)
class Settings:
    """`preset`: a layout by name, else by size. `dim`, `off`: when the wall is dimmed, when it shows but the time.

    `words`: whether Chinese can be shown at all.
    """

    preset: str = ""
    sight: Sight | None = None
    dwell: Dwell = field(default_factory=Dwell)
    hidden: bool = False
    ranked: bool = True
    blocks: Blocks = Blocks.HALF
    typeface: Typeface = field(default_factory=Latin)
    words: bool = True
    dim: Hours | None = None
    off: Hours | None = None
    patience: Patience = PATIENCE

    def glow(self, now: datetime) -> Glow:
        """How bright it is to be now."""
        if self.off is not None and self.off.hold(now):
            return Glow.OFF
        return Glow.DIMMED if self.dim is not None and self.dim.hold(now) else Glow.FULL


def parse_hours(text: str) -> Hours | None:
    """Hours as they are typed; nothing when they are none."""
    first, found, last = text.strip().partition("-")
    try:
        return Hours(time.fromisoformat(first.strip()), time.fromisoformat(last.strip())) if found else None
    except ValueError:
        return None


def shift_at(now: datetime) -> tuple[int, int]:
    """By how many cells the frame stands to the right and down at this time: the corners and the middle in turn."""
    step = int(now.timestamp() // SHIFTED) % len(_PLACES)
    return _PLACES[step]


_PLACES: Final = ((1, 1), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1), (0, 0), (1, 0), (2, 0))
