"""A server or a laptop that stands still for longer than anybody waits, as under a closed lid, goes on afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from server.log import SqliteLog
from server.members import Members
from server.office import LOG, MEMBERS, utc_now
from shared.rights import Role
from tests.conftest import SOON
from tests.faults.field import HURRIED, a_laptop, an_office, enter_offline, joined, says_why
from tests.faults.killing import ROOT, server
from tests.small import VILLAGE, SetClock, make_office, notes
from tests.speaker import connected
from tests.waiting import until
from tui.replica import Replica

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no SIGSTOP")

BULK = "长" * 6000


def board_with_code(folder: Path) -> str:
    """A small board, and the code of somebody who may join it."""
    make_office(folder, SetClock()).close()
    with closing(Members(folder / MEMBERS, utc_now)) as members:
        return members.add("李员", Role.LEAD, ("340111",))


def logged(folder: Path) -> list[str]:
    """The ids in a board's log, in order."""
    with closing(SqliteLog(folder / LOG)) as log:
        return [change.id for record in log.read(0, 10_000) if (change := record.change()) is not None]


async def test_a_laptop_gives_up_a_server_that_stands_still_and_finds_it_again(tmp_path: Path) -> None:
    board = tmp_path / "board"
    code = await asyncio.to_thread(board_with_code, board)
    async with server(board) as (url, process), joined(url, code, tmp_path / "laptop", pace=HURRIED) as laptop:
        laptop.connect()
        await laptop.is_live()
        process.send_signal(signal.SIGSTOP)
        first = await laptop.enter({"note": "入睡"})
        await laptop.goes_offline("timeout")
        second = await laptop.enter({"note": "还在睡"})
        assert await laptop.do(lambda replica: replica.outbox.size()) == 2
        process.send_signal(signal.SIGCONT)
        await laptop.landed()
        await laptop.is_live()
        assert says_why(laptop)
        found = await asyncio.to_thread(logged, board)
        assert found[-2:] == [first.id, second.id]
        assert len(found) == len(set(found))


@asynccontextmanager
async def a_process(profile: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A laptop's link as a process of its own."""
    command = [sys.executable, "-m", "tests.faults.lonely_laptop", str(profile)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def says(process: asyncio.subprocess.Process, word: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(20):
        while word not in (line := (await process.stdout.readline()).decode()):
            assert line, "it has ended"


async def test_a_server_lets_a_laptop_go_that_stands_still_and_takes_it_back(tmp_path: Path) -> None:
    profile = tmp_path / "laptop"
    async with an_office(tmp_path / "board", replace(SOON, stall=0.4)) as served:
        async with a_laptop(served, profile) as laptop:
            await enter_offline(laptop, 3)
            device = laptop.profile.identity().device
        busy = await served.enrol()
        async with a_process(profile) as process:
            await says(process, "live")
            await until(lambda: served.desk.presence.read().get(device) == served.head)
            process.send_signal(signal.SIGSTOP)
            async with connected(served.url, busy.token) as speaker:
                await speaker.hello(served.desk.feed.head)
                for change in notes(busy.author, [BULK] * 3, VILLAGE):
                    await speaker.push([change])
                await speaker.until(served.head)
                await until(lambda: all(session.author.device != device for session in served.desk.sessions))
            process.send_signal(signal.SIGCONT)
            await says(process, "live")
            await until(lambda: served.desk.presence.read().get(device) == served.head)
        head = served.desk.feed.head
    assert await asyncio.to_thread(lambda: Replica(profile / "replica.sqlite", reading=True).cursor()) == head
