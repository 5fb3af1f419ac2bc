"""`guatu sync --check`: whether this laptop holds exactly what the office holds for it (promise 3)."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Final

from tui.laptop import Laptop

TRIES: Final = 5
"""So often it is tried again when somebody else enters something between reading and asking."""


class Proof(StrEnum):
    """What came of holding both digests against each other."""

    EQUAL = "equal"
    DIFFERENT = "different"
    MOVED = "moved"


def compared(laptop: Laptop) -> Proof:
    """Hold this laptop's digest against the office's; `MOVED` when the office has gone on. Raises `Fault`."""
    seq, chain, digest = asyncio.run(_ask(laptop))
    cursor = laptop.replica.cursor()
    if cursor is None or (cursor.seq, cursor.chain) != (seq, chain):
        return Proof.MOVED
    return Proof.EQUAL if laptop.replica.digest() == digest else Proof.DIFFERENT


async def _ask(laptop: Laptop) -> tuple[int, str, str]:
    from tui.doors import Office  # noqa: PLC0415 -- aiohttp only where the network is used

    async with Office(laptop.identity, laptop.now) as office:
        return await office.digest()
