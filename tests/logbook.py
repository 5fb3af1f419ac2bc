"""An office made of paper: a log written by hand, from which laptops are given batches, acks and snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import orjson

from shared.board import record as records
from shared.board.change import JSON, Change, encode
from shared.board.holds import effects
from shared.board.log_record import APPLIED, Cursor, LogRecord, genesis, link
from shared.board.record import Record, owner_of, step_address, unit_address
from shared.board.reduce import fold
from tui.replica import Batch

BOARD: Final = "ab" * 16
UNIT, OTHER, FAR = "340111001008", "340111001204", "340111002201"
STEP: Final = step_address(UNIT, "1.1")


class Logbook:
    """A log that can be cut short, as by a backup that is put back."""

    def __init__(self) -> None:
        self.records: list[LogRecord] = []

    def store(self, change: Change, status: str = APPLIED, device: str = "") -> LogRecord:
        """Write an entry down, as the next record."""
        seq = len(self.records) + 1
        record = LogRecord(seq, encode(change), status, device or change.device, f"2026-04-10T04:00:{seq:02}Z", "")
        chained = replace(record, chain=link(self.cursor().chain, record))
        self.records.append(chained)
        return chained

    def cursor(self, seq: int | None = None) -> Cursor:
        """The place after this record, the last one unless told."""
        at = len(self.records) if seq is None else seq
        return Cursor(BOARD, at, self.records[at - 1].chain if at else genesis(BOARD))

    def batch(self, start: Cursor, upto: int | None = None) -> Batch:
        """What follows a place, up to a record."""
        end = len(self.records) if upto is None else upto
        return Batch(start, tuple(self.records[start.seq : end]), self.cursor(end), end == len(self.records))

    def holds(self, cursor: Cursor) -> bool:
        """Whether this is a place in this very log."""
        return cursor.seq <= len(self.records) and self.cursor(cursor.seq) == cursor

    def restore(self, seq: int) -> None:
        """Lose everything behind this record."""
        del self.records[seq:]

    def standing(self, seq: int | None = None) -> dict[str, Record]:
        """The board after a record, by address."""
        found: dict[str, list[Change]] = {}
        for record in self.records[: len(self.records) if seq is None else seq]:
            change = record.change()
            for effect in effects(record.status, record.device, change, record.body):
                found.setdefault(effect.record, []).append(effect)
        return {address: fold(Record(address), changes) for address, changes in found.items()}

    def lines(self, seq: int | None = None) -> list[tuple[str, bytes]]:
        """A snapshot's lines after a record."""
        units: dict[str, dict[str, JSON]] = {}
        for address, record in self.standing(seq).items():
            units.setdefault(owner_of(address), {})[address] = records.to_json(record)
        return [(unit, orjson.dumps(bodies)) for unit, bodies in units.items()]


def change(
    number: int,
    values: Mapping[str, JSON],
    address: str = STEP,
    seen: Mapping[str, Iterable[int]] | None = None,
    device: str = "d1",
) -> Change:
    """An entry with an id made of a number, which has seen those made of these."""
    named = {name: tuple(map(number_id, ids)) for name, ids in (seen or {}).items()}
    return Change(number_id(number), address, dict(values), named, "李员", device, "2026-04-10T12:00:00+08:00")


def number_id(number: int) -> str:
    """The id made of a number."""
    return f"{number:032x}"


def unit(number: int, code: str = UNIT, **more: JSON) -> Change:
    """The office's entry of a unit."""
    values = {"name": f"村{code}", "short": f"村{code[-3:]}", "kind": "village", "parent": code[:9], "closed": False}
    return change(number, {**values, **more}, unit_address(code), device="office")
