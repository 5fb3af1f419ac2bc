"""Rows to try the board with: real names of Hefei, lights drawn from a seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from shared.board.district import Column, TownRow, UnitRow, count_cells, town_row
from shared.roster import canonical_code, kind_of, short_name, town_of

DATA: Final = Path(__file__).parents[1] / "data"
COLUMNS: Final = tuple(
    Column(phase, no) for phase, count in ((1, 10), (2, 4), (3, 7), (4, 2)) for no in range(1, count + 1)
)
# A campaign under way: early steps are mostly done, late ones not yet open.
_EARLY, _MIDDLE, _LATE = "毕毕毕毕毕毕补补逾审", "毕毕正正临临逾审退课？", "正未未未未未未未"


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of units and towns by code, in the order of the codes."""

    units: Mapping[str, UnitRow]
    towns: Mapping[str, TownRow]


@cache
def names() -> tuple[tuple[str, str], ...]:
    """Codes and short names of the streets, towns, villages and communities of one city."""
    found: dict[str, str] = {}
    for file in ("hefei-streets.csv", "hefei-villages.csv"):
        with (DATA / file).open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                if code := canonical_code(row["code"]):
                    found[code] = short_name(row["name"])
    return tuple(sorted(found.items()))


def lights(draw: random.Random) -> str:
    """One unit's lights: most units lie alike, with something of their own here and there."""
    words = [draw.choice(_EARLY) if draw.random() < 0.3 else "毕" for _ in range(10)]
    words += [draw.choice(_MIDDLE) if draw.random() < 0.5 else "正" for _ in range(7)]
    words += [draw.choice(_LATE) if draw.random() < 0.3 else "未" for _ in range(6)]
    if draw.random() < 0.5:
        words[12] = words[13] = " "
    return "".join(words)


def unit(code: str, name: str, draw: random.Random) -> UnitRow:
    """One unit's row."""
    words = lights(draw)
    marks = tuple(sorted(draw.sample(range(23), 1))) if draw.random() < 0.05 else ()
    unsent = tuple(sorted(draw.sample(range(23), 2))) if draw.random() < 0.05 else ()
    over = draw.randint(1, 40) if "逾" in words else 0
    kind = kind_of(code, name).value
    return UnitRow(code, name, kind, town_of(code), "village", words, marks, unsent, over, *count_cells(words))


def sample(count: int, seed: int = 1) -> Sample:
    """So many units: one district's for 149, a city's for 1,933, and the city again and again under other codes."""
    draw = random.Random(seed)
    pool = names()
    if count <= 149:
        pool = tuple(pair for pair in pool if pair[0].startswith("340111"))
    units: dict[str, UnitRow] = {}
    for at in range(count):
        round_, place = divmod(at, len(pool))
        code, name = pool[place]
        moved = f"{int(code[:6]) + 1000 * round_}{code[6:]}"
        units[moved] = unit(moved, name, draw)
    units = dict(sorted(units.items()))
    return Sample(units, towns_of(units))


def towns_of(units: Mapping[str, UnitRow]) -> dict[str, TownRow]:
    """The towns' rows over their units."""
    members: dict[str, list[UnitRow]] = {}
    for row in units.values():
        members.setdefault(row.town, []).append(row)
    return {
        town: town_row(town, units[town].name if town in units else town, rows, len(COLUMNS))
        for town, rows in sorted(members.items())
    }
