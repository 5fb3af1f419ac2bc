"""A session is a cursor over the log: catching up, areas, resets, and how much may be on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copytree
from threading import current_thread
from typing import Any

import orjson
import pytest
from blockbuster import blockbuster_ctx

from server import feed as feeds
from server.clerk import Clerk
from server.live import MAX_UNREAD_BATCHES
from server.office import Office
from shared.board.holds import hold_address
from shared.board.log_record import LogRecord, genesis, link
from shared.protocol import MAX_BATCH_BYTES, MAX_BATCH_RECORDS
from shared.rights import Role
from tests.conftest import Served, serve
from tests.small import ADMIN, FAR_VILLAGE, OTHER_TOWN, SECOND, TOWN, UNITS, VILLAGE, SetClock, entry, note, notes, unit
from tests.speaker import Speaker

MANY = 3000


@pytest.fixture(scope="module")
def filled(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small board with thousands of records behind it, which nobody has in memory."""
    folder = Path(copytree(made, tmp_path_factory.mktemp("filled") / "board"))
    with Office(folder, SetClock(), serving=True) as office:
        outcomes = office.enter(notes(ADMIN, map(str, range(MANY)), VILLAGE, FAR_VILLAGE), ADMIN)
        assert {outcome.outcome for outcome in outcomes} == {"applied"}
    return folder


@pytest.fixture
async def old(filled: Path, tmp_path: Path, clock: SetClock) -> AsyncIterator[Served]:
    office = await asyncio.to_thread(Office, Path(copytree(filled, tmp_path / "old")), clock, serving=True)
    with blockbuster_ctx("server"):
        async with serve(office) as running:
            yield running
    await asyncio.to_thread(office.close)


def batches(speaker: Speaker) -> list[dict[str, Any]]:
    return [frame for frame in speaker.frames if frame["kind"] == "batch"]


async def test_thousands_of_records_arrive_in_batches_as_they_stand_in_the_log(old: Served) -> None:
    guest = await old.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.until(old.head)
        assert speaker.log == await asyncio.to_thread(old.desk.office.log.read, 0, 2 * MANY)
        sizes = [len(frame["records"]) for frame in batches(speaker)]
        assert max(sizes) <= MAX_BATCH_RECORDS
        assert len(sizes) > MANY / MAX_BATCH_RECORDS
        assert [frame["at_head"] for frame in batches(speaker)] == [False] * (len(sizes) - 1) + [True]
        assert max(len(orjson.dumps(frame)) for frame in batches(speaker)) < MAX_BATCH_BYTES + 1000


async def test_the_chain_can_be_computed_from_what_arrives(old: Served) -> None:
    guest = await old.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.until(old.head)
        chain = genesis(speaker.welcome["board"])
        for record in speaker.log:
            chain = link(chain, record)
            assert record.chain == chain


async def test_catching_up_goes_on_where_it_broke_off(old: Served) -> None:
    guest = await old.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.until(1000)
        cursor, log = speaker.cursor, speaker.log
    async with guest.connect() as speaker:
        await speaker.hello(cursor)
        await speaker.until(old.head)
        assert [record.seq for record in (*log, *speaker.log)] == list(range(1, old.head + 1))


async def test_only_so_many_batches_are_on_their_way_to_who_does_not_say_received(old: Served) -> None:
    guest, other = await old.enrol(), await old.enrol()
    filler = notes(guest.author, ["长" * 600] * 1024, SECOND)
    async with guest.connect() as writer:
        await writer.hello()
        for start in range(0, len(filler), 256):
            await writer.push(filler[start : start + 256])
    async with other.connect() as speaker:
        speaker.receives = False
        await speaker.hello()
        while len(batches(speaker)) < MAX_UNREAD_BATCHES:
            await speaker.next()
        held_back = speaker.cursor
        assert held_back is not None
        assert held_back.seq < old.head
        (known,) = await speaker.push([filler[0]])  # it is answered, and fed nothing further
        assert known["outcome"] == "applied"
        assert len(batches(speaker)) == MAX_UNREAD_BATCHES
        speaker.receives = True
        await speaker.send({"kind": "received", "cursor": held_back._asdict()})
        await speaker.until(old.head)


