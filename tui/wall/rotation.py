"""Whose turn it is: pages one after the other, each as long as its rows take to read; a value, moved by the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from tui.wall.schedule import Slot

A_ROW: Final = 0.6
"""Seconds that it takes to read a row; no page stands for less than its rows need."""
USUAL: Final = 15.0
"""Seconds that a page stands unless told."""
INTERRUPTION: Final = 20.0
"""Seconds for which something that turned red is shown before the pages go on."""


@dataclass(frozen=True)
class Dwell:
    """How long pages stand, in seconds: `usual`, or by the page's name."""

    usual: float = USUAL
    named: Mapping[str, float] = field(default_factory=dict)

    def of(self, slot: Slot, rows: int) -> float:
        """How long this one stands with so many rows."""
        name = "town" if slot.page.startswith("town:") else slot.page
        return max(self.named.get(name, self.usual), rows * A_ROW)


@dataclass(frozen=True)
class Rotation:
    """Which page is shown since when. `over`: what is shown instead for a while, since when; then the page goes on.

    `held`: somebody stands before the wall and has paused it.
    """

    slot: Slot
    since: datetime
    over: Slot | None = None
    over_since: datetime | None = None
    held: bool = False

    @property
    def shown(self) -> Slot:
        """What is on the screen."""
        return self.over or self.slot

    def left(self, now: datetime, stands: float) -> float:
        """How many seconds it still stands, of so many."""
        since, length = (self.over_since, INTERRUPTION) if self.over_since is not None else (self.since, stands)
        return max(0.0, length - (now - since).total_seconds())

    def tick(self, now: datetime, slots: Sequence[Slot], stands: Callable[[Slot], float]) -> Rotation:
        """What is to be shown at this time; the same value as long as nothing moves. A clock put back starts anew."""
        if now < (self.over_since or self.since):
            return replace(self, since=now, over_since=now if self.over is not None else None)
        if self.over is not None:
            if self.held or self.left(now, INTERRUPTION) > 0:
                return self
            return replace(self, over=None, over_since=None, since=now)
        if self.slot not in slots:
            return replace(self, slot=self._nearest(slots), since=now)
        if self.held or self.left(now, stands(self.slot)) > 0:
            return self
        return self.turn(1, now, slots)

    def turn(self, by: int, now: datetime, slots: Sequence[Slot]) -> Rotation:
        """So many pages on, or back."""
        place = slots.index(self.slot) if self.slot in slots else -by
        return replace(self, slot=slots[(place + by) % len(slots)], since=now, over=None, over_since=None)

    def jump(self, slot: Slot, now: datetime) -> Rotation:
        """Show a page that need not be in turn; the turn goes on from where it was."""
        return replace(self, over=slot, over_since=now)

    def hold(self, *, held: bool, now: datetime) -> Rotation:
        """Stay on what is shown, or go on."""
        return replace(self, held=held, since=now, over_since=now if self.over is not None else None)

    def _nearest(self, slots: Sequence[Slot]) -> Slot:
        """The last part of the same page when that has become shorter, else the first page."""
        same = [slot for slot in slots if slot.page == self.slot.page]
        return same[-1] if same else slots[0]
