"""An office put back from a backup gets back what any laptop still knows, with its first author (promise 6)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from server.feed import Line
from server.ledger import Author
from server.office import Office
from shared.board.log_record import LogRecord
from shared.board.record import step_address
from shared.protocol import MAX_BATCH_RECORDS, MAX_CHANGES
from shared.rights import Role
from tests.conftest import Served
from tests.laptops import QUICK, Door, FieldLaptop
from tests.small import FAR_VILLAGE, SECOND, TOWN, VILLAGE, SetClock, note, notes
from tests.wire.asking import enter
from tests.wire.offices import Joins, back_up, stored
from tui import mending


def found(office: Office, change_id: str) -> LogRecord:
    """The office's record of an entry."""
    return next(record for record in office.log.read(0, 10_000) if record.id == change_id)


async def backed_up(door: Door, office: Office, folder: Path) -> Path:
    """A copy of the office as it is now; its door is open again."""
    await door.shut()
    await asyncio.to_thread(back_up, office, folder / "backup")
    await door.open(office)
    return folder / "backup"


async def read_all(laptop: FieldLaptop) -> None:
    """Wait until a laptop knows the office's whole log."""
    await laptop.comes(lambda replica: replica.bygone.known_behind() == 0)


async def test_what_only_another_laptop_still_knows_comes_back_with_its_first_author(
    door: Door, office: Office, joins: Joins, tmp_path: Path, clock: SetClock
) -> None:
    await door.open(office)
    lost, witness = await joins(door.url), await joins(door.url)
    backup = await backed_up(door, office, tmp_path)
    entries = [await lost.enter({"note": text}, step) for text, step in (("甲", "1.1"), ("乙", "1.2"))]
    await lost.sync()
    await witness.sync()
    was = found(office, entries[0].id)
    await door.shut()
    clock.move(hours=3)
    with await asyncio.to_thread(Office, backup, clock, serving=True) as older:
        await asyncio.to_thread(older.enter, [older.change(step_address(SECOND, "1.1"), {"note": "先写的"})])
        await door.open(older)
        await witness.sync()
        assert [stored(older, entry.id) for entry in entries] == [1, 1]
        back = found(older, entries[0].id)
        assert (back.body, back.status, back.at) == (was.body, was.status, was.at)
        assert back.device == witness.profile.identity().device
        await lost.sync()
        assert [stored(older, entry.id) for entry in entries] == [1, 1]
        assert await lost.do(lambda replica: replica.labels()) == (0, 0, 2, 0)
        assert await lost.records(VILLAGE) == await witness.records(VILLAGE)
        assert not await witness.do(lambda replica: replica.bygone.to_offer())
        await door.shut()


async def test_what_was_read_before_it_was_offered_is_offered_at_the_next_connection(
    door: Door, office: Office, joins: Joins, tmp_path: Path, clock: SetClock
) -> None:
    await door.open(office)
    lost, witness = await joins(door.url), await joins(door.url)
    backup = await backed_up(door, office, tmp_path)
    entry = await lost.enter({"note": "甲"})
    await lost.sync()
    await witness.sync()
    await door.shut()
    with await asyncio.to_thread(Office, backup, clock, serving=True) as older:
        desk = await door.open(older)
        cursor, lines = desk.feed.head, [(VILLAGE, b"{}")]
        await witness.do(lambda replica: replica.install(cursor, lines, healing=True))  # and then its power was cut
        await witness.sync()
        assert stored(older, entry.id) == 1
        await door.shut()


async def test_held_entries_come_back_held(
    door: Door, office: Office, joins: Joins, tmp_path: Path, clock: SetClock
) -> None:
    await door.open(office)
    author, witness = await joins(door.url, Role.MEMBER, (TOWN,)), await joins(door.url)
    backup = await backed_up(door, office, tmp_path)
    identity = author.profile.identity()
    entry = note(await _speaks(author, office), "越界", FAR_VILLAGE)
    assert entry.device == identity.device
    await author.save(entry)
    await author.sync()
    await witness.sync()
    await door.shut()
    with await asyncio.to_thread(Office, backup, clock, serving=True) as older:
        await door.open(older)
        await witness.sync()
        assert found(older, entry.id).status == "held:no-right"
        await door.shut()


async def _speaks(laptop: FieldLaptop, office: Office) -> Author:
    device = laptop.profile.identity().device
    roll = await asyncio.to_thread(office.members.roll)
    return next(entry.author for entry in roll if entry.author.device == device)


async def test_a_laptop_reads_what_was_before_it_came(served: Served, joins: Joins) -> None:
    early = await joins(served.url)
    entries = [await early.enter({"note": text}) for text in "甲乙丙"]
    await early.sync()
    late = await joins(served.url)
    await late.sync()
    await read_all(late)
    log = await late.do(lambda replica: list(replica.bygone.log()))
    assert [record.seq for record in log] == list(range(1, served.head + 1))
    assert [record.id for record in log[-3:]] == [entry.id for entry in entries]
    assert all(record.proof for record in log)


@pytest.mark.slow
async def test_a_long_past_may_take_longer_than_any_one_answer(
    served: Served, joins: Joins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office that is slow, but answers, has not stalled: a sync of a big board goes on to its end."""
    guest = await served.enrol()
    made = notes(guest.author, map(str, range(3 * MAX_BATCH_RECORDS)))
    for start in range(0, len(made), MAX_CHANGES):
        await enter(guest, *made[start : start + MAX_CHANGES])
    past = served.desk.feed.past

    async def slowly(upto: int, limit: int, reader: Author) -> tuple[list[Line], int]:
        await asyncio.sleep(0.5)
        return await past(upto, limit, reader)

    monkeypatch.setattr(served.desk.feed, "past", slowly)
    late = await joins(served.url, pace=replace(QUICK, stall=1.0))
    await late.sync()
    await read_all(late)


async def test_who_waits_has_a_long_past_in_parts_and_a_short_one_at_once(
    served: Served, joins: Joins, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = served.desk.feed.past
    monkeypatch.setattr(served.desk.feed, "past", lambda upto, limit, reader: past(upto, 2, reader))
    monkeypatch.setattr(mending, "FEW_PAGES", 1)
    monkeypatch.setattr(mending, "SOON", 3)
    laptop = await joins(served.url)
    known = [served.head]
    while known[-1]:
        await laptop.sync()
        known.append(await laptop.do(lambda replica: replica.bygone.known_behind()))
    assert known == [served.head, *range(served.head - 2, 3, -2), 0]


async def test_a_laptop_of_one_town_reads_the_past_of_that_town_alone(served: Served, joins: Joins) -> None:
    early = await joins(served.url)
    near, far = await early.enter({"note": "近"}), await early.enter({"note": "远"}, code=FAR_VILLAGE)
    await early.sync()
    late = await joins(served.url, Role.MEMBER, (TOWN,))
    await late.sync()
    await read_all(late)
    known = {record.id for record in await late.do(lambda replica: list(replica.bygone.log()))}
    assert near.id in known
    assert far.id not in known
