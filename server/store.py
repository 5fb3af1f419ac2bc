"""The board as it stands, in TinyDB: one table per kind of record, one open JSON file.

TinyDB copies a whole table and rewrites the whole file on each write, and a crash tears it. Both are mended through its
own extension points: `BoardTable` touches only the document that changes, and `BoardStorage` writes a whole file aside,
moves it into place, and never changes a document it has handed out. The file may be some seconds behind the log and
says in `meta` where it stands; `server.rebuild` brings it up from there.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

import orjson
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from server.atomic import write_aside
from shared.board import record as records
from shared.board.chart import COUNTED
from shared.board.log_record import Cursor
from shared.board.record import Record

FORMAT: Final = 2
"""2: held changes stand on the board, too. A file of another format is made anew from the log."""
META: Final = "meta"
DOCUMENTS_AT_ONCE: Final = 256
_META_ID: Final = 1
_META_KEY: Final = b'"meta":'
_SHOWN: Final = tuple(f"{kind}/" for kind in ("unit", "step", *COUNTED))
_SORTED: Final = orjson.OPT_SORT_KEYS
Tables = dict[str, dict[str, Mapping[str, Any]]]


class StoreDamaged(Exception):
    """The board's file cannot be read as a board; rebuild it from the log."""


class BoardStorage(Storage):
    """Tables in memory; `image` gives what a file of them holds, without stopping whoever goes on writing."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.tables: Tables = tables if tables is not None else {}

    def read(self) -> Tables:
        """All tables, by name, by document id."""
        return self.tables

    def write(self, data: Tables) -> None:
        """Take the tables that TinyDB changed; only whole-table operations come here."""
        self.tables = data

    def image(self) -> Tables:
        """A frozen copy of the tables; documents are shared, which is safe as none is ever changed in place."""
        return {name: dict(table) for name, table in self.tables.items()}


class _Touched(MutableMapping[int, MutableMapping[str, Any]]):
    """What an update sees of a table: it hands out copies, and remembers which documents were asked for."""

    def __init__(self, table: dict[str, Mapping[str, Any]]) -> None:
        self._table = table
        self.puts: dict[str, MutableMapping[str, Any]] = {}
        self.gone: set[str] = set()

    def __getitem__(self, key: int) -> MutableMapping[str, Any]:
        name = str(key)
        if name in self.gone:
            raise KeyError(key)
        if name not in self.puts:
            self.puts[name] = dict(self._table[name])
        return self.puts[name]

    def __setitem__(self, key: int, value: MutableMapping[str, Any]) -> None:
        self.gone.discard(str(key))
        self.puts[str(key)] = value

    def __delitem__(self, key: int) -> None:
        if key not in self:
            raise KeyError(key)
        self.puts.pop(str(key), None)
        self.gone.add(str(key))

    def __contains__(self, key: object) -> bool:
        name = str(key)
        return name not in self.gone and (name in self.puts or name in self._table)

    def clear(self) -> None:
        self.puts.clear()
        self.gone.update(self._table)

    def __iter__(self) -> Iterator[int]:
        fresh = (name for name in self.puts if name not in self._table)
        names = [name for name in (*self._table, *fresh) if name not in self.gone]
        return iter([int(name) for name in names])

    def __len__(self) -> int:
        return sum(1 for _ in self)


class BoardTable(Table):
    """A TinyDB table whose writes cost the same whatever its size, and happen wholly or not at all."""

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        tables = self._storage.read()
        if tables is None:
            raise StoreDamaged(self.name)
        table = tables.setdefault(self.name, {})
        view = _Touched(table)
        updater(view)
        for name in view.gone:
            table.pop(name, None)
        table.update(view.puts)
        self.clear_cache()


class BoardDB(TinyDB):
    """TinyDB with the board's tables."""

    table_class = BoardTable


