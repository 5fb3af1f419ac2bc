"""Files that records name: a record holds a file's hash, name and size, the file itself lies elsewhere, by its hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from shared.board.change import JSON
from shared.forms.checks import is_file

MAX_FILE: Final = 8 * 1024 * 1024
"""Bytes of one file at most: a paper with its annexes as a scan, and what a village's network can still carry."""
HASH: Final = "^[0-9a-f]{64}$"
"""How a hash is written: BLAKE2b-256 in hex."""
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


def named_in(values: Mapping[str, JSON]) -> Iterator[Attached]:
    """The files that an entry's values name, also those of an entry that is held or released and is carried whole."""
    for value in values.values():
        if is_file(value):
            yield Attached(value["hash"], value["name"], value["size"])
        elif isinstance(value, dict) and isinstance(value.get("set"), dict):  # a change as it travels
            yield from named_in({name: each for name, each in value["set"].items() if is_file(each)})
