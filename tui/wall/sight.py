"""Whether a screen can be read from where people stand: the angle under which a row of text is seen.

A row of a terminal is as high as the picture divided by its rows; a Chinese character fills about 85 of a hundred parts
of that. 16 minutes of arc are the least for text to be read, 20 for names (ISO 9241-3; NUREG-0700 for large displays).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, degrees, hypot, tan
from math import radians as to_radians
from typing import Final

READABLE: Final = 16.0
"""Minutes of arc that a normal row must subtend."""
NAMES: Final = 20.0
"""Minutes of arc that names should subtend: they have many strokes."""
_FILLED: Final = 0.85
_ASPECT: Final = (16, 9)
_CM: Final = 2.54


@dataclass(frozen=True, slots=True)
class Sight:
    """A screen of 16:9, so many inches across, seen from so many metres."""

    inches: float
    metres: float

    @property
    def height(self) -> float:
        """The height of the picture, in centimetres."""
        return self.inches * _CM * _ASPECT[1] / hypot(*_ASPECT)

    def row(self, rows: int) -> float:
        """Minutes of arc under which a normal row is seen when the screen shows so many."""
        return self.of_rows(1, rows)

    def of_rows(self, high: float, rows: int) -> float:
        """Minutes of arc under which something is seen that is so many rows high."""
        centimetres = self.height / max(1, rows) * _FILLED * high
        return degrees(2 * atan(centimetres / 2 / (self.metres * 100))) * 60

    def most_rows(self, minutes: float = READABLE) -> int:
        """How many rows the screen may show for each to subtend so many minutes of arc; at least one."""
        least = 2 * tan(to_radians(minutes / 60) / 2) * self.metres * 100 / _FILLED
        return max(1, int(self.height / least))

    def high_for(self, rows: int, minutes: float) -> int:
        """How many rows high something must be to be seen under so many minutes of arc."""
        high = 1
        while self.of_rows(high, rows) < minutes:
            high += 1
        return high


def parse_sight(inches: float | None, metres: float | None) -> Sight | None:
    """The screen that was described; nothing when it was not. One number alone is taken with a usual other one."""
    if inches is None and metres is None:
        return None
    return Sight(inches or 55.0, metres or 3.0)
