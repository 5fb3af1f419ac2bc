"""Taking back an entry: a compensating change that puts back what stood before, as far as the entry still stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from shared.board.change import JSON, Change
from shared.board.history import distinct
from shared.board.record import Record


class Cannot(StrEnum):
    """Why an entry cannot be taken back as it is."""

    REPLACED = "replaced"
    """Nothing of it stands any more: somebody has entered something else over it, or taken it back already."""
    UNKNOWN_BEFORE = "unknown-before"
    """What stood before it is not known on this laptop; read the history from the office, or enter a value."""


class Undo(NamedTuple):
    """The changes that take an entry back: values to set, and what each has seen; several bring back a collision."""

    values: tuple[Mapping[str, JSON], ...]
    seen: Mapping[str, tuple[str, ...]]


def undo(record: Record, change: Change, known: Callable[[str], Change | None]) -> Undo | Cannot:
    """How to take back `change`, which stands on `record`; `known` finds an entry by its id.

    A field that somebody has entered over since is left alone. Where another value collides with the entry's, that one
    is left to stand. Where the entry settled a collision, the collision comes back.
    """
    return undo_all(record, (change,), known)


def undo_all(record: Record, changes: Sequence[Change], known: Callable[[str], Change | None]) -> Undo | Cannot:
    """The same for several entries on one record that are taken back together, as they were made in one act."""
    ours = {change.id for change in changes}
    seen: dict[str, tuple[str, ...]] = {}
    before: dict[str, tuple[JSON, ...]] = {}
    for name in dict.fromkeys(name for change in changes for name in change.values):
        standing = tuple(head.id for head in record.heads(name) if head.id in ours)
        if not standing:
            continue
        found = _before(record, changes, name, known)
        if found is None:
            return Cannot.UNKNOWN_BEFORE
        seen[name], before[name] = standing, found
    if not seen:
        return Cannot.REPLACED
    rounds = range(max(map(len, before.values())))
    return Undo(tuple({name: found[n] for name, found in before.items() if n < len(found)} for n in rounds), seen)


def _before(
    record: Record, changes: Sequence[Change], name: str, known: Callable[[str], Change | None]
) -> tuple[JSON, ...] | None:
    """The values to put back on a field, nothing when they are not known; null for one that nobody had touched."""
    ours = {change.id for change in changes}
    others = [head.value for head in record.heads(name) if head.id not in ours]
    if others:
        return (others[0],)
    named = dict.fromkeys(each for change in changes for each in change.seen.get(name, ()) if each not in ours)
    replaced = [known(each) for each in named]
    if any(each is None for each in replaced):
        return None
    return distinct(each.values.get(name) for each in replaced if each is not None) or (None,)
