"""The stick and the wire side by side: a served board takes bundles in, and the same change has one effect by both."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import orjson
import pytest

from server import intake
from server.commands import bundles, taking
from server.members import Members
from server.office import Office
from server.taken import Taken
from shared.board.change import Change, to_json
from shared.board.record import step_address
from shared.bundle import Header, Purpose, pack, secret_of
from shared.messages import use
from shared.rights import Role
from tests.conftest import Pass, Served
from tests.small import FAR_VILLAGE, OTHER_TOWN, SECOND, TOWN, VILLAGE, SetClock, note, state
from tests.sticks import Traveller
from tests.waiting import until


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_LANG", "en")
    use("en")


def packed(guest: Pass, changes: Sequence[Change], **more: object) -> bytes:
    """These entries as this device's bundle."""
    header = Header(Purpose.ENTRIES, guest.served.desk.feed.head.board, guest.author.device, "2026-04-10", more)
    frames = [orjson.dumps({"kind": "push", "changes": [to_json(change)]}) for change in changes]
    return b"".join(pack(header, frames, secret_of(guest.token)))


async def carry(guest: Pass, stick: Path, *changes: Change) -> None:
    """Take these entries in beside the running server, as the office's command does."""
    stick.write_bytes(packed(guest, changes))
    await asyncio.to_thread(taking.take, guest.served.desk.office.folder, stick, None, True, True)


async def laptop_from(served: Served, home: Path, *areas: str, name: str | None = None, url: str = "") -> Traveller:
    """A laptop that has started from a bundle made beside the running server."""
    traveller = Traveller(home)
    start = home.parent / f"{home.name}.start"
    folder = served.desk.office.folder
    await asyncio.to_thread(bundles.start, folder, start, areas, name, Role.LEAD if name is None else None, url)
    await asyncio.to_thread(traveller.does, "join", "--bundle", start)
    return traveller


async def test_a_bundle_is_on_every_board_as_soon_as_it_is_taken(served: Served, tmp_path: Path) -> None:
    guest, other = await served.enrol(), await served.enrol()
    mine = note(guest.author, "auf dem Stick")
    async with other.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        head = served.head
        await carry(guest, tmp_path / "stick", mine)
        await speaker.until(head + 1)
        assert [record.id for record in speaker.log] == [mine.id]
    assert served.desk.office.store.get(step_address(VILLAGE, "1.1")) is not None


@pytest.mark.parametrize("first", ["stick", "wire"])
async def test_the_same_change_by_stick_and_wire_has_one_effect(served: Served, tmp_path: Path, first: str) -> None:
    guest = await served.enrol()
    mine = [note(guest.author, "einmal"), state(guest.author, "doing", FAR_VILLAGE, "9.9")]
    head = served.head
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        if first == "stick":
            await carry(guest, tmp_path / "stick", *mine)
            await until(lambda: served.head == head + 2)
        told = await speaker.push(mine)
        if first == "wire":
            await carry(guest, tmp_path / "stick", *mine)
            await served.desk.look_at_log()
        assert told == await speaker.push(mine)
    assert [(each["outcome"], each["seq"]) for each in told] == [("applied", head + 1), ("held:unknown-step", head + 2)]
    assert served.head == head + 2


async def test_whoever_comes_by_stick_has_been_heard_of(
    served: Served, elsewhere: Members, tmp_path: Path, clock: SetClock
) -> None:
    guest, other = await served.enrol(areas=(TOWN,)), await served.enrol()
    async with other.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        clock.move(days=1)
        stick = tmp_path / "stick"
        stick.write_bytes(packed(guest, [note(guest.author, "x")]))
        await asyncio.to_thread(_take, served.desk.office.folder, clock, stick)
        while TOWN not in (heard := (await speaker.take("heard"))["areas"]):
            pass
        assert heard[TOWN] == clock().isoformat(timespec="seconds")
    heard_of = {device.id: device.heard for device in await asyncio.to_thread(elsewhere.devices)}
    assert heard_of[guest.author.device] == clock().isoformat(timespec="seconds")
    await served.desk.note_heard()
    kept = {device.id: device.heard for device in await asyncio.to_thread(elsewhere.devices)}
    assert kept[guest.author.device] == heard_of[guest.author.device]


def _take(folder: Path, clock: SetClock, stick: Path) -> None:
    with Office(folder, clock) as office, Taken(folder) as taken:
        intake.take(office, intake.read(office, stick.read_bytes()), taken)


async def test_a_laptop_from_a_stick_goes_on_over_the_wire(served: Served, tmp_path: Path) -> None:
    """It needs neither a snapshot nor the log of before: it goes on where the bundle stood."""
    other = await served.enrol()
    traveller = await laptop_from(served, tmp_path / "laptop", url=served.url)
    async with other.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        await speaker.push([note(other.author, "danach", SECOND)])
    await asyncio.to_thread(traveller.does, "set", VILLAGE, "1.1", "doing")
    told = await asyncio.to_thread(traveller.told, "sync")
    assert (told["pushed"], told["pulled"], told["pending"], told["head"]) == (1, 2, 0, served.head)
    assert not served.desk.snapshots._made


async def test_a_laptop_with_part_of_its_areas_gets_the_rest_over_the_wire(served: Served, tmp_path: Path) -> None:
    await served.enrol(name="组长", areas=(TOWN, OTHER_TOWN))
    traveller = await laptop_from(served, tmp_path / "laptop", TOWN, name="组长", url=served.url)
    own = await asyncio.to_thread(traveller.board, (VILLAGE, FAR_VILLAGE))
    assert (bool(own[VILLAGE]), bool(own[FAR_VILLAGE])) == (True, False)
    await asyncio.to_thread(traveller.does, "set", VILLAGE, "1.1", "doing")
    assert (await asyncio.to_thread(traveller.told, "sync"))["pushed"] == 1
    whole = await asyncio.to_thread(traveller.board, (VILLAGE, FAR_VILLAGE))
    store = served.desk.office.store
    assert whole == {owner: store.of(owner) for owner in (VILLAGE, FAR_VILLAGE)}


async def test_one_start_on_two_laptops_is_noticed_and_loses_nothing(served: Served, tmp_path: Path) -> None:
    one = await laptop_from(served, tmp_path / "one", url=served.url)
    two = Traveller(tmp_path / "two")
    await asyncio.to_thread(two.does, "join", "--bundle", tmp_path / "one.start")
    for traveller, step in ((one, "1.1"), (two, "1.2")):
        await asyncio.to_thread(traveller.does, "set", VILLAGE, step, "doing")
        assert (await asyncio.to_thread(traveller.told, "sync"))["pushed"] == 1
    await asyncio.to_thread(one.told, "sync")
    assert one.identity.device in await asyncio.to_thread(served.desk.office.members.copied)
