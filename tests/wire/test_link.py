"""The link against a real office: it joins, reads, sends, comes back by itself, and loses nothing on the way."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from server.bounds import Bounds
from server.ledger import Author
from server.members import Members
from server.office import Office
from shared.board.record import step_address, unit_address
from shared.campaign.model import Campaign
from shared.errors import FAULTS, Refused
from shared.rights import Role
from tests import small
from tests.conftest import SOON, Served
from tests.laptops import QUICK, Door, FieldLaptop, Wire, now, spoil
from tests.small import FAR_VILLAGE, SECOND, TOWN, VILLAGE, SetClock, note
from tests.waiting import until
from tests.wire.offices import Joins, back_up, stored
from tui.doors import enrol
from tui.faults import Fault, Refusal
from tui.link import Link, Pace
from tui.messages import Arrived, CampaignChanged, HeardNews, LinkState

NEVER = Pace(first=1000.0, slowest=1000.0, stall=10.0)


# --- joining and reading ---


async def test_a_code_is_spent_for_a_token_once(served: Served) -> None:
    code = await asyncio.to_thread(served.desk.office.members.add, "新人", Role.MEMBER, ("340111001",))
    answer = await enrol(served.url, code, "笔记本", now)
    assert (answer["member"], answer["role"], answer["areas"]) == ("新人", "member", ["340111001"])
    assert answer["board"] == served.desk.feed.head.board
    with pytest.raises(Refusal) as again:
        await enrol(served.url, code, "笔记本", now)
    assert again.value.code == "bad-code"


async def test_a_first_sync_brings_the_whole_board_and_a_second_nothing(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    tally = await laptop.sync()
    assert (tally.pushed, tally.pulled) == (0, served.head)
    assert await laptop.do(lambda replica: replica.cursor()) == served.desk.feed.head
    store = served.desk.office.store
    for code in store.owners():
        assert await laptop.records(code) == {address: store.get(address) for address in store.addresses(code)}
    assert await laptop.do(lambda replica: replica.areas()) == ("340111",)
    assert await laptop.do(lambda replica: replica.meta("campaign-digest")) == served.desk.office.campaigns.digest()
    again = await laptop.sync()
    assert (again.pushed, again.pulled) == (0, 0)


async def test_a_laptop_reads_its_own_areas_alone(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url, Role.MEMBER, (TOWN,))
    await laptop.sync()
    assert await laptop.records(VILLAGE)
    assert await laptop.records(FAR_VILLAGE) == {}


async def test_sync_takes_what_waits_with_it(served: Served, joins: Joins) -> None:
    laptop, other = await joins(served.url), await joins(served.url)
    await other.sync()
    mine = await laptop.enter({"note": "离线"})
    tally = await laptop.sync()
    assert tally.pushed == 1
    assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 1, 0)
    assert stored(served.desk.office, mine.id) == 1
    assert (await other.sync()).pulled == 1
    await other.sees("note", "离线")


async def test_what_the_office_says_of_this_device_is_remembered(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url, Role.MEMBER, (TOWN,))
    await asyncio.to_thread(lambda: laptop.profile.update(role="viewer", areas=("1",), member="?"))
    await laptop.sync()
    identity = laptop.profile.identity()
    assert (identity.role, identity.areas, identity.campaign) == (
        "member", (TOWN,), served.desk.office.campaigns.digest(),
    )  # fmt: skip


async def test_how_far_the_clock_is_off_is_told_and_nothing_is_refused_for_it(
    served: Served, joins: Joins, clock: SetClock
) -> None:
    clock.move(days=400)
    laptop = await joins(served.url)
    laptop.connect()
    await laptop.is_live()
    offsets = [moved.clock_offset for moved in laptop.moves if moved.clock_offset is not None]
    assert offsets == [-400 * 86400.0]


# --- live ---


async def test_a_change_on_one_laptop_is_on_the_other_without_being_asked_for(served: Served, joins: Joins) -> None:
    left, right = await joins(served.url), await joins(served.url)
    for laptop in (left, right):
        laptop.connect()
        await laptop.is_live()
    connections = set(served.desk.sessions)
    await left.enter({"state": "doing", "started_on": "2026-04-10"})
    await right.sees("state", "doing")
    await right.enter({"state": "done", "done_on": "2026-04-10"})
    await left.sees("state", "done")
    await left.landed()
    assert (await left.records()) == (await right.records())
    assert set(served.desk.sessions) == connections, "all over the connection that was there"
    assert any(isinstance(news, Arrived) and VILLAGE in (news.owners or ()) for news in right.news)


async def test_what_lands_is_told_with_its_status_once_it_is_on_the_disk(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    laptop.connect()
    await laptop.is_live()
    mine = await laptop.enter({"note": "甲"})
    await until(lambda: any(isinstance(n, Arrived) and mine.id in n.landed for n in laptop.news))
    told = next(n for n in laptop.news if isinstance(n, Arrived) and mine.id in n.landed)
    assert dict(told.landed) == {mine.id: "applied"}
    assert told.owners == frozenset({VILLAGE})
    assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 1, 0)


async def test_entries_arrive_in_the_order_in_which_they_were_made(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    made = [(await laptop.enter({"note": str(number)})).id for number in range(300)]
    laptop.connect()
    await laptop.landed()
    log = [orjson.loads(record.body)["id"] for record in served.desk.office.log.read(0, 10_000)]
    assert [change_id for change_id in log if change_id in set(made)] == made


async def test_who_was_heard_of_is_kept_and_told(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url, areas=("340111001",))
    laptop.connect()
    await until(lambda: any(isinstance(news, HeardNews) for news in laptop.news))
    said = await laptop.do(lambda replica: replica.meta("heard"))
    assert said is not None
    assert set(orjson.loads(said)) == {"340111001"}


async def test_another_revision_of_the_campaign_is_fetched_and_told(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    await laptop.sync()
    newer: Campaign = replace(small.campaign(), revision=2, title="新版")
    await asyncio.to_thread(served.desk.office.campaigns.add, newer)
    laptop.connect()
    await until(lambda: any(isinstance(news, CampaignChanged) for news in laptop.news))
    body = await laptop.do(lambda replica: replica.meta("campaign"))
    assert body is not None
    assert orjson.loads(body)["title"] == "新版"


# --- entries that the office does not just take ---


async def test_a_held_entry_is_kept_and_needs_a_look_and_the_next_one_passes(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url, Role.MEMBER, (TOWN,))
    await laptop.sync()
    author = laptop.profile.identity()
    bad = note(Author(author.device, author.member, Role.MEMBER, (TOWN,)), "越权", FAR_VILLAGE)
    await laptop.save(bad)
    good = await laptop.enter({"note": "正常"})
    tally = await laptop.sync()
    assert tally.pushed == 2
    assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 1, 1)
    held = await laptop.do(lambda replica: list(replica.looks.every()))
    assert [(look.status, look.change) for look in held] == [("held:no-right", bad)]
    assert stored(served.desk.office, good.id) == stored(served.desk.office, bad.id) == 1


async def test_an_entry_that_no_office_can_keep_holds_up_nobody(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    bad = await laptop.enter({"note": "坏"}, "1.1")
    await laptop.do(lambda replica: spoil(replica.outbox, bad.id))
    good = await laptop.enter({"note": "好"}, "1.2")
    tally = await laptop.sync()
    assert tally.pushed == 1
    assert stored(served.desk.office, good.id) == 1
    assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 1, 1)


async def test_an_entry_whose_id_was_taken_survives_beside_the_other(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    await laptop.sync()
    mine = await laptop.enter({"note": "自己"})
    theirs = small.entry(small.ADMIN, step_address(VILLAGE, "1.1"), {"note": "别人"}, change_id=mine.id)
    await asyncio.to_thread(served.desk.office.enter, [theirs], small.ADMIN)
    await laptop.sync()
    heads = (await laptop.records())[step_address(VILLAGE, "1.1")].heads("note")
    assert sorted(head.value for head in heads) == ["别人", "自己"]
    assert await laptop.do(lambda replica: replica.outbox.size()) == 0


class TestSlowOffice:
    """An office that takes few entries a second."""

    @pytest.fixture
    def bounds(self) -> Bounds:
        return replace(SOON, changes_per_second=40)

    async def test_a_push_that_was_too_fast_goes_again_until_all_is_there(self, served: Served, joins: Joins) -> None:
        laptop = await joins(served.url)
        made = [(await laptop.enter({"note": str(number)})).id for number in range(70)]
        tally = await laptop.sync()
        assert tally.pushed == len(made)
        assert {stored(served.desk.office, change_id) for change_id in made} == {1}


# --- a connection that breaks ---


async def test_a_laptop_comes_back_by_itself_after_the_server_was_restarted(
    door: Door, office: Office, joins: Joins
) -> None:
    await door.open(office)
    laptop, other = await joins(door.url), await joins(door.url)
    for each in (laptop, other):
        each.connect()
        await each.is_live()
    await door.shut()
    for each in (laptop, other):
        await each.goes_offline()
    await door.open(office)
    await laptop.is_live()
    await laptop.enter({"note": "回来"})
    await other.sees("note", "回来")


async def test_entries_wait_while_the_office_is_gone_and_arrive_once(door: Door, office: Office, joins: Joins) -> None:
    await door.open(office)
    laptop = await joins(door.url)
    laptop.connect()
    await laptop.is_live()
    await door.shut()
    await laptop.goes_offline()
    made = [(await laptop.enter({"note": str(number)})).id for number in range(3)]
    await laptop.goes_offline("refused")
    assert await laptop.do(lambda replica: replica.labels()) == (3, 0, 0, 0)
    await door.open(office)
    await laptop.landed()
    assert [stored(office, change_id) for change_id in made] == [1, 1, 1]
    assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 3, 0)


async def test_an_answer_that_was_lost_makes_no_second_entry(served: Served, joins: Joins) -> None:
    async with Wire(served.url) as wire:
        laptop = await joins(served.url, via=wire.url)
        laptop.connect()
        await laptop.is_live()
        wire.deaf = True
        before = served.head
        mine = await laptop.enter({"note": "甲"})
        await until(lambda: served.head > before)
        assert await laptop.do(lambda replica: replica.outbox.size()) == 1
        wire.mend()
        await laptop.landed()
        assert stored(served.desk.office, mine.id) == 1


async def test_a_half_open_connection_is_given_up_when_an_answer_stays_out(served: Served, joins: Joins) -> None:
    async with Wire(served.url) as wire:
        laptop = await joins(served.url, via=wire.url, pace=replace(QUICK, stall=0.3))
        laptop.connect()
        await laptop.is_live()
        wire.stick()
        mine = await laptop.enter({"note": "甲"})
        await laptop.goes_offline("timeout")
        wire.mend()
        await laptop.landed()
        assert stored(served.desk.office, mine.id) == 1


async def test_a_quiet_connection_is_left_alone(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    laptop.connect()
    await laptop.is_live()
    talk = laptop.link._talk
    assert talk is not None
    await until(lambda: talk._deadline.when() is None)
    await laptop.enter({"note": "甲"})
    await laptop.landed()
    await until(lambda: talk._deadline.when() is None)
    assert laptop.link._talk is talk


async def test_a_sync_that_is_cut_says_so_and_keeps_everything(served: Served, joins: Joins) -> None:
    async with Wire(served.url) as wire:
        laptop = await joins(served.url, via=wire.url, pace=replace(QUICK, stall=0.3))
        await laptop.sync()
        mine = await laptop.enter({"note": "甲"})
        wire.deaf = True
        with pytest.raises(Fault) as cut:
            await laptop.sync()
        assert cut.value.code == "timeout"
        wire.mend()
        await laptop.sync()
    assert stored(served.desk.office, mine.id) == 1


# --- an office that has changed ---


async def test_a_restored_office_gets_back_what_it_lost(
    door: Door, office: Office, joins: Joins, tmp_path: Path, clock: SetClock
) -> None:
    await door.open(office)
    laptop = await joins(door.url)
    laptop.connect()
    first = await laptop.enter({"note": "备份前"})
    await laptop.landed()
    await door.shut()
    backup = tmp_path / "backup"
    await asyncio.to_thread(back_up, office, backup)
    await door.open(office)
    second = await laptop.enter({"state": "doing"}, "1.2")
    await laptop.landed()
    await door.shut()
    with await asyncio.to_thread(Office, backup, clock, serving=True) as older:
        older.enter([older.change(unit_address(SECOND), {"group": "一组"})])
        await door.open(older)
        await laptop.comes(lambda replica: replica.records(SECOND)[unit_address(SECOND)].value("group") == "一组")
        await laptop.landed()
        assert [stored(older, change.id) for change in (first, second)] == [1, 1]
        assert await laptop.do(lambda replica: replica.labels()) == (0, 0, 2, 0)
        await door.shut()


async def test_a_sync_with_a_restored_office_does_it_all_at_once(
    door: Door, office: Office, joins: Joins, tmp_path: Path, clock: SetClock
) -> None:
    await door.open(office)
    laptop = await joins(door.url)
    await door.shut()
    backup = tmp_path / "backup"
    await asyncio.to_thread(back_up, office, backup)
    await door.open(office)
    mine = await laptop.enter({"note": "甲"})
    await laptop.sync()
    await door.shut()
    with await asyncio.to_thread(Office, backup, clock, serving=True) as older:
        await door.open(older)
        await laptop.sync()
        assert stored(older, mine.id) == 1
        assert await laptop.do(lambda replica: replica.cursor()) == older.ledger.head
        await door.shut()


async def test_narrowed_rights_take_the_rest_of_the_board_away_and_nothing_of_ones_own(
    served: Served, joins: Joins, elsewhere: Members
) -> None:
    laptop = await joins(served.url, Role.MEMBER, ("340111",))
    laptop.connect()
    mine = await laptop.enter({"note": "自己"}, code=FAR_VILLAGE)
    await laptop.landed()
    await asyncio.to_thread(elsewhere._db.execute, "UPDATE member SET areas = ?", (TOWN,))
    await laptop.comes(lambda replica: replica.areas() == (TOWN,))
    await laptop.landed()
    assert unit_address(FAR_VILLAGE) not in await laptop.records(FAR_VILLAGE)
    assert await laptop.records(VILLAGE)
    history = await laptop.do(lambda replica: replica.history(FAR_VILLAGE))
    assert [record.change() for record, _ in history] == [mine]
    assert stored(served.desk.office, mine.id) == 1


async def test_a_laptop_of_another_board_is_told_so(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url)
    await laptop.sync()
    await laptop.do(lambda replica: replica.set_meta("cursor", orjson.dumps(["0" * 32, 3, "1" * 32]).decode()))
    with pytest.raises(Refusal) as refused:
        await laptop.sync()
    assert _said(refused.value) == _sentences("other-board")


# --- rights ---


async def test_a_wrong_token_is_told_in_both_languages_and_entries_stay(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url, token="wrong")
    await laptop.enter({"note": "甲"})
    laptop.connect()
    moved = await laptop.goes_offline("bad-token")
    assert (moved.en, moved.zh) == _sentences("bad-token")
    with pytest.raises(Refusal):
        await Link(laptop.profile, laptop.keeper, lambda _: None, now).sync()
    assert await laptop.do(lambda replica: replica.labels()) == (1, 0, 0, 0)


async def test_a_revoked_laptop_is_told_at_once_and_keeps_what_it_has(
    served: Served, joins: Joins, elsewhere: Members
) -> None:
    laptop = await joins(served.url)
    laptop.connect()
    await laptop.is_live()
    await asyncio.to_thread(elsewhere.revoke, laptop.profile.identity().member, "纪检办")
    moved = await laptop.goes_offline("revoked")
    for said in (moved.en, moved.zh):
        assert "2026" in said
        assert "纪检办" in said
    mine = await laptop.enter({"note": "还在"})
    with pytest.raises(Refusal) as refused:
        await Link(laptop.profile, laptop.keeper, lambda _: None, now).sync()
    assert refused.value.code == "revoked"
    assert (await laptop.records())[step_address(VILLAGE, "1.1")].value("note") == "还在"
    assert [w.id for w in await laptop.do(lambda replica: replica.outbox.waiting())] == [mine.id]


# --- trying again ---


class Unhurried(Link):
    """A link that notes how long it would rest, and stops after so many rests."""

    rests: list[float]
    enough = 6

    async def _rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        if len(self.rests) >= self.enough:
            raise asyncio.CancelledError


class Middle(Random):
    """Chance that always falls in the middle."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


