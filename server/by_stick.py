"""Files that come on a stick beside a bundle: those that it names, under the same bounds as those that come by wire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from filelock import FileLock

from server.bounds import Bounds
from server.cabinet import BY_STICK, FOLDER, Cabinet
from server.offered import Author
from shared.attached import is_plain_file, place_of
from shared.errors import Refused
from shared.rights import Role, reach

BLOCK: Final = 256 * 1024
LOCK: Final = "by-stick.lock"


class Received(NamedTuple):
    """What became of the files that a bundle names: how many are new here, were here, and lie in no folder.

    `refused`: how many were not taken, by the code why.
    """

    taken: int = 0
    there: int = 0
    missing: int = 0
    refused: tuple[tuple[str, int], ...] = ()


def receive(folder: Path, source: Path | None, giver: Author, hashes: Sequence[str], bounds: Bounds) -> Received:
    """Keep the files of these hashes that lie in a folder, durable on return, beside a running server too."""
    if not hashes:
        return Received()
    if giver.revoked or giver.role is Role.VIEWER or not reach(giver.role, giver.areas):
        return Received(refused=(("no-right", len(hashes)),))
    with FileLock(folder / LOCK):
        cabinet = Cabinet(folder / FOLDER, bounds, arriving=BY_STICK)
        try:
            counted = Counter(_receive(cabinet, source, giver.device, digest) for digest in hashes)
        finally:
            cabinet.close()
    taken, there, missing = (counted.pop(known, 0) for known in ("taken", "there", "missing"))
    return Received(taken, there, missing, tuple(sorted(counted.items())))


def given_by(folder: Path, device: str) -> tuple[str, ...]:
    """The files of a board that a device has given and that are there."""
    if not (folder / FOLDER).is_dir():
        return ()
    with FileLock(folder / LOCK):  # to open is to sweep what is on its way in
        cabinet = Cabinet(folder / FOLDER, Bounds(), arriving=BY_STICK)
        try:
            return cabinet.given_by(device)
        finally:
            cabinet.close()


def _receive(cabinet: Cabinet, source: Path | None, device: str, digest: str) -> str:
    if cabinet.place(digest) is not None and cabinet.gave(device, (digest,)):
        return "there"
    place = place_of(source, digest) if source is not None else None
    if place is None or not is_plain_file(place):
        return "missing"
    try:
        arriving = cabinet.begin(digest, device, place.stat().st_size)
    except Refused as refused:
        return refused.code
    try:
        for block in _blocks(place):
            arriving.write(block)
        cabinet.keep(arriving)
    except Refused as refused:
        return refused.code
    finally:
        cabinet.end(arriving)
    return "taken"


def _blocks(place: Path) -> Iterator[bytes]:
    with place.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
