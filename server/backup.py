"""A board in one file: made while the server runs, and never handed over before it has been read back and checked.

The file is a ZIP: `manifest.json`, then what cannot be made anew, each part with its length and BLAKE2b-128 in the
manifest. The log is copied before the people and the campaigns, so that whoever stands in the log stands in those.
`board.json`, snapshots and notes of earlier restores stay out: they belong to the folder, or are made from the log.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from server import checking
from server.atomic import sync_folder
from server.campaigns import CampaignShelf
from server.log import SqliteLog
from server.members import Members
from server.office import CAMPAIGN, LOG, MEMBERS, NotABoard
from server.settings import FILE as SETTINGS

KIND: Final = "guatu-backup"
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
KEY: Final = "key"
"""The server's own secret, where it has one."""
MAX_MANIFEST: Final = 1024 * 1024
_PART: Final = re.compile(r"(log\.sqlite|members\.sqlite|guatu\.toml|key|campaign/[0-9]{6}\.json)\Z")
_SECRET: Final = frozenset({MEMBERS, KEY})
_BLOCK: Final = 1024 * 1024


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
        _pack(copies, whole, manifest, now)
        shutil.rmtree(copies)
        unpack(whole, room / "again")
        whole.replace(target)
    sync_folder(target.absolute().parent)
    return manifest


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


@contextmanager
def _room(target: Path) -> Iterator[Path]:
    """A folder beside the target that nobody else may read, gone afterwards with all that is in it."""
    room = target.with_name(f".{target.name}.{os.getpid()}.tmp")
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
    files = {name: _part(room / name) for name in _names(room)}
    at = now.isoformat(timespec="seconds")
    return Manifest(head.board, head.seq, head.chain, at, shelf.current.id, len(shelf.revisions()), *counts, files)


def _names(room: Path) -> list[str]:
    """The parts of a backup that lie in a folder, in the order in which they are packed."""
    found = (path.relative_to(room).as_posix() for path in sorted(room.rglob("*")) if path.is_file())
    return [name for name in found if _PART.match(name)]


def _part(path: Path) -> Part:
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return Part(path.stat().st_size, digest.hexdigest())


def _pack(room: Path, whole: Path, manifest: Manifest, now: datetime) -> None:
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
    if not Members.sound(folder / MEMBERS):
        raise BackupDamaged("people-damaged", MEMBERS)
