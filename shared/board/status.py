"""The counts of a board: how many steps are done, late, soon; in all, by phase and by town."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from shared.board.district import BLANK, SETTLED, Column, UnitRow
from shared.board.lights import Light

_UNCOUNTED: Final = (Light.EXEMPT.value, BLANK)


@dataclass(frozen=True, slots=True)
class Counts:
    """Steps by what they show; `steps` is the denominator, those that apply."""

    steps: int = 0
    done: int = 0
    overdue: int = 0
    due_soon: int = 0
    review: int = 0
    returned: int = 0
    redo: int = 0
    unknown: int = 0
    on_track: int = 0
    closed: int = 0

    def to_json(self) -> dict[str, int]:
        """The counts by name."""
        return {name: getattr(self, name) for name in self.__slots__}


_NAMES: Final = {
    Light.OVERDUE.value: "overdue",
    Light.DUE_SOON.value: "due_soon",
    Light.REVIEW.value: "review",
    Light.RETURNED.value: "returned",
    Light.REDO.value: "redo",
    Light.UNKNOWN.value: "unknown",
    Light.ON_TRACK.value: "on_track",
    Light.CLOSED.value: "closed",
}


def count(words: Iterable[str]) -> Counts:
    """The counts over lights of any number of rows; blanks and exempt steps are left out."""
    lights = "".join(words)
    return tallied(lights.count, len(lights))


def tallied(number_of: Callable[[str], int], cells: int) -> Counts:
    """The counts of so many cells, when it is known how many of them show a light."""
    steps = cells - sum(map(number_of, _UNCOUNTED))
    done = sum(map(number_of, SETTLED))
    return Counts(steps=steps, done=done, **{name: number_of(word) for word, name in _NAMES.items()})


def by_phase(rows: Sequence[UnitRow], columns: Sequence[Column]) -> list[tuple[int, Counts]]:
    """The counts of each phase, by its number."""
    phases = sorted({column.phase for column in columns})
    spans = {no: [i for i, column in enumerate(columns) if column.phase == no] for no in phases}
    return [(no, count(row.lights[span[0] : span[-1] + 1] for row in rows)) for no, span in spans.items()]


def by_town(rows: Iterable[UnitRow]) -> dict[str, Counts]:
    """The counts of each town, by its code."""
    towns: dict[str, list[str]] = {}
    for row in rows:
        towns.setdefault(row.town, []).append(row.lights)
    return {town: count(words) for town, words in sorted(towns.items())}
