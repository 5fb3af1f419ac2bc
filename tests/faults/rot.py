"""Bits that turn over in a file while nobody looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random


def rotten(path: Path, random: Random, count: int) -> Iterator[str]:
    """The file with one bit turned over, in so many places in turn; as it was again when all is done."""
    sound = path.read_bytes()
    for place in sorted(random.sample(range(8 * len(sound)), min(count, 8 * len(sound)))):
        body = bytearray(sound)
        body[place // 8] ^= 1 << (place % 8)
        path.write_bytes(body)
        yield f"bit {place % 8} of byte {place // 8}"
    path.write_bytes(sound)
