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


def further_back(replica: Replica) -> list[Change]:
    """The newest own entry that was not taken back, with its whole act, as far as it stands; none when none does.

    Unlike `newest`, it passes over what takes back: asked again it goes further back, not to and fro. What was taken
    back since, and what took it back, then go along with the entry behind them.
    """
    known: dict[str, dict[str, Record]] = {}
    past = _Past({}, set())
    for own in replica.outbox.own():
        change = own.change()
        if change is None or kind_of(change.record) == HOLD or past.passes(change):
            continue
        owner = owner_of(change.record)
        if owner not in known:
            known[owner] = replica.records(owner)
        if _stands(change, known[owner].get(change.record), past.over.get(change.record, ())):
            entries = replica.bygone.of_act(change.act) if change.act is not None else [change]
            records = dict.fromkeys(entry.record for entry in entries)
            return [*(each for record in records for each in past.over.get(record, ())), *entries]
    return []


class _Past(NamedTuple):
    """Own entries that were passed over on the way back, by record: those that take back, and those taken back."""

    over: dict[str, list[Change]]
    gone: set[str]

    def passes(self, change: Change) -> bool:
        """Pass an entry over, if it takes back or was taken back, itself or with its act."""
        act = f"{change.act} {change.record}"
        if change.undoes is not None:
            self.gone.add(change.undoes)
        elif change.id in self.gone or (change.act is not None and act in self.gone):
            self.gone.add(act)
        else:
            return False
        self.over.setdefault(change.record, []).append(change)
        return True


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


def _stands(change: Change, record: Record | None, over: Sequence[Change] = ()) -> bool:
    """Whether anything of an entry stands, or in its place what took back those that were entered over it."""
    ours = {change.id, *(each.id for each in over)}
    return record is not None and any(head.id in ours for name in change.values for head in record.heads(name))