async def test_pauses_grow_to_a_bound_and_are_spread_by_chance(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url, via="http://127.0.0.1:9")
    link = Unhurried(laptop.profile, laptop.keeper, laptop.news.append, now, Middle(), Pace(1.0, 10.0, 5.0))
    link.rests = []
    with pytest.raises(asyncio.CancelledError):
        await link.run()
    assert link.rests == [0.75, 1.5, 3.0, 6.0, 7.5, 7.5]
    link = Unhurried(laptop.profile, laptop.keeper, laptop.news.append, now, Random(7), Pace(1.0, 1.0, 5.0))
    link.rests = []
    with pytest.raises(asyncio.CancelledError):
        await link.run()
    assert len(set(link.rests)) == 6
    assert all(0.5 <= rest <= 1.0 for rest in link.rests)


async def test_somebody_in_a_hurry_ends_a_pause_and_echoes_do_not(served: Served, joins: Joins) -> None:
    laptop = await joins(served.url, via="http://127.0.0.1:9", pace=NEVER)
    await laptop.enter({"note": "甲"})
    laptop.connect()
    await laptop.goes_offline("refused")
    for _ in range(50):
        laptop.link.nudge()
        await laptop.do(lambda replica: replica.labels())
    assert _tries(laptop) == 1, "what waited before the last try is no reason for another"
    laptop.link.hurry()
    await until(lambda: _tries(laptop) == 2)
    await laptop.enter({"note": "乙"})
    await until(lambda: _tries(laptop) == 3)


