"""Backups under load, and boards put back: laptops bring back what they hold, the office sees from whom (promise 6)."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from server import lineage
from server.backup import make
from server.checking import check
from server.ledger import Author
from server.log import Draft, SqliteLog
from server.office import LOG, MEMBERS, InUse, Office
from server.restore import restore
from server.returned import healing
from shared.board.change import Change, content_hash, encode
from shared.board.record import unit_address
from shared.rights import Role
from tests.conftest import Pass, Served, serve
from tests.laptops import Door, FieldLaptop
from tests.small import SECOND, VILLAGE, SetClock, note, notes
from tests.waiting import until
from tests.wire.offices import Joins


def ids(folder: Path) -> list[str]:
    """The ids of all entries in a board's log, in order."""
    log = SqliteLog(folder / LOG)
    found = [orjson.loads(record.body)["id"] for record in log.read(0, 100_000)]
    log.close()
    return found


class Load:
    """Writers that enter one thing after the other; `acked` are the ids that were acknowledged."""

    def __init__(self, guests: list[Pass]) -> None:
        self.acked: list[str] = []
        self._writers = [asyncio.create_task(self._write(guest)) for guest in guests]

    async def _write(self, guest: Pass) -> None:
        async with guest.connect() as speaker:
            await speaker.hello(guest.served.desk.feed.head)
            while True:
                changes = notes(guest.author, ["x"] * 4, VILLAGE, SECOND)
                results = await speaker.push(changes)
                self.acked += [result["id"] for result in results if result["outcome"] != "id-reused"]

    async def end(self) -> None:
        """Stop; none of them may have failed."""
        for writer in self._writers:
            assert not writer.done()
            writer.cancel()
        await asyncio.gather(*self._writers, return_exceptions=True)


async def test_a_backup_under_load_holds_every_entry_acknowledged_before_it_began(
    served: Served, tmp_path: Path, clock: SetClock
) -> None:
    load = Load([await served.enrol() for _ in range(5)])
    for number in range(3):
        seen = len(load.acked)
        await until(lambda seen=seen: len(load.acked) > seen + 100)  # type: ignore[misc]
        before = set(load.acked)
        await asyncio.to_thread(make, served.desk.office.folder, tmp_path / f"b{number}", clock())
        assert len(load.acked) > len(before), "the server went on while it was backed up"
        await asyncio.to_thread(restore, tmp_path / f"b{number}", tmp_path / f"r{number}", clock)
        assert not before - set(await asyncio.to_thread(ids, tmp_path / f"r{number}"))
        report = await asyncio.to_thread(check, tmp_path / f"r{number}")
        assert (report.findings, report.board) == ((), report.head)
    await load.end()


