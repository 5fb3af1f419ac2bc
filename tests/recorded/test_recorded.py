"""What earlier versions wrote and said, against this one: a log, a replica, and both sides of a conversation."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from server.checking import check
from server.office import Office
from shared.board.record import step_address
from tests.conftest import serve
from tests.laptops import FieldLaptop, stranger
from tests.recorded.record import DEVICE, FILES, HERE, TOKEN, identity
from tests.small import SECOND, VILLAGE, SetClock
from tests.speaker import connected
from tui.replica import Replica

VERSIONS = sorted(path.name for path in HERE.iterdir() if (path / "after.json").exists())


@pytest.fixture(params=VERSIONS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of one recording."""
    return Path(shutil.copytree(HERE / request.param, tmp_path / "kept"))


@pytest.fixture
def office(kept: Path, tmp_path: Path, clock: SetClock) -> Iterator[Office]:
    """The recorded office, opened by this version."""
    folder = tmp_path / "board"
    shutil.copytree(kept / "campaign", folder / "campaign")
    for name in ("log.sqlite", "members.sqlite"):
        shutil.copy(kept / name, folder / name)
    with Office(folder, clock, serving=True) as opened:
        yield opened


def after(kept: Path) -> Any:
    """How it ended then."""
    return json.loads((kept / "after.json").read_text("utf-8"))


def conversation(kept: Path) -> list[tuple[str, dict[str, Any]]]:
    """Who said what, in order."""
    lines = (kept / "conversation.jsonl").read_text("utf-8").splitlines()
    return [(each["from"], each["frame"]) for each in map(json.loads, lines)]


def laptop_of(kept: Path, tmp_path: Path, office: Office, url: str) -> FieldLaptop:
    """The recorded laptop, opened by this version, with its office at an address."""
    folder = tmp_path / "laptop"
    folder.mkdir()
    shutil.copy(kept / "replica.sqlite", folder / "replica.sqlite")
    return FieldLaptop(folder, identity(office, url, after(kept)["member"]))


def test_there_is_a_recording_of_every_version_and_all_of_it() -> None:
    assert VERSIONS == ["protocol-1", "protocol-2"]
    for version in VERSIONS:
        assert all((HERE / version / name).stat().st_size for name in FILES)


def test_a_recorded_log_is_whole_and_makes_a_board(office: Office) -> None:
    assert office.ledger.head.seq == 13
    note = office.store.get(step_address(VILLAGE, "1.1"))
    assert note is not None
    assert [head.value for head in note.heads("note")] == ["办公室写的"]
    assert office.store.get(f"omen/{VILLAGE}/1") is not None, "what that version knew nothing of is still there"
    office.save_board()
    report = check(office.folder)
    assert report.findings == ()


def test_a_recorded_replica_opens_with_every_entry_where_it_was(kept: Path) -> None:
    replica = Replica(kept / "replica.sqlite", device=DEVICE)
    assert replica.labels() == (3, 0, 1, 1)
    assert [look.status for look in replica.looks.every()] == ["held:no-right"]
    assert [w.label for w in replica.outbox.waiting()] == ["saved"] * 3
    assert replica.records(VILLAGE)[step_address(VILLAGE, "1.1")].value("note") == "离线写的\n第二行"
    replica.close()


def test_a_recorded_replica_is_only_read_once_it_has_this_versions_form(kept: Path) -> None:
    before = sqlite3.connect(kept / "replica.sqlite").execute("PRAGMA user_version").fetchone()[0]
    Replica(kept / "replica.sqlite").close()
    replica = Replica(kept / "replica.sqlite", reading=True)
    assert replica.labels() == (3, 0, 1, 1)
    replica.close()
    assert before <= 2


async def test_a_recorded_laptop_and_its_office_end_as_they_did_then(
    kept: Path, tmp_path: Path, office: Office
) -> None:
    async with serve(office) as served:
        laptop = await asyncio.to_thread(laptop_of, kept, tmp_path, office, served.url)
        await laptop.sync()
        assert list(await laptop.do(lambda replica: replica.labels())) == after(kept)["labels"]
        for code in (VILLAGE, SECOND):
            assert await laptop.records(code) == office.store.of(code)
        collisions = (await laptop.records(VILLAGE))[step_address(VILLAGE, "1.1")].collisions()
        assert collisions == ("note",)
        await laptop.close()


async def test_what_a_recorded_laptop_said_is_answered_as_it_was_then(kept: Path, office: Office) -> None:
    said = conversation(kept)
    answers = [frame for who, frame in said if who == "office"]
    async with serve(office) as served, connected(served.url, TOKEN) as speaker:
        speaker.receives = False
        for frame in (frame for who, frame in said if who == "laptop" and frame["kind"] != "received"):
            await speaker.send(frame)
        welcome, ack = await speaker.take("welcome"), await speaker.take("ack")
        was = {frame["kind"]: frame for frame in answers}
        assert {key: welcome[key] for key in was["welcome"] if key != "ticket"} == {
            key: value for key, value in was["welcome"].items() if key != "ticket"
        }
        assert ack == was["ack"]
        await speaker.until(after(kept)["head"]["seq"])
        assert [record.seq for record in speaker.log] == [
            record["seq"] for frame in answers if frame["kind"] == "batch" for record in frame["records"]
        ]


async def test_what_a_recorded_office_said_is_understood_as_it_was_then(
    kept: Path, tmp_path: Path, office: Office
) -> None:
    said = conversation(kept)

    async def play(request: web.Request) -> web.StreamResponse:
        if not request.path.endswith("/live"):
            return web.json_response({"records": [], "before": 0})
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        for who, frame in said:
            if who == "office":
                await socket.send_str(json.dumps(frame))
            elif frame["kind"] in ("hello", "push"):
                await _heard(socket, frame["kind"])
        async for _ in socket:
            pass
        return socket

    async with stranger(play) as url:
        laptop = await asyncio.to_thread(laptop_of, kept, tmp_path, office, url)
        await laptop.sync()
        assert list(await laptop.do(lambda replica: replica.labels())) == after(kept)["labels"]
        cursor = await laptop.do(lambda replica: replica.cursor())
        assert cursor is not None
        assert cursor._asdict() == after(kept)["head"]
        await laptop.close()


async def _heard(socket: web.WebSocketResponse, kind: str) -> None:
    while True:
        message = await socket.receive()
        assert message.type is WSMsgType.TEXT
        if json.loads(message.data)["kind"] == kind:
            return


def test_a_recording_holds_no_secret_but_the_one_it_names(kept: Path) -> None:
    for path in kept.rglob("*"):
        if path.is_file():
            assert b"Bearer" not in path.read_bytes()
