"""Everything a wall shows, as values: towns with their counts, the day, what changed, and what was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import zip_longest
from typing import NamedTuple

from shared.board.district import Column, UnitRow
from shared.board.status import Counts, tallied
from tui.progress import Past
from tui.wall.registers import NOTHING, Registers

_NONE = Counts()


@dataclass(frozen=True, slots=True)
class Town:
    """One town as the wall shows it.

    `strip`: per column the most urgent light of its units. `over`: days past due of the most overdue step. `heard`:
    when its newest data came, nothing when never; `silent`: of how many of its units nothing was heard for too long.
    """

    code: str
    name: str
    units: int
    strip: str
    counts: Counts
    over: int = 0
    problems: int = 0
    late: int = 0
    marks: int = 0
    heard: datetime | None = None
    silent: int = 0

    @property
    def share(self) -> float:
        """What part of its steps is done."""
        return self.counts.done / self.counts.steps if self.counts.steps else 0.0


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase by its number, with its title and its first and last day in most workflows."""

    no: int
    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Changed:
    """One step of one unit that looks different: when, which, and its light before (empty when not known) and after."""

    at: datetime
    code: str
    unit: str
    step: str
    before: str
    after: str


class Curve(NamedTuple):
    """How many steps of a town stood as done: at the end of each of the last days, and a week ago."""

    days: tuple[int, ...]
    week_ago: int | None


class Moved(NamedTuple):
    """How many steps of a town were done, turned red, were red and are no more, and came back for more work."""

    done: int = 0
    red: int = 0
    cleared: int = 0
    undone: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """The board at one moment.

    `counts`, `problems` (open, and of them late): of all towns; `per_column`: the counts of each column. `rows`: town →
    its units' rows, as far as they are known. `as_of`: the day it shows, when that is over. `day`: which of how many.
    `changed`: the newest first. `curves`: town → its last days, as far as they are known. `before`: the counts of
    yesterday, and `open_before` the open problems. `moved`: by town, where anything did.
    """

    title: str
    phase: str
    day: tuple[int, int]
    today: date
    warning: int
    columns: tuple[Column, ...]
    phases: tuple[Phase, ...]
    towns: tuple[Town, ...]
    counts: Counts = _NONE
    problems: tuple[int, int] = (0, 0)
    per_column: tuple[Counts, ...] = ()
    rows: Mapping[str, tuple[UnitRow, ...]] = field(default_factory=dict)
    changed: tuple[Changed, ...] = ()
    past: Past | None = None
    curves: Mapping[str, Curve] = field(default_factory=dict)
    before: Counts | None = None
    open_before: int = 0
    moved: Mapping[str, Moved] = field(default_factory=dict)
    registers: Registers = NOTHING
    as_of: date | None = None
    collisions: int = 0


def total(every: Iterable[Counts]) -> Counts:
    """The counts of all of them together."""
    sums = Running()
    for counts in every:
        sums.add(counts)
    return sums.counts


class Running:
    """Sums that are kept up to date: what changes is taken out and put in again, whatever the number of towns."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_NAMES, 0)
        self.problems = self.late = 0

    @property
    def counts(self) -> Counts:
        """The counts of all that was added."""
        return Counts(**self._counts)

    def add(self, counts: Counts, problems: int = 0, late: int = 0, *, times: int = 1) -> None:
        """Add these, or take them out with `times=-1`."""
        for name in _NAMES:
            self._counts[name] += times * getattr(counts, name)
        self.problems += times * problems
        self.late += times * late


class PerColumn:
    """The counts of each column, kept up to date unit by unit, whatever the number of units."""

    def __init__(self, columns: int) -> None:
        self._lights: list[Counter[str]] = [Counter() for _column in range(columns)]
        self._counts = [_NONE] * columns
        self._touched: set[int] = set()

    def exchange(self, old: str, new: str) -> None:
        """A unit shows these lights instead of those; an empty text where there was none, or is none any more."""
        if old == new:
            return
        for at, (before, after) in enumerate(zip_longest(old, new, fillvalue="")):
            if before != after:
                self._lights[at][before] -= 1
                self._lights[at][after] += 1
                self._touched.add(at)

    @property
    def counts(self) -> tuple[Counts, ...]:
        """The counts, column by column."""
        for at in self._touched:
            lights = self._lights[at]
            lights[""] = 0  # where a unit was not yet, or is no more
            self._counts[at] = tallied(lights.__getitem__, lights.total())
        self._touched.clear()
        return tuple(self._counts)


_NAMES = tuple(each.name for each in fields(Counts))
