"""The doors themselves: enrolling, snapshots, measures, and what is said when something is wrong on our own side."""

from __future__ import annotations

import asyncio
import gzip
import io
from dataclasses import replace
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from server import answers
from server.api import ROUTES
from server.app import create_app
from server.bounds import Bounds
from server.campaigns import digest_of
from server.desk import Desk
from server.members import Members
from server.office import Office
from server.routes import DESK, Call, Nothing, Route
from server.rows import Day
from server.site import Site
from shared.protocol import MAX_FRAME
from shared.rights import Role
from tests.conftest import SOON, Pass, Served, serve
from tests.small import (
    FAR_VILLAGE,
    TOWN,
    UNITS,
    note,
    state,
)
from tests.wire.asking import enter, problem


@pytest.fixture
def bounds() -> Bounds:
    return replace(SOON, tries_per_minute=5, request=0.2)


class TestEnrolling:
    """A one-time code is spent once, and nobody guesses one."""

    async def enrol(self, served: Served, body: Any) -> tuple[int, Any]:
        return await served.ask("/api/v1/enrol", method="POST", json=body)

    async def test_a_code_gives_a_token_once(self, served: Served, elsewhere: Members) -> None:
        code = await asyncio.to_thread(elsewhere.add, "新员", Role.MEMBER, (TOWN,))
        status, body = await self.enrol(served, {"code": code.lower().replace("-", " "), "device": "笔记本"})
        assert status == 200
        assert (body["member"], body["role"], body["areas"]) == ("新员", "member", [TOWN])
        assert body["board"] == served.desk.feed.head.board
        assert (await served.ask("/api/v1/ready", body["token"]))[0] == 200
        again = await self.enrol(served, {"code": code})
        assert (again[0], again[1]["code"]) == (403, "bad-code")
        assert body["token"] not in repr(again)

    async def test_what_is_no_enrolment_is_refused_without_its_content(self, served: Served) -> None:
        bodies: tuple[Any, ...] = ({}, [], {"code": ""}, {"code": 7}, {"code": "x" * 65})
        for body in bodies:
            status, told = await self.enrol(served, body)
            assert (status, told["code"]) == (400, "bad-request")
            assert "xxx" not in repr(told)

    async def test_tries_are_counted(self, served: Served) -> None:
        for _ in range(5):
            assert (await self.enrol(served, {"code": "AAAA-BBBB-CCCC"}))[0] == 403
        status, body = await self.enrol(served, {"code": "AAAA-BBBB-CCCC"})
        assert (status, body["code"]) == (429, "too-many-tries")
        assert 0 < body["details"]["seconds"] <= 61

    async def test_a_body_without_end_is_cut_off(self, served: Served) -> None:
        status, body = await served.ask("/api/v1/enrol", method="POST", data=io.BytesIO(b" " * (MAX_FRAME + 1)))
        assert (status, body["code"]) == (413, "too-large")

    async def test_a_body_that_does_not_come_is_not_waited_for(self, served: Served) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
        writer.write(b"POST /api/v1/enrol HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
        assert b" 400 " in head.splitlines()[0]
        writer.close()


class TestSnapshot:
    """A snapshot is one file that never changes."""

    async def fetch(self, guest: Pass, url: str, **headers: str) -> tuple[int, bytes, str]:
        named = {"Authorization": f"Bearer {guest.token}", **headers}
        async with aiohttp.ClientSession(headers=named) as session, session.get(url) as response:
            return response.status, await response.read(), str(response.url)

    async def test_a_broken_download_goes_on_by_a_range(self, served: Served) -> None:
        guest = await served.enrol()
        status, whole, url = await self.fetch(guest, f"{served.url}/api/v1/snapshot")
        assert status == 200
        await enter(guest, note(guest.author, "inzwischen"))
        status, rest, _ = await self.fetch(guest, url, Range="bytes=100-")
        assert (status, whole[:100] + rest) == (206, whole)
        head, *lines = gzip.decompress(whole).splitlines()
        assert orjson.loads(head)["format"] == 1
        assert len(lines) == len(UNITS) + 1

    async def test_it_is_made_for_its_areas_and_given_to_no_others(self, served: Served) -> None:
        wide, narrow = await served.enrol(areas=("340111",)), await served.enrol(areas=(TOWN,))
        _, _, url = await self.fetch(wide, f"{served.url}/api/v1/snapshot")
        assert (await self.fetch(narrow, url))[0] == 404
        _, body, own = await self.fetch(narrow, f"{served.url}/api/v1/snapshot")
        assert own != url
        assert FAR_VILLAGE.encode() not in gzip.decompress(body)

    @pytest.mark.parametrize("name", ["x", "..", "..%2Fmembers.sqlite", "%2e%2e%2flog.sqlite", "x" * 200])
    async def test_no_other_file_is_one(self, served: Served, name: str) -> None:
        guest = await served.enrol()
        status, body = await served.ask(f"/api/v1/snapshot/{name}", guest.token, allow_redirects=False)
        assert status in (303, 400, 404), body

    async def test_it_is_made_once_for_all_who_ask_at_once(self, served: Served) -> None:
        guests = [await served.enrol() for _ in range(4)]
        got = await asyncio.gather(*(self.fetch(guest, f"{served.url}/api/v1/snapshot") for guest in guests))
        assert len({(body, url) for _, body, url in got}) == 1

    async def test_a_recent_one_serves_on_while_the_board_goes_on(
        self, served: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        guest = await served.enrol()
        _, first, url = await self.fetch(guest, f"{served.url}/api/v1/snapshot")
        await enter(guest, note(guest.author, "neu"))
        assert (await self.fetch(guest, f"{served.url}/api/v1/snapshot"))[1:] == (first, url)
        monkeypatch.setattr("server.snapshot.FRESH_RECORDS", 0)
        assert (await self.fetch(guest, f"{served.url}/api/v1/snapshot"))[2] == url, "it is a moment old"
        monkeypatch.setattr("server.snapshot.FRESH_SECONDS", -1.0)
        assert (await self.fetch(guest, f"{served.url}/api/v1/snapshot"))[2] != url

    async def test_old_ones_are_deleted(self, served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("server.snapshot.FRESH_SECONDS", -1.0)
        monkeypatch.setattr("server.snapshot.FRESH_RECORDS", 0)
        guest = await served.enrol()
        urls = []
        for number in range(7):
            urls.append((await self.fetch(guest, f"{served.url}/api/v1/snapshot"))[2])
            await enter(guest, note(guest.author, str(number)))
        folder = served.desk.office.folder / "snapshots"
        assert len(set(urls)) == 7
        assert len(await asyncio.to_thread(lambda: list(folder.iterdir()))) == 4
        assert [(await self.fetch(guest, url))[0] for url in urls] == [404] * 3 + [200] * 4


async def test_metrics_tell_commits_sockets_lags_and_refusals(served: Served) -> None:
    guest = await served.enrol()
    await problem(served, "/api/v1/board")
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.push([note(guest.author, "a"), note(guest.author, "b"), state(guest.author, "done", "34")])
        await speaker.until(served.head)
        await served.ask("/api/v1/ready", guest.token)
        headers = {"Authorization": f"Bearer {guest.token}"}
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.get(f"{served.url}/api/v1/metrics") as response,
        ):
            text = await response.text()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert lines["guatu_log_head"] == f"{served.head}.0"
    assert lines["guatu_sockets"] == "1.0"
    assert lines["guatu_commit_seconds_count"] == "1.0"
    assert lines["guatu_commit_group_changes_sum"] == "3.0"
    assert lines['guatu_changes_total{outcome="applied"}'] == "2.0"
    assert lines['guatu_changes_total{outcome="held:no-right"}'] == "1.0"
    assert lines['guatu_refused_total{code="no-token"}'] == "1.0"
    assert float(lines[f'guatu_device_lag_records{{device="{guest.author.device}"}}']) >= 0
    assert float(lines["guatu_board_behind_records"]) >= 0
    assert guest.token not in text


async def test_measures_that_are_not_given_out_are_not_there(office: Office) -> None:
    desk = await asyncio.to_thread(Desk, office, SOON)
    paths = {resource.canonical for resource in create_app(desk, metrics=False).router.resources()}
    assert paths == {route.path for route in ROUTES} - {"/api/v1/metrics"}
    desk.reading.close()


async def test_a_fault_of_our_own_is_a_reference_and_no_detail(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(areas: Any, day: Day) -> None:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr(served.desk.rows, "read", broken)
    guest = await served.enrol()
    status, body = await served.ask("/api/v1/board", guest.token)
    assert (status, body["code"]) == (500, "internal")
    assert "secret" not in repr(body)
    assert body["details"]["reference"] in body["message"]["en"]
    assert [line["reference"] for line in served.logged if line["log_level"] == "error"] == [
        body["details"]["reference"]
    ]


async def test_a_fault_in_one_session_is_told_to_it_and_harms_no_other(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await served.enrol(), await served.enrol(areas=("3401",))
    batch = served.desk.feed.batch

    async def broken(cursor: Any, reader: Any) -> Any:
        if reader.device == one.author.device:
            raise ZeroDivisionError
        return await batch(cursor, reader)

    monkeypatch.setattr(served.desk.feed, "batch", broken)
    async with one.connect() as left, two.connect() as right:
        await right.hello()
        await left.hello()
        closed = await left.end()
        assert (left.frames[-1]["code"], closed.code) == ("internal", 1011)
        assert left.frames[-1]["details"]["reference"] in repr(served.logged)
        (result,) = await right.push([note(two.author, "x")])
        await right.until(result["seq"])


async def test_a_route_for_administrators_is_for_administrators(office: Office) -> None:
    async def secret(call: Call[Nothing]) -> answers.Alive:
        """What only the office may know."""
        return answers.Alive(ok=call.author.role is Role.ADMIN)

    route = Route("GET", "/secret", Nothing, answers.Alive, (), secret, role=Role.ADMIN)
    async with serve(office) as served:
        app = web.Application(middlewares=served.runner.app.middlewares)
        app[DESK] = served.desk
        route.register(app)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = Site(runner, "127.0.0.1", 0)
        await site.start()
        other = Served(served.desk, runner, f"http://127.0.0.1:{site.port}")
        lead, admin = await served.enrol(Role.LEAD), await served.enrol(Role.ADMIN)
        assert await problem(other, "/secret", lead.token) == (403, "no-right")
        assert await other.ask("/secret", admin.token) == (200, {"ok": True})
        await runner.cleanup()
    assert "no-right" in route.every_error()


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip", "gzip"), ("identity", None)])
async def test_what_is_long_travels_compressed_to_whoever_takes_that(
    served: Served, accepted: str, encoding: str | None
) -> None:
    guest = await served.enrol()
    await enter(guest, note(guest.author, "长" * 99))
    digest = served.desk.office.campaigns.digest()
    headers = {"Authorization": f"Bearer {guest.token}", "Accept-Encoding": accepted}
    bodies = []
    async with aiohttp.ClientSession(headers=headers, auto_decompress=False) as session:
        for path in (f"campaign/{digest}", f"log?upto={served.head}"):
            async with session.get(f"{served.url}/api/v1/{path}") as response:
                body = await response.read()
                bodies.append(gzip.decompress(body) if encoding else body)
                assert response.headers.get("Content-Encoding") == encoding
                assert response.content_type == "application/json"
    assert digest_of(bodies[0]) == digest
    assert [record["seq"] for record in orjson.loads(bodies[1])["records"]] == list(range(1, served.head + 1))
