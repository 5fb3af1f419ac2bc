"""The files of a board copied to another folder and back, each once: what is there by its hash is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from server.atomic import sync_folder, write_aside
from server.cabinet import FOLDER, every, is_whole
from shared.attached import hash_of, place_of


class Copied(NamedTuple):
    """How many files were copied, how many were there already, and the hashes of those that are not what they say."""

    copied: int
    there: int
    damaged: tuple[str, ...]


def copy_files(source: Path, target: Path) -> Copied:
    """Copy every whole file of one folder of files into another, durable on return; also while a server gives to it.

    A copy that is torn, or has another size, is made anew; a file that is damaged itself is not carried on.
    """
    copied = there = 0
    damaged: list[str] = []
    for digest, path in every(source):
        place = place_of(target, digest)
        assert place is not None
        if place.is_file() and not place.is_symlink() and place.stat().st_size == path.stat().st_size:
            there += 1
            continue
        body = path.read_bytes()
        if hash_of(body) != digest:
            damaged.append(digest)
            continue
        if not place.parent.is_dir():
            place.parent.mkdir(mode=0o700, parents=True)
            sync_folder(place.parent.parent)
        write_aside(place, [body], mode=0o600)
        copied += 1
    return Copied(copied, there, tuple(damaged))


def damaged(folder: Path) -> Iterator[str]:
    """The files of a board, as `files/ab/<hash>`, that are not what their hashes say."""
    for digest, path in every(folder / FOLDER):
        if not is_whole(path, digest):
            yield path.relative_to(folder).as_posix()


def count(folder: Path) -> int:
    """How many files a board has."""
    return sum(1 for _ in every(folder / FOLDER))
