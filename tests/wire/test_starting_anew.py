"""Cursors that lead nowhere, changed areas, snapshots: how a laptop starts anew and loses nothing."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any

import aiohttp
import orjson

from shared.board.log_record import Cursor
from shared.board.record import Record, from_json
from tests.conftest import Pass, Served
from tests.small import OTHER_TOWN, SECOND, TOWN, VILLAGE, note, notes
from tests.speaker import Speaker

MANY = 3000


def batches(speaker: Speaker) -> list[dict[str, Any]]:
    return [frame for frame in speaker.frames if frame["kind"] == "batch"]


def stray(cursor: Cursor) -> Iterable[Cursor]:
    """Cursors that are no places in this log."""
    yield cursor._replace(chain="00" * 16)
    yield cursor._replace(seq=cursor.seq - 1)
    yield cursor._replace(seq=cursor.seq + 5)
    yield cursor._replace(seq=2**53 - 1)
    yield cursor._replace(seq=0)


async def test_a_cursor_that_is_no_place_in_this_log_is_told_to_start_anew(served: Served) -> None:
    guest = await served.enrol()
    for cursor in stray(served.desk.feed.head):
        async with guest.connect() as speaker:
            await speaker.hello(cursor)
            assert await speaker.take("reset") == {"kind": "reset", "common": None}


async def test_after_a_reset_nothing_is_fed_but_pushes_are_taken_and_a_snapshot_leads_on(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head._replace(chain="00" * 16))
        await speaker.take("reset")
        (kept,) = await speaker.push([note(guest.author, "trotzdem")])
        assert kept["outcome"] == "applied"
        assert not batches(speaker)
        header, records = await snapshot(served, guest)
        speaker.cursor = Cursor(header["board"], header["seq"], header["chain"])
        speaker.records = records
        await speaker.send({"kind": "received", "cursor": speaker.cursor._asdict()})
        (last,) = await speaker.push([note(guest.author, "weiter")])
        await speaker.until(last["seq"])
        store = served.desk.office.store
        assert speaker.records == {
            address: store.get(address) for o in store.owners() for address in store.addresses(o)
        }


async def test_a_laptop_whose_areas_have_changed_starts_anew(served: Served) -> None:
    guest = await served.enrol(areas=(TOWN, OTHER_TOWN))
    head = served.desk.feed.head
    async with guest.connect() as speaker:
        await speaker.hello(head, areas=[TOWN])
        await speaker.take("reset")
    async with guest.connect() as speaker:
        await speaker.hello(head, areas=[OTHER_TOWN, TOWN])
        (result,) = await speaker.push([note(guest.author, "x")])
        await speaker.until(result["seq"])


async def snapshot(served: Served, guest: Pass) -> tuple[dict[str, Any], dict[str, Record]]:
    """A snapshot's header and its records, read as PROTOCOL.md says."""
    headers = {"Authorization": f"Bearer {guest.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"{served.url}/api/v1/snapshot") as response,
    ):
        assert response.status == 200
        head, *lines = gzip.decompress(await response.read()).splitlines()
    records: dict[str, Record] = {}
    for line in lines:
        owner, _, body = line.partition(b"\t")
        for address, record in orjson.loads(body).items():
            assert address.split("/")[1] == owner.decode()
            records[address] = from_json(address, record)
    return orjson.loads(head), records


async def test_a_snapshot_and_what_follows_is_the_board(served: Served) -> None:
    guest = await served.enrol(areas=(TOWN,))
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.push(notes(guest.author, ["davor"] * 20, VILLAGE, SECOND))
        await speaker.push([note(guest.author, "daneben")])
    header, records = await snapshot(served, guest)
    assert header["areas"] == [TOWN]
    assert header["campaign"] == served.desk.office.campaigns.digest()
    async with guest.connect() as speaker:
        speaker.records = dict(records)
        cursor = Cursor(header["board"], header["seq"], header["chain"])
        await speaker.hello(cursor, areas=header["areas"])
        (last,) = await speaker.push([note(guest.author, "danach", SECOND)])
        await speaker.until(last["seq"])
        whole = await _from_the_start(guest, served.head)
        assert speaker.records == whole


async def _from_the_start(guest: Pass, head: int) -> dict[str, Record]:
    async with guest.connect() as speaker:
        await speaker.hello()
        return (await speaker.until(head)).records
