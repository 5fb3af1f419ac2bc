"""A measured number as a value, its aim beside it, and the tables that people read."""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple


class Aim(NamedTuple):
    """What a number should be: at most `limit`, or at least."""

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Whether a number is as good as this."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {spoken(self.limit)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of one measurement: what was measured, on how many units, in which unit of measure.

    `rounds` are the numbers of the single rounds, of which `value` is the median. `system` is whose number it is, where
    several are compared.
    """

    bench: str
    units: int
    name: str
    value: float
    measure: str = ""
    aim: Aim | None = None
    rounds: tuple[float, ...] = ()
    system: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; nothing when there is none."""
        return None if self.aim is None else self.aim.met(self.value)

    @property
    def column(self) -> str:
        """What its column of the table is headed by."""
        return self.system or (f"{self.units:,}" if self.units else "")

    def to_json(self) -> dict[str, Any]:
        """The figure for other programs."""
        return {
            "bench": self.bench,
            "units": self.units,
            **({"system": self.system} if self.system else {}),
            "name": self.name,
            "value": self.value,
            "measure": self.measure,
            "aim": None if self.aim is None else str(self.aim),
            "met": self.met,
            "rounds": self.rounds,
        }


def middle(rounds: Iterable[float]) -> tuple[float, tuple[float, ...]]:
    """The median of several rounds, and the rounds."""
    found = tuple(rounds)
    return statistics.median(found), found


def percentile(samples: Sequence[float], share: float) -> float:
    """The sample that this share of all samples does not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def tables(figures: Sequence[Figure]) -> Iterator[str]:
    """One table per bench: a line per name, a column per number of units or system, the aim last; `!`: it is missed."""
    for bench in dict.fromkeys(figure.bench for figure in figures):
        chosen = [figure for figure in figures if figure.bench == bench]
        columns = list(dict.fromkeys(figure.column for figure in sorted(chosen, key=attrgetter("units"))))
        rows = [heading := [bench, *columns, "aim"], *_rows(chosen, columns)]
        widths = [max(width(row[at]) for row in rows) for at in range(len(heading))]
        for row in rows:
            cells = [_set(cell, widths[at], left=at in (0, len(row) - 1)) for at, cell in enumerate(row)]
            yield "  ".join(cells).rstrip()
        yield ""


def _rows(figures: Sequence[Figure], columns: Sequence[str]) -> Iterator[list[str]]:
    for name, measure in dict.fromkeys((figure.name, figure.measure) for figure in figures):
        of_name = {figure.column: figure for figure in figures if (figure.name, figure.measure) == (name, measure)}
        title = f"{name}, {measure}" if measure else name
        aims = dict.fromkeys(str(figure.aim) for figure in of_name.values() if figure.aim is not None)
        yield [title, *(_cell(of_name.get(column)) for column in columns), " / ".join(aims)]


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    return spoken(figure.value) + ("!" if figure.met is False else "")


def spoken(value: float) -> str:
    """A number with three digits that matter."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def width(text: str) -> int:
    """How many cells a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _set(cell: str, room: int, *, left: bool) -> str:
    space = " " * (room - width(cell))
    return cell + space if left else space + cell
