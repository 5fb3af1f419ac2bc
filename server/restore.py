"""Putting a board back from a backup: checked before anything is touched, and what was there is put aside.

The folder is locked as a server locks it. The log goes in last: before that the folder holds no board, so that a crash
on the way leaves no mixture that could be served.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final, NamedTuple

from filelock import FileLock, Timeout

from server import lineage
from server.archive import Manifest, unpack
from server.atomic import sync_folder
from server.cabinet import FOLDER as FILES
from server.lineage import Lineage, Restore
from server.log import LogCorrupt, LogOfNewerFormat, SqliteLog
from server.office import BOARD, CAMPAIGN, LOCK, LOCK_SECONDS, LOG, MEMBERS, AlreadyABoard, InUse, Office
from server.proof import KEY
from server.settings import FILE as SETTINGS
from server.taken import FILE as TAKEN

STAGE: Final = ".restoring"
ASIDE: Final = "before-restore-"
_OWN: Final = (
    *(name + end for name in (LOG, MEMBERS) for end in ("", "-wal", "-shm")),
    *(BOARD, CAMPAIGN, SETTINGS, KEY, TAKEN, "snapshots", lineage.FILE),
)
"""What is guatu's in a board's folder; what somebody else has put there stays where it is."""
_ORDER: Final = (CAMPAIGN, MEMBERS, SETTINGS, KEY, BOARD, lineage.FILE, LOG)


class NotEmpty(Exception):
    """There is something in this folder that is no board."""


class Restored(NamedTuple):
    """What was put back, the folder that now holds what was there before, and which board that was, if any."""

    manifest: Manifest
    aside: Path | None
    replaced: str | None

    @property
    def other_board(self) -> bool:
        """Whether another board was there, whose laptops will find this one strange."""
        return self.replaced not in (None, self.manifest.board)


def restore(file: Path, folder: Path, clock: Callable[[], datetime], *, force: bool = False) -> Restored:
    """Make a folder the board that a backup holds, and note that it is.

    Raises `BackupDamaged`, `InUse`, and without `force` `AlreadyABoard` or `NotEmpty`; then nothing has been touched.
    """
    with _claimed(folder), _stage(folder) as stage:
        if not force:
            _refuse_if_filled(folder)
        manifest = unpack(file, stage / "board")
        _complete(stage / "board", manifest, clock)
        replaced = _fold_log(folder)
        aside = _put_aside(folder)
        for name in _ORDER:
            if (stage / "board" / name).exists():
                (stage / "board" / name).rename(folder / name)
        sync_folder(folder)
    return Restored(manifest, aside, replaced)


def _complete(board: Path, manifest: Manifest, clock: Callable[[], datetime]) -> None:
    """Make what is made from the log, which shows that the board opens, and note where it comes from."""
    with Office(board, clock):
        pass
    at = clock().isoformat(timespec="seconds")
    lineage.write(board, Lineage((Restore(at, manifest.seq, manifest.chain, manifest.at),)))


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """The folder, made if it is missing, with its lock held; one that was made and stayed empty is gone afterwards."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        raise InUse(folder.name) from None
    try:
        yield
    finally:
        lock.release()
        if made and not (folder / LOG).exists():
            (folder / LOCK).unlink(missing_ok=True)
            with suppress(OSError):  # it holds something after all
                folder.rmdir()


@contextmanager
def _stage(folder: Path) -> Iterator[Path]:
    """A folder inside, so that moving out of it is one step of the same disk; what an earlier one left is removed."""
    stage = folder / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _refuse_if_filled(folder: Path) -> None:
    if (folder / LOG).exists():
        raise AlreadyABoard(folder.name)
    ours = (LOCK, STAGE, FILES)  # files go by their hashes, whichever board names them
    if any(each.name not in ours and not each.name.startswith(ASIDE) for each in folder.iterdir()):
        raise NotEmpty(folder.name)


def _fold_log(folder: Path) -> str | None:
    """Fold the old log into its one file, and say of which board it is, if it opens at all."""
    if not (folder / LOG).exists():
        return None
    try:
        with closing(SqliteLog(folder / LOG)) as log:
            return log.board
    except (sqlite3.Error, LogCorrupt, LogOfNewerFormat, OSError):  # that may be why it is put back
        return None


def _put_aside(folder: Path) -> Path | None:
    """Move what a board consists of into a folder of its own."""
    names = [name for name in _OWN if (folder / name).exists()]
    if not names:
        return None
    aside = next(path for number in count(1) if not (path := folder / f"{ASIDE}{number}").exists())
    aside.mkdir(mode=0o700)
    for name in names:
        (folder / name).rename(aside / name)
    sync_folder(aside)
    sync_folder(folder)
    return aside
