"""Different values that stand side by side: what is shown of them, and how one is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from shared.board.change import JSON
from shared.board.record import Head, Record, kind_of
from shared.board.standing import colliding
from shared.board.step import DATE_FIELD


class Collision(NamedTuple):
    """One field with the heads that collide, in the order of their ids.

    `id` names what collides there: 8 hex digits made of address, field and heads. When another value joins in, it is
    another collision, so that nobody settles by an old list what they have not been shown.
    """

    id: str
    address: str
    field: str
    heads: tuple[Head, ...]


def collisions_of(records: Mapping[str, Record]) -> list[Collision]:
    """Every collision on these records, by address and field."""
    return [
        Collision(collision_id(address, name, heads), address, name, heads)
        for address, record in sorted(records.items())
        for name in colliding(record)
        if (heads := record.heads(name))
    ]


def collision_id(address: str, field: str, heads: tuple[Head, ...]) -> str:
    """How people and programs name a collision of these heads."""
    named = "\n".join((address, field, *(head.id for head in heads)))
    return hashlib.blake2b(named.encode(), digest_size=4).hexdigest()


def taking(record: Record, field: str, head: Head) -> dict[str, JSON]:
    """What to set so that this head's value holds: with a step's state goes the day that was entered with it."""
    values: dict[str, JSON] = {field: head.value}
    day = DATE_FIELD.get(head.value) if field == "state" and isinstance(head.value, str) else None
    if kind_of(record.address) == "step" and day is not None:
        entry = next((each for each in record.entries if each.id == head.id), None)
        found = entry.values.get(day) if entry is not None else None
        found = found if found is not None else record.value(day)
        if found is not None:
            values[day] = found
    return values


def both(heads: tuple[Head, ...]) -> str | None:
    """All texts in one, each on lines of its own, for notes; nothing when a value is no text."""
    texts = [head.value for head in heads]
    if not all(isinstance(text, str) for text in texts):
        return None
    return "\n".join(dict.fromkeys(str(text).strip() for text in texts if str(text).strip()))
