"""Who was heard of and when (promise 10), and how often somebody may try a door."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from server.ledger import Author
from server.pace import MAX_PEERS, Bucket, Tries
from server.presence import Presence
from shared.rights import Role
from tests.small import NOON, OTHER_TOWN, TOWN, VILLAGE, SetClock

TEAM = Author("d-team", "队", Role.LEAD, ("340111",))
NEAR = Author("d-near", "甲", Role.MEMBER, (TOWN, OTHER_TOWN))
SPARE = Author("d-spare", "甲", Role.MEMBER, (TOWN,))
WALL = Author("d-wall", "墙", Role.VIEWER, ("*",))


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def presence(clock: SetClock) -> Presence:
    return Presence(clock, quiet=60)


def test_an_area_was_heard_of_when_the_last_of_its_devices_was(presence: Presence, clock: SetClock) -> None:
    presence.note(NEAR)
    clock.move(hours=1)
    presence.note(SPARE)
    clock.move(hours=1)
    presence.note(WALL)
    told = presence.areas(("*",))
    assert told == {TOWN: "2026-04-10T05:00:00+00:00", OTHER_TOWN: "2026-04-10T04:00:00+00:00"}, "a wall enters nothing"
    assert presence.days() == {TOWN: date(2026, 4, 10), OTHER_TOWN: date(2026, 4, 10)}


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (("*",), {"340111", TOWN, OTHER_TOWN}),
        (("340111",), {"340111", TOWN, OTHER_TOWN}),
        ((TOWN,), {"340111", TOWN}),
        ((VILLAGE,), {"340111", TOWN}),
        (("3402",), set()),
    ],
)
def test_everybody_is_told_what_concerns_their_areas(
    presence: Presence, reader: tuple[str, ...], told: set[str]
) -> None:
    presence.note(TEAM)
    presence.note(NEAR)
    assert set(presence.areas(reader)) == told


def test_news_comes_with_a_new_device_and_otherwise_now_and_then(presence: Presence, clock: SetClock) -> None:
    presence.note(NEAR)
    first = presence.version
    for _ in range(59):
        clock.move(seconds=1)
        presence.note(NEAR)
    assert presence.version == first
    clock.move(seconds=1)
    presence.note(NEAR)
    assert presence.version == first + 1
    presence.note(TEAM)
    assert presence.version == first + 2


def test_what_was_known_before_the_start_is_remembered(presence: Presence) -> None:
    presence.recall(NEAR, (NOON - timedelta(days=3)).isoformat(), 17)
    presence.recall(TEAM, None, 0)
    assert presence.days() == {TOWN: date(2026, 4, 7), OTHER_TOWN: date(2026, 4, 7)}
    assert presence.read() == {NEAR.device: 17}
    presence.note(NEAR, 12)
    assert presence.lines() == {NEAR.device: ("2026-04-10T04:00:00+00:00", 17)}, "who reads does not unread"


def test_a_device_that_speaks_for_nobody_any_more_says_nothing_of_any_area(presence: Presence) -> None:
    presence.note(NEAR)
    presence.note(TEAM)
    presence.keep({NEAR.device: NEAR._replace(areas=(TOWN,))})
    assert set(presence.areas(("*",))) == {TOWN}
    assert set(presence.lines()) == {NEAR.device}


@pytest.mark.parametrize(
    ("theirs", "offset"),
    [
        ("2026-04-10T04:00:00+00:00", 0.0),
        ("2026-04-10T12:00:02.5+08:00", 2.5),
        ("2025-04-10T04:00:00Z", -31_536_000.0),
        ("2026-04-10T04:00:00", 0.0),
        ("yesterday", None),
        ("", None),
        ("9999-12-31T23:59:59-12:00", 251_625_988_799.0),
    ],
)
def test_a_wrong_clock_is_measured(presence: Presence, theirs: str, offset: float | None) -> None:
    found = presence.offset(theirs)
    if offset is not None and abs(offset) > 10**10:
        assert found is not None
        assert found > 10**10
    else:
        assert found == offset


class Seconds:
    """A clock in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_one_second_s_worth_and_fills_up_again() -> None:
    clock = Seconds()
    bucket = Bucket(10, clock)
    assert [bucket.take(6), bucket.take(6), bucket.take(4)] == [True, False, True]
    clock.now = 0.5
    assert [bucket.take(6), bucket.take(5)] == [False, True]
    clock.now = 100
    assert [bucket.take(11), bucket.take(10)] == [False, True]


def test_so_many_tries_and_then_a_wait_for_each_peer_by_itself() -> None:
    clock = Seconds()
    tries = Tries(3, 60, clock)
    assert [tries.wait("a") for _ in range(4)] == [0, 0, 0, 61]
    clock.now = 30
    assert (tries.wait("a"), tries.wait("b")) == (31, 0)
    clock.now = 61
    assert [tries.wait("a") for _ in range(4)] == [0, 0, 0, 61]


def test_tries_of_ever_so_many_peers_are_not_all_remembered() -> None:
    tries = Tries(3, 60, Seconds())
    for number in range(MAX_PEERS + 10):
        tries.wait(str(number))
    assert len(tries._tries) == MAX_PEERS
