"""A laptop that was copied, or put back from an older state of its disk: it is noticed, and nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from server.members import Members
from server.office import Office
from tests.conftest import Served
from tests.laptops import Door, FieldLaptop
from tests.small import VILLAGE, SetClock
from tests.wire.offices import Joins, back_up, stored
from tui.greeting import COPIED


async def copy_of(laptop: FieldLaptop, folder: Path) -> None:
    """The laptop's folder as it is now, on another disk."""
    await laptop.do(lambda replica: replica._disk.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
    await asyncio.to_thread(shutil.copytree, laptop.profile.folder, folder)


async def opened(folder: Path, of: FieldLaptop, others: list[FieldLaptop]) -> FieldLaptop:
    """The laptop that a copied folder makes."""
    laptop = await asyncio.to_thread(FieldLaptop, folder, of.profile.identity())
    others.append(laptop)
    return laptop


async def since(laptop: FieldLaptop) -> str:
    """Since when this laptop has been told that it was copied."""
    return await laptop.do(lambda replica: replica.meta(COPIED)) or ""


async def test_two_machines_with_one_laptops_data_clash_with_nobody_and_are_noticed(
    served: Served, joins: Joins, laptops: list[FieldLaptop], tmp_path: Path, elsewhere: Members
) -> None:
    first = await joins(served.url)
    await first.enter({"note": "共同的"})
    await copy_of(first, tmp_path / "copy")
    second = await opened(tmp_path / "copy", first, laptops)
    entries = [await first.enter({"note": "甲"}, "1.2"), await second.enter({"note": "乙"}, "2.1")]
    for laptop in (first, second, first, second):
        await laptop.sync()
    office = served.desk.office
    assert [stored(office, entry.id) for entry in entries] == [1, 1]
    assert await first.records(VILLAGE) == await second.records(VILLAGE)
    assert await first.do(lambda replica: replica.labels()) == (0, 0, 3, 0)
    assert await since(first)
    assert first.profile.identity().device in await asyncio.to_thread(elsewhere.copied)


async def test_an_older_state_of_the_disk_takes_back_all_of_ones_own(
    served: Served, joins: Joins, laptops: list[FieldLaptop], tmp_path: Path
) -> None:
    laptop = await joins(served.url)
    await laptop.sync()
    await copy_of(laptop, tmp_path / "older")
    mine = await laptop.enter({"note": "之后"})
    await laptop.sync()
    await laptop.sync()
    put_back = await opened(tmp_path / "older", laptop, laptops)
    await put_back.sync()
    assert await since(put_back)
    assert await put_back.do(lambda replica: replica.labels()) == (0, 0, 1, 0)
    assert await put_back.do(lambda replica: replica.bygone.find(mine.id)) == mine


async def test_a_laptop_that_lost_a_goodbye_is_no_copy(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    await laptop.sync()
    was = await laptop.do(lambda replica: replica.meta("ticket"))
    assert was is not None
    await laptop.sync()
    await laptop.do(lambda replica: replica.set_meta("ticket", was))  # the newer one did not reach the disk
    await laptop.sync()
    await laptop.sync()
    assert not await since(laptop)


async def test_an_office_that_was_put_back_calls_nobody_a_copy(
    door: Door, office: Office, joins: Joins, tmp_path: Path, clock: SetClock
) -> None:
    await door.open(office)
    laptop = await joins(door.url)
    await laptop.sync()
    await door.shut()
    await asyncio.to_thread(back_up, office, tmp_path / "backup")
    await door.open(office)
    for _ in range(3):
        await laptop.sync()
    await door.shut()
    with await asyncio.to_thread(Office, tmp_path / "backup", clock, serving=True) as older:
        await door.open(older)
        for _ in range(3):
            await laptop.sync()
        assert not await since(laptop)
        await door.shut()