class Store:
    """Records by address, kept in TinyDB documents `{"id": …, "entries": […], "named": {…}}`.

    A document's number is the seq of the log record that first touched it, so that plain TinyDB can open the file and a
    rebuild gives the same numbers.
    """

    def __init__(self, tables: Tables | None = None) -> None:
        self._storage = BoardStorage(tables)
        self.db = BoardDB(storage=lambda: self._storage)
        self._numbers: dict[str, int] = {}
        self._owners: dict[str, dict[str, None]] = {}
        for kind, table in self._storage.tables.items():
            if kind != META:
                for number, document in table.items():
                    self._index(f"{kind}/{document['id']}", int(number))

    def cursor(self) -> Cursor | None:
        """The place in the log this board stands at, or nothing for an empty one."""
        return cursor_of(self._storage.tables)

    def get(self, address: str) -> Record | None:
        """The record on an address, or nothing when nobody has touched it."""
        number = self._numbers.get(address)
        if number is None:
            return None
        document = self._storage.tables[records.kind_of(address)][str(number)]
        return records.from_json(address, document)

    def put(self, changed: Mapping[str, Record], first_seen: Mapping[str, int], cursor: Cursor) -> None:
        """Take these records, and stand at `cursor`; `first_seen` gives the seq that created each new one."""
        for address, record in changed.items():
            number = self._numbers.get(address)
            if number is None:
                number = first_seen[address]
                self._index(address, number)
            kind, _, key = address.partition("/")
            document = {"id": key, **records.to_json(record)}
            self._write(kind, number, document)
        self._write(META, _META_ID, {"format": FORMAT, **cursor._asdict()})

    def addresses(self, owner: str) -> tuple[str, ...]:
        """The addresses of everything touched on one unit, in the order of first touch."""
        return tuple(self._owners.get(owner, ()))

    def owners(self) -> tuple[str, ...]:
        """Everybody that owns a record."""
        return tuple(self._owners)

    def of(self, owner: str) -> dict[str, Record]:
        """All records of one unit."""
        return {address: record for address in self.addresses(owner) if (record := self.get(address)) is not None}

    def shown(self, owner: str) -> dict[str, Record]:
        """Of a unit's records those that its row on the board shows something of, however much else stands there."""
        found = (each for each in self.addresses(owner) if each.startswith(_SHOWN))
        return {address: record for address in found if (record := self.get(address)) is not None}

    def count(self, kind: str) -> int:
        """How many records there are of a kind."""
        return len(self._storage.tables.get(kind, ()))

    def of_kind(self, kind: str) -> Iterator[Record]:
        """All records of a kind, in the order of first touch."""
        for document in self._storage.tables.get(kind, {}).values():
            yield records.from_json(f"{kind}/{document['id']}", document)

    def image(self) -> Tables:
        """What a file of this board holds now."""
        return self._storage.image()

    def _index(self, address: str, number: int) -> None:
        self._numbers[address] = number
        self._owners.setdefault(records.owner_of(address), {})[address] = None

    def _write(self, kind: str, number: int, document: dict[str, Any]) -> None:
        def put(table: Any) -> None:
            table[number] = document

        table = self.db.table(kind)
        table._update_table(put)  # the one hook TinyDB has for touching a single document


def cursor_of(tables: Tables) -> Cursor | None:
    """The place in the log at which these tables stand, or nothing for empty ones."""
    meta = tables.get(META, {}).get(str(_META_ID))
    return Cursor(meta["board"], meta["seq"], meta["chain"]) if meta else None


def load(path: Path) -> Store:
    """The board in a file; raises `StoreDamaged` when it is missing, torn, changed by hand or of a newer format."""
    try:
        data = path.read_bytes()
        tables: Tables = orjson.loads(data)
        meta = dict(tables[META][str(_META_ID)])
        if meta["format"] != FORMAT or meta.pop("digest") != _digest_before_meta(data):
            raise StoreDamaged(path.name)
        tables[META] = {str(_META_ID): meta}
        cursor_of(tables)  # a board that does not say where it stands is none
        return Store(tables)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise StoreDamaged(path.name) from fault


def save(path: Path, tables: Tables) -> None:
    """Write a board's image aside and move it into place, durable on return. Meant for a thread."""
    write_aside(path, _chunks(tables))


def _chunks(tables: Tables) -> Iterator[bytes]:
    """The file's bytes: equal boards give equal bytes. `meta` comes last, with the digest of all before it."""
    digest = hashlib.blake2b(digest_size=16)
    for chunk in _tables_chunks(tables):
        digest.update(chunk)
        yield chunk
    meta = {**tables.get(META, {}).get(str(_META_ID), {}), "digest": digest.hexdigest()}
    yield b"%b{%b:%b}}" % (_META_KEY, orjson.dumps(str(_META_ID)), orjson.dumps(meta))


def _tables_chunks(tables: Tables) -> Iterator[bytes]:
    yield b"{"
    for name in sorted(tables.keys() - {META}):
        yield orjson.dumps(name) + b":{"
        for place, (number, document) in enumerate(tables[name].items()):
            if place % DOCUMENTS_AT_ONCE == 0:
                time.sleep(0)  # lets the event loop's thread have the interpreter
            yield b'%b"%b":%b' % (b"," if place else b"", number.encode(), orjson.dumps(document, None, _SORTED))
        yield b"},"


def _digest_before_meta(data: bytes) -> str:
    end = data.rindex(_META_KEY)
    return hashlib.blake2b(memoryview(data)[:end], digest_size=16).hexdigest()
