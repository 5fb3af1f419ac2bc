"""A real server with two hundred connections, some of which do not read, and what it takes of the machine."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from server.ledger import Author
from shared.board.log_record import Cursor
from shared.protocol import MAX_SOCKETS
from shared.rights import Role
from tests.faults.killing import server
from tests.small import SetClock, make_office
from tests.speaker import Closed, Speaker, connected
from tests.wire.raw import Deaf

CROWD: Final = 200
PAGE: Final = 4096


class Badge(NamedTuple):
    """One enrolled device: who speaks with it, and its token."""

    author: Author
    token: str


class Place(NamedTuple):
    """A served board: its address, its process, where its log stood at the start, and the devices that may come."""

    url: str
    process: asyncio.subprocess.Process
    head: Cursor
    badges: Sequence[Badge]


@asynccontextmanager
async def a_place(folder: Path, devices: int = CROWD // MAX_SOCKETS) -> AsyncIterator[Place]:
    """A board that nobody has used yet, served by a process of its own."""
    head, badges = await asyncio.to_thread(_make, folder, devices)
    async with server(folder) as (url, process):
        yield Place(url, process, head, badges)


def _make(folder: Path, devices: int) -> tuple[Cursor, list[Badge]]:
    with make_office(folder, SetClock()) as office:
        badges = []
        for number in range(devices):
            member = f"员{number}"
            issued = office.members.enrol(office.members.add(member, Role.LEAD, ("340111",)), "laptop")
            assert issued is not None
            badges.append(Badge(Author(issued[0].id, member, Role.LEAD, ("340111",)), issued[1]))
        return office.log.head(), badges


async def crowd_in(stack: AsyncExitStack, place: Place, count: int) -> list[Speaker]:
    """So many greeted connections, spread over the devices."""
    speakers = []
    for number in range(count):
        badge = place.badges[number % len(place.badges)]
        speaker = await stack.enter_async_context(connected(place.url, badge.token))
        speakers.append(await speaker.hello(place.head))
    return speakers


async def deafen(stack: AsyncExitStack, place: Place, count: int) -> list[Deaf]:
    """So many connections that say hello and never read again."""
    peers = []
    for number in range(count):
        peer = Deaf(place.url, place.badges[number % len(place.badges)].token)
        stack.callback(peer.close)
        await peer.connect()
        peers.append(peer)
    return peers


def resident(process: asyncio.subprocess.Process) -> int:
    """The bytes of memory that a process holds now, by Linux."""
    return int(Path(f"/proc/{process.pid}/statm").read_text("ascii").split()[1]) * PAGE


async def stop(place: Place, speakers: Sequence[Speaker], patience: float) -> tuple[set[int | None], int | None]:
    """End the server: how connections were closed, and its exit code; TimeoutError when it is there much longer."""
    ends = [asyncio.create_task(_end(speaker)) for speaker in speakers]
    place.process.send_signal(signal.SIGTERM)
    code = await asyncio.wait_for(place.process.wait(), patience)
    return {each.code for each in await asyncio.gather(*ends)}, code


async def _end(speaker: Speaker) -> Closed:
    with suppress(ConnectionError):
        return await speaker.end()
    return Closed(None)
