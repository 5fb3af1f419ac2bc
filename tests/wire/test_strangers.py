"""Whoever else may answer at the office's address: a portal, a gateway, another program. None of it is an ack."""

from __future__ import annotations

import asyncio
import errno
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from shared.board.change import from_json
from shared.board.record import step_address
from shared.campaign.codec import dump
from tests import small
from tests.laptops import FieldLaptop, Handler, identity_of, now, stranger
from tests.logbook import BOARD, UNIT, Logbook, change, unit
from tests.waiting import until
from tui.doors import Office, address, enrol
from tui.faults import FAULTS, Fault, Refusal, diagnose, fault, refusal
from tui.messages import LinkMoved, LinkState

ANSWER = {"device": "d1", "member": "李员", "role": "lead", "areas": ["340111"], "board": BOARD, "campaign": "c" * 32}
TOKEN = "tok-" + "s" * 40
Visits = Callable[..., Awaitable[FieldLaptop]]


@pytest.fixture
async def visits(tmp_path: Path) -> AsyncIterator[Visits]:
    """A laptop that has joined long ago, with one entry waiting, at somebody's address."""
    opened: list[FieldLaptop] = []

    async def visit(url: str, *, synced: bool = True) -> FieldLaptop:
        laptop = await asyncio.to_thread(FieldLaptop, tmp_path / f"l{len(opened)}", identity_of(url, TOKEN, ANSWER))
        opened.append(laptop)
        if synced:
            await laptop.do(lambda replica: replica.install(book().cursor(), book().lines(), areas=("340111",)))
            await laptop.do(lambda replica: replica.keep_campaign("c" * 32, b"{}"))
        await laptop.do(lambda replica: replica.save([change(50, {"note": "等着"})]))
        return laptop

    yield visit
    for laptop in opened:
        await laptop.close()


def book() -> Logbook:
    """A log of one unit and one entry."""
    made = Logbook()
    made.store(unit(1))
    made.store(change(2, {"state": "doing"}, device="d2"))
    return made