async def test_a_folder_that_is_served_is_not_put_back(
    served: Served, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.restore.LOCK_SECONDS", 0.05)
    folder = served.desk.office.folder
    await asyncio.to_thread(make, folder, tmp_path / "saved", clock())
    guest = await served.enrol()
    with pytest.raises(InUse):
        await asyncio.to_thread(lambda: restore(tmp_path / "saved", folder, clock, force=True))
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        assert (await speaker.push([note(guest.author, "x")]))[0]["outcome"] == "applied"


# --- laptops that are ahead ---


@pytest.fixture
async def door(laptops: list[FieldLaptop]) -> AsyncIterator[Door]:
    """A door behind which offices come and go."""
    made = Door()
    yield made
    await made.shut()


class Story:
    """Two laptops whose office was backed up, went on, and is then put back; others write before they come again."""

    def __init__(self, door: Door, joins: Joins, office: Office, clock: SetClock) -> None:
        self.door, self.joins, self.office, self.clock = door, joins, office, clock
        self.lost: list[str] = []

    async def until_lost(self, put_back: Callable[[Path], Any]) -> Path:
        """Let it happen; the folder of the board that was put back by this is given, not yet served."""
        await self.door.open(self.office)
        self.ahead, self.silent = await self.joins(self.door.url), await self.joins(self.door.url)
        for laptop in (self.ahead, self.silent):
            await laptop.enter({"note": "备份前"}, "2.1", SECOND)
            await laptop.sync()
        assert self.door.desk is not None
        await self.door.desk.note_heard()
        folder = self.office.folder.with_name("again")
        await asyncio.to_thread(make, self.office.folder, folder.with_name("saved"), self.clock())
        self.clock.move(hours=1)
        for text in ("一", "二", "三"):
            self.lost.append((await self.ahead.enter({"note": text})).id)
        self.lost.append((await self.silent.enter({"note": "四"}, "1.2")).id)
        await self.silent.sync()
        await self.ahead.sync()
        await self.door.shut()
        self.clock.move(hours=1)
        await asyncio.to_thread(put_back, folder)
        self.clock.move(hours=1)
        return folder


@pytest.fixture
def story(door: Door, joins: Joins, office: Office, clock: SetClock) -> Story:
    return Story(door, joins, office, clock)


def enter_others(office: Office) -> None:
    """Numbers that laptops know are used again by somebody else."""
    office.enter([office.change(unit_address(SECOND), {"group": f"第{n}组"}) for n in range(5)])


async def test_a_laptop_that_is_ahead_of_a_restored_board_heals_it_also_when_numbers_were_used_again(
    story: Story, clock: SetClock
) -> None:
    folder = await story.until_lost(lambda folder: restore(folder.with_name("saved"), folder, clock))
    assert not (await asyncio.to_thread(check, folder)).findings
    assert not set(story.lost) & set(await asyncio.to_thread(ids, folder))
    with await asyncio.to_thread(lambda: Office(folder, clock, serving=True)) as office:
        await asyncio.to_thread(enter_others, office)
        await story.door.open(office)
        await story.ahead.sync()
        assert await story.ahead.do(lambda replica: replica.cursor()) == office.ledger.head
        assert story.door.desk is not None
        await story.door.desk.note_heard()
        await story.door.shut()
    found = await asyncio.to_thread(ids, folder)
    assert [found.count(each) for each in story.lost] == [1] * 4
    assert not (await asyncio.to_thread(check, folder)).findings
    report = await asyncio.to_thread(healing, folder)
    device = story.ahead.profile.identity().device
    ((returned),) = report.returned
    assert (returned.device, returned.member, returned.entries, returned.own) == (device, "成员0", 4, 3)
    assert (returned.authors, returned.held) == ({"成员0": 3, "成员1": 1}, 0)
    assert [each.device for each in report.silent] == [story.silent.profile.identity().device]
    assert [(each.device, each.ahead) for each in report.astray] == [(device, 0)]
    assert report.restore is not None
    assert report.restore.noticed_by is None
    assert len(report.earlier) == 0


async def test_a_board_that_was_put_back_by_hand_is_noticed_from_the_first_laptop_that_is_ahead(
    story: Story, clock: SetClock
) -> None:
    def by_hand(folder: Path) -> None:
        shutil.copytree(story.office.folder, folder, ignore=shutil.ignore_patterns("*.lock", "*.sqlite*", "*.json"))
        shutil.copytree(story.office.folder / "campaign", folder / "campaign", dirs_exist_ok=True)
        restore(folder.with_name("saved"), folder.with_name("taken"), clock)
        for name in (LOG, MEMBERS):
            shutil.copy(folder.with_name("taken") / name, folder / name)

    folder = await story.until_lost(by_hand)
    with await asyncio.to_thread(lambda: Office(folder, clock, serving=True)) as office:
        head = office.ledger.head.seq
        opened = clock().isoformat(timespec="seconds")
        desk = await story.door.open(office)
        await story.ahead.sync()
        await desk.note_heard()
        (noted,) = (await asyncio.to_thread(lineage.read, folder)).restores
        device = story.ahead.profile.identity().device
        assert (noted.at, noted.seq, noted.noticed_by, noted.backup) == (opened, head, device, None)
        clock.move(minutes=1)
        await story.ahead.sync()
        report = await asyncio.to_thread(healing, folder)
        assert report.restore == noted
        assert [(each.device, each.ahead) for each in report.astray] == [(device, 4)]
        assert [(each.device, each.entries) for each in report.returned] == [(device, 4)]
        assert [each.device for each in report.silent] == [story.silent.profile.identity().device]
        await story.door.shut()


async def test_a_second_time_by_hand_is_told_from_the_first(served: Served, clock: SetClock) -> None:
    guest, other = await served.enrol(), await served.enrol()
    clock.move(hours=1)
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head._replace(chain="11" * 16))
        await speaker.take("reset")
    folder = served.desk.office.folder
    (first,) = (await asyncio.to_thread(lineage.read, folder)).restores
    assert first.noticed_by == guest.author.device
    async with other.connect() as speaker:
        await speaker.hello(served.desk.feed.head._replace(chain="22" * 16))
        await speaker.take("reset")
    noted = await asyncio.to_thread(lineage.read, folder)
    assert noted.restores == (first,), "the same restore explains both"
    assert [each.device for each in noted.astray] == [guest.author.device, other.author.device]
    await served.desk.note_heard()
    clock.move(hours=1)
    again = await asyncio.to_thread(_reopened, served)
    async with serve(again) as second:
        async with Pass(second, guest.author, guest.token).connect() as speaker:
            await speaker.hello(second.desk.feed.head._replace(chain="11" * 16))
            await speaker.take("reset")
        assert await asyncio.to_thread(lineage.read, folder) == noted, "the same place tells nothing new"
        async with Pass(second, guest.author, guest.token).connect() as speaker:
            await speaker.hello(second.desk.feed.head._replace(chain="33" * 16))
            await speaker.take("reset")
        restores = (await asyncio.to_thread(lineage.read, folder)).restores
        assert [each.noticed_by for each in restores] == [guest.author.device] * 2
    await asyncio.to_thread(again.close)


