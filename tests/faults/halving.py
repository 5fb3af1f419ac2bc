"""A connection that breaks at a byte, whatever is on its way then, and the entry that is made meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from shared.board.change import Change
from tests.faults.bad_wire import BadWire, Mood
from tests.laptops import FieldLaptop


async def halve_everywhere(wire: BadWire, laptop: FieldLaptop, way: str, places: Iterable[int]) -> list[Change]:
    """Make an entry for each of these places, and let the connection that carries it break there, `up` or `down`."""
    changes: list[Change] = []
    laptop.connect()
    for place in places:
        wire.expect(Mood(up=place) if way == "up" else Mood(down=place))
        wire.cut()
        changes.append(await laptop.enter({"note": f"字节{place}"}))
        laptop.link.hurry()
        await _used_up(wire, laptop)
        await laptop.landed()
    return changes


async def _used_up(wire: BadWire, laptop: FieldLaptop) -> None:
    async with asyncio.timeout(20):
        while wire.moods_left:
            laptop.link.hurry()
            await asyncio.sleep(0.002)
