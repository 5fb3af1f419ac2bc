"""Files of one's own and of others on this laptop, by their hash: kept here at once, at the office later.

Own ones lie in `files/` and are never dropped here: an entry names them that may not have reached the office, or an
office that is put back from a backup may ask for them again. Fetched ones lie in `fetched/`, and the oldest make room
for the next. No name that a person gave a file is ever a path here.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from shared.attached import MAX_FILE, Attached, hash_of, is_hash, is_plain_file, named_in, place_of
from shared.board.change import JSON
from shared.forms.checks import is_file
from tui.aside import write_aside
from tui.entry import Problem
from tui.profile import PRIVATE_FOLDER, sync_folder
from tui.replica import RESERVE, Replica

OWN, FETCHED = "files", "fetched"
MAX_FETCHED: Final = 256 * 1024 * 1024
"""Bytes that fetched files may take on this laptop, all together."""
CONFIRMED: Final = "file/"
"""The small fact, behind this the hash, that the office has an own file; it says so again at every connection."""

_WRITING: Final = threading.Lock()
"""Two threads that keep the same file at once would write beside the same place."""


class Due(NamedTuple):
    """Own files that the office has not confirmed: those that are here, and those that are gone from this disk."""

    here: tuple[Attached, ...] = ()
    gone: tuple[Attached, ...] = ()


def free_beside(folder: Path) -> int:
    """The bytes that are free on the disk of a profile."""
    return shutil.disk_usage(folder).free


def keep(folder: Path, path: Path, room: Callable[[Path], int] = free_beside) -> dict[str, JSON] | Problem:
    """Copy a file into a profile's folder, durable on return: what the field of a record then holds, or why not.

    Blocks: on a screen call it in a thread. Raises `OSError` when the profile's own disk fails.
    """
    body = _read(path)
    if isinstance(body, Problem):
        return body
    value: dict[str, JSON] = {"hash": hash_of(body), "name": path.name, "size": len(body)}
    if not is_file(value):
        return Problem("file-name", "file")
    if room(folder) - len(body) < RESERVE:
        return Problem("disk-low", "file")
    try:
        _put(folder / OWN, value["hash"], body)
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):  # somebody else has filled it meanwhile
            return Problem("disk-low", "file")
        raise
    return value


def path_of(folder: Path, digest: str) -> Path | None:
    """Where a file lies on this laptop, or nothing when it is not here."""
    places = (folder / part / digest for part in (OWN, FETCHED)) if is_hash(digest) else ()
    return next((place for place in places if is_plain_file(place)), None)


def read(folder: Path, digest: str) -> bytes | None:
    """A file that is here and is what its hash says, or nothing."""
    place = path_of(folder, digest)
    body = _bytes(place) if place is not None else None
    return body if body is not None and hash_of(body) == digest else None


def keep_fetched(
    folder: Path, digest: str, body: bytes, room: Callable[[Path], int] = free_beside, most: int = MAX_FETCHED
) -> Path | Problem:
    """Keep a file that came from the office, in the place of the oldest such ones when there are too many."""
    if room(folder) - len(body) < RESERVE:
        return Problem("disk-low", "file")
    _make_room(folder / FETCHED, most - len(body))
    return _put(folder / FETCHED, digest, body)


def own(replica: Replica, *, gone_out: bool = False) -> dict[str, Attached]:
    """Every file that an own entry names, by its hash; with `gone_out` only of those that were sent to the office."""
    found: dict[str, Attached] = {}
    for waiting in replica.outbox.with_files(gone_out=gone_out):
        change = waiting.change()
        if change is not None:
            found.update({each.hash: each for each in named_in(change.values)})
    return found


def due(replica: Replica, folder: Path) -> Due:
    """The own files that the office has not confirmed, the newest first."""
    open_ = [each for each in own(replica).values() if not replica.meta(CONFIRMED + each.hash)]
    here = tuple(each for each in open_ if path_of(folder, each.hash) is not None)
    return Due(here, tuple(each for each in open_ if each not in here))


def copy_out(folder: Path, files: Iterable[Attached], target: Path) -> tuple[str, ...]:
    """Copy files of a profile into a folder, as `ab/<hash>`, each durable; the hashes of those that are there then.

    One that is damaged here is left out. Raises `OSError` when the folder cannot be written.
    """
    copied: list[str] = []
    for each in files:
        body, place = read(folder, each.hash), place_of(target, each.hash)
        if body is None or place is None:
            continue
        if not (is_plain_file(place) and _bytes(place) == body):
            place.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_aside(place, [body])
        copied.append(each.hash)
    return tuple(copied)


def note_confirmed(replica: Replica, there: Iterable[str], missing: Iterable[str] = ()) -> None:
    """Remember what the office said: which files it has, and which it has not, whatever it said before."""
    for value, hashes in (("there", there), ("", missing)):
        for digest in hashes:
            if (replica.meta(CONFIRMED + digest) or "") != value:
                replica.set_meta(CONFIRMED + digest, value)


def fetched(folder: Path) -> list[str]:
    """The hashes of all files that came from the office and are still here."""
    place = folder / FETCHED
    return (
        sorted(each.name for each in place.iterdir() if is_plain_file(each) and is_hash(each.name))
        if _is_own(place)
        else []
    )


def _read(path: Path) -> bytes | Problem:
    """All of a file that can be kept; a pipe or a device that would never end is not begun with."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        return Problem("no-such-file", "file")
    except (OSError, ValueError):  # no right to read it, a folder on Windows, a name with a zero in it
        return Problem("file-unreadable", "file")
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return Problem("not-a-plain-file", "file")
        with open(descriptor, "rb", closefd=False) as file:
            body = file.read(MAX_FILE + 1)
    except OSError:
        return Problem("file-unreadable", "file")
    finally:
        os.close(descriptor)
    if len(body) > MAX_FILE:
        return Problem("file-too-large", "file", f"{MAX_FILE // 1024 // 1024}")
    return body or Problem("file-empty", "file")


def _put(place: Path, digest: str, body: bytes) -> Path:
    """Write a file under its hash, unless it is there whole; a link or a torn file in its place is replaced."""
    _be_private(place)
    target = place / digest
    with _WRITING:
        if not (is_plain_file(target) and _bytes(target) == body):
            write_aside(target, [body])
    sync_folder(place)
    return target


def _be_private(place: Path) -> None:
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        raise NotADirectoryError(20, "not a folder of guatu's own", str(place))
    if not place.exists():
        place.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        sync_folder(place.parent)


def _make_room(place: Path, most: int) -> None:
    """Drop the oldest until no more than this is left; what a writer that died has left goes the same way."""
    if not _is_own(place):
        return
    known = sorted((each.lstat().st_mtime, each.lstat().st_size, each) for each in place.iterdir())
    total = sum(size for _, size, _ in known)
    for _, size, each in known:
        if total <= most:
            return
        each.unlink(missing_ok=True)
        total -= size


def _is_own(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _bytes(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except OSError:
        return None
