"""What a device may send once it is greeted, and how it is answered; what is out of order ends its connection alone."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import pytest

from server.bounds import Bounds
from shared.board.change import encode, to_json
from shared.board.record import step_address
from shared.protocol import MAX_CHANGES, MAX_FRAME
from tests.conftest import SOON, Pass, Served
from tests.small import FAR_VILLAGE, SECOND, TOWN, VILLAGE, entry, note, notes, state
from tests.waiting import until
from tests.wire.test_greeting import refusal


async def test_a_push_is_answered_in_its_order_with_the_place_of_each_change(served: Served) -> None:
    guest = await served.enrol(areas=(TOWN,))
    head = served.head
    fine, far, again = note(guest.author, "a"), note(guest.author, "b", FAR_VILLAGE), note(guest.author, "c")
    async with guest.connect() as speaker:
        await speaker.hello()
        bodies = [to_json(fine), {"id": "x"}, to_json(far), {**to_json(again), "set": {"n": 1}}, to_json(again), 7]
        await speaker.send({"kind": "push", "changes": bodies})
        results = (await speaker.take("ack"))["results"]
        assert results == [
            {"id": fine.id, "outcome": "applied", "seq": head + 1},
            {"id": None, "outcome": "malformed", "seq": None},
            {"id": far.id, "outcome": "held:no-right", "seq": head + 2},
            {"id": again.id, "outcome": "applied", "seq": head + 3},
            {"id": again.id, "outcome": "id-reused", "seq": None},
            {"id": None, "outcome": "malformed", "seq": None},
        ]


async def test_pushes_are_answered_in_their_order_while_they_are_sent(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        sent = [[note(guest.author, f"{n}.{m}") for m in range(n % 4 + 1)] for n in range(100)]
        for changes in sent:
            await speaker.send_changes(changes)
        for changes in sent:
            results = (await speaker.take("ack"))["results"]
            assert [result["id"] for result in results] == [change.id for change in changes]


async def test_a_change_that_comes_again_on_another_connection_has_its_first_answer(served: Served) -> None:
    guest = await served.enrol()
    change = note(guest.author, "einmal")
    async with guest.connect() as one, guest.connect() as two:
        first = await (await one.hello()).push([change])
        assert await (await two.hello()).push([change]) == first
        head = served.head
        assert first[0]["seq"] == head


async def test_two_devices_that_write_at_once_come_to_hold_the_same(served: Served) -> None:
    one, two = await served.enrol(), await served.enrol()
    async with one.connect() as left, two.connect() as right:
        await left.hello()
        await right.hello()

        async def write(guest: Pass, speaker: Any) -> None:
            for change in notes(guest.author, [f"{guest.author.member}{n}" for n in range(20)]):
                await speaker.push([change, state(guest.author, "doing", SECOND)])

        await asyncio.gather(write(one, left), write(two, right))
        await left.until(served.head)
        await right.until(served.head)
    store = served.desk.office.store
    assert left.records == right.records
    assert left.records == {address: store.get(address) for address in left.records}
    assert left.records[step_address(VILLAGE, "1.1")].collisions() == ("note",)
    assert left.log == right.log


PLACE = {"board": "00" * 16, "seq": 0, "chain": "00" * 16}


@pytest.mark.parametrize(
    ("frame", "where"),
    [
        ({"kind": "hello", "protocol": [1, 1]}, "kind: hello again"),
        ({"kind": "push"}, "push.changes: missing"),
        ({"kind": "push", "changes": []}, "push.changes: too_short"),
        ({"kind": "push", "changes": [{}] * (MAX_CHANGES + 1)}, "push.changes: too_long"),
        ({"kind": "push", "changes": {}}, "push.changes: list_type"),
        ({"kind": "received"}, "received.cursor: missing"),
        ({"kind": "received", "cursor": {**PLACE, "seq": -1}}, "received.cursor.seq: greater_than_equal"),
        ({"kind": "received", "cursor": {**PLACE, "seq": 2**53}}, "received.cursor.seq: less_than"),
        ({"kind": "received", "cursor": {**PLACE, "seq": 10**6}}, "received.cursor: never sent"),
        ({"kind": "batch", "records": []}, "frame: union_tag_invalid"),
    ],
)
async def test_what_is_out_of_protocol_ends_the_connection_and_says_where(
    served: Served, frame: Any, where: str
) -> None:
    guest, other = await served.enrol(), await served.enrol()
    async with guest.connect() as speaker, other.connect() as stays:
        await speaker.hello()
        await stays.hello()
        await speaker.send(frame)
        assert await refusal(speaker) == ("bad-frame", 1008)
        assert speaker.frames[-1]["details"] == {"where": where}
        assert (await stays.push([note(other.author, "geht weiter")]))[0]["outcome"] == "applied"


@pytest.mark.parametrize("data", ["", "hello", "{", '{"kind":"push","changes":[NaN]}', '"\\ud800"', "[" * 2000])
async def test_what_is_no_json_is_refused(served: Served, data: str) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.socket.send_str(data)
        assert await refusal(speaker) == ("bad-frame", 1008)


async def test_what_is_not_utf8_is_refused(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        writer = speaker.socket._writer
        await writer.send_frame(b'{"kind":"\xff"}', 1)
        assert await refusal(speaker) == ("bad-frame", 1008)


async def test_binary_frames_are_refused(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.socket.send_bytes(orjson.dumps({"kind": "push", "changes": [to_json(note(guest.author, "x"))]}))
        assert await refusal(speaker) == ("bad-frame", 1008)


async def test_a_frame_beyond_the_limit_ends_the_connection_with_1009(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.socket.send_str(" " * (MAX_FRAME + 1))
        assert await refusal(speaker) == ("too-large", 1009)


async def test_a_frame_beyond_all_bounds_cuts_the_connection_off(served: Served) -> None:
    guest, other = await served.enrol(), await served.enrol()
    async with guest.connect() as speaker, other.connect() as stays:
        await speaker.hello()
        await stays.hello()
        with suppress(ConnectionError):
            await speaker.socket.send_str(" " * (5 * MAX_FRAME))
        assert (await speaker.end()).code in (1009, 1006)
        assert (await stays.push([note(other.author, "geht weiter")]))[0]["outcome"] == "applied"
    await until(lambda: not served.desk.sessions)


async def test_the_largest_frame_is_taken_whole(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        change = note(guest.author, "")
        room = (MAX_FRAME - len(encode(change)) - 100) // MAX_CHANGES
        changes = [note(guest.author, "x" * (room - len(encode(change)) - 1)) for _ in range(MAX_CHANGES)]
        results = await speaker.push(changes)
        assert {result["outcome"] for result in results} == {"applied"}
        await speaker.until(served.head)


async def test_the_largest_change_that_is_kept_travels_to_all_who_may_read_it(served: Served) -> None:
    guest, other = await served.enrol(), await served.enrol()
    async with guest.connect() as speaker, other.connect() as reader:
        await speaker.hello()
        await reader.hello()
        (held,) = await speaker.push([note(guest.author, "x" * (500 * 1024))])
        assert held["outcome"] == "held:too-large"
        (malformed,) = await speaker.push([note(guest.author, "x" * (600 * 1024))])
        assert (malformed["outcome"], malformed["seq"]) == ("malformed", None)
        (after,) = await speaker.push([note(guest.author, "weiter")])
        await reader.until(after["seq"])
        assert [record.seq for record in reader.log[-2:]] == [held["seq"], after["seq"]]


class TestPace:
    """A device that sends too fast is told so, in its turn, and may go on."""

    @pytest.fixture
    def bounds(self) -> Bounds:
        return replace(SOON, changes_per_second=10)

    async def test_too_many_changes_at_once_are_refused_as_a_whole_and_in_their_turn(self, served: Served) -> None:
        guest = await served.enrol()
        entry_of = entry(guest.author, step_address(VILLAGE, "1.1"), {"note": "x"})
        async with guest.connect() as speaker:
            await speaker.hello()
            assert speaker.welcome["limits"]["changes_per_second"] == 10
            await speaker.send_changes([note(guest.author, str(n)) for n in range(8)])
            await speaker.send_changes([note(guest.author, str(n)) for n in range(8)])
            await speaker.send_changes([entry_of])
            told = [await speaker.next() for _ in range(40) if len(speaker.frames) < 40 and not _done(speaker.frames)]
            answers = [frame for frame in told if frame["kind"] in ("ack", "refuse")]
            assert [frame["kind"] for frame in answers] == ["ack", "refuse", "ack"]
            assert answers[1]["code"] == "too-fast"
            assert answers[1]["final"] is False
            assert answers[1]["details"] == {"limit": 10}
            assert answers[2]["results"][0]["outcome"] == "applied"


def _done(frames: list[dict[str, Any]]) -> bool:
    return sum(frame["kind"] in ("ack", "refuse") for frame in frames) == 3
