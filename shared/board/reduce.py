"""The one reducer: (record, change) → record. Ledger, laptops and tests all run this one.

A field's heads are the changes on it that nobody's `seen` names (architecture §3). The rule needs no order and no
clock: changes may come resent, reordered or after the one that replaced them, and the record comes out the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.board.change import Change
from shared.board.record import Entry, Record


def reduce(record: Record, change: Change) -> Record:
    """The record after this change; equal for every order and any repetition of the same changes."""
    entries, named = record.entries, record.named
    if change.seen:
        named = _named(named, change.seen)
        entries = tuple(kept for entry in entries if (kept := _without(entry, change.seen)) is not None)
    if any(entry.id == change.id for entry in entries):
        return Record(record.address, entries, named)
    standing = {name: value for name, value in change.values.items() if change.id not in named.get(name, ())}
    if standing:
        entry = Entry(change.id, change.author, change.device, change.at, standing)
        entries = (entry,) if not entries else tuple(sorted((*entries, entry), key=_by_id))
    return Record(record.address, entries, named)


def fold(record: Record, changes: Iterable[Change]) -> Record:
    """The record after all these changes."""
    for change in changes:
        record = reduce(record, change)
    return record


def _by_id(entry: Entry) -> str:
    return entry.id


def _without(entry: Entry, seen: Mapping[str, tuple[str, ...]]) -> Entry | None:
    replaced = [name for name in entry.values if name in seen and entry.id in seen[name]]
    if not replaced:
        return entry
    kept = {name: value for name, value in entry.values.items() if name not in replaced}
    return entry._replace(values=kept) if kept else None


def _named(named: Mapping[str, frozenset[str]], seen: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    return {**named, **{name: named.get(name, frozenset()).union(ids) for name, ids in seen.items() if ids}}
