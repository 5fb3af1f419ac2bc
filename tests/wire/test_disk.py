"""An ack leaves after its changes are on the disk, and when the disk fails no ack leaves at all (promise 1)."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import aiohttp
import pytest

from server import app
from server.ledger import Ledger
from server.log import Draft, Known, Log, SqliteLog
from server.office import Office
from shared.board.change import Change
from shared.board.log_record import Cursor, LogRecord
from shared.rights import Role
from tests.conftest import Served
from tests.small import LEAD, SetClock, note
from tests.speaker import connected
from tests.waiting import event, until
from tests.wire.test_greeting import refusal


class Gated:
    """A log whose appends wait at a gate, and may then fail."""

    def __init__(self, log: SqliteLog) -> None:
        self._log = log
        self.reached, self.opened = threading.Event(), threading.Event()
        self.fault: BaseException | None = None
        self.appends = 0

    def append(self, after: Cursor, drafts: Sequence[Draft]) -> list[LogRecord]:
        self.appends += 1
        self.reached.set()
        assert self.opened.wait(30)
        if self.fault is not None:
            raise self.fault
        return self._log.append(after, drafts)

    def head(self) -> Cursor:
        return self._log.head()

    def read(self, after: int, limit: int) -> list[LogRecord]:
        return self._log.read(after, limit)

    def find(self, ids: Iterable[bytes]) -> dict[bytes, Known]:
        return self._log.find(ids)

    def before(self, upto: int, limit: int) -> list[LogRecord]:
        return self._log.before(upto, limit)

    def last_verdict(self) -> int:
        return self._log.last_verdict()

    def history(self, owner: str, limit: int, address: str | None = None) -> list[LogRecord]:
        return self._log.history(owner, limit, address)

    def chain_at(self, seq: int) -> str | None:
        return self._log.chain_at(seq)

    def backup(self, path: Path) -> None:
        self._log.backup(path)

    def close(self) -> None:
        self._log.close()


@pytest.fixture
def gate(office: Office) -> Gated:
    """The gate in front of this office's log; a fixture before `served`."""
    gated = Gated(office.log)
    log: Log = gated
    ledger = Ledger(log, office.store, office.campaigns, office.clock)
    ledger.stand_at(office.ledger.head)
    office.ledger = ledger
    return gated


async def test_neither_ack_nor_batch_leaves_before_the_commit(gate: Gated, served: Served) -> None:
    guest, other = await served.enrol(), await served.enrol()
    async with guest.connect() as speaker, other.connect() as reader:
        await speaker.hello(served.desk.feed.head)
        await reader.hello(served.desk.feed.head)
        await speaker.send_changes([note(guest.author, "noch nicht")])
        await event(gate.reached.wait)
        # The server goes on meanwhile: it answers others, and so has had every chance to answer this one.
        await guest.ask("/api/v1/board")
        async with other.connect() as third:
            await third.hello()
            await third.until(served.head)
        for quiet in (speaker, reader):
            await quiet.pong()
            assert not [frame for frame in quiet.frames if frame["kind"] in ("ack", "batch")]
        gate.opened.set()
        (result,) = (await speaker.take("ack"))["results"]
        await reader.until(result["seq"])
        assert await asyncio.to_thread(served.desk.office.log.head) == served.desk.feed.head


async def test_what_arrives_while_a_commit_runs_shares_the_next_one(gate: Gated, served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.send_changes([note(guest.author, "erste")])
        await event(gate.reached.wait)
        for number in range(30):
            await speaker.send_changes([note(guest.author, str(number))])
        await until(lambda: len(served.desk.committer._waiting) == 30)
        gate.opened.set()
        for _ in range(31):
            await speaker.take("ack")
        assert gate.appends == 2


async def test_no_ack_leaves_when_the_disk_fails_and_the_server_stops(gate: Gated, served: Served) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    guest, other = await served.enrol(), await served.enrol()
    gate.opened.set()
    async with guest.connect() as speaker, other.connect() as idle:
        await speaker.hello()
        await idle.hello()
        first = note(guest.author, "davor")
        await speaker.push([first])
        gate.fault = sqlite3.OperationalError("disk I/O error")
        await speaker.send_changes([note(guest.author, "verloren")])
        await speaker.send_changes([note(guest.author, "auch")])
        assert await refusal(speaker) == ("storage", 1011)
        assert sum(frame["kind"] == "ack" for frame in speaker.frames) == 1
        assert served.desk.stopped.is_set()
        status, body = await served.ask("/api/v1/ready", other.token)
        assert (status, body["code"]) == (503, "storage")
        gate.fault = None  # a disk that works again is not trusted again
        await idle.send_changes([note(other.author, "zu spät")])
        assert await refusal(idle) == ("storage", 1011)
        assert gate.appends == 2, "a failed write is never tried again"
    await until(lambda: not served.desk.sessions)
    gc.collect()
    assert complaints == [], "nobody is left waiting for an answer"


async def test_after_a_failure_the_next_start_knows_what_was_acknowledged(
    gate: Gated, served: Served, clock: SetClock
) -> None:
    guest = await served.enrol()
    gate.opened.set()
    kept, lost = note(guest.author, "da"), note(guest.author, "weg")
    async with guest.connect() as speaker:
        await speaker.hello()
        (acked,) = await speaker.push([kept])
        gate.fault = OSError(28, "No space left on device")
        await speaker.send_changes([lost])
        await speaker.end()

    def after() -> tuple[list[str], Change | None]:
        with Office(served.desk.office.folder, clock) as again:
            return (
                [o.outcome for o in again.enter([kept, lost], guest.author)],
                again.log.read(acked["seq"] - 1, 1)[0].change(),
            )

    assert await asyncio.to_thread(after) == (["applied", "applied"], kept)


async def test_a_server_whose_disk_fails_ends_and_says_so(office: Office, gate: Gated) -> None:
    gate.opened.set()
    gate.fault = OSError(5, "Input/output error")
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(app.serve(office, "127.0.0.1", 0, url.set_result))
    address = await url
    code = await asyncio.to_thread(office.members.add, "某人", Role.LEAD, ("*",))
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/api/v1/enrol", json={"code": code}) as answer,
    ):
        enrolled = await answer.json()
    async with connected(address, enrolled["token"]) as speaker:
        await speaker.hello()
        await speaker.send_changes([note(LEAD, "x")])
        assert await refusal(speaker) == ("storage", 1011)
    assert await serving is False
