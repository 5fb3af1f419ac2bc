"""Which lines the board shows and in what order: values in, values out, no screen.

Twenty thousand units have to be filtered and sorted between two key presses, so every row is looked at once, sorting
leans on the order by code that the rows arrive in, and a change never touches lines that it does not concern.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple, TypeVar

from shared.board.district import TownRow, UnitRow

Row = UnitRow | TownRow
_R = TypeVar("_R", UnitRow, TownRow)


class Order(StrEnum):
    """How lines are sorted; towns among towns, units inside their town."""

    CODE = "code"
    OVERDUE = "overdue"
    PROGRESS = "progress"


class Beside(StrEnum):
    """What a unit may have beside its steps."""

    PROBLEMS = "problems"
    LATE = "late"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which units are shown: those that pass every part that is set; an empty part asks nothing.

    `text` stands in the unit's name or code or in its town's name, in either width and any case. `lights` are words:
    one of them stands in a cell of the unit. `kinds` and `towns` are ids and codes. `beside`: what the unit has.
    """

    text: str = ""
    towns: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    lights: frozenset[str] = frozenset()
    beside: Beside | None = None

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.towns or self.kinds or self.lights or self.beside)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a person chose to see: a filter, an order, the folded towns, and whether units stand under their towns."""

    filter: Filter = field(default_factory=Filter)
    order: Order = Order.CODE
    folded: frozenset[str] = frozenset()
    grouped: bool = True


class Changed(NamedTuple):
    """A line that looks different now: where it stands, what it was and what it is."""

    at: int
    old: Row
    new: Row


@dataclass(frozen=True, slots=True)
class Lines:
    """The visible sequence of town lines and unit lines, and where each stands.

    `units` and `towns` map codes to positions; a town's organ has the code of its town, so they are two maps. `most` is
    the largest number of steps that any line counts, folded and filtered ones included, so that columns keep still.
    """

    rows: Sequence[Row] = ()
    folded: frozenset[str] = frozenset()
    most: int = 0
    units: Mapping[str, int] = field(default_factory=dict)
    towns: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def place_of(self, code: str) -> int | None:
        """The line of a unit or, when no unit of that code is shown, of a town."""
        at = self.units.get(code)
        return self.towns.get(code) if at is None else at

    def replaced(self, units: Mapping[str, UnitRow], towns: Mapping[str, TownRow]) -> tuple[Lines, tuple[Changed, ...]]:
        """The same lines with these rows in place of the old ones, and which of them differ. Nothing moves.

        A row that is not shown is passed over: filter and order are applied again when somebody asks for it, never
        under the reader's eyes.
        """
        found: list[tuple[int | None, Row]] = [(self.units.get(code), row) for code, row in units.items()]
        found += [(self.towns.get(code), row) for code, row in towns.items()]
        changed = tuple(Changed(at, self.rows[at], row) for at, row in found if at is not None and self.rows[at] != row)
        if not changed:
            return self, ()
        rows = list(self.rows)
        for at, _, row in changed:
            rows[at] = row
        most = max(self.most, *(change.new.applicable for change in changed))
        return Lines(rows, self.folded, most, self.units, self.towns), changed


NO_LINES: Final = Lines()


def arrange(units: Mapping[str, UnitRow], towns: Mapping[str, TownRow], wanted: Arrangement) -> Lines:
    """The lines to show, of units in the order of their codes and with every unit's town among `towns`.

    A town without a unit that passes is left out.
    """
    passing = _passing(units.values(), towns, wanted.filter)
    most = max((row.applicable for row in towns.values()), default=0)
    if not wanted.grouped:
        rows: list[Row] = list(_sorted(passing, wanted.order))
        return Lines(rows, wanted.folded, most, {row.code: at for at, row in enumerate(rows)})
    members: dict[str, list[UnitRow]] = {}
    for row in passing:
        if (group := members.get(row.town)) is None:
            group = members[row.town] = []
        group.append(row)
    return _grouped(members, towns, wanted, most)


def _grouped(
    members: Mapping[str, list[UnitRow]], towns: Mapping[str, TownRow], wanted: Arrangement, most: int
) -> Lines:
    rows: list[Row] = []
    unit_at: dict[str, int] = {}
    town_at: dict[str, int] = {}
    for town in _sorted([towns[code] for code in sorted(members)], wanted.order):
        town_at[town.code] = len(rows)
        rows.append(town)
        if town.code not in wanted.folded:
            under = _sorted(members[town.code], wanted.order)
            unit_at.update(zip([row.code for row in under], range(len(rows), len(rows) + len(under)), strict=True))
            rows.extend(under)
    return Lines(rows, wanted.folded, most, unit_at, town_at)


def _progress(row: Row) -> float:
    # A unit to which nothing applies has nothing left to do.
    return row.done / row.applicable if row.applicable else 1.0


def _sorted(rows: Sequence[_R], order: Order) -> Sequence[_R]:
    match order:
        case Order.CODE:
            return rows
        case Order.OVERDUE:
            return sorted(rows, key=attrgetter("over"), reverse=True)
        case Order.PROGRESS:
            return sorted(rows, key=_progress)


def _passing(rows: Iterable[UnitRow], towns: Mapping[str, TownRow], wanted: Filter) -> list[UnitRow]:
    found = list(rows)
    if wanted.towns:
        found = [row for row in found if row.town in wanted.towns]
    if wanted.kinds:
        found = [row for row in found if row.kind in wanted.kinds]
    if wanted.lights:
        free = wanted.lights.isdisjoint
        found = [row for row in found if not free(row.lights)]
    if wanted.beside is not None:
        has = attrgetter(wanted.beside.value)
        found = [row for row in found if has(row)]
    if needle := folded_text(wanted.text):
        whole = {code for code, town in towns.items() if needle in folded_text(town.name)}
        found = [
            row for row in found if needle in folded_text(row.name) or needle in row.code.lower() or row.town in whole
        ]
    return found


@lru_cache(maxsize=1 << 16)
def folded_text(text: str) -> str:
    """The text as it is compared: full-width forms as ASCII, small letters, no blanks around it."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    # Most names are their own folded form; keeping one copy halves what twenty thousand of them take.
    return text if folded == text else folded


def find(lines: Lines, text: str, start: int, step: int = 1) -> int | None:
    """The next line after `start` (before it with step -1) whose name or code holds the text, going round the end."""
    needle = folded_text(text)
    count = len(lines)
    if not needle:
        return None
    matches = _matcher(needle)
    for distance in range(1, count + 1):
        at = (start + step * distance) % count
        if matches(lines.rows[at]):
            return at
    return None


def _matcher(needle: str) -> Callable[[Row], bool]:
    return lambda row: needle in folded_text(row.name) or needle in row.code.lower()


def next_town(lines: Lines, start: int, step: int = 1) -> int | None:
    """The line of the next town after `start` (with step -1 of the one before), or nothing at the end."""
    at = start + step
    while 0 <= at < len(lines):
        if isinstance(lines.rows[at], TownRow):
            return at
        at += step
    return None
