"""What the log tells of the past: every entry with what stood before it, and the board as it was at a moment.

Folded by the one reducer, out of whatever part of the log is at hand; nothing of it is stored (promise 8).
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from shared.board.change import JSON, Change
from shared.board.holds import effects
from shared.board.log_record import LogRecord
from shared.board.record import Record, owner_of
from shared.board.reduce import reduce

Board = dict[str, dict[str, Record]]
"""Owner → address → record."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry as the log tells it: the record, the change, and for each field it set the values that stood before.

    Several values before: they collided. None: the field was untouched. `beside`: the other values that stand on a
    field after it, as its author had not seen them. `released_by` names who let a held entry count.
    """

    record: LogRecord
    change: Change
    before: Mapping[str, tuple[JSON, ...]]
    beside: Mapping[str, tuple[JSON, ...]] = field(default_factory=dict)
    released_by: str = ""

    @property
    def counts(self) -> bool:
        """Whether it counted on the board from here on."""
        return self.record.applied


def events(log: Iterable[LogRecord]) -> Iterator[Event]:
    """Every entry of these log records that can be read, in their order; they begin where the owner's history does."""
    standing: dict[str, Record] = {}
    for record in log:
        change = record.change()
        if change is None:
            continue
        if not record.applied:
            yield Event(record, change, _before(standing, change))
        for effect in effects(record.status, record.device, change, record.body):
            address, before = effect.record, _before(standing, effect)
            standing[address] = reduce(standing.get(address) or Record(address), effect)
            if record.applied:
                by = change.author if effect.id != change.id else ""
                yield Event(record, effect, before, _beside(standing[address], effect), by)


def standing_at(log: Iterable[LogRecord], end: datetime) -> Board:
    """The board as the office had it before `end`, by its own clock."""
    board: Board = {}
    for record in log:
        if datetime.fromisoformat(record.at) < end:
            _count(board, record)
    return board


def standings(log: Callable[[], Iterable[LogRecord]], ends: Sequence[datetime]) -> Iterator[tuple[Board, set[str]]]:
    """The same for many moments, ascending, in one fold: the board at each, and the owners of what changed before it.

    The board is one and the same value, folded further each time. `log` is read twice: an entry counts from the first
    moment behind its own time, also where the office's clock went back.
    """
    places = array("I", (bisect_right(ends, datetime.fromisoformat(record.at)) for record in log()))
    in_order = all(one <= two for one, two in pairwise(places))
    records = zip(places, log(), strict=False)
    every = iter(records if in_order else sorted(records, key=lambda pair: pair[0]))
    board: Board = {}
    place, record = next(every, (len(ends), None))
    for at in range(len(ends)):
        touched: set[str] = set()
        while record is not None and place <= at:
            touched |= _count(board, record)
            place, record = next(every, (len(ends), None))
        yield board, touched


def _count(board: Board, record: LogRecord) -> set[str]:
    """Let one record of the log count on a board; whose records it changed."""
    owners: set[str] = set()
    for effect in effects(record.status, record.device, record.change(), record.body):
        owner = owner_of(effect.record)
        records = board.setdefault(owner, {})
        address = effect.record
        records[address] = reduce(records.get(address) or Record(address), effect)
        owners.add(owner)
    return owners


def _before(standing: Mapping[str, Record], change: Change) -> dict[str, tuple[JSON, ...]]:
    record = standing.get(change.record)
    if record is None:
        return dict.fromkeys(change.values, ())
    return {name: distinct(head.value for head in record.heads(name)) for name in change.values}


def _beside(record: Record, change: Change) -> dict[str, tuple[JSON, ...]]:
    """The values that collide with those a change has set."""
    found = {
        name: distinct(head.value for head in record.heads(name) if head.id != change.id and head.value != value)
        for name, value in change.values.items()
    }
    return {name: values for name, values in found.items() if values}


def distinct(values: Iterable[JSON]) -> tuple[JSON, ...]:
    """Each value once, in the order of first appearance; values of JSON cannot be hashed."""
    found: list[JSON] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(found)
