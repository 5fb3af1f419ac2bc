"""The doors for files: whole and checked or not at all, bounded, open only to who reads a record that names it."""

from __future__ import annotations

import asyncio
import io
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from server import cabinet
from server.cabinet import FOLDER, LEAST
from server.office import Office
from shared.attached import MAX_FILE, hash_of
from shared.rights import Role
from tests.conftest import SOON, Pass, Served, serve
from tests.small import OTHER_TOWN, VILLAGE, entry
from tests.waiting import until
from tests.wire.asking import enter, problem

BODY = "甲村实施方案".encode() * 20_000
NAME = hash_of(BODY)
HALF = 64 * 1024


def door(digest: str = NAME) -> str:
    return f"/api/v1/files/{digest}"


async def put(guest: Pass, body: bytes = BODY, digest: str = "") -> tuple[int, Any]:
    return await guest.served.ask(door(digest or hash_of(body)), guest.token, method="PUT", data=io.BytesIO(body))


async def refused(guest: Pass, body: bytes = BODY, digest: str = "", **more: Any) -> tuple[int, str]:
    return await problem(guest.served, door(digest or hash_of(body)), guest.token, method="PUT", data=body, **more)


async def get(guest: Pass, digest: str = NAME) -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {guest.token}"}
    where = guest.served.url + door(digest)
    async with aiohttp.ClientSession(headers=headers) as session, session.get(where) as answer:
        return answer.status, await answer.read()


async def missing(guest: Pass, *hashes: str) -> list[str]:
    found = await guest.ask("/api/v1/files/missing", method="POST", json={"hashes": hashes})
    return list(found["missing"])


async def name_it(guest: Pass, code: str = VILLAGE, digest: str = NAME, number: str = "a", **more: Any) -> str:
    """Enter a paper whose file this is; what became of it."""
    value = {"hash": digest, "name": "方案.docx", "size": len(BODY)}
    paper = {"title": "方案", "step": "1.1", "file": value}
    (answer,) = await enter(guest, entry(guest.author, f"document/{code}/{number * 32}", paper, **more))
    return str(answer["outcome"])


