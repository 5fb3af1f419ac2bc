"""The first frames of a connection: who is welcomed, who is refused, and where feeding begins."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from server.bounds import Bounds
from server.members import Members
from server.peer import Peer
from shared.rights import Role
from tests.conftest import SOON, Served
from tests.small import TOWN, UNITS, note
from tests.speaker import Closed, Speaker
from tests.waiting import until


@pytest.fixture
def bounds() -> Bounds:
    return replace(SOON, hello=0.3, sockets=2)


async def refusal(speaker: Speaker) -> tuple[str, int | None]:
    """The code with which a connection is refused for good, and the code it is closed with."""
    closed = await speaker.end()
    said = [frame for frame in speaker.frames if frame["kind"] == "refuse"]
    assert len(said) == 1
    assert said[0]["final"] is True
    assert set(said[0]["message"]) == {"en", "zh"}
    return said[0]["code"], closed.code


async def test_who_says_hello_is_welcomed_with_the_head_the_limits_and_who_they_are(served: Served) -> None:
    guest = await served.enrol(areas=(TOWN,))
    async with guest.connect() as speaker:
        await speaker.hello(clock="2026-04-10T12:30:00+08:00")
        head = served.desk.feed.head._asdict()
        author = guest.author
        assert speaker.welcome == {
            "kind": "welcome",
            "protocol": 2,
            "board": head["board"],
            "head": head,
            "clock_offset": 1800.0,
            "limits": {"frame": 2**20, "changes": 256, "changes_per_second": 20_000, "stall_seconds": 30},
            "me": {"device": author.device, "member": author.member, "role": "lead", "areas": [TOWN]},
            "campaign": served.desk.office.campaigns.digest(),
            "units": len(UNITS),
            "ticket": speaker.welcome["ticket"],
            "copied": None,
        }


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"kind": "push", "changes": [{}]}, "hello-first"),
        ({"kind": "received", "cursor": {"board": "00" * 16, "seq": 0, "chain": "00" * 16}}, "hello-first"),
        ({"kind": "hello", "protocol": [3, 9]}, "protocol-range"),
        ({"kind": "hello", "protocol": [0, 0]}, "protocol-range"),
        ({"kind": "hello", "protocol": [3, 1]}, "protocol-range"),
        ({"kind": "hello", "protocol": [1, 1], "board": "00" * 16}, "other-board"),
        ({"kind": "hello", "protocol": [1, 1], "cursor": {"board": "00" * 16, "seq": 0, "chain": "00" * 16}},
         "other-board"),
        ({"kind": "hello"}, "bad-frame"),
        ({"kind": "hello", "protocol": [1]}, "bad-frame"),
        ({"kind": "hello", "protocol": [1, 1], "board": "x"}, "bad-frame"),
        ({"kind": "hello", "protocol": [1, 1], "clock": "x" * 41}, "bad-frame"),
        ({"kind": "hello", "protocol": [1, 1], "areas": ["1"] * 65}, "bad-frame"),
        ({"kind": "goodbye"}, "bad-frame"),
        ({}, "bad-frame"),
        ([], "bad-frame"),
        (7, "bad-frame"),
    ],
)  # fmt: skip
async def test_a_first_frame_that_is_no_hello_for_this_board_is_refused(served: Served, frame: Any, code: str) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.send(frame)
        assert await refusal(speaker) == (code, 1008)


async def test_a_newer_hello_is_understood_as_far_as_it_goes(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.send({"kind": "hello", "protocol": [1, 7], "mood": "good", "clock": "yesterday", "client": "x"})
        welcome = await speaker.take("welcome")
        assert (welcome["protocol"], welcome["clock_offset"]) == (2, None)


async def test_who_never_says_hello_is_sent_away(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        assert await refusal(speaker) == ("hello-first", 1008)


async def test_a_device_has_so_many_connections_and_no_more(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as one, guest.connect() as two, guest.connect() as three:
        await one.hello()
        await two.hello()
        assert await refusal(three) == ("too-many-sockets", 1008)
        await one.socket.close()
        await until(lambda: len(served.desk.sessions) == 1)
        async with guest.connect() as four:
            await four.hello()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic abc"},
        {"Authorization": "Bearer nonsense"},
        {"Cookie": "token={token}"},
        {"Sec-WebSocket-Protocol": "{token}"},
    ],
)
async def test_no_connection_without_a_token_in_its_header(served: Served, headers: dict[str, str]) -> None:
    guest = await served.enrol()
    named = {name: value.format(token=guest.token) for name, value in headers.items()}
    for query in ("", f"?token={guest.token}", f"?access_token={guest.token}"):
        async with aiohttp.ClientSession(headers=named) as session:
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(f"{served.url}/api/v1/live{query}")
            assert caught.value.status == 401


async def test_a_revoked_device_is_refused_at_the_door(served: Served, elsewhere: Members) -> None:
    guest = await served.enrol(name="旧员")
    await asyncio.to_thread(elsewhere.revoke, "旧员", "纪检办")
    await served.desk.look_at_people()
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {guest.token}"}) as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(f"{served.url}/api/v1/live")
        assert caught.value.status == 403
    status, body = await served.ask("/api/v1/ready", guest.token)
    assert (status, body["code"]) == (403, "revoked")
    for said in body["message"].values():
        assert body["details"]["since"] in said
        assert "纪检办" in said


async def test_a_device_that_is_reinstated_speaks_again(served: Served, elsewhere: Members) -> None:
    guest = await served.enrol(name="旧员")
    await asyncio.to_thread(elsewhere.revoke, "旧员")
    await served.desk.look_at_people()
    assert (await served.ask("/api/v1/ready", guest.token))[0] == 403
    assert await asyncio.to_thread(elsewhere.reinstate, "旧员")
    await served.desk.look_at_people()
    async with guest.connect() as speaker:
        await speaker.hello()
        (result,) = await speaker.push([note(guest.author, "又来了")])
    assert result["outcome"] == "applied"


@pytest.mark.parametrize("greeted", [False, True], ids=["before hello", "while connected"])
async def test_who_is_revoked_is_disconnected(served: Served, elsewhere: Members, greeted: bool) -> None:
    guest, other = await served.enrol(name="旧员"), await served.enrol()
    async with guest.connect() as speaker, other.connect() as stays:
        await stays.hello()
        if greeted:
            await speaker.hello()
        await until(lambda: len(served.desk.sessions) == 2)
        await asyncio.to_thread(elsewhere.revoke, "旧员")
        assert await refusal(speaker) == ("revoked", 1008)
        assert (await stays.push([note(other.author, "geht weiter")]))[0]["outcome"] == "applied"


async def test_who_has_other_rights_now_has_to_come_again(served: Served, elsewhere: Members) -> None:
    guest = await served.enrol(Role.ADMIN, ("*",), name="李员")
    async with guest.connect() as speaker:
        await speaker.hello()

        def demote() -> None:
            elsewhere._db.execute("UPDATE member SET role = 'viewer', areas = ? WHERE name = '李员'", (TOWN,))

        await asyncio.to_thread(demote)
        assert await refusal(speaker) == ("rights-changed", 1008)
    async with guest.connect() as speaker:
        await speaker.hello()
        assert speaker.welcome["me"]["role"] == "viewer"


async def test_who_loses_their_rights_while_the_connection_is_made_does_not_get_in(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await served.enrol()

    def late(*connection: Any) -> Peer:
        served.desk.roll.take([])
        return Peer(*connection)

    monkeypatch.setattr("server.api.Peer", late)
    async with guest.connect() as speaker:
        assert await refusal(speaker) == ("bad-token", 1008)


async def test_who_was_let_in_anew_is_out_with_what_they_had_before(served: Served, elsewhere: Members) -> None:
    guest = await served.enrol(Role.ADMIN, ("*",), name="李员")
    async with guest.connect() as speaker:
        await speaker.hello()

        def begin_anew() -> None:
            elsewhere.revoke("李员")
            elsewhere.add("李员", Role.ADMIN, ("*",))

        await asyncio.to_thread(begin_anew)
        code, _ = await refusal(speaker)
        assert code in ("revoked", "bad-token")
    await served.desk.look_at_people()
    status, body = await served.ask("/api/v1/ready", guest.token)
    assert (status, body["code"]) == (401, "bad-token")


async def test_a_connection_that_ends_in_the_middle_of_greeting_leaves_nothing_behind(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await until(lambda: served.desk.sessions)
        await speaker.socket.close()
    await until(lambda: not served.desk.sessions)
    with pytest.raises(Closed):
        await speaker.next()
