"""The records as the office has confirmed them, unit by unit, in the laptop's file; and reading what its log says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

import orjson

from shared.board import record as records
from shared.board.change import JSON, Change, Undecodable, from_json
from shared.board.digest import Digest
from shared.board.holds import effects
from shared.board.log_record import LogRecord
from shared.board.record import Record, kind_of, owner_of
from shared.board.reduce import reduce
from shared.rights import readable
from tui.disk import Disk

SCHEMA: Final = "CREATE TABLE base (owner TEXT PRIMARY KEY, body BLOB NOT NULL)"


class Read(NamedTuple):
    """A log record and what its body says; `change` is nothing when no format known here reads it."""

    record: LogRecord
    body: Mapping[str, JSON]
    owner: str
    change: Change | None

    @property
    def id(self) -> str:
        """The id of what was entered."""
        return str(self.body.get("id"))


def read(record: LogRecord) -> Read:
    """What a log record says, of whatever format."""
    body = orjson.loads(record.body)
    try:
        change = from_json(body)
    except Undecodable:
        address = body.get("record") if isinstance(body, dict) else None
        owner = owner_of(address) if isinstance(address, str) and "/" in address else ""
        return Read(record, body if isinstance(body, dict) else {}, owner, None)
    return Read(record, body, owner_of(change.record), change)


class Confirmed:
    """Units with the JSON of their records, address → record. Methods that write belong into a transaction."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def bodies(self, owner: str) -> dict[str, JSON]:
        """The records of one unit, nothing when it has none."""
        row = self._disk.execute("SELECT body FROM base WHERE owner = ?", (owner,)).fetchone()
        return orjson.loads(row[0]) if row else {}

    def records(self, owner: str, only: tuple[str, ...] = ("",)) -> dict[str, Record]:
        """The same as values, of those addresses alone that begin so."""
        bodies = self.bodies(owner).items()
        return {address: records.from_json(address, body) for address, body in bodies if address.startswith(only)}

    def every(self) -> Iterator[tuple[str, bytes]]:
        """Every unit with its records as bytes, in no order."""
        return iter(self._disk.execute("SELECT owner, body FROM base"))

    def holding(self, text: str) -> list[str]:
        """The units in whose records' JSON a text stands as it is written there, in no order."""
        rows = self._disk.execute("SELECT owner FROM base WHERE instr(body, ?)", (text.encode(),))
        return [owner for (owner,) in rows]

    def digest(self, areas: Collection[str] | None) -> str:
        """The digest of what these areas read of it, to be held against the office's."""
        found = Digest(areas)
        for _, body in self.every():
            for address, record in orjson.loads(body).items():
                found.take(address, record)
        return found.hex()

    def fold(self, log: Iterable[Read], areas: Collection[str] | None) -> frozenset[str]:
        """Take in what the log says about these areas (about everything, when that is not known); the units touched.

        What a device reads beyond its areas is about its own entries, and no part of its board (promise 3).
        """
        by_owner: dict[str, list[Change]] = {}
        for each in log:
            for change in effects(each.record.status, each.record.device, each.change, each.record.body):
                owner = owner_of(change.record)
                if areas is None or readable(areas, kind_of(change.record), owner):
                    by_owner.setdefault(owner, []).append(change)
        for owner, changes in by_owner.items():
            bodies = self.bodies(owner)
            for change in changes:
                address = change.record
                standing = records.from_json(address, bodies[address]) if address in bodies else Record(address)
                bodies[address] = records.to_json(reduce(standing, change))
            self._disk.execute("INSERT OR REPLACE INTO base VALUES (?, ?)", (owner, orjson.dumps(bodies)))
        return frozenset(by_owner)

    def replace(self, lines: Iterable[tuple[str, bytes]]) -> None:
        """Hold what a snapshot's lines say, and nothing else."""
        self._disk.execute("DELETE FROM base")
        self._disk.executemany("INSERT INTO base VALUES (?, ?)", _sound(lines))


def _sound(lines: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """The lines, each looked into before it is taken: one that cannot be read would stop every later start."""
    for owner, body in lines:
        for record in orjson.loads(body).values():
            if not isinstance(record["entries"], list):
                raise TypeError(owner)
        yield owner, body
