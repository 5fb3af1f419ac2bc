"""The board as one compressed file for a laptop that starts: immutable per (seq, chain) and area, and resumable.

The first line is a JSON header; every further line is one unit: its code, a tab, and a JSON object address → record.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from server.atomic import write_aside
from server.store import META, Tables
from shared.board.log_record import Cursor
from shared.rights import covers

FORMAT: Final = 1
KEPT: Final = 4
FRESH: Final = 2000
"""A snapshot this many records old still serves; the live feed brings the rest."""
_OFFICE_KINDS: Final = frozenset({"campaign", "group", "hold"})
_Documents = Mapping[str, Any]


class Snapshots:
    """The snapshots of one board, kept in a folder; `build` is meant for a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        for stale in folder.iterdir():
            stale.unlink()
        self._made: dict[tuple[str, ...], list[tuple[Cursor, Path]]] = {}

    def recent(self, areas: tuple[str, ...], head: Cursor) -> tuple[Cursor, Path] | None:
        """A snapshot for these areas that is not too far behind the head."""
        made = self._made.get(areas, [])
        return next(((at, path) for at, path in reversed(made) if head.seq - at.seq <= FRESH and path.exists()), None)

    def named(self, name: str, areas: tuple[str, ...]) -> Path | None:
        """The snapshot file of this name, if it is still kept and made for these areas."""
        return next((path for _, path in self._made.get(areas, []) if path.name == name), None)

    def build(self, cursor: Cursor, areas: tuple[str, ...], tables: Tables, campaign: str) -> tuple[Cursor, Path]:
        """Write the snapshot of a board's image at `cursor`, with what these areas may read."""
        header = {"format": FORMAT, **cursor._asdict(), "areas": areas, "campaign": campaign}
        lines = _lines(tables, areas)
        suffix = hashlib.blake2b(" ".join(areas).encode(), digest_size=6).hexdigest()
        path = self._folder / f"{cursor.seq}-{cursor.chain}-{suffix}.snapshot"
        body = b"".join((orjson.dumps(header), b"\n", *lines))
        write_aside(path, [gzip.compress(body, compresslevel=1, mtime=0)])
        made = self._made.setdefault(areas, [])
        made.append((cursor, path))
        self._drop_old(made)
        return cursor, path

    def _drop_old(self, made: list[tuple[Cursor, Path]]) -> None:
        while len(made) > KEPT:
            made.pop(0)[1].unlink(missing_ok=True)


def _lines(tables: Tables, areas: tuple[str, ...]) -> Iterator[bytes]:
    owners: dict[str, list[bytes]] = {}
    for kind, table in tables.items():
        if kind == META:
            continue
        for document in table.values():
            owner = document["id"].partition("/")[0]
            if kind in _OFFICE_KINDS or covers(areas, owner):
                owners.setdefault(owner, []).append(_member(kind, document))
    for owner, members in owners.items():
        yield b"%b\t{%b}\n" % (owner.encode(), b",".join(members))


def _member(kind: str, document: _Documents) -> bytes:
    record = {name: value for name, value in document.items() if name != "id"}
    return orjson.dumps(f"{kind}/{document['id']}") + b":" + orjson.dumps(record)
