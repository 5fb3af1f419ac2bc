"""Where things stand on a wall of a given size: presets for a hall, an office, a desk and a strip, and what fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.wall.bitmaps import HEIGHT as GLYPH
from tui.wall.bitmaps import width_of
from tui.wall.blocks import rows_of
from tui.wall.sight import NAMES, READABLE, Sight

MARGIN: Final = 1
"""Cells around the frame, into which it moves so that nothing burns in."""
TILES: Final = 4
"""So many big figures stand beside each other."""
_TOP: Final = 2
_CENTRE: Final = {"strip": 12, "hall": 16, "office": 18, "desk": 24}
"""Rows that the centre keeps, however big the figures."""
LEAST: Final = (80, 24)
"""The smallest size at which everything fits; below it a wall shows what it can."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of wall: sizes in cells, the first being its usual one, and what it is for."""

    name: str
    width: tuple[int, int]
    height: tuple[int, int]
    zh: str
    en: str

    @property
    def usual(self) -> tuple[int, int]:
        """The size at which a screen of this kind is set up."""
        return self.width[1], self.height[1]


STRIP: Final = Preset("strip", (80, 80), (24, 24), "窄屏、投影或远程终端", "a narrow screen, a projector, ssh")
HALL: Final = Preset("hall", (100, 120), (28, 34), "55-65 英寸，4-5 米", "55-65 inches at 4-5 m")
OFFICE: Final = Preset("office", (140, 160), (38, 42), "65-75 英寸，3 米", "65-75 inches at 3 m")
DESK: Final = Preset("desk", (200, 240), (55, 67), "显示器，或 86 英寸 2-3 米", "a monitor, or 86 inches at 2-3 m")
PRESETS: Final = {preset.name: preset for preset in (HALL, OFFICE, DESK, STRIP)}


@dataclass(frozen=True, slots=True)
class Layout:
    """One frame's measures in cells, without the margin.

    `top`, `critical`, `bottom`: rows of the fixed parts; the centre has what is left. `scale`: of the big figures.
    `ticker`: how many of the newest changes are shown. `names`: pixels of big names, 0 where there is no room for any.
    """

    preset: str
    width: int
    height: int
    top: int
    critical: int
    bottom: int
    scale: int
    ticker: int
    names: int

    @property
    def centre(self) -> int:
        """Rows of the part that rotates."""
        return max(0, self.height - self.top - self.critical - self.bottom)


def preset_of(width: int, height: int) -> Preset:
    """The kind of wall that a size is: the largest whose least size it reaches in both directions."""
    for preset in (DESK, OFFICE, HALL):
        if width >= preset.width[0] and height >= preset.height[0]:
            return preset
    return STRIP


def preset_for(sight: Sight) -> Preset:
    """The kind of wall that can be read there: the one with the most rows whose names still can."""
    most = sight.most_rows(NAMES)
    return next((preset for preset in (DESK, OFFICE) if preset.height[0] <= most), HALL)


def layout_for(width: int, height: int, preset: str = "", sight: Sight | None = None) -> Layout:
    """The measures of a frame on a screen of this size. A `sight` enlarges what could not be read from there.

    A strip has no margin: it has no cell to spare, and hangs on no wall for months.
    """
    found = PRESETS.get(preset) or preset_of(width, height)
    margin = 0 if found is STRIP else MARGIN
    inner, rows = max(1, width - 2 * margin), max(1, height - 2 * margin)
    ticker = {"strip": 1, "hall": 1, "office": 3, "desk": 4}[found.name]
    scale = _scale(found, inner, rows, ticker, cramped=sight is not None and sight.row(height) < READABLE)
    return Layout(
        preset=found.name,
        width=inner,
        height=rows,
        top=_TOP,
        critical=rows_of(GLYPH * scale) + (1 if found is STRIP else 2),
        bottom=ticker + 2,
        scale=scale,
        ticker=ticker,
        names=_names(found, rows, sight),
    )


def _scale(preset: Preset, width: int, rows: int, ticker: int, *, cramped: bool) -> int:
    """How often each pixel of a figure is repeated: the most with which three digits fit and the centre keeps room.

    `cramped`: normal rows cannot be read from there, so that the figures take half of the centre's room, too.
    """
    kept = _CENTRE[preset.name] // (2 if cramped else 1)
    found = 1
    for scale in (2, 3, 4) if cramped else (2, 3):
        wide = width_of("888", scale) + 3 * width_of("88", scale) + 2 * TILES <= width
        high = rows - _TOP - (rows_of(GLYPH * scale) + 2) - (ticker + 2) >= kept
        found = scale if wide and high else found
    return found


def _names(preset: Preset, rows: int, sight: Sight | None) -> int:
    """The pixels of a big name: sixteen where there is room, fourteen in a hall, none on a strip."""
    if preset.name == "strip" or rows < HALL.height[0] - 2 * MARGIN:
        return 0
    return 14 if preset.name == "hall" else 16 if sight is None or sight.row(rows) >= READABLE else 24
