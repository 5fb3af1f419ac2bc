"""How far what hangs on the wall can be trusted: how old it is, and of whom nothing was heard for too long.

Silence is not green and not red (promise 10): what is not known is shown as not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.board.district import UnitRow, count_cells
from shared.board.lights import Light
from shared.rights import EVERYWHERE
from shared.roster import in_area


@dataclass(frozen=True, slots=True)
class Patience:
    """After how long without the office a banner says so, and all is dimmed; after how long a unit is unknown."""

    banner: timedelta = timedelta(minutes=2)
    dimmed: timedelta = timedelta(minutes=10)
    unheard: timedelta = timedelta(hours=48)


PATIENCE: Final = Patience()


class Freshness(StrEnum):
    """How old the board is: as it is now, a while without the office, too long for anybody to go by it."""

    FRESH = "fresh"
    LATE = "late"
    STOPPED = "stopped"


def freshness(seen: datetime | None, now: datetime, patience: Patience = PATIENCE) -> Freshness:
    """What the age of a board amounts to that stood at the office's head last at `seen`; never is too long ago.

    A clock that was put back makes an age below nothing; that is no age at all.
    """
    if seen is None or now - seen >= patience.dimmed:
        return Freshness.STOPPED
    return Freshness.LATE if now - seen >= patience.banner else Freshness.FRESH


_OPEN: Final = str.maketrans(
    dict.fromkeys(
        (light.value for light in (Light.ON_TRACK, Light.DUE_SOON, Light.OVERDUE, Light.RETURNED, Light.REDO)),
        Light.UNKNOWN.value,
    )
)


def veiled(row: UnitRow) -> UnitRow:
    """What is known of a unit that nobody heard of for too long: its open steps may be anything by now.

    What is done, waits for the reviewer, is not open yet or does not apply stays: that does not change in silence.
    """
    lights = row.lights.translate(_OPEN)
    if lights == row.lights:
        return row
    done, applicable = count_cells(lights)
    return replace(row, lights=lights, over=0, done=done, applicable=applicable)


class Heard:
    """When the laptops of each area were last heard of, as the office says: code prefix → time."""

    def __init__(self, areas: Mapping[str, datetime]) -> None:
        self._areas = areas

    def of(self, unit: str) -> datetime | None:
        """When those who enter for a unit were last heard of: by the longest area that covers it."""
        for end in range(len(unit), 0, -1):
            area = unit[:end]
            if area in self._areas and in_area(unit, (area,)):
                return self._areas[area]
        return self._areas.get(EVERYWHERE)

    def silent(self, now: datetime, patience: Patience = PATIENCE) -> frozenset[str]:
        """The areas of which nothing was heard for too long."""
        return frozenset(area for area, at in self._areas.items() if now - at >= patience.unheard)


def parse_heard(said: Mapping[str, str]) -> Heard:
    """What the office said, ISO 8601; a time that is none counts as never."""
    found: dict[str, datetime] = {}
    for area, when in said.items():
        try:
            found[area] = datetime.fromisoformat(when).astimezone()
        except (ValueError, OverflowError):
            continue
    return Heard(found)
