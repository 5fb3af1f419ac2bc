"""A record: what stands on one address of the board, with every value nobody has replaced yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.board.change import JSON


class Entry(NamedTuple):
    """A change as far as its values still stand: who set what, when and on which laptop."""

    id: str
    author: str
    device: str
    at: str
    values: Mapping[str, JSON]


class Head(NamedTuple):
    """One standing value of a field, with where it came from."""

    id: str
    value: JSON
    author: str
    device: str
    at: str


@dataclass(frozen=True, slots=True)
class Record:
    """What stands on one address: the entries with standing values, and the ids somebody has replaced, by field.

    A field's heads are the entries that hold a value of it. `named` remembers every id that a `seen` listed, so that a
    change that arrives after the one that replaced it is born replaced.
    """

    address: str
    entries: tuple[Entry, ...] = ()
    named: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def heads(self, name: str) -> tuple[Head, ...]:
        """The standing values of a field, in the order of their ids: none, one, or several."""
        return tuple(Head(e.id, e.values[name], e.author, e.device, e.at) for e in self.entries if name in e.values)

    def value(self, name: str, default: JSON = None) -> JSON:
        """The field's value; of several standing ones the first by id, which every laptop picks alike."""
        for entry in self.entries:
            if name in entry.values:
                return entry.values[name]
        return default

    def seen(self, *names: str) -> dict[str, tuple[str, ...]]:
        """What an editor that shows these fields now must name as seen when it saves."""
        found = {name: tuple(e.id for e in self.entries if name in e.values) for name in names}
        return {name: ids for name, ids in found.items() if ids}

    def fields(self) -> frozenset[str]:
        """The names of all fields that have a standing value."""
        return frozenset(name for entry in self.entries for name in entry.values)

    def collisions(self) -> tuple[str, ...]:
        """The fields on which two or more different values stand, sorted."""
        if len(self.entries) < 2:
            return ()
        first: dict[str, JSON] = {}
        found: set[str] = set()
        for entry in self.entries:
            for name, value in entry.values.items():
                if name not in first:
                    first[name] = value
                elif first[name] != value:
                    found.add(name)
        return tuple(sorted(found))


def kind_of(address: str) -> str:
    """The kind of record an address names: `step` of `step/340111001008/1.4`."""
    return address.partition("/")[0]


def owner_of(address: str) -> str:
    """The unit (or body) a record belongs to, on which rights and areas are decided: `340111001008` above."""
    return address.split("/", 2)[1]


def rest_of(address: str) -> str:
    """What is left behind kind and owner: `1.4` above, empty for a unit's own record."""
    parts = address.split("/", 2)
    return parts[2] if len(parts) > 2 else ""


def step_address(unit: str, step: str) -> str:
    """The address of a unit's step."""
    return f"step/{unit}/{step}"


def unit_address(unit: str) -> str:
    """The address of a unit's own record."""
    return f"unit/{unit}"


def to_json(record: Record) -> dict[str, JSON]:
    """The record as JSON: `entries` as [id, author, device, at, {field: value}], `named` as {field: [id]}."""
    body: dict[str, JSON] = {"entries": [[e.id, e.author, e.device, e.at, dict(e.values)] for e in record.entries]}
    if record.named:
        body["named"] = {name: sorted(ids) for name, ids in sorted(record.named.items())}
    return body


def from_json(address: str, body: Mapping[str, JSON]) -> Record:
    """The record that `to_json` wrote."""
    entries = tuple(Entry(*row) for row in body["entries"])
    named = {name: frozenset(ids) for name, ids in body.get("named", {}).items()}
    return Record(address, entries, named)


def entries_of(records: Mapping[str, Record]) -> Iterator[tuple[str, Entry]]:
    """Every standing entry of several records, with its address."""
    for address, record in records.items():
        for entry in record.entries:
            yield address, entry
