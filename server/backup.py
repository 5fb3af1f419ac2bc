"""Making a backup: while the server runs, and never handed over before it has been read back and checked.

The log is copied before the people and the campaigns, so that whoever stands in the log stands in those.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from server.archive import Manifest, pack, parts_of, unpack
from server.atomic import sync_folder
from server.campaigns import CampaignShelf
from server.log import SqliteLog
from server.members import Members
from server.office import CAMPAIGN, LOG, MEMBERS, NotABoard
from server.proof import KEY
from server.settings import FILE as SETTINGS


def make(folder: Path, target: Path, now: datetime) -> Manifest:
    """Write a board's backup, checked, durable and readable by its owner alone; `target` is there wholly or not at all.

    Raises `NotABoard`, and `BackupDamaged` when the board itself does not hold what was entered.
    """
    if not (folder / LOG).exists():
        raise NotABoard(folder.name)
    with _room(target) as room:
        whole, copies = room / "whole", room / "copies"
        copies.mkdir()
        manifest = _copies(folder, copies, now)
        pack(copies, whole, manifest, now)
        shutil.rmtree(copies)
        unpack(whole, room / "again")
        whole.replace(target)
    sync_folder(target.absolute().parent)
    return manifest


@contextmanager
def _room(target: Path) -> Iterator[Path]:
    """A folder beside the target that nobody else may read, gone afterwards with all that is in it."""
    room = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    shutil.rmtree(room, ignore_errors=True)  # left by one that was killed under the same number
    room.mkdir(mode=0o700)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _copies(folder: Path, room: Path, now: datetime) -> Manifest:
    """Consistent copies of everything in the room, and what they are."""
    with closing(SqliteLog(folder / LOG)) as log:
        log.backup(room / LOG)
    with closing(Members(folder / MEMBERS, lambda: now)) as people:
        people.backup(room / MEMBERS)
        counts = len(people.members()), len(people.devices())
    shutil.copytree(folder / CAMPAIGN, room / CAMPAIGN, ignore=lambda _, names: [n for n in names if n[-5:] != ".json"])
    for name in (SETTINGS, KEY):
        if (folder / name).exists():
            shutil.copyfile(folder / name, room / name)
    with closing(SqliteLog(room / LOG)) as log:
        head = log.head()
    shelf = CampaignShelf(room / CAMPAIGN)
    files = parts_of(room)
    at = now.isoformat(timespec="seconds")
    return Manifest(head.board, head.seq, head.chain, at, shelf.current.id, len(shelf.revisions()), *counts, files)
