"""What the bytes of an entry say, wherever they are found: which entry it is, what it is called, what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

import orjson

from shared.board.change import Change, from_json
from shared.board.holds import KIND, released_by
from shared.board.record import kind_of
from tests.property.system.laptop import MARK

_MARK: Final = re.compile(rb'"entry":(-?\d+)')
_ID: Final = re.compile(rb'"id":"([0-9a-f]{32})"')
_RECORD: Final = re.compile(rb'"record":"([^"]+)"')
Names = dict[tuple[str, str], int]
"""(address, id) → entry: an id alone may have been drawn twice."""


class Row(NamedTuple):
    """One record of some log, as far as it matters here: who made it, and which other entry it lets count."""

    entry: int
    id: str
    address: str
    status: str
    device: str
    releases: int | None


def marks(bodies: Iterable[bytes]) -> list[int]:
    """Which entries these are."""
    return [mark_of(body) for body in bodies]


def mark_of(body: bytes) -> int:
    """Which entry this is, by the mark that travels with it."""
    found = _MARK.search(body)
    assert found is not None, "a key that nobody knew was lost on the way"
    return int(found[1])


def id_of(body: bytes) -> str:
    """The id that an entry has now."""
    found = _ID.search(body)
    assert found is not None
    return found[1].decode()


def address_of(body: bytes) -> str:
    """Which record an entry is about."""
    found = _RECORD.search(body)
    assert found is not None
    return found[1].decode()


def names_of(path: Iterable[Row], bodies: Iterable[bytes] = ()) -> Names:
    """What the entries of a log, those that wait, and those they release are called on the records they are about."""
    names = {(row.address, row.id): row.entry for row in path}
    for body in bodies:
        if (released := _released(body)) is not None:
            names[released.record, released.id] = int(released.extra[MARK])
        names[address_of(body), id_of(body)] = mark_of(body)
    return names


def is_typed(address: str, name: str) -> bool:
    """Whether somebody types this field: on the record of a held change its verdict, the rest is the office's note."""
    return kind_of(address) != KIND or name in {"verdict", "reason"}


def released_in(body: bytes) -> int | None:
    """The entry that this one lets count, if it is a release."""
    released = _released(body)
    return int(released.extra[MARK]) if released is not None else None


def _released(body: bytes) -> Change | None:
    return released_by(from_json(orjson.loads(body))) if b'"record":"hold/' in body else None