async def test_who_decides_on_nobodys_entry_reaches_nobody_with_it(served: Served) -> None:
    """What lies beyond somebody's areas comes to who sent it, and is in no batch that others get, too."""
    sender, other = [await served.enrol(areas=(OTHER_TOWN,)) for _ in range(2)]
    start = served.desk.feed.head
    said = entry(sender.author, hold_address(VILLAGE, "ab" * 16), {"of": "", "reason": "x"})
    async with sender.connect() as speaker:
        await speaker.hello(start)
        await speaker.push([said])
        await speaker.until(served.head)
        assert [record.id for record in speaker.log] == [said.id]
    async with other.connect() as speaker:
        await speaker.hello(start)
        await speaker.until(served.head)
        assert speaker.log == []
    async with sender.connect() as speaker:
        await speaker.hello(start)
        await speaker.until(served.head)
        assert [record.id for record in speaker.log] == [said.id], "nor is it kept from them"


async def test_who_may_not_decide_has_nobody_start_anew(served: Served) -> None:
    """A verdict that counts has older laptops start anew, and snapshots made for them."""
    guest = await served.enrol(Role.MEMBER)
    async with guest.connect() as speaker:
        await speaker.hello()
        said = entry(guest.author, hold_address(VILLAGE, "ab" * 16), {"verdict": "declined"})
        assert [each["outcome"] for each in await speaker.push([said])] == ["held:no-right"]
        await speaker.until(served.head)
    assert served.desk.feed.verdict == 0


async def test_a_page_of_the_past_is_read_and_proven_aside_from_the_loop(office: Office) -> None:
    """It may hold megabytes, and everybody else waits for the loop."""
    where: set[str] = set()

    def prove(record: LogRecord) -> LogRecord:
        where.add(current_thread().name.partition("_")[0])
        return record

    clerk = Clerk("aside")
    records, before = await feeds.Feed(office.log, clerk, office.ledger.head, prove).past(99, 3, ADMIN)
    assert (len(records), before, where) == (3, office.ledger.head.seq - 3, {"aside"})
    await clerk.leave()


async def test_whoever_asks_for_all_pages_of_the_past_at_once_holds_up_nobody(office: Office) -> None:
    clerk, head = Clerk("aside"), office.ledger.head
    feed = feeds.Feed(office.log, clerk, head)
    pages = [asyncio.create_task(feed.past(head.seq, 3, ADMIN)) for _ in range(50)]
    await asyncio.sleep(0)
    assert not await feed.holds(head._replace(seq=3))
    assert sum(page.done() for page in pages) <= 2
    assert {before for _, before in await asyncio.gather(*pages)} == {head.seq - 3}
    await clerk.leave()


async def test_live_and_catching_up_are_one_path(old: Served) -> None:
    """One reads all the while another writes: every record arrives once and in order."""
    guest, other = await old.enrol(), await old.enrol()
    async with guest.connect() as writer, other.connect() as reader:
        await writer.hello(old.desk.feed.head)
        await reader.hello()

        async def write() -> None:
            for change in notes(guest.author, map(str, range(50))):
                await writer.push([change])

        writing = asyncio.create_task(write())
        await reader.until(MANY)
        await writing
        await reader.until(old.head)
        assert [record.seq for record in reader.log] == list(range(1, old.head + 1))


