"""Files that records name: a record holds a file's hash, name and size, the file itself lies elsewhere, by its hash."""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from shared.board.change import JSON
from shared.forms.checks import is_file

MAX_FILE: Final = 8 * 1024 * 1024
"""Bytes of one file at most: a paper with its annexes as a scan, and what a village's network can still carry."""
HASH: Final = "^[0-9a-f]{64}$"
"""How a hash is written: BLAKE2b-256 in hex."""
HASHES: Final = 8192
"""So many files one line of a bundle names at most."""
_HASH: Final = re.compile("[0-9a-f]{64}")


class Attached(NamedTuple):
    """A file as a record names it: BLAKE2b-256 in hex, the name it had where it was kept first, its size in bytes."""

    hash: str
    name: str
    size: int


def hash_of(body: bytes) -> str:
    """The name by which a file is kept."""
    return hashlib.blake2b(body, digest_size=32).hexdigest()


def is_hash(text: str) -> bool:
    """Whether this is a hash, and so no path."""
    return _HASH.fullmatch(text) is not None


def place_of(folder: Path, digest: str) -> Path | None:
    """Where a file of this hash belongs in a folder of files, `ab/<hash>`; nothing when it is no hash."""
    return folder / digest[:2] / digest if is_hash(digest) else None


def is_plain_file(place: Path) -> bool:
    """Whether a plain file lies there, not a link to elsewhere."""
    try:
        return stat.S_ISREG(place.lstat().st_mode)
    except OSError:
        return False


def file_lines(hashes: Sequence[str]) -> Iterator[bytes]:
    """The lines of a bundle that name files, none when there are none."""
    for start in range(0, len(hashes), HASHES):
        yield orjson.dumps({"kind": "files", "hashes": hashes[start : start + HASHES]})


def hashes_in(line: Mapping[str, JSON]) -> list[str]:
    """The hashes in a bundle's line of files; raises `ValueError` when there is anything else."""
    hashes = line.get("hashes")
    found = [each for each in hashes if isinstance(each, str) and is_hash(each)] if isinstance(hashes, list) else []
    if found != hashes or len(found) > HASHES:
        raise ValueError("hashes")
    return found


def named_in(values: Mapping[str, JSON]) -> Iterator[Attached]:
    """The files that an entry's values name, also those of an entry that is held or released and is carried whole."""
    for value in values.values():
        if is_file(value):
            yield Attached(value["hash"], value["name"], value["size"])
        elif isinstance(value, dict) and isinstance(value.get("set"), dict):  # a change as it travels
            yield from named_in({name: each for name, each in value["set"].items() if is_file(each)})
