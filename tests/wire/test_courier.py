"""Files from laptop to laptop: after their entries, whole, however often the way breaks, and never in anybody's way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from server import app
from server.api import ROUTES
from server.cabinet import FOLDER, LEAST
from server.file_doors import FILES
from server.ledger import Author
from server.office import Office
from shared.attached import Attached, hash_of
from shared.board.change import JSON, Change
from shared.board.record import Record
from shared.rights import Role
from tests.conftest import SOON, Served, serve
from tests.laptops import QUICK, Door, FieldLaptop, Wire, now, stranger
from tests.small import OTHER_TOWN, TOWN, VILLAGE, entry
from tests.waiting import until
from tests.wire.offices import Joins
from tui import attachments, courier
from tui.doors import Office as OfficeDoors
from tui.entry import Pen
from tui.faults import Fault
from tui.messages import LinkState
from tui.replica import RESERVE

BODY = bytes(range(256)) * 2048
"""Half a megabyte: several blocks of a sender, and of a reader."""


async def keep(laptop: FieldLaptop, body: bytes) -> dict[str, JSON]:
    """Keep a file on a laptop, for an entry to name."""
    source = laptop.profile.folder / "方案.docx"
    await asyncio.to_thread(source.write_bytes, body)
    value = await asyncio.to_thread(attachments.keep, laptop.profile.folder, source)
    assert isinstance(value, dict)
    return value


async def attach(laptop: FieldLaptop, body: bytes = BODY, number: str = "a", code: str = VILLAGE) -> Attached:
    """Enter a paper with a file on a laptop."""
    value = await keep(laptop, body)
    shown = Record(f"document/{code}/{number * 32}")
    made = Pen(laptop.profile.identity(), 1, now).change(shown, {"title": "方案", "step": "1.1", "file": value})
    assert isinstance(made, Change)
    await laptop.save(made)
    return Attached(value["hash"], value["name"], value["size"])


async def due(laptop: FieldLaptop) -> int:
    """How many own files the office has not confirmed."""
    return len((await laptop.do(lambda replica: attachments.due(replica, laptop.profile.folder))).here)


async def fetch(laptop: FieldLaptop, file: Attached, room: Callable[[Path], int] | None = None) -> bytes:
    """What a laptop gets when somebody opens this file there."""
    place = await courier.fetch(laptop.profile, file, now, room or attachments.free_beside)
    return await asyncio.to_thread(place.read_bytes)


async def refused(laptop: FieldLaptop, file: Attached) -> str:
    with pytest.raises(Fault) as found:
        await fetch(laptop, file)
    assert not found.value.zh.isascii()
    return found.value.code


async def in_office(office: Office, file: Attached) -> bool:
    place = office.folder / FOLDER / file.hash[:2] / file.hash
    return await asyncio.to_thread(place.exists)


async def test_a_file_entered_offline_is_fetched_by_another_laptop_after_a_sync(served: Served, joins: Joins) -> None:
    author, reader = await joins(served.url), await joins(served.url, Role.MEMBER, (TOWN,))
    file = await attach(author)
    assert await due(author) == 1
    assert await fetch(author, file) == BODY, "one's own is here without any office"
    assert await refused(reader, file) == "file-not-there"
    done = await author.sync()
    assert (done.pushed, done.files, done.why) == (1, 1, None)
    assert await due(author) == 0
    await reader.sync()
    assert await fetch(reader, file) == BODY
    await served.runner.cleanup()
    assert await fetch(reader, file) == BODY, "once fetched it is here"
    (await asyncio.to_thread(attachments.path_of, reader.profile.folder, file.hash)).unlink()  # type: ignore[union-attr]
    assert await refused(reader, file) == "file-not-here"


async def test_a_live_connection_hands_over_what_is_entered_meanwhile(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    laptop.connect()
    await laptop.is_live()
    files = [await attach(laptop, BODY + bytes([number]), str(number)) for number in range(3)]
    async with asyncio.timeout(20):
        while await due(laptop):
            await asyncio.sleep(0.01)
    assert [await in_office(served.desk.office, file) for file in files] == [True] * 3
    assert laptop.state is LinkState.LIVE


async def test_no_file_goes_before_the_entry_that_names_it(door: Door, office: Office, joins: Joins) -> None:
    await door.open(office)
    laptop = await joins(door.url)
    await laptop.sync()
    file = await attach(laptop)
    assert await laptop.do(lambda replica: attachments.own(replica, gone_out=True)) == {}
    await laptop.sync()
    assert list(await laptop.do(lambda replica: attachments.own(replica, gone_out=True))) == [file.hash]
    shown = Record(f"document/{VILLAGE}/{'b' * 32}")
    waits = await keep(laptop, BODY[1:])
    made = Pen(laptop.profile.identity(), 1, now).change(shown, {"title": "方案", "step": "1.1", "file": waits})
    assert isinstance(made, Change)
    await laptop.do(lambda replica: replica.save([made], asking=True))
    assert (await laptop.sync()).files == 0, "its entry waits for a person's word"
    await laptop.do(lambda replica: replica.outbox.give_word())
    assert (await laptop.sync()).files == 1


async def test_a_file_that_is_cut_on_its_way_is_sent_anew_and_the_entry_was_never_held_up(
    served: Served, joins: Joins
) -> None:
    async with Wire(served.url) as wire:
        laptop = await joins(served.url, via=wire.url)
        taken: list[str] = []
        write = served.desk.filing.cabinet.begin

        def begin(digest: str, device: str, size: int | None) -> object:
            taken.append(digest)
            if len(taken) < 3:
                wire.cut()
            return write(digest, device, size)

        served.desk.filing.cabinet.begin = begin  # type: ignore[assignment,method-assign]
        file = await attach(laptop)
        laptop.connect()
        await laptop.landed()
        await until(lambda: len(taken) >= 3)
        async with asyncio.timeout(20):
            while await due(laptop):
                await asyncio.sleep(0.01)
    assert await in_office(served.desk.office, file)


async def test_a_sync_whose_file_does_not_get_through_has_synced_all_the_same(office: Office, joins: Joins) -> None:
    async with serve(office, replace(SOON, device_files=LEAST)) as served:
        laptop = await joins(served.url)
        await attach(laptop, b"first", "a")
        await attach(laptop, b"second", "b")
        done = await laptop.sync()
        assert (done.pushed, done.files) == (2, 1)
        assert done.why is not None
        assert (done.why.code, await due(laptop)) == ("file-share", 1)
        await laptop.enter({"note": "go on"})
        assert (await laptop.sync()).pushed == 1


async def test_a_file_that_does_not_move_holds_up_no_live_connection(served: Served, joins: Joins) -> None:
    laptop, guest = await joins(served.url), await joins(served.url)
    stuck = asyncio.Event()
    take = served.desk.filing.take

    async def never(*_: object) -> int:
        stuck.set()
        await asyncio.sleep(3600)
        raise AssertionError

    served.desk.filing.take = never  # type: ignore[assignment,method-assign]
    await attach(laptop)
    laptop.connect()
    async with asyncio.timeout(20):
        await stuck.wait()
    await guest.enter({"note": "别人的"}, "1.2")
    await guest.sync()
    await laptop.sees("note", "别人的", "1.2")
    await laptop.enter({"note": "我的"})
    await laptop.landed()
    assert await due(laptop) == 1
    served.desk.filing.take = take  # type: ignore[method-assign]


async def test_a_server_that_reads_no_more_is_given_up_in_bounded_time(joins: Joins, served: Served) -> None:
    laptop = await joins(served.url, pace=replace(QUICK, stall=0.3))

    async def swallow(*_: object) -> int:
        await asyncio.Event().wait()
        raise AssertionError

    served.desk.filing.take = swallow  # type: ignore[assignment,method-assign]
    await attach(laptop, bytes(4 * 1024 * 1024))
    done = await laptop.sync()
    assert done.pushed == 1
    assert done.why is not None
    assert done.why.code == "stalled"


async def test_an_older_office_is_asked_once_a_connection_and_no_more(
    office: Office, joins: Joins, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = OfficeDoors.missing_files

    async def note(doors: OfficeDoors, hashes: list[str]) -> list[str]:
        asked.extend(hashes)
        return await ask(doors, hashes)

    monkeypatch.setattr(OfficeDoors, "missing_files", note)
    monkeypatch.setattr(app, "ROUTES", [route for route in ROUTES if route not in FILES])
    async with serve(office) as served:
        laptop = await joins(served.url)
        file = await attach(laptop)
        laptop.connect()
        await laptop.landed()
        await until(lambda: asked)
        for number in range(3):
            await laptop.enter({"note": str(number)})
            await laptop.landed()
        assert asked == [file.hash]
        assert await due(laptop) == 1


async def test_an_office_that_was_put_back_gets_the_files_again(door: Door, office: Office, joins: Joins) -> None:
    await door.open(office)
    laptop = await joins(door.url)
    file = await attach(laptop)
    await laptop.sync()
    place = office.folder / FOLDER / file.hash[:2] / file.hash
    await asyncio.to_thread(place.unlink)
    assert await due(laptop) == 0
    done = await laptop.sync()
    assert (done.files, await in_office(office, file)) == (1, True)


async def test_a_held_entry_gives_its_file_once_and_those_who_decide_look_at_it(served: Served, joins: Joins) -> None:
    away, lead = await joins(served.url, Role.MEMBER, (OTHER_TOWN,)), await joins(served.url)
    await away.sync()
    value = await keep(away, BODY)
    me = away.profile.identity()
    author = Author(me.device, me.member, Role.MEMBER, me.areas)
    await away.save(entry(author, f"document/{VILLAGE}/{'e' * 32}", {"file": value}))
    assert (await away.sync()).files == 1
    assert (await away.sync()).files == 0
    await lead.sync()
    file = Attached(value["hash"], value["name"], value["size"])
    assert await fetch(lead, file) == BODY


async def test_a_wall_and_a_strangers_laptop_get_nothing(served: Served, joins: Joins) -> None:
    author = await joins(served.url)
    file = await attach(author)
    await author.sync()
    wall = await joins(served.url, Role.VIEWER)
    assert await refused(wall, file) == "no-right"
    assert await refused(await joins(served.url, areas=(OTHER_TOWN,)), file) == "file-not-there"
    assert not (wall.profile.folder / attachments.FETCHED).exists()


async def test_what_is_not_the_file_is_neither_kept_nor_shown(joins: Joins, served: Served) -> None:
    async def forge(request: web.Request) -> web.Response:
        return web.Response(body=b"x" * 100, content_type="application/vnd.guatu.file")

    async def flood(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.content_type = "application/vnd.guatu.file"
        await answer.prepare(request)
        while True:
            await answer.write(bytes(2**20))

    for liar in (forge, flood):
        async with stranger(liar) as url:
            laptop = await joins(served.url, via=url)
            assert await refused(laptop, Attached(hash_of(BODY), "方案.docx", len(BODY))) == "file-damaged"
            assert not (laptop.profile.folder / attachments.FETCHED).exists()


async def test_a_disk_that_is_almost_full_keeps_its_room_for_entries(served: Served, joins: Joins) -> None:
    author, reader = await joins(served.url), await joins(served.url)
    file = await attach(author)
    await author.sync()
    with pytest.raises(Fault) as low:
        await fetch(reader, file, lambda _: RESERVE)
    assert low.value.code == "disk-low"


async def test_a_torn_copy_is_fetched_anew(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    file = await attach(laptop)
    await laptop.sync()
    place = laptop.profile.folder / attachments.OWN / file.hash
    await asyncio.to_thread(place.write_bytes, BODY[:100])
    assert await fetch(laptop, file) == BODY