def kept(served: Served) -> dict[str, bytes]:
    """All that lies in the office's folder of files, by its path, but for the table."""
    folder = served.desk.office.folder / FOLDER
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("given"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


async def kept_now(served: Served) -> dict[str, bytes]:
    return await asyncio.to_thread(kept, served)


class Wire:
    """A request written by hand, byte by byte."""

    def __init__(self, guest: Pass) -> None:
        self._guest = guest

    async def begin(self, digest: str = NAME, *lines: str, size: int | None = len(BODY)) -> None:
        """Announce a file."""
        where = urlsplit(self._guest.served.url)
        self._reader, self._writer = await asyncio.open_connection(where.hostname, where.port)
        length = [f"Content-Length: {size}"] if size is not None else []
        token = f"Authorization: Bearer {self._guest.token}"
        head = [f"PUT {door(digest)} HTTP/1.1", "Host: x", token, *length, *lines]
        self._writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
        await self._writer.drain()

    async def send(self, body: bytes) -> None:
        """Send some of it."""
        self._writer.write(body)
        await self._writer.drain()

    async def answer(self) -> str:
        """The status line and what follows of the answer."""
        async with asyncio.timeout(10):
            return (await self._reader.read(4096)).decode("utf-8", "replace")

    def cut(self) -> None:
        """Break the connection."""
        self._writer.transport.abort()


class TestGiving:
    """A file is kept whole, checked and durable, or not at all."""

    async def test_a_file_lies_under_its_hash_once_the_office_says_so(self, served: Served) -> None:
        guest = await served.enrol()
        assert await put(guest) == (200, {"hash": NAME, "size": len(BODY)})
        assert await kept_now(served) == {f"{NAME[:2]}/{NAME}": BODY}

    async def test_it_is_flushed_before_it_is_named(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        guest = await served.enrol()
        done: list[str] = []
        flush, rename = os.fsync, Path.replace

        def flushes(descriptor: int) -> None:
            done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
            flush(descriptor)

        def renames(path: Path, to: Path) -> Path:
            done.append("rename")
            return rename(path, to)

        await put(guest, b"first")
        monkeypatch.setattr(os, "fsync", flushes)
        monkeypatch.setattr(Path, "replace", renames)
        await put(guest)
        monkeypatch.undo()
        assert "file" in done[: done.index("rename")]
        assert "folder" in done[done.index("rename") :], "the name is durable, too"

    async def test_the_same_again_and_at_once_by_many_changes_nothing(self, served: Served) -> None:
        guests = [await served.enrol() for _ in range(6)]
        answers = await asyncio.gather(*(put(guest) for guest in guests))
        assert {status for status, _ in answers} == {200}
        assert (await put(guests[0]))[0] == 200
        assert await kept_now(served) == {f"{NAME[:2]}/{NAME}": BODY}

    async def test_what_is_not_the_file_that_was_announced_is_not_kept(self, served: Served) -> None:
        guest = await served.enrol()
        assert await refused(guest, b"other", NAME) == (409, "file-differs")
        assert await refused(guest, BODY[:-1], NAME) == (409, "file-differs")
        assert await kept_now(served) == {}
        assert (await put(guest))[0] == 200

    async def test_a_cut_in_the_middle_leaves_nothing_and_the_file_is_sent_anew(self, served: Served) -> None:
        guest = await served.enrol()
        wire = Wire(guest)
        await wire.begin()
        await wire.send(BODY[:HALF])
        await until(lambda: served.desk.filing._sending == {guest.author.device})
        wire.cut()
        await until(lambda: not served.desk.filing._sending)
        assert await kept_now(served) == {}
        assert (await put(guest))[0] == 200
        assert not [line for line in served.logged if line["log_level"] == "error"], "a cut is no fault of the office"

    async def test_a_chunked_file_is_taken_and_a_torn_frame_is_refused(self, served: Served) -> None:
        guest = await served.enrol()
        good, torn = Wire(guest), Wire(guest)
        await good.begin(NAME, "Transfer-Encoding: chunked", size=None)
        await good.send(b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY))
        assert (await good.answer()).startswith("HTTP/1.1 200")
        good.cut()
        await torn.begin(hash_of(b"x"), "Transfer-Encoding: chunked", size=None)
        await torn.send(b"zz\r\nx\r\n")
        assert " 400 " in (await torn.answer()).splitlines()[0]
        torn.cut()
        assert list(await kept_now(served)) == [f"{NAME[:2]}/{NAME}"]

    async def test_a_packed_body_is_not_unpacked(self, served: Served) -> None:
        guest = await served.enrol()
        headers = {"Content-Encoding": "gzip"}
        assert await refused(guest, headers=headers) == (400, "bad-request")
        assert await kept_now(served) == {}


class TestBounds:
    """Nobody fills the office's disk, nor its time."""

    @pytest.mark.parametrize("size", [MAX_FILE + 1, 10**15])
    async def test_a_large_length_is_refused_before_a_byte_is_read(self, served: Served, size: int) -> None:
        wire = Wire(await served.enrol())
        await wire.begin(size=size)
        told = await wire.answer()
        assert told.startswith("HTTP/1.1 413")
        assert "file-too-large" in told
        wire.cut()
        assert await kept_now(served) == {}

    async def test_a_body_without_a_length_is_cut_off_at_the_limit(self, served: Served) -> None:
        wire = Wire(await served.enrol())
        await wire.begin(NAME, "Transfer-Encoding: chunked", size=None)
        chunk = b"%x\r\n%b\r\n" % (2**20, bytes(2**20))
        for _ in range(9):
            await wire.send(chunk)
        assert "file-too-large" in await wire.answer()
        wire.cut()
        assert await kept_now(served) == {}

    async def test_the_largest_file_is_taken(self, served: Served) -> None:
        guest = await served.enrol()
        assert (await put(guest, bytes(MAX_FILE)))[0] == 200

    async def test_who_sends_nothing_any_more_is_not_waited_for(self, office: Office) -> None:
        async with serve(office, replace(SOON, stall=0.2, upload=600.0)) as served:
            guest = await served.enrol()
            silent = Wire(guest)
            await silent.begin()
            await silent.send(BODY[:HALF])
            assert "bad-request" in await silent.answer()
            silent.cut()
            assert await kept_now(served) == {}
            assert (await put(guest))[0] == 200

    async def test_who_sends_for_ever_is_not_waited_for(self, office: Office) -> None:
        async with serve(office, replace(SOON, stall=10.0, upload=0.4)) as served:
            slow = Wire(await served.enrol())
            await slow.begin()

            async def drip() -> None:
                while True:
                    await slow.send(b"x")
                    await asyncio.sleep(0.05)  # what a slow peer does

            dripping = asyncio.create_task(drip())
            assert "bad-request" in await slow.answer()
            dripping.cancel()
            await asyncio.gather(dripping, return_exceptions=True)
            slow.cut()
            assert await kept_now(served) == {}

    async def test_a_device_sends_one_after_the_other(self, served: Served) -> None:
        guest, other = await served.enrol(), await served.enrol()
        wire = Wire(guest)
        await wire.begin()
        await wire.send(BODY[:HALF])
        await until(lambda: served.desk.filing._sending)
        assert await refused(guest) == (429, "files-busy")
        assert (await put(other))[0] == 200
        wire.cut()

    async def test_so_many_at_once(self, office: Office) -> None:
        async with serve(office, replace(SOON, arriving=1)) as served:
            guest, other = await served.enrol(), await served.enrol()
            wire = Wire(guest)
            await wire.begin()
            await until(lambda: served.desk.filing._sending)
            assert await refused(other) == (429, "files-busy")
            wire.cut()

    async def test_a_device_has_a_share_and_what_it_gave_it_may_give_again(self, office: Office) -> None:
        async with serve(office, replace(SOON, device_files=LEAST * 2)) as served:
            guest, other = await served.enrol(), await served.enrol()
            assert (await put(guest, b"1"))[0] == 200
            assert (await put(guest, b"2"))[0] == 200
            assert await refused(guest, b"3") == (403, "file-share"), "a file counts for something, however small"
            assert (await put(guest, b"1"))[0] == 200
            assert (await put(other, b"3"))[0] == 200

    async def test_all_together_have_a_bound_and_the_same_file_counts_once(self, office: Office) -> None:
        async with serve(office, replace(SOON, all_files=LEAST * 2)) as served:
            guests = [await served.enrol() for _ in range(3)]
            assert (await put(guests[0], b"1"))[0] == 200
            assert (await put(guests[1], b"1"))[0] == 200
            assert (await put(guests[1], b"2"))[0] == 200
            assert await refused(guests[2], b"3") == (507, "files-full")

    async def test_what_is_promised_counts_before_it_has_come(self, office: Office) -> None:
        async with serve(office, replace(SOON, all_files=MAX_FILE)) as served:
            guest, wire = await served.enrol(), Wire(await served.enrol())
            await wire.begin(size=MAX_FILE)
            await until(lambda: served.desk.filing.cabinet._promised)
            assert await refused(guest, b"1") == (507, "files-full")
            wire.cut()
            await until(lambda: not served.desk.filing.cabinet._promised)
            assert (await put(guest, b"1"))[0] == 200

    async def test_files_leave_the_log_its_room(self, served: Served) -> None:
        guest = await served.enrol()
        served.desk.filing.cabinet._free = lambda _: served.desk.bounds.free
        assert await refused(guest) == (507, "files-full")
        assert await name_it(guest) == "applied", "entries are still taken"

    async def test_a_disk_that_fills_up_meanwhile_is_a_refusal_and_leaves_nothing(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        guest = await served.enrol()
        await put(guest, b"first")

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        told = await refused(guest)
        monkeypatch.undo()
        assert told == (507, "files-full")
        assert list((await kept_now(served)).values()) == [b"first"]
        assert await name_it(guest) == "applied"
        assert (await put(guest))[0] == 200


async def test_what_a_server_that_was_killed_left_half_written_is_removed(served: Served) -> None:
    guest = await served.enrol()
    arriving = served.desk.office.folder / FOLDER / cabinet.ARRIVING

    def plant() -> None:
        arriving.mkdir(parents=True)
        for number in (1, 7):
            (arriving / f"{number}.tmp").write_bytes(b"half")

    await asyncio.to_thread(plant)
    assert (await put(guest))[0] == 200
    assert await kept_now(served) == {f"{NAME[:2]}/{NAME}": BODY}


class TestPaths:
    """A hash is a name, and nothing else is."""

    @pytest.mark.parametrize(
        "digest",
        ["..%2f..%2fkey", "..", "%2e%2e%2fkey", NAME.upper(), NAME[:-1], NAME + "0", NAME + "%0a", "%00"],
    )
    async def test_what_is_no_hash_is_no_file(self, served: Served, digest: str) -> None:
        guest = await served.enrol()
        for method in ("GET", "PUT"):
            status, code = await problem(served, door(digest), guest.token, method=method, data=b"x")
            assert (status, code) in ((400, "bad-request"), (404, "not-found")), (method, code)
        assert await kept_now(served) == {}

    async def test_a_link_in_the_place_of_a_file_leads_nobody_anywhere(self, served: Served) -> None:
        guest = await served.enrol()
        folder = served.desk.office.folder / FOLDER / NAME[:2]

        def plant() -> None:
            folder.mkdir(parents=True)
            (folder / NAME).symlink_to(served.desk.office.folder / "members.sqlite")

        await asyncio.to_thread(plant)
        await name_it(guest)
        assert (await get(guest))[0] == 404
        assert (await put(guest))[0] == 200
        assert await get(guest) == (200, BODY)


class TestReading:
    """Only who reads a record that names a file gets it; nobody else learns whether it is there."""

    async def test_who_reads_the_record_gets_the_file(self, served: Served) -> None:
        author, reader = await served.enrol(), await served.enrol(Role.MEMBER, (VILLAGE,))
        await put(author)
        assert (await get(reader))[0] == 404
        assert await name_it(author) == "applied"
        assert await get(reader) == (200, BODY)
        assert await missing(reader, NAME, *["0" * 64] * 500) == ["0" * 64], "each is looked for once"

    async def test_a_strangers_area_a_viewer_and_a_wall_get_nothing(self, served: Served) -> None:
        author = await served.enrol()
        stranger = await served.enrol(Role.LEAD, (OTHER_TOWN,))
        viewer, nobody = await served.enrol(Role.VIEWER), await served.enrol(Role.MEMBER, ())
        await put(author)
        await name_it(author)
        assert await problem(served, door(), stranger.token) == (404, "not-found")
        assert await missing(stranger, NAME) == [NAME], "no more is said of it than of one that is not there"
        for path, more in ((door(), {}), (door(), {"method": "PUT", "data": BODY})):
            assert await problem(served, path, viewer.token, **more) == (403, "no-right")
        asked = {"method": "POST", "json": {"hashes": [NAME]}}
        assert await problem(served, "/api/v1/files/missing", viewer.token, **asked) == (403, "no-right")
        assert await refused(nobody) == (403, "no-right")
        assert (await get(nobody))[0] == 404

    async def test_a_held_entry_opens_nothing_outside_and_lets_those_who_decide_look(self, served: Served) -> None:
        lead, stranger = await served.enrol(), await served.enrol(Role.MEMBER, (OTHER_TOWN,))
        await put(stranger)
        assert await name_it(stranger) == "held:no-right"
        assert await get(lead) == (200, BODY)
        assert (await get(stranger))[0] == 404
        assert await missing(stranger, NAME) == [], "it gave the file itself, and is not asked for it again"

    async def test_a_file_that_was_replaced_in_its_record_is_not_given_out_any_more(self, served: Served) -> None:
        guest = await served.enrol()
        await put(guest)
        value = {"hash": NAME, "name": "方案.docx", "size": len(BODY)}
        first = entry(guest.author, f"document/{VILLAGE}/{'a' * 32}", {"file": value})
        await enter(guest, first)
        assert (await get(guest))[0] == 200
        await enter(guest, entry(guest.author, first.record, {"file": None}, seen={"file": [first.id]}))
        assert (await get(guest))[0] == 404

    async def test_a_server_that_starts_again_knows_who_may_read_what(self, office: Office) -> None:
        async with serve(office) as served:
            guest, other = await served.enrol(name="甲"), await served.enrol(Role.LEAD, (OTHER_TOWN,), name="乙")
            await put(guest)
            await name_it(guest)
            half = Wire(guest)
            await half.begin(hash_of(b"x" * HALF * 2), size=HALF * 2)
            await half.send(b"x" * HALF)
            await until(lambda: served.desk.filing.cabinet._promised)
        async with serve(office) as again:
            guest.served = other.served = again
            assert await get(guest) == (200, BODY)
            assert (await get(other))[0] == 404
            assert await missing(guest, NAME) == []
            await name_it(guest, digest=hash_of(b"later"), number="b")
            assert (await put(guest, b"later"))[0] == 200
            assert await get(guest, hash_of(b"later")) == (200, b"later")
            assert len(await kept_now(again)) == 2, "what was on its way when the server ended is gone"
            half.cut()

    async def test_a_download_that_broke_off_is_gone_on_with(self, served: Served) -> None:
        guest = await served.enrol()
        await put(guest)
        await name_it(guest)
        headers = {"Authorization": f"Bearer {guest.token}", "Range": "bytes=10-"}
        async with aiohttp.ClientSession(headers=headers) as session, session.get(served.url + door()) as answer:
            assert (answer.status, await answer.read()) == (206, BODY[10:])
            assert answer.content_type == "application/vnd.guatu.file"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"

    async def test_a_question_has_a_bound(self, served: Served) -> None:
        guest = await served.enrol()
        asked = {"method": "POST", "json": {"hashes": [NAME] * 513}}
        assert await problem(served, "/api/v1/files/missing", guest.token, **asked) == (400, "bad-request")
        asked["json"] = {"hashes": ["../key"]}
        assert await problem(served, "/api/v1/files/missing", guest.token, **asked) == (400, "bad-request")
