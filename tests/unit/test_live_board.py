"""The board while it lives: news is taken at once, shown in bursts, and never lost on the way to the screen."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest

from shared.board.record import step_address, unit_address
from shared.board.unit import values_of
from shared.campaign.codec import dump
from tests import small
from tests.logbook import Logbook, change
from tests.small import SECOND, TOWN, VILLAGE, SetClock
from tui.acting import NotSaved
from tui.entry import Problem
from tui.keeper import Keeper
from tui.live_board import Delta, LiveBoard
from tui.messages import Arrived, CampaignChanged, HeardNews, LinkMoved, LinkState
from tui.profile import Identity, Profile
from tui.replica import Replica

LEAD = Identity("http://office:8080", "secret", "d1", "王组长", "lead", ("340111001",), "ab" * 16, "c" * 32)


@pytest.fixture
def office() -> Logbook:
    book = Logbook()
    for number, unit in enumerate(small.UNITS, 1000):
        book.store(change(number, values_of(unit), unit_address(unit.code), device="office"))
    return book


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    made = Profile(tmp_path / "guatu")
    made.keep(LEAD)
    return made


@pytest.fixture
async def board(profile: Profile, office: Logbook, clock: SetClock) -> AsyncIterator[LiveBoard]:
    """A board on the screen of the program that writes."""
    assert profile.take()
    profile.identity()
    replica = Replica(profile.replica_path)
    campaign = ("c" * 32, orjson.dumps(dump(small.campaign())))
    replica.install(office.cursor(), office.lines(), areas=("340111",), campaign=campaign)
    made = LiveBoard(profile, Keeper(replica), None, replica.labels(), clock, lambda: None)
    assert await made.absorb() == Delta(whole=True)
    yield made
    made.keeper.close()
    profile.release()


async def arrive(board: LiveBoard, office: Logbook, *units: str) -> None:
    """What the office wrote down since comes in, and is told as the link tells it."""

    def read_on(replica: Replica) -> frozenset[str]:
        cursor = replica.cursor()
        assert cursor is not None
        applied = replica.apply(office.batch(cursor))
        assert applied is not None
        return applied.owners

    owners = await board.keeper.run(read_on)
    assert owners == frozenset(units)
    board.tell(Arrived(owners))


async def test_a_burst_of_news_is_one_round_of_painting(board: LiveBoard, office: Logbook) -> None:
    for number, code in enumerate((VILLAGE, SECOND, VILLAGE), 1):
        office.store(change(number, {"state": "submitted"}, step_address(code, f"1.{1 + number % 2}"), device="d2"))
        await arrive(board, office, code)
    delta = await board.absorb()
    assert (set(delta.rows), set(delta.towns), delta.whole) == ({VILLAGE, SECOND}, {TOWN}, False)
    assert await board.absorb() == Delta()


async def test_what_is_entered_is_on_the_disk_and_then_on_the_screen(board: LiveBoard) -> None:
    assert board.view is not None
    unit = board.view.units[VILLAGE]
    shown = await board.records(unit)
    made = await board.enter(unit, "1.1", shown, {"state": "doing", "started_on": "2026-04-10"})
    assert not isinstance(made, Problem)
    assert [w.id for w in await board.keeper.run(lambda replica: replica.outbox.waiting())] == [made.id]
    delta = await board.absorb()
    assert delta.rows[VILLAGE].unsent == (0,)
    assert board.labels.saved == 1


async def test_an_entry_names_what_stood_there_when_the_editor_opened(board: LiveBoard, office: Logbook) -> None:
    assert board.view is not None
    unit = board.view.units[VILLAGE]
    shown = await board.records(unit)
    office.store(change(1, {"note": "别人"}, step_address(VILLAGE, "1.1"), device="d2"))
    await arrive(board, office, VILLAGE)
    await board.absorb()
    await board.enter(unit, "1.1", shown, {"note": "自己"})
    delta = await board.absorb()
    assert delta.rows[VILLAGE].marks == (0,), "what came meanwhile was not seen, and is not overwritten"


async def test_an_entry_that_cannot_be_taken_is_told_and_nothing_is_saved(board: LiveBoard) -> None:
    assert board.view is not None
    unit = board.view.units["340111002200"]
    assert await board.enter(unit, "1.1", {}, {"note": "甲"}) == Problem("no-right", "state")
    assert (await board.absorb(), board.labels.saved) == (Delta(), 0)


async def test_a_disk_that_refuses_is_told_and_nothing_is_shown(
    board: LiveBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    assert board.view is not None
    monkeypatch.setattr(Replica, "save", refuse)
    with pytest.raises(NotSaved, match="full"):
        await board.enter(board.view.units[VILLAGE], "1.1", {}, {"note": "甲"})
    assert await board.absorb() == Delta()


async def test_news_that_could_not_be_read_is_shown_when_it_can(
    board: LiveBoard, office: Logbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.store(change(1, {"state": "submitted"}, step_address(VILLAGE, "1.1"), device="d2"))
    await arrive(board, office, VILLAGE)

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(Replica, "shown", fail)
        with pytest.raises(sqlite3.OperationalError):
            await board.absorb()
    office.store(change(2, {"state": "submitted"}, step_address(SECOND, "1.2"), device="d2"))
    await arrive(board, office, SECOND)
    board.tell(Arrived(None))
    with monkeypatch.context() as broken:
        broken.setattr(Replica, "every", fail)
        with pytest.raises(sqlite3.OperationalError):
            await board.absorb()
    assert await board.absorb() == Delta(whole=True)
    assert board.view is not None
    assert (board.view.rows[VILLAGE].lights[0], board.view.rows[SECOND].lights[1]) == ("审", "审")


async def test_a_unit_that_closes_makes_the_board_anew(board: LiveBoard, office: Logbook) -> None:
    office.store(change(1, {"closed": True}, unit_address(SECOND), seen={"closed": [1002]}, device="office"))
    await arrive(board, office, SECOND)
    delta = await board.absorb()
    assert delta.whole
    assert board.view is not None
    assert SECOND not in board.view.rows


@pytest.mark.parametrize("news", [Arrived(None), CampaignChanged("d" * 32)])
async def test_a_new_beginning_makes_the_board_anew(board: LiveBoard, news: Arrived | CampaignChanged) -> None:
    before = board.view
    board.tell(news)
    assert await board.absorb() == Delta(whole=True)
    assert board.view is not before


async def test_who_was_heard_of_matters_when_it_changes_a_day(board: LiveBoard, clock: SetClock) -> None:
    def hear(**areas: datetime) -> HeardNews:
        return HeardNews({f"340111{area[1:]}": when.isoformat() for area, when in areas.items()})

    news = hear(_002=clock.now - timedelta(days=9))
    await board.keeper.run(lambda replica: replica.set_meta("heard", orjson.dumps(dict(news.areas)).decode()))
    board.tell(news)
    assert (await board.absorb()).whole
    board.tell(hear(_002=clock.now - timedelta(days=9, hours=1)))
    assert not (await board.absorb()).whole, "the same day"
    board.tell(hear(_002=clock.now))
    assert (await board.absorb()).whole
    board.tell(HeardNews({"340111002": "yesterday"}))
    await board.absorb()


async def test_midnight_makes_the_board_anew(board: LiveBoard, clock: SetClock) -> None:
    assert not await board.turn_day()
    clock.move(hours=23)
    assert await board.turn_day()
    assert (await board.absorb()).whole
    assert not await board.turn_day()
    assert board.view is not None
    assert board.view.day.today == clock.now.date()


async def test_beside_the_program_that_writes_the_board_keeps_up_with_it(
    board: LiveBoard, office: Logbook, clock: SetClock
) -> None:
    folder = board.profile.folder
    beside = Replica(board.profile.replica_path, reading=True)
    other = LiveBoard(Profile(folder), Keeper(beside), None, beside.labels(), clock, lambda: None)
    try:
        await other.absorb()
        assert await other.turn_day(), "what was written before it began to look"
        await other.absorb()
        assert not await other.turn_day()
        office.store(change(1, {"state": "submitted"}, step_address(VILLAGE, "1.1"), device="d2"))
        await arrive(board, office, VILLAGE)
        assert await other.turn_day()
        await other.absorb()
        assert other.view is not None
        assert other.view.rows[VILLAGE].lights[0] == "审"
        assert not await other.turn_day()
        with pytest.raises(NotSaved, match="readonly"):
            await other.enter(other.view.units[VILLAGE], "1.1", {}, {"note": "甲"})
    finally:
        other.keeper.close()


async def test_the_connection_is_shown_with_the_age_of_what_was_read(board: LiveBoard, clock: SetClock) -> None:
    assert (board.link.state, board.read_at, board.clock_offset) == (LinkState.OFFLINE, None, None)
    board.tell(LinkMoved(LinkState.LIVE, 7, 7, clock_offset=-3.0))
    read_at = clock.now
    clock.move(minutes=5)
    board.tell(LinkMoved(LinkState.OFFLINE, reason="cut", en="x.", zh="x。"))
    assert (board.link.reason, board.read_at, board.clock_offset) == ("cut", read_at, -3.0)
    board.tell(Arrived(frozenset()))
    assert board.read_at == clock.now


async def test_who_i_am_is_what_the_office_last_said(board: LiveBoard) -> None:
    assert board.identity == LEAD
    await board.keeper.run(lambda _: board.profile.update(role="member"))
    assert board.identity == replace(LEAD, role="member")


async def test_without_a_board_nothing_can_be_entered(profile: Profile, clock: SetClock) -> None:
    empty = Replica(profile.replica_path)
    board = LiveBoard(profile, Keeper(empty), None, empty.labels(), clock, lambda: None)
    assert await board.absorb() == Delta(whole=True)
    assert board.view is None
    unit = small.UNITS[1]
    assert await board.enter(unit, "1.1", {}, {"note": "甲"}) == Problem("nothing-entered", "")
    board.keeper.close()
