"""The board beside itself: 500 units with what a campaign's field work leaves behind, and the same units without it.

Both are opened in turns in this process, so that the ratio of a round is of one moment; no wire and no screen is in it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import orjson

from server.office import Office, create
from server.roster.plan import plan_import
from server.roster.statistics import read_statistics
from server.rows import BoardRows, Day
from shared.board import record as records
from shared.board.lights import State
from shared.board.record import step_address, unit_address
from shared.board.surveys import count_field
from shared.board.unit import values_of
from shared.campaign.calendar import with_start
from shared.campaign.codec import dump
from shared.campaign.loader import builtin
from shared.inspection.register import Sought
from shared.roster import Unit
from tests.bench.effort import Effort
from tests.bench.figures import Aim, Figure, middle
from tests.bench.rosters import CITY, roster
from tui import registers
from tui.grid.rows import Arrangement, Beside, Filter, arrange
from tui.profile import Identity
from tui.replica import Replica
from tui.view import open_view

BENCH: Final = "work"
UNITS, PROBLEMS, SURVEYS, VISITS = 500, 3_000, 500, 20_000
TOUCHED: Final = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "2.1", "2.2", "3.1", "3.2")
NOW: Final = datetime(2026, 11, 18, 12).astimezone()
AREA: Final = "3401"
ROUNDS: Final = 7
OPENS, FILTERS, PAGE = Aim(1.0), Aim(0.05), Aim(0.3)


class Board(NamedTuple):
    """One board as an office and as a laptop has it."""

    office: Office
    replica: Replica
    units: list[Unit]


def measure(effort: Effort) -> Iterator[Figure]:
    """Every number with the field work, and its ratio to the board without it."""
    with TemporaryDirectory() as folder:
        bare, full = (_board(Path(folder) / name, work=name == "full") for name in ("bare", "full"))
        try:
            yield from _figures(bare, full, min(ROUNDS, max(3, effort.starts)))
        finally:
            for board in (bare, full):
                board.replica.close()
                board.office.close()


def _figures(bare: Board, full: Board, rounds: int) -> Iterator[Figure]:
    identity = Identity("http://127.0.0.1:9", "t", "d", "组长", "lead", (AREA,), full.office.log.board, "c")

    def view(board: Board) -> Any:
        return open_view(board.replica, identity, lambda: NOW)

    seen = {id(bare): view(bare), id(full): view(full)}
    late = Arrangement(Filter(beside=Beside.LATE))
    code = full.units[7].code
    works: dict[str, tuple[Callable[[Board], object], Aim | None]] = {
        "the replica opens": (view, OPENS),
        "filtered by late problems": (
            lambda board: arrange(seen[id(board)].rows, seen[id(board)].towns, late),
            FILTERS,
        ),
        "one unit's records": (lambda board: board.replica.records(code), FILTERS),
        "the review list": (lambda board: registers.review(board.replica, identity, NOW), PAGE),
        "the problem register": (lambda board: registers.problems(board.replica, identity, NOW, Sought()), PAGE),
        "the visits": (lambda board: registers.coverage(board.replica, identity, NOW), PAGE),
        "the office's rows": (_rows, None),
    }
    for name, (work, aim) in works.items():
        pairs = [(_seconds(work, bare), _seconds(work, full)) for _ in range(rounds)]
        value, found = middle(each[1] for each in pairs)
        yield Figure(BENCH, UNITS, name, value, "s", aim, found)
        ratio, ratios = middle(each[1] / each[0] for each in pairs)
        yield Figure(BENCH, UNITS, f"{name}, times the board without", ratio, "", None, ratios)
    for name, board in (("without", bare), ("with", full)):
        size = sum(len(body) for _owner, body in board.replica._confirmed.every())
        yield Figure(BENCH, UNITS, f"the laptop's records {name} the work", size / 1e6, "MB")


def _seconds(work: Callable[[Board], object], board: Board) -> float:
    started = time.perf_counter()
    work(board)
    return time.perf_counter() - started


def _rows(board: Board) -> object:
    rows = BoardRows(board.office.store, board.office.campaigns)
    return asyncio.run(rows.read((AREA,), Day(NOW.date(), {AREA: NOW.date()})))


def _board(folder: Path, *, work: bool) -> Board:
    campaign = with_start(builtin("baohe-2009"), "2026-09")
    create(folder, campaign, AREA)
    office = Office(folder)
    files = roster(CITY, folder)
    plan = plan_import({}, read_statistics([files.streets, files.villages], [AREA]), [AREA])
    units = list(plan.added)[:UNITS]
    told = [(unit_address(unit.code), dict(values_of(unit))) for unit in units]
    chance = random.Random(1)
    told += list(_steps(units, chance))
    if work:
        told += [*_problems(units, chance), *_surveys(units, chance), *_visits(units, chance)]
    office.enter([office.change(address, values) for address, values in told])
    replica = Replica(folder / "replica.sqlite")
    lines = ((owner, orjson.dumps(_bodies(office, owner))) for owner in office.store.owners())
    body = orjson.dumps(dump(office.campaigns.current))
    replica.install(office.ledger.head, lines, areas=(AREA,), campaign=("digest", body))
    return Board(office, replica, units)


def _bodies(office: Office, owner: str) -> dict[str, Any]:
    return {address: records.to_json(record) for address, record in office.store.of(owner).items()}


def _steps(units: list[Unit], chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    for unit in units:
        for step in TOUCHED:
            state = chance.choice((State.DONE, State.DOING, State.SUBMITTED))
            yield step_address(unit.code, step), {"state": state.value, "done_on": "2026-10-10", "note": "已办"}


def _problems(units: list[Unit], chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(PROBLEMS):
        unit, due = units[number % len(units)], date(2026, 10, 1) + timedelta(days=chance.randrange(90))
        stage = chance.choice(("open", "measured", "checked", "signed", "published"))
        values = {"title": f"第{number}个问题：路灯不亮", "severity": "high", "due_on": due.isoformat(), "stage": stage}
        yield f"problem/{unit.code}/{number:032x}", {**values, "responsible": "示例", "measure": "两周内修复" * 4}


def _surveys(units: list[Unit], chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, unit in enumerate(islice(units, SURVEYS)):
        unhappy = chance.randrange(0, 100)
        counts = {count_field("effect", "satisfied"): 100 - unhappy, count_field("effect", "dissatisfied"): unhappy}
        sheet = {"on": "2026-11-10", "issued": 110, "returned": 105, "valid": 100, **counts}
        yield f"survey/{unit.code}/{number:032x}", sheet


def _visits(units: list[Unit], chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    for number in range(VISITS):
        unit, day = units[number % len(units)], date(2026, 9, 1) + timedelta(days=chance.randrange(78))
        values = {"on": day.isoformat(), "who": "示例检查组", "note": "入户走访，听取群众意见" * 3}
        yield f"visit/{unit.code}/{number:032x}", values
