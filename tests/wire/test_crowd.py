"""Many connections, some of them bad: nobody waits for a peer that does not read, and a stop takes no time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

import pytest

from server.bounds import Bounds
from tests.conftest import SOON, Pass, Served
from tests.small import note, notes
from tests.speaker import Speaker
from tests.waiting import until
from tests.wire.raw import Deaf
from tests.wire.test_greeting import refusal

CROWD = 200
PATIENCE = 20
BULK = "长" * 6000


@pytest.fixture
def bounds() -> Bounds:
    return replace(SOON, stall=0.5, goodbye=0.2, sockets=CROWD + 10, changes_per_second=10**9)


@pytest.fixture
async def deaf(served: Served) -> AsyncIterator[Deaf]:
    guest = await served.enrol()
    peer = Deaf(served.url, guest.token)
    await peer.connect()
    await until(lambda: served.desk.sessions)
    yield peer
    peer.close()


async def flood(guest: Pass, speaker: Speaker, count: int) -> None:
    """Push so much that no buffer of the kernel holds it."""
    changes = notes(guest.author, [BULK] * 16 * count)
    for start in range(0, len(changes), 16):
        await speaker.push(changes[start : start + 16])


class TestAReaderThatStops:
    @pytest.fixture
    def bounds(self) -> Bounds:
        """Nobody is dropped for as long as this test may take: whoever waited for the reader would wait for ever."""
        return replace(SOON, stall=10 * PATIENCE, changes_per_second=10**9)

    async def test_it_harms_nobody(self, served: Served, deaf: Deaf) -> None:
        (stuck,) = served.desk.sessions
        writer, other = await served.enrol(), await served.enrol()
        async with asyncio.timeout(PATIENCE), writer.connect() as speaker, other.connect() as reader:
            await speaker.hello(served.desk.feed.head)
            await reader.hello(served.desk.feed.head)
            start = served.head
            await flood(writer, speaker, 30)
            await reader.until(start + 480)
            assert len(reader.log) == served.head - start
            assert stuck in served.desk.sessions


async def test_a_reader_that_stops_is_dropped(served: Served, deaf: Deaf) -> None:
    (stuck,) = served.desk.sessions
    writer = await served.enrol()
    async with writer.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        await flood(writer, speaker, 30)
        await until(lambda: stuck not in served.desk.sessions)
        (late,) = await speaker.push([note(writer.author, "danach")])
        await speaker.until(late["seq"])
    await until(lambda: not served.desk.sessions)


async def test_a_peer_that_pushes_and_never_reads_its_answers_is_dropped_too(served: Served) -> None:
    """It is fed nothing, so that only its unread answers can tell."""
    guest = await served.enrol()
    place = served.desk.feed.head._replace(chain="00" * 16)
    hello = b'{"kind":"hello","protocol":[1,1],"cursor":{"board":"%b","seq":1,"chain":"%b"}}'
    peer = Deaf(served.url, guest.token)
    await peer.connect(hello % (place.board.encode(), place.chain.encode()))
    await until(lambda: served.desk.sessions)
    (session,) = served.desk.sessions
    pushing = asyncio.create_task(peer.push_for_ever())
    await until(lambda: session.peer.stuck)
    await until(lambda: not served.desk.sessions)
    async with asyncio.timeout(5):
        with suppress(ConnectionError):
            await pushing
    peer.close()


async def test_a_peer_that_reads_but_never_says_so_is_told_and_dropped(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        speaker.receives = False
        await speaker.hello()
        assert await refusal(speaker) == ("stalled", 1008)


async def test_an_idle_peer_is_not_stalled(served: Served) -> None:
    guest, other = await served.enrol(), await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.until(served.head)
        async with other.connect() as silent:  # is dropped for saying nothing; by then the idle one has waited longer
            silent.receives = False
            await silent.hello()
            await silent.end()
        await until(lambda: len(served.desk.sessions) == 1)
        (idle,) = served.desk.sessions
        speaker.receives = False
        (result,) = await speaker.push([note(guest.author, "noch da")])
        await speaker.until(result["seq"])
        assert not idle.stalled(asyncio.get_running_loop().time()), "its time begins with what it was sent"


async def test_who_stops_reading_is_let_go_when_its_heart_stops(served: Served, deaf: Deaf) -> None:
    """aiohttp calls such a connection closed while its bytes still wait; they must not keep the socket."""
    (session,) = served.desk.sessions
    pushing = asyncio.create_task(deaf.push_for_ever())
    await until(lambda: session.peer.stuck)
    session.peer._socket._handle_ping_pong_exception(TimeoutError())
    assert session.peer._socket.closed
    await until(lambda: not served.desk.sessions)
    async with asyncio.timeout(5):
        with suppress(ConnectionError):
            await pushing


async def greeted(stack: AsyncExitStack, guest: Pass, count: int) -> list[Speaker]:
    head = guest.served.desk.feed.head

    async def one() -> Speaker:
        return await (await stack.enter_async_context(guest.connect())).hello(head)

    return [await one() for _ in range(count)]


async def test_one_edit_reaches_two_hundred(served: Served) -> None:
    guest = await served.enrol()
    async with AsyncExitStack() as stack:
        speakers = await greeted(stack, guest, CROWD)
        (result,) = await speakers[0].push([note(guest.author, "an alle")])
        await asyncio.gather(*(speaker.until(result["seq"]) for speaker in speakers))
        assert len({speaker.log[-1].chain for speaker in speakers}) == 1


async def test_nothing_of_a_session_is_left_when_it_is_over(served: Served) -> None:
    guest = await served.enrol()
    before = asyncio.all_tasks()
    async with AsyncExitStack() as stack:
        for speaker in await greeted(stack, guest, 20):
            await speaker.send_changes([note(guest.author, "und weg")])
    await until(lambda: not served.desk.sessions)
    await until(lambda: asyncio.all_tasks() <= before)


class TestStopping:
    """A server that ends says goodbye to whoever listens, and waits for nobody else."""

    @pytest.fixture
    def bounds(self) -> Bounds:
        """Time enough for two hundred goodbyes on any machine."""
        return replace(SOON, stop=PATIENCE, sockets=CROWD + 10, changes_per_second=10**9)

    async def test_it_says_goodbye_to_two_hundred(self, served: Served) -> None:
        guest = await served.enrol()
        async with AsyncExitStack() as stack:
            speakers = await greeted(stack, guest, CROWD)
            ends = [asyncio.create_task(speaker.end()) for speaker in speakers]
            async with asyncio.timeout(PATIENCE):
                await served.runner.cleanup()
            assert {closed.code for closed in await asyncio.gather(*ends)} == {1012}
        assert not served.desk.sessions


class TestStoppingBesideTheDeaf:
    @pytest.fixture
    def bounds(self) -> Bounds:
        return replace(SOON, stop=0.3, stall=10 * PATIENCE, sockets=CROWD + 10, changes_per_second=10**9)

    async def test_it_waits_for_none_who_does_not_read(self, served: Served, deaf: Deaf) -> None:
        (stuck,) = served.desk.sessions
        pushing = asyncio.create_task(deaf.push_for_ever())
        await until(lambda: stuck.peer.stuck)
        async with asyncio.timeout(PATIENCE):
            await served.runner.cleanup()
        with suppress(ConnectionError):
            await pushing
        assert not served.desk.sessions
