"""An office that takes entries one by one while things happen to it, and what has to hold of its folder afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import aiohttp

from server import app
from server.checking import check
from server.desk import Desk
from server.ledger import Author
from server.log import verify
from server.office import BOARD, LOCK, LOG, Office
from shared.board.change import Change
from shared.rights import Role
from tests.faults.cradle import Tell
from tests.small import SECOND, VILLAGE, SetClock, make_office, note
from tests.speaker import Closed, Speaker, connected

FILES: Final = (LOG, f"{LOG}-wal", f"{LOG}-shm", f"{LOG}-journal", BOARD, f".{BOARD}.{{pid}}.tmp", LOCK)
ENTRIES: Final = 6
TOKEN: Final = "token"
"""The file beside the folder that says who the laptop of this office is."""
GAVE_UP: Final = 3
HARMLESS: Final = frozenset({"board-missing"})
"""What a check may find right after a crash: a board that was never written is made from the log."""


def prepare(folder: Path) -> None:
    """Make the small board in this folder, with one laptop enrolled."""
    with make_office(folder, SetClock()) as office:
        issued = office.members.enrol(office.members.add("李员", Role.LEAD, ("340111",)), "laptop")
        assert issued is not None
        (folder / TOKEN).write_text("\n".join((issued[0].id, issued[1])), "utf-8")
        office.log._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def entries(folder: Path, count: int = ENTRIES) -> list[Change]:
    """What the laptop enters, the same each time: in turn on two units, each having seen the one before there."""
    author, _ = _laptop(folder)
    made: list[Change] = []
    for n in range(count):
        seen = [change.id for change in made[-2:-1]]
        made.append(note(author, f"第{n}条", (VILLAGE, SECOND)[n % 2], seen={"note": seen}, change_id=f"{n + 1:032x}"))
    return made


def enter(folder: Path, tell: Tell, count: int = ENTRIES) -> int:
    """Enter all, telling the id and the seq of each once it is committed, and write the board in between."""
    author, _ = _laptop(folder)
    try:
        with Office(folder, SetClock(), serving=True) as office:
            for n, change in enumerate(entries(folder, count)):
                (outcome,) = office.enter([change], author)
                tell(f"{outcome.id} {outcome.seq}")
                if n % 8 == 2:
                    office.save_board()
    except (OSError, sqlite3.Error):
        return GAVE_UP
    return 0


def serve(folder: Path, tell: Tell, count: int = ENTRIES) -> int:
    """The same through the real server and a real socket, telling what was acknowledged; 3 when the server gave up."""
    try:
        with Office(folder, SetClock(), serving=True) as office:
            sound = asyncio.run(_serve(office, folder, tell, count))
    except (OSError, sqlite3.Error):  # which the command line turns into the same exit code
        return GAVE_UP
    return 0 if sound else GAVE_UP


async def _serve(office: Office, folder: Path, tell: Tell, count: int) -> bool:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def laptop(desk: Desk) -> None:
        with suppress(ConnectionError, Closed, aiohttp.ClientError):
            async with connected(await address, _laptop(folder)[1]) as speaker:
                await _push(await speaker.hello(desk.feed.head), folder, tell, count)
        desk.wind_up.set()

    return await app.serve(office, "127.0.0.1", 0, address.set_result, beside=laptop)


async def _push(speaker: Speaker, folder: Path, tell: Tell, count: int) -> None:
    for change in entries(folder, count):
        (result,) = await speaker.push([change])
        tell(f"{result['id']} {result['seq']}")


def holds(folder: Path, said: Sequence[str], count: int = ENTRIES) -> None:
    """Everything acknowledged is there under its number, once; the chain verifies; the board opens or is made anew."""
    told = dict(line.split() for line in said)
    found = {finding.what for finding in check(folder).findings}
    assert found <= HARMLESS, found
    author, _ = _laptop(folder)
    changes = entries(folder, count)
    with Office(folder, SetClock(), serving=True) as office:
        logged = {record.change().id: record.seq for record in office.log.read(0, 10_000)}  # type: ignore[union-attr]
        assert len(logged) == office.log.head().seq
        assert {change_id: logged.get(change_id) for change_id in told} == {i: int(seq) for i, seq in told.items()}
        entered = [change.id for change in changes if change.id in logged]
        assert entered == [change.id for change in changes[: len(entered)]], "what is there has no gap"
        assert len(entered) <= len(told) + 1, "nothing was stored behind an entry that got no answer"
        assert verify(office.log) == office.ledger.head == office.log.head()
        again = {outcome.id: outcome.seq for outcome in office.enter(changes, author)}
        assert {change_id: again[change_id] for change_id in entered} == {i: logged[i] for i in entered}
    report = check(folder)
    assert report.findings == ()
    assert report.board == report.head
    assert not list(folder.glob(".*.tmp")), "nothing half-written is left behind"


def _laptop(folder: Path) -> tuple[Author, str]:
    device, token = (folder / TOKEN).read_text("utf-8").split("\n")
    return Author(device, "李员", Role.LEAD, ("340111",)), token
