"""The files that records name, on the office's disk by their hash: `files/ab/<hash>`, there wholly or not at all.

A hash is all that a file is called here; what people call it stands in the records. Beside the files a small table
remembers which device gave which, so that one device can fill its own share and no more. All of this blocks: one
thread does it, one thing after another.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from server.atomic import sync_folder
from server.bounds import Bounds
from shared.attached import is_plain_file, place_of
from shared.errors import Refused

FOLDER: Final = "files"
ARRIVING, BY_STICK, TABLE = "arriving", "by-stick", "given.sqlite"
"""Beside the files: what is on its way in over the network, and what is by stick; and the table."""
LEAST: Final = 64 * 1024
"""Bytes that a file counts for at least, so that a share is also a bound on their number."""
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS given (
    hash TEXT NOT NULL, device TEXT NOT NULL, counted INTEGER NOT NULL, PRIMARY KEY (hash, device)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS given_device ON given (device)
"""


class Arriving:
    """A file on its way in, written beside those that are kept, of at most so many bytes.

    `counted`: what it takes of the bounds meanwhile.
    """

    def __init__(self, path: Path, most: int, digest: str, device: str, counted: int) -> None:
        self.path, self.most, self.digest, self.device, self.counted = path, most, digest, device, counted
        self.size = 0
        self._hash = hashlib.blake2b(digest_size=32)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file: BinaryIO = open(descriptor, "wb")  # noqa: PTH123, SIM115 -- closed by `finish` or `give_up`

    def write(self, block: bytes) -> None:
        """Take the next bytes; raises `file-too-large`, `files-full`."""
        self.size += len(block)
        if self.size > self.most:
            raise Refused("file-too-large", limit=self.most)
        self._hash.update(block)
        with _room_on_disk():
            self._file.write(block)

    def finish(self) -> None:
        """Make what has come durable; raises `file-differs` when it is not the file that was announced."""
        if self._hash.hexdigest() != self.digest:
            raise Refused("file-differs")
        with _room_on_disk():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def give_up(self) -> None:
        """Leave nothing behind."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()
        self.path.unlink(missing_ok=True)


class Cabinet:
    """The files of one board. Made without touching the disk; belongs to one thread from then on.

    `arriving`: where files lie on their way in; what somebody else has left there goes, so that it is one's own.
    """

    def __init__(
        self,
        folder: Path,
        bounds: Bounds,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        arriving: str = ARRIVING,
    ) -> None:
        self._folder = folder
        self._arriving = folder / arriving
        self._bounds = bounds
        self._free = free
        self._db: sqlite3.Connection | None = None
        self._count = 0
        self._promised: dict[Path, Arriving] = {}

    def place(self, digest: str) -> Path | None:
        """Where a file lies, or nothing when it is not here."""
        path = place_of(self._folder, digest)
        return path if path is not None and is_plain_file(path) else None

    def begin(self, digest: str, device: str, size: int | None) -> Arriving:
        """Make room for a file of this size, or of any; raises `file-too-large`, `file-share`, `files-full`.

        What a device has given already it may give again.
        """
        most = self._bounds.file
        if size is not None and size > most:
            raise Refused("file-too-large", limit=most)
        counted = max(LEAST, most if size is None else size)
        with _room_on_disk():
            self._open()
            if not (self.place(digest) and self.gave(device, (digest,))):
                self._make_sure(device, counted)
            self._count += 1
            path = self._arriving / f"{self._count}.tmp"
            self._promised[path] = Arriving(path, most, digest, device, counted)
        return self._promised[path]

    def keep(self, arriving: Arriving) -> None:
        """Put a file that has come into its place, durably; one that is there already is the same one."""
        arriving.finish()
        target = place_of(self._folder, arriving.digest)
        assert target is not None
        with _room_on_disk():
            if not target.parent.is_dir():
                target.parent.mkdir(mode=0o700, exist_ok=True)  # the other way in may just have made it
                sync_folder(self._folder)
            if not is_plain_file(target) or target.stat().st_size != arriving.size:
                arriving.path.replace(target)
                sync_folder(target.parent)
            row = (arriving.digest, arriving.device, max(LEAST, arriving.size))
            self._open().execute("INSERT OR REPLACE INTO given VALUES (?, ?, ?)", row)

    def end(self, arriving: Arriving) -> None:
        """Forget a file on its way in, whatever became of it."""
        self._promised.pop(arriving.path, None)
        arriving.give_up()

    def gave(self, device: str, hashes: Collection[str]) -> set[str]:
        """Which of these a device has given itself, so that it has them."""
        if not (self._folder / TABLE).exists():
            return set()
        query = "SELECT 1 FROM given WHERE hash = ? AND device = ?"
        return {each for each in hashes if self._open().execute(query, (each, device)).fetchone()}

    def given_by(self, device: str) -> tuple[str, ...]:
        """The files that are here and that a device has given, in the order of their hashes."""
        if not (self._folder / TABLE).exists():
            return ()
        query = "SELECT hash FROM given WHERE device = ? ORDER BY hash"
        rows = self._open().execute(query, (device,)).fetchall()
        return tuple(digest for (digest,) in rows if self.place(digest) is not None)

    def close(self) -> None:
        """Let go of the table."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _make_sure(self, device: str, counted: int) -> None:
        """Refuse what goes beyond the device's share, the bound of all, or the room that the log needs.

        What others have on its way counts as if it had come; a device itself sends one file after the other.
        """
        mine = self._sum("SELECT SUM(counted) FROM given WHERE device = ?", device)
        if mine + counted > self._bounds.device_files:
            raise Refused("file-share", limit=self._bounds.device_files)
        promised = sum(each.counted for each in self._promised.values())
        total = self._sum("SELECT SUM(counted) FROM (SELECT MAX(counted) counted FROM given GROUP BY hash)")
        spare = self._free(self._folder) - promised - counted
        if total + promised + counted > self._bounds.all_files or spare < self._bounds.free:
            raise Refused("files-full")

    def _sum(self, query: str, *values: str) -> int:
        return int(self._open().execute(query, values).fetchone()[0] or 0)

    def _open(self) -> sqlite3.Connection:
        """The table, made at the first file; what was on its way when a server died is removed."""
        if self._db is None:
            for folder in (self._folder, self._arriving):
                if folder.is_symlink():
                    raise NotADirectoryError(errno.ENOTDIR, "a link, not a folder of the board's own", str(folder))
                folder.mkdir(mode=0o700, exist_ok=True)
            sync_folder(self._folder.parent)
            for stale in self._arriving.iterdir():
                stale.unlink()
            table = self._folder / TABLE
            table.touch(mode=0o600)
            self._db = sqlite3.connect(table, isolation_level=None, check_same_thread=False)
            self._db.executescript(_SCHEMA)
        return self._db


def every(folder: Path) -> Iterator[tuple[str, Path]]:
    """All files of a folder of files, by their hashes, in order."""
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        if path == place_of(folder, path.name) and is_plain_file(path):
            yield path.name, path


def is_whole(path: Path, digest: str) -> bool:
    """Whether a file is what its hash says."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest() == digest


class _room_on_disk:  # noqa: N801 -- reads as what it is, a block
    """A block in which a disk that is full is a refusal, and any other fault stays one."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        full = isinstance(fault, OSError) and fault.errno in _FULL
        if full or (isinstance(fault, sqlite3.Error) and fault.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL):
            raise Refused("files-full") from fault
