"""Rosters for the tests: small files, and what they make."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from server.roster.entries import Reading, joined_readings
from server.roster.plan import ImportPlan, apply_plan, plan_import
from server.roster.problems import Problems
from server.roster.sheet import sheet_of
from server.roster.statistics import read_statistics, statistics_of
from server.roster.table import Source
from shared.roster import Unit

ROOT = Path(__file__).parents[3]
BAOHE = (ROOT / "server/data/baohe-streets.csv", ROOT / "server/data/baohe-villages.csv")
HEFEI = (ROOT / "tests/data/hefei-streets.csv", ROOT / "tests/data/hefei-villages.csv")
DISTRICT = ("340111",)

STREETS = '340111001,"骆岗街道",340111\n340111002,"常青街道",340111\n'
VILLAGES = (
    '340111001008,"官塘社区居民委员会",340111001\n'
    '340111001009,"骆岗社区居民委员会",340111001\n'
    '340111002201,"陆大村民委员会",340111002\n'
)


def streets(lines: str = STREETS, name: str = "streets.csv") -> Source:
    """A division's file of towns and streets."""
    return Source(name, f"code,name,areaCode\n{lines}".encode())


def villages(lines: str = VILLAGES, name: str = "villages.csv") -> Source:
    """A division's file of villages and communities."""
    return Source(name, f"code,name,streetCode\n{lines}".encode())


def sheet(text: str, encoding: str = "utf-8", name: str = "sheet.csv") -> Reading:
    """What a CSV sheet says."""
    return sheet_of(Source(name, text.encode(encoding)))


def workbook(*rows: Sequence[object], name: str = "sheet.xlsx") -> Source:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    return Source(name, raw.getvalue())


def board() -> dict[str, Unit]:
    """Two streets with three places under them."""
    return imported({}, statistics_of([streets(), villages()], DISTRICT))


def imported(current: Mapping[str, Unit], *readings: Reading) -> dict[str, Unit]:
    """The board after an import that has nothing wrong with it."""
    plan = planned(current, *readings)
    assert plan.ready, plan.problems
    return apply_plan(current, plan)


def planned(current: Mapping[str, Unit], *readings: Reading) -> ImportPlan:
    """The plan of an import into Baohe district."""
    return plan_import(current, joined_readings(readings), DISTRICT)


def codes(problems: Problems) -> list[str]:
    """What is wrong, as codes."""
    return [problem.code for problem in problems.listed]


def spots(problems: Problems) -> list[tuple[int, str, str]]:
    """What is wrong, with row and column."""
    return [(problem.row, problem.column, problem.code) for problem in problems.listed]


def baohe() -> Reading:
    """The real district."""
    return read_statistics(BAOHE, DISTRICT)


def hefei() -> Reading:
    """The real city."""
    return read_statistics(HEFEI, ("3401",))