def page(status: int, text: str = "<html>Welcome to the hotel</html>", kind: str = "text/html") -> Handler:
    """Somebody who answers everything with one page."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response(status=status, text=text, content_type=kind)

    return answer


PAGES = [
    (page(200), "portal"),
    (page(511), "portal"),
    (page(200, "ok", "text/plain"), "portal"),
    (page(404), "not-guatu"),
    (page(403), "not-guatu"),
    (page(502), "gateway"),
    (page(503), "gateway"),
    (page(404, '{"detail": "no"}', "application/json"), "not-guatu"),
    (page(404, "[1]", "application/json"), "not-guatu"),
    (page(500, "{", "application/json"), "not-guatu"),
    (page(200, '{"ok": true}', "application/json"), "not-guatu"),
]


@pytest.mark.parametrize(("handler", "code"), PAGES)
async def test_what_no_office_says_is_no_ack(visits: Visits, handler: Handler, code: str) -> None:
    async with stranger(handler) as url:
        laptop = await visits(url)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        assert (wrong.value.code, isinstance(wrong.value, Refusal)) == (code, False)
        assert (wrong.value.en, wrong.value.zh) == FAULTS[code]
        assert await laptop.do(lambda replica: replica.labels()) == (1, 0, 0, 0)


@pytest.mark.parametrize(("handler", "code"), PAGES)
async def test_what_no_office_says_is_no_first_sync_and_no_enrolment(
    visits: Visits, handler: Handler, code: str
) -> None:
    async with stranger(handler) as url:
        laptop = await visits(url, synced=False)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        assert wrong.value.code in (code, "broken-download", "not-guatu")
        assert await laptop.do(lambda replica: replica.cursor()) is None
        if code != "not-guatu":
            with pytest.raises(Fault) as door:
                await enrol(url, "code", "laptop", now)
            assert door.value.code == code


async def test_a_portal_that_leads_away_is_not_followed_and_never_sees_the_token(visits: Visits) -> None:
    seen: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        seen.append(f"{request.headers} {await request.text()}")
        return web.Response(text="log in", content_type="text/html")

    async with stranger(note) as login:

        async def lead_away(request: web.Request) -> web.StreamResponse:
            raise web.HTTPTemporaryRedirect(f"{login}/login?from={request.path}")

        async with stranger(lead_away) as url:
            for synced in (True, False):
                laptop = await visits(url, synced=synced)
                with pytest.raises(Fault) as wrong:
                    await laptop.sync()
                assert wrong.value.code == "portal"
            with pytest.raises(Fault) as door:
                await enrol(url, "secret-code", "laptop", now)
            assert door.value.code == "portal"
    assert not any(TOKEN in request or "secret-code" in request for request in seen)


async def test_a_snapshot_is_fetched_from_the_offices_own_address_alone(visits: Visits) -> None:
    visited: list[str] = []

    async def note(request: web.Request) -> web.StreamResponse:
        visited.append(request.path)
        return web.Response()

    async with stranger(note) as elsewhere:

        async def lead_away(request: web.Request) -> web.StreamResponse:
            raise web.HTTPSeeOther(f"{elsewhere}/snapshot")

        async with stranger(lead_away) as url:
            laptop = await visits(url, synced=False)
            with pytest.raises(Fault) as wrong:
                await laptop.sync()
            assert wrong.value.code == "portal"
    assert visited == []


async def test_the_token_is_in_no_words_about_a_failure(visits: Visits) -> None:
    async with stranger(page(200)) as url:
        laptop = await visits(url)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        shown: BaseException | None = wrong.value
        while shown is not None:
            assert TOKEN not in f"{shown} {shown!r}"
            shown = shown.__cause__ if shown.__suppress_context__ else shown.__context__


# --- a socket that speaks something else ---


def talks(*frames: str | bytes, then: str | bytes = "") -> Handler:
    """Somebody who accepts a live connection, says these after the greeting, and waits."""

    async def answer(request: web.Request) -> web.StreamResponse:
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        await websocket.receive()
        for frame in frames:
            await (websocket.send_str(frame) if isinstance(frame, str) else websocket.send_bytes(frame))
        async for _ in websocket:
            if then:
                await (websocket.send_str(then) if isinstance(then, str) else websocket.send_bytes(then))
        return websocket

    return answer


def frame(kind: str, **body: Any) -> str:
    return orjson.dumps({"kind": kind, **body}).decode()


def welcome(seq: int | None = None, **more: Any) -> str:
    me = {"device": "d1", "member": "李员", "role": "lead", "areas": ["340111"]}
    head = book().cursor(seq)._asdict()
    return frame("welcome", protocol=1, board=BOARD, head=head, me=me, campaign="c" * 32, **more)


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        (talks("hello"), "not-guatu"),
        (talks("[]"), "not-guatu"),
        (talks(b"\x00\x01"), "not-guatu"),
        (talks(frame("ack", results=[])), "not-guatu"),
        (talks(frame("welcome", protocol=1)), "not-guatu"),
        (talks(welcome(), then=frame("ack", results=[])), "not-guatu"),
        (talks(welcome(), then="{"), "not-guatu"),
        (talks(welcome(), then=frame("batch", **{"from": {}, "records": [], "to": {}, "at_head": 1})), "not-guatu"),
    ],
)
async def test_a_socket_that_speaks_something_else_is_no_office(visits: Visits, handler: Handler, code: str) -> None:
    async with stranger(handler) as url:
        laptop = await visits(url)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        assert wrong.value.code == code
        assert await laptop.do(lambda replica: replica.outbox.size()) == 1


def batch(start: Any, *records: Any, to: Any) -> str:
    return frame("batch", **{"from": start._asdict(), "records": records, "to": to._asdict(), "at_head": True})


async def test_a_batch_that_does_not_fit_ends_the_connection_and_changes_nothing(visits: Visits) -> None:
    log = book()
    later = log.cursor()._replace(seq=9, chain="9" * 32)
    for odd, code in ((batch(later, to=later), "gap"), (batch(log.cursor(), {"seq": 3}, to=later), "not-guatu")):
        async with stranger(talks(welcome(), odd)) as url:
            laptop = await visits(url)
            with pytest.raises(Fault) as wrong:
                await laptop.sync()
            assert wrong.value.code == code
            assert await laptop.do(lambda replica: replica.cursor()) == log.cursor()
            await laptop.close()


async def test_frames_of_a_newer_office_are_passed_over(visits: Visits) -> None:
    log = book()
    start, mine = log.cursor(), change(50, {"note": "等着"})
    record = log.store(mine)
    body = orjson.loads(record.encode())
    said = (frame("weather", sky="blue"), batch(start, {**body, "mood": "good"}, to=log.cursor()), frame("wind"))
    async with stranger(talks(welcome(extra=1), *said)) as url:
        laptop = await visits(url)
        assert (await laptop.sync()).pushed == 1
        assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 1, 0)


async def test_an_id_that_a_record_shows_to_be_taken_is_replaced_and_sent_at_once(visits: Visits) -> None:
    log = book()
    pushed: list[dict[str, Any]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        websocket = web.WebSocketResponse()
        await websocket.prepare(request)
        await websocket.receive()
        await websocket.send_str(welcome())
        async for message in websocket:
            said = orjson.loads(message.data)
            if said["kind"] == "push":
                pushed.extend(said["changes"])
                start = log.cursor()
                taken = change(50, {"note": "别人"}, device="d9") if len(pushed) == 1 else from_json(said["changes"][0])
                record = log.store(taken)
                await websocket.send_str(batch(start, orjson.loads(record.encode()), to=log.cursor()))
        return websocket

    async with stranger(answer) as url:
        laptop = await visits(url)
        assert (await laptop.sync()).pushed == 1
    assert [body["set"] for body in pushed] == [{"note": "等着"}] * 2
    assert pushed[0]["id"] != pushed[1]["id"]


async def test_an_office_that_asks_to_start_anew_for_ever_is_left(visits: Visits) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("live"):
            return await talks(welcome(), frame("reset"))(request)
        return await snapshot_of(book())(request)

    async with stranger(answer) as url:
        laptop = await visits(url)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        assert wrong.value.code == "gap"
        assert await laptop.do(lambda replica: replica.outbox.size()) == 1


async def test_an_office_that_says_nothing_is_left_in_the_end(visits: Visits) -> None:
    async with stranger(talks()) as url:
        laptop = await visits(url)
        object.__setattr__(laptop.link._ends, "stall", 0.1)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        assert wrong.value.code == "stalled"


# --- a snapshot that comes in pieces, or is none ---


def snapshot_of(log: Logbook, *lines: bytes, header: dict[str, Any] | None = None, campaign: Any = None) -> Handler:
    """An office that has only a snapshot and a campaign to give."""
    said = {"format": 1, **log.cursor()._asdict(), "areas": ["340111"], "campaign": "c" * 32}
    rows = lines or tuple(owner.encode() + b"\t" + body for owner, body in log.lines())
    whole = gzip.compress(b"\n".join((orjson.dumps(said if header is None else header), *rows)) + b"\n", mtime=0)

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/snapshot"):
            raise web.HTTPSeeOther("/api/v1/snapshot/1")
        if "/campaign/" in request.path:
            return web.json_response(dump(small.campaign()) if campaign is None else campaign)
        return web.Response(body=whole, content_type="application/vnd.guatu.snapshot+gzip")

    return answer


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        (snapshot_of(book(), b"340111001008\t{"), "broken-download"),
        (snapshot_of(book(), b'340111001008\t{"step/340111001008/1.1":[]}'), "broken-download"),
        (snapshot_of(book(), campaign={"id": "x"}), "not-guatu"),
        (snapshot_of(book(), campaign=[]), "not-guatu"),
        (snapshot_of(book(), header={"board": BOARD}), "not-guatu"),
        (snapshot_of(book(), header={"board": BOARD, "seq": "x", "chain": "", "campaign": ""}), "not-guatu"),
        (snapshot_of(book(), header={"format": 2, **book().cursor()._asdict(), "campaign": "c" * 32}), "not-guatu"),
    ],
)
async def test_a_snapshot_that_cannot_be_read_changes_nothing(visits: Visits, handler: Handler, code: str) -> None:
    async with stranger(handler) as url:
        laptop = await visits(url, synced=False)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        assert wrong.value.code == code
        assert await laptop.do(lambda replica: replica.cursor()) is None
        assert await laptop.do(lambda replica: replica.meta("campaign")) is None


async def test_a_download_that_breaks_off_is_gone_on_with_where_it_stopped(visits: Visits) -> None:
    log = book()
    for number in range(200):
        log.store(change(1000 + number, {"note": str(number)}, step_address(UNIT, f"2.{number}"), device="d2"))
    answer = snapshot_of(log)
    ranges: list[str] = []

    async def brokenly(request: web.Request) -> web.StreamResponse:
        if not request.path.endswith("/snapshot/1"):
            return await answer(request)
        found = await answer(request)
        assert isinstance(found, web.Response)
        assert isinstance(found.body, bytes)
        start = int(request.headers.get("Range", "bytes=0-")[6:-1])
        ranges.append(request.headers.get("Range", ""))
        part = found.body[start : start + 700]
        headers = {"Content-Length": str(len(found.body) - start), "Content-Type": found.content_type}
        response = web.StreamResponse(status=206 if start else 200, headers=headers)
        await response.prepare(request)
        await response.write(part)
        if start + len(part) < len(found.body) and request.transport is not None:
            request.transport.close()
        return response

    async with stranger(brokenly) as url:
        laptop = await visits(url, synced=False)
        async with Office(laptop.profile.identity(), now) as office:
            header, lines = await office.snapshot()
            rows = [line.partition(b"\t")[::2] for line in lines]
    assert header["seq"] == log.cursor().seq
    assert [(owner.decode(), body.rstrip()) for owner, body in rows] == log.lines()
    assert len(ranges) > 2
    assert ranges[:2] == ["", "bytes=700-"]


async def test_a_download_that_gets_nowhere_is_given_up(visits: Visits) -> None:
    async def shut(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/snapshot"):
            raise web.HTTPSeeOther("/api/v1/snapshot/1")
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with stranger(shut) as url:
        laptop = await visits(url, synced=False)
        with pytest.raises(Fault) as wrong:
            await laptop.sync()
        assert wrong.value.code in ("network", "broken-download")


# --- sentences ---


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    for code in FAULTS:
        told = fault(code, why="disk full", today="2026-04-10", seconds="30")
        assert told.code == code
        assert told.en.endswith((".", "?"))
        assert told.zh.endswith("。")
        assert "{" not in told.en + told.zh


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (aiohttp.InvalidURL("x"), "address"),
        (aiohttp.ClientConnectorError(None, socket.gaierror(-2, "unknown")), "name"),  # type: ignore[arg-type]
        (aiohttp.ClientConnectorError(None, ConnectionRefusedError(111, "refused")), "refused"),  # type: ignore[arg-type]
        (ssl.SSLCertVerificationError(1, "expired"), "certificate"),
        (TimeoutError(), "timeout"),
        (aiohttp.ServerTimeoutError(), "timeout"),
        (aiohttp.ServerDisconnectedError(), "network"),
        (ConnectionResetError(104, "reset"), "network"),
        (OSError(errno.ENOSPC, "full"), "disk"),
        (OSError(errno.EROFS, "read-only"), "disk"),
    ],
)
def test_what_fails_is_told_by_what_it_means(error: BaseException, code: str) -> None:
    assert diagnose(error, now()).code == code


def test_what_an_office_says_steers_no_terminal_and_ends_somewhere() -> None:
    said = refusal({"code": "x\x1b[2J", "message": {"en": "\x1b]0;hi\x07" + "e" * 1000, "zh": ""}})
    assert isinstance(said, Refusal)
    assert "\x1b" not in said.code + said.en + said.zh
    assert len(said.en) == 300
    assert said.zh == "x?[2J", "the code, when there are no words"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("office:8080", "http://office:8080/"),
        ("http://10.0.0.5:8080/", "http://10.0.0.5:8080/"),
        ("https://office.example/guatu", "https://office.example/guatu/"),
        ("http://[::1]:80", "http://[::1]/"),
    ],
)
def test_an_address_is_taken_as_people_write_it(text: str, url: str) -> None:
    assert str(address(text)) == url


@pytest.mark.parametrize(
    "text", ["http://", "ftp://office", "http://office:99999", "http://u:p@office", "http://office/?a=1", "a b://"]
)
async def test_what_is_no_address_is_told_so(text: str) -> None:
    with pytest.raises(Fault) as wrong:
        await enrol(text, "code", "laptop", now)
    assert wrong.value.code == "address"


async def test_an_address_that_nobody_has_said_yet_is_told_with_what_to_do() -> None:
    with pytest.raises(Fault) as wrong:
        await enrol("", "code", "laptop", now)
    assert wrong.value.code == "no-address"
    assert "guatu sync --url" in wrong.value.en


async def test_an_office_that_is_not_there_is_told_so(visits: Visits) -> None:
    laptop = await visits("http://127.0.0.1:9")
    laptop.connect()
    moved = await laptop.goes_offline()
    assert moved == LinkMoved(LinkState.OFFLINE, 0, 0, "refused", *FAULTS["refused"])
    await until(lambda: len(laptop.moves) > 3)
