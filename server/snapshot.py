"""The board as one compressed file for a laptop that starts: immutable per (seq, chain) and area, and resumable.

The first line is a JSON header; every further line is one unit: its code, a tab, and a JSON object address → record.
"""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from server.atomic import write_aside
from server.store import DOCUMENTS_AT_ONCE, META, Tables
from shared.board.log_record import Cursor
from shared.rights import readable

FORMAT: Final = 1
KEPT: Final = 4
"""Snapshots of the same areas that are kept, so that a broken download of an older one can go on."""
KEPT_IN_ALL: Final = 128
FRESH_RECORDS: Final = 2000
FRESH_SECONDS: Final = 10.0
"""A snapshot so many records or so many seconds old still serves; the live feed brings the rest."""
_GZIP: Final = 31  # zlib's window size, with a gzip header around
_Documents = list[tuple[str, Mapping[str, Any]]]


class Made(NamedTuple):
    """One snapshot on the disk: what it holds, of which areas, and when it was made."""

    cursor: Cursor
    areas: tuple[str, ...]
    path: Path
    at: float


class Snapshots:
    """The snapshots of one board, kept in a folder that is emptied first. Belongs to the loop; `build` does not."""

    def __init__(self, folder: Path, now: Callable[[], float]) -> None:
        self._folder = folder
        self._now = now
        folder.mkdir(exist_ok=True)
        for stale in folder.iterdir():
            stale.unlink()
        self._made: list[Made] = []

    def recent(self, areas: tuple[str, ...], head: Cursor, least: int = 0) -> Made | None:
        """A snapshot for these areas that is not too far behind the head, and holds everything up to `least`."""
        last = next((made for made in reversed(self._made) if made.areas == areas), None)
        if last is None or last.cursor.seq < least:
            return None
        behind = head.seq - last.cursor.seq
        return last if behind <= FRESH_RECORDS or self._now() - last.at <= FRESH_SECONDS else None

    def named(self, name: str, areas: tuple[str, ...]) -> Path | None:
        """The snapshot file of this name, if it is still kept and made for these areas."""
        return next((made.path for made in self._made if made.path.name == name and made.areas == areas), None)

    def place(self, cursor: Cursor, areas: tuple[str, ...]) -> Made:
        """Where the snapshot at this cursor belongs."""
        suffix = hashlib.blake2b(" ".join(areas).encode(), digest_size=6).hexdigest()
        path = self._folder / f"{cursor.seq}-{cursor.chain}-{suffix}.snapshot"
        return Made(cursor, areas, path, self._now())

    def keep(self, made: Made) -> list[Path]:
        """Serve this snapshot from now on; returns the files that are not served any more, for deletion."""
        self._made = [other for other in self._made if other.path != made.path] + [made]
        same = [other for other in self._made if other.areas == made.areas]
        old = {other.path for other in (*same[:-KEPT], *self._made[:-KEPT_IN_ALL])}
        self._made = [other for other in self._made if other.path not in old]
        return sorted(old)


def build(made: Made, tables: Tables, campaign: str) -> None:
    """Write the snapshot of a board's image, with what its areas may read. Meant for a thread."""
    header = {"format": FORMAT, **made.cursor._asdict(), "areas": made.areas, "campaign": campaign}
    write_aside(made.path, _compressed(orjson.dumps(header) + b"\n", lines(tables, made.areas)))


def drop(paths: list[Path]) -> None:
    """Delete these files; who has one open reads it to its end. What Windows keeps goes at the next start."""
    for path in paths:
        with suppress(PermissionError):
            path.unlink(missing_ok=True)


def _compressed(header: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    press = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    yield press.compress(header)
    for line in lines:
        yield press.compress(line)
    yield press.flush()


def lines(tables: Tables, areas: tuple[str, ...]) -> Iterator[bytes]:
    """One line per unit; documents are put into JSON one unit at a time, so that memory holds one copy of the board."""
    owners: dict[str, _Documents] = {}
    for kind in sorted(tables.keys() - {META}):
        for document in tables[kind].values():
            owner = document["id"].partition("/")[0]
            if readable(areas, kind, owner):
                owners.setdefault(owner, []).append((kind, document))
    for index, (owner, documents) in enumerate(owners.items()):
        if index % DOCUMENTS_AT_ONCE == 0:
            time.sleep(0)  # lets the event loop's thread have the interpreter
        yield b"%b\t{%b}\n" % (owner.encode(), b",".join(_member(kind, document) for kind, document in documents))


def _member(kind: str, document: Mapping[str, Any]) -> bytes:
    record = {name: value for name, value in document.items() if name != "id"}
    return orjson.dumps(f"{kind}/{document['id']}") + b":" + orjson.dumps(record)