def _reopened(served: Served) -> Office:
    """The same folder, as the next server opens it."""
    return Office(served.desk.office.folder, served.desk.office.clock)


async def test_a_laptop_whose_areas_changed_is_not_taken_for_one_that_is_ahead(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head, areas=["340111002"])
        await speaker.take("reset")
    assert not (served.desk.office.folder / lineage.FILE).exists()


async def test_a_disk_that_cannot_take_the_note_stops_no_laptop(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("server.lineage.write", full)
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head._replace(chain="11" * 16))
        await speaker.take("reset")
        assert (await speaker.push([note(guest.author, "x")]))[0]["outcome"] == "applied"
    assert any("not noted" in str(line.get("event")) for line in served.logged)


async def test_entries_handed_in_by_another_than_their_author_are_told_apart(story: Story, clock: SetClock) -> None:
    folder = await story.until_lost(lambda folder: restore(folder.with_name("saved"), folder, clock))
    device, who = story.ahead.profile.identity().device, story.silent.profile.identity()
    author = Author(who.device, who.member, Role.LEAD, ("340111",))
    await asyncio.to_thread(hand_in, folder, note(author, "别人的"), device)
    (returned,) = (await asyncio.to_thread(healing, folder)).returned
    assert (returned.device, returned.entries, returned.own, returned.authors) == (device, 1, 0, {"成员1": 1})


def hand_in(folder: Path, change: Change, device: str) -> None:
    """A log record of an entry that another device than its author's handed in."""
    body = encode(change)
    key, at = bytes.fromhex(change.id), "2026-04-10T08:00:00.000+00:00"
    log = SqliteLog(folder / LOG)
    log.append(log.head(), [Draft(key, content_hash(body), change.record, VILLAGE, "applied", device, at, body)])
    log.close()
