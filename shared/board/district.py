"""The board's rows: what one unit and one town show, computed from records, the campaign and the day passed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.board.lights import Light
from shared.board.redo import Redo

BLANK: Final = " "
"""A column that a unit's workflow does not have."""
OWN: Final = -1
"""Stands for the unit's own record where columns are named."""
SETTLED: Final = frozenset((Light.DONE.value, Light.LATE_DONE.value))
_UNCOUNTED: Final = frozenset((Light.EXEMPT.value, BLANK))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board: a phase and the number of a step in it, `1.10`."""

    phase: int
    no: int

    @property
    def step(self) -> str:
        """The id of the step this column shows."""
        return f"{self.phase}.{self.no}"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What one unit shows. Equal rows look alike, so a row is its own cache key.

    `lights`: one character per column of the board, the word of the step's light or a blank where its workflow has no
    such step. `marks`: the columns on which different values collide, `OWN` for the unit's own record. `unsent`: the
    columns with own entries that are not on the board yet. `over`: days past due of its most overdue step. `done` of
    `applicable` steps count as done. `problems` are open, `late` of them past due. `redo`: what a survey opened again.
    """

    code: str
    name: str
    kind: str
    town: str
    workflow: str
    lights: str
    marks: tuple[int, ...] = ()
    unsent: tuple[int, ...] = ()
    over: int = 0
    done: int = 0
    applicable: int = 0
    problems: int = 0
    late: int = 0
    redo: Redo | None = None


@dataclass(frozen=True, slots=True)
class TownRow:
    """What one town shows: its units' lights counted per column and in all."""

    code: str
    name: str
    units: int
    done: int
    applicable: int
    counts: tuple[tuple[str, int], ...]
    worst: str
    marks: int = 0
    over: int = 0
    problems: int = 0
    late: int = 0

    def count(self, light: Light) -> int:
        """How many cells of the town show this light."""
        return next((number for word, number in self.counts if word == light.value), 0)


def count_cells(lights: str) -> tuple[int, int]:
    """How many steps of a row count as done, and how many apply to the unit."""
    applicable = len(lights) - sum(map(lights.count, _UNCOUNTED))
    return sum(map(lights.count, SETTLED)), applicable


URGENCY: Final[Mapping[str, int]] = {
    word.value: rank
    for rank, word in enumerate(
        (
            Light.OVERDUE,
            Light.REDO,
            Light.RETURNED,
            Light.UNKNOWN,
            Light.DUE_SOON,
            Light.REVIEW,
            Light.ON_TRACK,
            Light.CLOSED,
            Light.LATE_DONE,
            Light.DONE,
            Light.EXEMPT,
        )
    )
}
"""Which light of several a summary shows: the lowest rank."""


def town_row(code: str, name: str, rows: Iterable[UnitRow], width: int) -> TownRow:
    """The row of a town over its units: per column the most urgent light, and how often each light stands in all."""
    members = list(rows)
    lights = "".join([row.lights for row in members])
    counts = [(word, number) for word in URGENCY if (number := lights.count(word))]
    worst = "".join(_worst(lights[index::width]) for index in range(width))
    done, applicable = sum(row.done for row in members), sum(row.applicable for row in members)
    marks = sum(len(row.marks) for row in members)
    over = max((row.over for row in members), default=0)
    problems, late = sum(row.problems for row in members), sum(row.late for row in members)
    return TownRow(code, name, len(members), done, applicable, tuple(counts), worst, marks, over, problems, late)


def _worst(column: str) -> str:
    return next((word for word in URGENCY if word in column), BLANK)
