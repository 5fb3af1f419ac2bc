"""Taking back what was entered: one entry, or a whole act with all that stands of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from shared.board.change import Change
from shared.board.holds import KIND as HOLD
from shared.board.record import Record, kind_of, owner_of
from shared.board.reduce import fold
from tui.entry import Pen, Problem
from tui.replica import Replica


class Back(NamedTuple):
    """The changes that take entries back, each with the record it is entered on; and what had to be left, and why."""

    changes: tuple[tuple[Change, Record], ...]
    left: tuple[tuple[Change, Problem], ...]

    @property
    def made(self) -> list[Change]:
        """What there is to save."""
        return [change for change, _ in self.changes]


def newest(replica: Replica) -> list[Change]:
    """The newest own entry of which something still stands, with the whole act it belongs to; none when none does."""
    known: dict[str, dict[str, Record]] = {}
    for own in replica.outbox.own():
        change = own.change()
        if change is None or kind_of(change.record) == HOLD:
            continue
        owner = owner_of(change.record)
        if owner not in known:
            known[owner] = replica.records(owner)
        if _stands(change, known[owner].get(change.record)):
            return replica.bygone.of_act(change.act) if change.act is not None else [change]
    return []


def take_back(replica: Replica, pen: Pen, entries: Sequence[Change]) -> Back:
    """Take these entries back in one act, as far as they still stand; nothing is saved yet."""
    made: list[tuple[Change, Record]] = []
    left: list[tuple[Change, Problem]] = []
    act = pen.new_id()
    for address, group in _by_record(entries).items():
        record = replica.records(owner_of(address)).get(address) or Record(address)
        found = pen.undo(record, group[-1], replica.bygone.find, act, group[:-1])
        if isinstance(found, Problem):
            left.append((group[-1], found))
        else:
            made += [(change, fold(record, found[:place])) for place, change in enumerate(found)]
    return Back(tuple(made), tuple(left))


def _by_record(entries: Sequence[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for entry in entries:
        found.setdefault(entry.record, []).append(entry)
    return found


def _stands(change: Change, record: Record | None) -> bool:
    return record is not None and any(entry.id == change.id for entry in record.entries)
