"""Rosters of any size out of the real ones: one district, one city, and the city again and again under other codes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

DISTRICT: Final = 149
CITY: Final = 1_933
PROVINCE: Final = 20_000
_CITY_DATA: Final = Path(__file__).parents[1] / "data"
_DISTRICT_DATA: Final = Path(__file__).parents[2] / "server" / "data"
_SHARED_DIGITS: Final = 4
"""How many digits of its codes a city has for itself; they are what the copies change."""


class Roster(NamedTuple):
    """The two files of the statistical division, and the area they lie in."""

    streets: Path
    villages: Path
    area: str


def roster(size: int, folder: Path) -> Roster:
    """A roster of so many units; files that have to be written go into the folder."""
    if size == DISTRICT:
        return Roster(_DISTRICT_DATA / "baohe-streets.csv", _DISTRICT_DATA / "baohe-villages.csv", "340111")
    city = Roster(_CITY_DATA / "hefei-streets.csv", _CITY_DATA / "hefei-villages.csv", "3401")
    return city if size == CITY else _repeated(city, size, folder)


def _repeated(city: Roster, size: int, folder: Path) -> Roster:
    """The city under the prefixes 3401, 3402, … until there are `size` units; the last one is not whole."""
    streets, villages = _rows(city.streets), _rows(city.villages)
    copies = -(-size // (len(streets) + len(villages)))
    many_streets = [row for n in range(copies) for row in _moved(streets, n)]
    many_villages = [row for n in range(copies) for row in _moved(villages, n)]
    made = Roster(folder / "streets.csv", folder / "villages.csv", city.area[:2])
    _write(made.streets, many_streets)
    _write(made.villages, many_villages[: size - len(many_streets)])
    return made


def _moved(rows: list[dict[str, str]], copy: int) -> Iterator[dict[str, str]]:
    for row in rows:
        yield {key: _in_copy(value, copy) if key.lower().endswith("code") else value for key, value in row.items()}


def _in_copy(code: str, copy: int) -> str:
    if len(code) < _SHARED_DIGITS:
        return code
    return f"{int(code[:_SHARED_DIGITS]) + copy}{code[_SHARED_DIGITS:]}"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
