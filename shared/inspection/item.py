"""One thing that was entered beside steps: a problem, a visit, a survey, a document; and what an act enters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from shared.board import standing
from shared.board.change import JSON
from shared.board.record import Record, kind_of, owner_of, rest_of
from shared.board.standing import colliding, settled, stands
from shared.board.values import day_of, text_of

WITHDRAWN: Final = standing.WITHDRAWN
"""The field that takes a whole record back: nothing is ever deleted."""


class Entered(NamedTuple):
    """Values for one record, by somebody who had it before them as it stands here; several of them make an act."""

    record: Record
    values: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Item:
    """What stands on one record: `values` settled, the fields that collide, who entered the first of it that stands."""

    address: str
    values: Mapping[str, JSON]
    collisions: tuple[str, ...] = ()
    by: str = ""
    at: str = ""

    @property
    def kind(self) -> str:
        """The form it was entered with."""
        return kind_of(self.address)

    @property
    def unit(self) -> str:
        """The unit's code."""
        return owner_of(self.address)

    @property
    def id(self) -> str:
        """What tells it from others of its kind on its unit."""
        return rest_of(self.address)

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back as a whole."""
        return self.values.get(WITHDRAWN) is True

    def text(self, name: str) -> str:
        """A text, empty when there is none."""
        return text_of(self.values.get(name))

    def day(self, name: str) -> date | None:
        """A day, or nothing."""
        return day_of(self.values.get(name))

    def number(self, name: str) -> int | None:
        """A whole number, or nothing."""
        value = self.values.get(name)
        return value if type(value) is int else None

    def many(self, name: str) -> tuple[str, ...]:
        """The ids chosen in a field."""
        value = self.values.get(name)
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def address_of(kind: str, unit: str, item_id: str) -> str:
    """The address of such a record."""
    return f"{kind}/{unit}/{item_id}"


def item_of(record: Record) -> Item:
    """What stands on a record."""
    first = min(record.entries, key=lambda entry: (entry.at, entry.id), default=None)
    by, at = (first.author, first.at) if first is not None else ("", "")
    return Item(record.address, settled(record), colliding(record), by, at)


def of_kind(records: Mapping[str, Record] | Iterable[Record], kind: str, day: str = "on") -> list[Item]:
    """All of this kind among a unit's records of which something stands, by the day in this field, then by id."""
    every = records.values() if isinstance(records, Mapping) else records
    items = [item_of(record) for record in every if record.entries and kind_of(record.address) == kind]
    return sorted((item for item in items if stands(item.values)), key=lambda item: (item.text(day), item.id))
