"""Taking back an entry: a compensating change that puts back what stood before, as far as the entry still stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    standing = [name for name in change.values if any(head.id == change.id for head in record.heads(name))]
    if not standing:
        return Cannot.REPLACED
    before: dict[str, tuple[JSON, ...]] = {}
    for name in standing:
        found = _before(record, change, name, known)
        if found is None:
            return Cannot.UNKNOWN_BEFORE
        before[name] = found
    rounds = range(max(map(len, before.values())))
    values = tuple({name: found[n] for name, found in before.items() if n < len(found)} for n in rounds)
    return Undo(values, dict.fromkeys(standing, (change.id,)))


def _before(
    record: Record, change: Change, name: str, known: Callable[[str], Change | None]
) -> tuple[JSON, ...] | None:
    """The values to put back on a field, nothing when they are not known; null for one that nobody had touched."""
    others = [head.value for head in record.heads(name) if head.id != change.id]
    if others:
        return (others[0],)
    replaced = [known(each) for each in change.seen.get(name, ())]
    if any(each is None for each in replaced):
        return None
    return distinct(each.values.get(name) for each in replaced if each is not None) or (None,)
