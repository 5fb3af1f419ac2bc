"""A laptop with a small district on it, made without any network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import orjson

from shared.board import record as records
from shared.board.change import JSON, Change
from shared.board.log_record import Cursor, genesis
from shared.board.record import Record, step_address, unit_address
from shared.board.reduce import fold
from shared.board.unit import values_of
from shared.campaign.calendar import with_start
from shared.campaign.codec import dump
from shared.campaign.loader import builtin
from shared.roster import Unit, UnitKind, kind_of, parent_of, short_name
from tui.laptop import Laptop
from tui.profile import Identity, Profile
from tui.replica import Replica

BOARD: Final = "ab" * 16
TODAY: Final = date(2026, 11, 18)
UNITS: Final = (
    ("340111100", "淝河镇"),
    ("340111100201", "黄镇村民委员会"),
    ("340111100202", "卫乡村民委员会"),
    ("340111001", "骆岗街道"),
    ("340111001008", "官塘社区居民委员会"),
    ("340111001204", "陆大村民委员会"),
)
Entered = Mapping[tuple[str, str], Iterable[Mapping[str, JSON]]]
"""Unit and step → what was entered, each entry by somebody who had seen nothing."""


def now() -> datetime:
    """The clock of these tests: noon of their day."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


def identity(role: str = "lead", areas: tuple[str, ...] = ("340111",)) -> Identity:
    """Who the laptop is."""
    return Identity("http://127.0.0.1:9", "t", "d1", "王组长", role, areas, BOARD, "c")


def unit(code: str, name: str, **attributes: str | bool) -> Unit:
    """A unit as the roster's import makes it."""
    kind = kind_of(code, name)
    return Unit(code, name, short_name(name), kind or UnitKind.OTHER, parent_of(code), attributes)


def laptop(folder: Path, entered: Entered | None = None, role: str = "lead", units: Iterable[Unit] = ()) -> Laptop:
    """A laptop that has read its board, with these entries confirmed."""
    profile = Profile(folder)
    profile.keep(identity(role))
    replica = Replica(profile.replica_path)
    campaign = with_start(builtin("baohe-2009"), "2026-09")
    replica.keep_campaign("c", orjson.dumps(dump(campaign)))
    known = list(units) or [unit(code, name) for code, name in UNITS]
    replica.install(Cursor(BOARD, 0, genesis(BOARD)), _lines(known, entered or {}))
    replica.close()
    return Laptop(folder, now, writing=True)


def change(number: int, address: str, values: Mapping[str, JSON], author: str = "李员") -> Change:
    """An entry with an id made of a number."""
    return Change(f"{number:032x}", address, dict(values), {}, author, "d2", "2026-11-01T08:00:00+08:00")


def _lines(units: Iterable[Unit], entered: Entered) -> Iterable[tuple[str, bytes]]:
    number = 0
    for one in units:
        number += 1
        standing = {unit_address(one.code): _after(unit_address(one.code), [values_of(one)], number * 1000)}
        for (code, step), entries in entered.items():
            if code == one.code:
                address = step_address(code, step)
                number += 1
                standing[address] = _after(address, entries, number * 1000)
        body = {address: records.to_json(record) for address, record in standing.items()}
        yield one.code, orjson.dumps(body)


def _after(address: str, entries: Iterable[Mapping[str, JSON]], first: int) -> Record:
    changes = [change(first + index, address, values) for index, values in enumerate(entries)]
    return fold(Record(address), changes)
