"""The file of a backup: packed with a manifest that tells of every part, and taken apart with a check of all of it.

It is a ZIP: `manifest.json`, then what cannot be made anew, each part with its length and BLAKE2b-128 in the manifest.
`board.json`, snapshots and notes of earlier restores stay out: they belong to the folder, or are made from the log.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from server import checking
from server.atomic import sync_folder
from server.log import SqliteLog
from server.office import LOG, MEMBERS
from server.proof import KEY

KIND: Final = "guatu-backup"
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MAX_MANIFEST: Final = 1024 * 1024
_PART: Final = re.compile(r"(log\.sqlite|members\.sqlite|guatu\.toml|key|campaign/[0-9]{6}\.json)\Z")
_SECRET: Final = frozenset({MEMBERS, KEY})
_BLOCK: Final = 1024 * 1024
_PACKED_BY: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How parts may be packed: what else the library reads fails in ways of its own, and would look like a full disk."""


class BackupDamaged(Exception):
    """This file is no backup that could be put back: a stable word for why, and the part it is about."""

    def __init__(self, why: str, where: str = "") -> None:
        super().__init__(f"{why}: {where}" if where else why)
        self.why = why
        self.where = where


class Part(NamedTuple):
    """One file in a backup: its length, and the BLAKE2b-128 of its bytes in hex."""

    bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: the head of its log (`seq`, `chain`), when it was made, and its parts by name.

    `people`, `devices` and `revisions` count what is in it.
    """

    board: str
    seq: int
    chain: str
    at: str
    campaign: str
    revisions: int
    people: int
    devices: int
    files: Mapping[str, Part]

    def to_json(self) -> dict[str, Any]:
        """The manifest as it stands in the file."""
        files = {name: part._asdict() for name, part in self.files.items()}
        return {"kind": KIND, "format": FORMAT, **asdict(self), "files": files}


def unpack(file: Path, into: Path) -> Manifest:
    """Take a backup apart into a new folder and check all of it; raises `BackupDamaged`.

    Every part has to be the one the manifest tells of, and the log's chain has to lead to the head it names.
    """
    into.mkdir(mode=0o700)
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            for name, part in manifest.files.items():
                _extract(archive, name, part, into)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise BackupDamaged("not-a-backup") from fault
    sync_folder(into)
    _check(into, manifest)
    return manifest


def parts_of(room: Path) -> dict[str, Part]:
    """What of a folder belongs into a backup, in the order in which it is packed."""
    found = (path.relative_to(room).as_posix() for path in sorted(room.rglob("*")) if path.is_file())
    return {name: _part(room / name) for name in found if _PART.match(name)}


def _part(path: Path) -> Part:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return Part(path.stat().st_size, digest.hexdigest())


def pack(room: Path, whole: Path, manifest: Manifest, now: datetime) -> None:
    """Write the parts in a folder into one file, durably, readable by its owner alone."""
    descriptor = os.open(whole, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w+b") as file:  # noqa: PTH123 -- the descriptor carries the mode
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            body = orjson.dumps(manifest.to_json(), option=orjson.OPT_INDENT_2)
            archive.writestr(_info(MANIFEST, now), body)
            for name in manifest.files:
                with (room / name).open("rb") as part, archive.open(_info(name, now), "w", force_zip64=True) as out:
                    shutil.copyfileobj(part, out, _BLOCK)
        file.flush()
        os.fsync(file.fileno())


def _info(name: str, now: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (max(1980, now.year), now.month, now.day, now.hour, now.minute, now.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    """What the archive says of itself, once it is known to hold exactly that."""
    names = archive.namelist()
    if any(each.compress_type not in _PACKED_BY for each in archive.infolist()):
        raise BackupDamaged("not-a-backup")
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > MAX_MANIFEST:
        raise BackupDamaged("not-a-backup")
    manifest = _read_manifest(archive.read(MANIFEST))
    wanted = [MANIFEST, *manifest.files]
    for name in (LOG, MEMBERS, *manifest.files):
        if name not in names or name not in manifest.files:
            raise BackupDamaged("part-missing", name)
    for name in names:
        if names.count(name) > 1 or name not in wanted or not (name == MANIFEST or _PART.match(name)):
            raise BackupDamaged("part-unknown", repr(name)[:80])
    return manifest


def _read_manifest(body: bytes) -> Manifest:
    try:
        told = orjson.loads(body)
        if told.pop("kind") != KIND:
            raise BackupDamaged("not-a-backup")
        if told.pop("format") > FORMAT:
            raise BackupDamaged("newer-format")
        files = {str(name): Part(int(part["bytes"]), str(part["digest"])) for name, part in told["files"].items()}
        known = {name: told[name] for name in Manifest.__slots__}
        return Manifest(**{**known, "files": files})
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BackupDamaged("not-a-backup") from fault


def _extract(archive: zipfile.ZipFile, name: str, part: Part, into: Path) -> None:
    """One part on the disk; no more is ever written than the manifest tells of."""
    path, left = into / name, part.bytes
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if name in _SECRET else 0o666)
    with open(descriptor, "wb") as out, archive.open(name) as packed:  # noqa: PTH123 -- the descriptor carries the mode
        while left >= 0 and (block := packed.read(_BLOCK)):
            left -= len(block)
            if left >= 0:
                out.write(block)
        out.flush()
        os.fsync(out.fileno())
    sync_folder(path.parent)
    if left != 0 or _part(path) != part:
        raise BackupDamaged("part-differs", name)


def _check(folder: Path, manifest: Manifest) -> None:
    """Whether the parts make a sound board that stands where the manifest says."""
    found = [finding for finding in checking.check(folder).findings if finding.what != "board-missing"]
    if found:
        raise BackupDamaged(found[0].what, found[0].where)
    with closing(SqliteLog(folder / LOG)) as log:
        if log.head() != (manifest.board, manifest.seq, manifest.chain):
            raise BackupDamaged("head-differs", LOG)
    if not _sound(folder / MEMBERS):
        raise BackupDamaged("people-damaged", MEMBERS)


def _sound(people: Path) -> bool:
    """Whether a file holds the people of a board, and all of it can be read."""
    try:
        with closing(sqlite3.connect(people)) as db:
            whole: list[tuple[str]] = db.execute("PRAGMA integrity_check").fetchall()
            db.execute("SELECT d.token, m.role FROM device d JOIN member m ON m.name = d.member").fetchall()
    except sqlite3.DatabaseError:
        return False
    return whole == [("ok",)]