async def test_a_fault_of_this_laptop_does_not_end_the_link(
    served: Served, joins: Joins, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = await joins(served.url)
    faults: list[Exception] = [
        sqlite3.OperationalError("database or disk is full"),
        RuntimeError("secret"),
        KeyError("x"),
    ]
    whole = laptop.replica.cursor

    def cursor() -> Any:
        if faults:
            raise faults.pop(0)
        return whole()

    monkeypatch.setattr(laptop.replica, "cursor", cursor)
    laptop.connect()
    await laptop.is_live()
    reasons = [(moved.reason, moved.en) for moved in laptop.moves if moved.reason]
    assert [reason for reason, _ in reasons] == ["disk", "internal", "internal"]
    assert "disk is full" in reasons[0][1]
    assert not any("secret" in said for _, said in reasons)


async def test_a_closing_app_ends_the_link_at_once_even_on_a_stuck_wire(served: Served, joins: Joins) -> None:
    async with Wire(served.url) as wire:
        laptop = await joins(served.url, via=wire.url)
        laptop.connect()
        await laptop.is_live()
        wire.stick()
        started = asyncio.get_running_loop().time()
        assert laptop._task is not None
        laptop._task.cancel()
        await asyncio.wait([laptop._task])
        assert asyncio.get_running_loop().time() - started < 3


def _tries(laptop: FieldLaptop) -> int:
    return sum(moved.state is LinkState.CONNECTING for moved in laptop.moves)


def _said(fault: Fault) -> tuple[str, str]:
    return fault.en, fault.zh


def _sentences(code: str) -> tuple[str, str]:
    assert code in FAULTS
    said = Refused(code).sentences()
    return said["en"], said["zh"]
