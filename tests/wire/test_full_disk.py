"""A laptop whose disk fills up reads no more, and still saves and sends what people enter."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.conftest import Served
from tests.laptops import FieldLaptop
from tests.small import note
from tests.wire.offices import Joins, stored
from tui.faults import Fault
from tui.messages import LinkState
from tui.replica import RESERVE, NoRoom, Replica


class Space:
    """What is left of a disk."""

    def __init__(self) -> None:
        self.free = RESERVE * 2

    def __call__(self) -> int:
        return self.free


async def on_small_disk(laptop: FieldLaptop, space: Space) -> None:
    """From now on the laptop's file lies on this disk."""
    await laptop.do(lambda replica: setattr(replica, "_room", space))


async def test_it_stops_reading_first_and_goes_on_sending(served: Served, joins: Joins) -> None:
    laptop, space = await joins(served.url), Space()
    await on_small_disk(laptop, space)
    laptop.connect()
    await laptop.is_live()
    space.free = RESERVE - 1
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.push([note(guest.author, "别人的", step="1.2")])
    await laptop.comes(lambda _: any(moved.reason == "disk-low" for moved in laptop.moves))
    assert laptop.state is not LinkState.OFFLINE
    mine = await laptop.enter({"note": "我的"})
    await laptop.comes(lambda replica: replica.labels().sent == 1)
    assert await asyncio.to_thread(stored, served.desk.office, mine.id) == 1
    assert "step/340111001200/1.2" not in await laptop.records()
    space.free = RESERVE * 2
    laptop.link.hurry()
    await served_again(laptop)
    await laptop.sees("note", "别人的", "1.2")
    assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 1, 0)


async def served_again(laptop: FieldLaptop) -> None:
    """Break the connection, so that the laptop comes again."""
    laptop.link._talk._deadline.reschedule(0)  # type: ignore[union-attr]


async def test_a_sync_on_a_full_disk_sends_and_then_says_why_it_read_nothing(served: Served, joins: Joins) -> None:
    laptop, space = await joins(served.url), Space()
    await laptop.sync()
    await on_small_disk(laptop, space)
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        await speaker.push([note(guest.author, "别人的", step="1.2")])
    space.free = 0
    mine = await laptop.enter({"note": "我的"})
    cursor = await laptop.do(lambda replica: replica.cursor())
    with pytest.raises(Fault) as low:
        await laptop.sync()
    assert low.value.code == "disk-low"
    assert await asyncio.to_thread(stored, served.desk.office, mine.id) == 1
    assert await laptop.do(lambda replica: replica.cursor()) == cursor


def test_a_snapshot_and_a_page_of_the_past_leave_the_room_that_is_kept(tmp_path: Path) -> None:
    replica = Replica(tmp_path / "replica.sqlite", room=lambda: RESERVE - 1)
    with pytest.raises(NoRoom):
        replica.install(("ab" * 16, 0, "00" * 16), [])  # type: ignore[arg-type]  # never looked at
    replica.close()