@pytest.mark.parametrize("tail", [feeds.TAIL_RECORDS, 3], ids=["from memory", "from the disk"])
async def test_a_reader_gets_its_areas_and_what_is_everybodys(
    served: Served, monkeypatch: pytest.MonkeyPatch, tail: int
) -> None:
    monkeypatch.setattr(feeds, "TAIL_RECORDS", tail)
    every = await served.enrol(areas=("*",))
    async with every.connect() as writer:
        await writer.hello()
        for n in range(20):
            await writer.push([note(every.author, str(n), VILLAGE if n % 2 else FAR_VILLAGE)])
    for areas, seen in (((TOWN,), {VILLAGE}), ((OTHER_TOWN,), {FAR_VILLAGE}), (("*",), {VILLAGE, FAR_VILLAGE})):
        guest = await served.enrol(Role.VIEWER, areas)
        async with guest.connect() as speaker:
            await speaker.hello()
            await speaker.until(served.head)
            owners = {address.split("/")[1] for address in speaker.records if address.startswith("step/")}
            assert owners == seen
            assert "campaign/small" in speaker.records
            units = {address for address in speaker.records if address.startswith("unit/")}
            assert units == {f"unit/{one.code}" for one in UNITS if one.code.startswith(areas[0].strip("*"))}


async def test_the_office_reads_everything_whatever_area_it_was_given(served: Served) -> None:
    admin, member = await served.enrol(Role.ADMIN, (TOWN,)), await served.enrol(Role.MEMBER, (OTHER_TOWN,))
    async with member.connect() as writer, admin.connect() as reader:
        await writer.hello()
        await reader.hello()
        await writer.push([note(member.author, "x", FAR_VILLAGE)])
        await writer.send({"kind": "push", "changes": [{"id": "0f" * 16, "set": 7}]})
        (held,) = (await writer.take("ack"))["results"]
        assert held["outcome"] == "held:undecodable"
        await reader.until(held["seq"])
        assert [record.status for record in reader.log[-2:]] == ["applied", "held:undecodable"]
        assert f"step/{FAR_VILLAGE}/1.1" in reader.records


async def test_an_own_entry_outside_ones_areas_comes_back_even_when_a_neighbour_reads_first(served: Served) -> None:
    """What comes back in no batch would stay in the laptop's outbox for ever (promise 4)."""
    author, neighbour = await served.enrol(areas=(TOWN,)), await served.enrol(areas=(TOWN,))
    async with neighbour.connect() as other, author.connect() as own:
        await other.hello()
        await own.hello()
        await other.until(served.head)
        await own.until(served.head)
        for number in range(10):
            far = note(author.author, str(number), FAR_VILLAGE)
            await own.send_changes([far, note(author.author, str(number))])
            await other.until(served.head)
            await own.until((await own.take("ack"))["results"][1]["seq"])
            assert [record.status for record in own.log[-2:]] == ["held:no-right", "applied"]
        await other.until(served.head)
        assert not [record for record in other.log if not record.applied]


async def test_what_is_held_on_the_offices_records_is_no_news_for_all(served: Served) -> None:
    author, other = await served.enrol(Role.VIEWER, (TOWN,)), await served.enrol(areas=(OTHER_TOWN,))
    async with author.connect() as own, other.connect() as reader:
        await own.hello()
        await reader.hello()
        (held,) = await own.push([entry(author.author, "campaign/small", {"title": "x"})])
        assert held["outcome"] == "held:no-right"
        await reader.until(held["seq"])
        assert not [record for record in reader.log if record.seq == held["seq"]]


async def test_what_another_process_writes_reaches_the_connected(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        before = served.head

        def import_more() -> None:
            with Office(served.desk.office.folder, served.desk.office.clock) as command:
                one = unit("340111001299", "新村", UNITS[1].kind)
                command.enter([command.change(f"unit/{one.code}", {"name": one.name, "kind": one.kind.value})])

        await asyncio.to_thread(import_more)
        await speaker.until(before + 1)
        assert speaker.records["unit/340111001299"].value("name") == "新村"
        (mine,) = await speaker.push([note(guest.author, "x", "340111001299")])
        assert (mine["outcome"], mine["seq"]) == ("applied", before + 2)
