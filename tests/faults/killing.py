"""A real server under twenty writers, killed in the middle of their edits as often as asked, and what is there then."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

from server.checking import check
from server.ledger import Author
from server.members import Members
from server.office import MEMBERS, utc_now
from shared.board.change import Change
from shared.rights import Role
from tests.small import SECOND, VILLAGE, SetClock, make_office, note
from tests.speaker import Closed, connected
from tests.waiting import until

WRITERS = 20
ACKED_PER_ROUND = 100
ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """A real server process on a free port, and its address; it is gone when the block ends."""
    command = [sys.executable, "-m", "server", "serve", str(folder), "--port", "0"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "GUATU_LANG": "en"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
        assert line.startswith("listening on "), line
        yield line.removeprefix("listening on ").strip(), process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class Writer:
    """A laptop that enters one thing after the other and sends again what was not acknowledged."""

    def __init__(self, author: Author, token: str) -> None:
        self.author, self.token = author, token
        self.acked: dict[str, tuple[int, Change]] = {}
        self.waiting: Change | None = None
        self._last: dict[str, list[str]] = {}

    def next(self) -> Change:
        """A further entry, by somebody who has seen their own last one."""
        number = len(self.acked)
        code = VILLAGE if number % 2 else SECOND
        change = note(self.author, str(number), code, seen={"note": self._last.get(code, [])})
        self._last[code] = [change.id]
        return change

    async def write(self, url: str) -> None:
        """Write until the server is gone."""
        with suppress(ConnectionError, Closed, aiohttp.ClientError):
            async with connected(url, self.token) as speaker:
                await speaker.hello()
                while True:
                    self.waiting = change = self.waiting or self.next()
                    (result,) = await speaker.push([change])
                    assert result["outcome"] == "applied"
                    assert change.id not in self.acked
                    self.acked[change.id] = (result["seq"], change)
                    self.waiting = None


async def enrolled(folder: Path, url: str) -> list[Writer]:
    """So many laptops, enrolled by codes that another process gave out."""
    members = await asyncio.to_thread(Members, folder / MEMBERS, utc_now)
    writers = []
    async with aiohttp.ClientSession() as session:
        for number in range(WRITERS):
            code = await asyncio.to_thread(members.add, f"员{number}", Role.MEMBER, ("340111",))
            async with session.post(f"{url}/api/v1/enrol", json={"code": code}) as answer:
                body = await answer.json()
                assert answer.status == 200, body
            author = Author(body["device"], body["member"], Role.MEMBER, ("340111",))
            writers.append(Writer(author, body["token"]))
    await asyncio.to_thread(members.close)
    return writers


def acked(writers: list[Writer]) -> int:
    return sum(len(writer.acked) for writer in writers)


async def in_the_log(url: str, writer: Writer) -> dict[str, tuple[int, Change]]:
    """Every change in the log, by id, as a laptop reads it."""
    async with connected(url, writer.token) as speaker:
        await speaker.hello()
        await speaker.until(speaker.welcome["head"]["seq"])
        found = [(record.seq, record.change()) for record in speaker.log]
        assert [seq for seq, _ in found] == list(range(1, len(found) + 1))
        return {change.id: (seq, change) for seq, change in found if change is not None}


async def kill_while_they_write(folder: Path, rounds: int) -> int:
    """Make a board, kill its server so many times under its writers; how many edits were acknowledged, all found again.

    Raises AssertionError when one is missing, stands elsewhere, or stands there twice.
    """
    await asyncio.to_thread(lambda: make_office(folder, SetClock()).close())
    async with server(folder) as (url, process):
        writers = await enrolled(folder, url)
        await killed_while_writing(url, process, writers)
    for _ in range(rounds - 1):
        async with server(folder) as (url, process):
            await everything_is_there(url, writers)
            await killed_while_writing(url, process, writers)
    async with server(folder) as (url, process):
        await everything_is_there(url, writers)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    report = await asyncio.to_thread(check, folder)
    assert report.findings == ()
    assert report.board == report.head
    return acked(writers)


async def killed_while_writing(url: str, process: asyncio.subprocess.Process, writers: list[Writer]) -> None:
    enough = acked(writers) + ACKED_PER_ROUND
    writing = [asyncio.create_task(writer.write(url)) for writer in writers]
    await until(lambda: acked(writers) >= enough)
    process.kill()
    await asyncio.gather(*writing)


async def everything_is_there(url: str, writers: list[Writer]) -> None:
    logged = await in_the_log(url, writers[0])
    for writer in writers:
        for change_id, where in writer.acked.items():
            assert logged[change_id] == where
