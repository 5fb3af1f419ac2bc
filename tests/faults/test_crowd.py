"""Two hundred connections to a real server process, many of which read slowly or not at all (promises 1 and 11).

Nobody else waits; what the server holds for those who do not read is bounded in bytes; a stop waits for none of them.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from shared.protocol import STALL_SECONDS
from tests.faults.bad_wire import BadWire, Mood
from tests.faults.crowding import CROWD, a_place, crowd_in, deafen, resident, stop
from tests.small import notes
from tests.speaker import Speaker, connected

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is asked of /proc")

BULK = "长" * 6000
AT_ONCE, PUSHES = 16, 45
SENT = len(BULK.encode()) * AT_ONCE * PUSHES
"""Bytes that are written while so many do not read: more than the buffers of the kernel take for each of them."""
STOPPED = 100
FOR_EACH = 512 * 1024
"""What the server may hold for one who does not read: a batch, its encoded form and a full buffer of the transport."""
FOR_ALL = 64 * 1024 * 1024
"""What it may hold once for all: the encoded end of the log, what is being committed, and what Python keeps of it."""


async def test_who_does_not_read_costs_a_bounded_number_of_bytes_and_nobody_any_time(tmp_path: Path) -> None:
    async with a_place(tmp_path / "board") as place, AsyncExitStack() as stack:
        wire = await stack.enter_async_context(BadWire(place.url, [Mood(piece=16384, delay=0.001)]))
        writer, reader = await crowd_in(stack, place, 2)
        slow = await stack.enter_async_context(connected(wire.url, place.badges[2].token))
        await slow.hello(place.head)
        await deafen(stack, place, STOPPED)
        before = resident(place.process)
        end = await write_in_bulk(writer, place.badges[0].author)
        await reader.until(end)
        grown = resident(place.process) - before
        assert grown < FOR_ALL + STOPPED * FOR_EACH, f"{grown:,} bytes"
        assert STOPPED * SENT > 4 * (FOR_ALL + STOPPED * FOR_EACH), "a queue for each of them would have been noticed"
        await slow.until(end)
        assert [record.chain for record in slow.log] == [record.chain for record in reader.log]


async def write_in_bulk(writer: Speaker, author: object) -> int:
    """Push until `SENT` bytes are on the server's disk; the seq of the last record."""
    changes = notes(author, [BULK] * AT_ONCE * PUSHES)  # type: ignore[arg-type]
    seq = 0
    for start in range(0, len(changes), AT_ONCE):
        results = await writer.push(changes[start : start + AT_ONCE])
        seq = results[-1]["seq"]
    return seq


async def test_a_server_with_two_hundred_connections_waits_for_none_of_those_who_do_not_read(tmp_path: Path) -> None:
    """Whoever reads was told; those who do not would have held it up until they stall."""
    stuck = 20
    async with a_place(tmp_path / "board", CROWD // 2) as place, AsyncExitStack() as stack:
        speakers = await crowd_in(stack, place, CROWD - stuck)
        peers = await deafen(stack, place, stuck)
        pushing = [asyncio.create_task(peer.push_for_ever()) for peer in peers]
        await asyncio.gather(*(speaker.pong() for speaker in speakers))
        codes, code = await stop(place, speakers, STALL_SECONDS / 2)
        for task in pushing:
            task.cancel()
        await asyncio.gather(*pushing, return_exceptions=True)
    assert (codes, code) == ({1012}, 0)
