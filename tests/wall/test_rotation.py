"""Whose turn it is: every page long enough to be read, something red once, and people before the wall first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tui.wall.rotation import A_ROW, INTERRUPTION, Dwell, Rotation
from tui.wall.schedule import Slot

START = datetime(2026, 11, 23, 15, tzinfo=UTC)
SLOTS = (Slot("towns"), Slot("towns", 1), Slot("phases"), Slot("town:340111001"))


def rows(slot: Slot) -> int:
    return {"towns": 40, "phases": 5}.get(slot.page, 20)


def stands(slot: Slot) -> float:
    return Dwell(usual=10).of(slot, rows(slot))


@given(st.lists(st.floats(0.1, 3), min_size=200, max_size=200))
def test_no_page_goes_before_its_rows_are_read_and_all_take_turns(steps: list[float]) -> None:
    now, rotation, since, seen = START, Rotation(SLOTS[0], START), START, {SLOTS[0]}
    for step in steps:
        now += timedelta(seconds=step)
        after = rotation.tick(now, SLOTS, stands)
        if after.shown != rotation.shown:
            assert (now - since).total_seconds() >= max(10, rows(rotation.shown) * A_ROW)
            assert SLOTS.index(after.slot) == (SLOTS.index(rotation.slot) + 1) % len(SLOTS)
            since = now
        rotation = after
        seen.add(rotation.shown)
    assert (now - START).total_seconds() < 70 or seen == set(SLOTS)


def test_something_red_is_shown_once_and_the_turn_goes_on_where_it_was() -> None:
    rotation = Rotation(SLOTS[1], START).jump(SLOTS[3], START)
    almost = rotation.tick(START + timedelta(seconds=INTERRUPTION - 1), SLOTS, stands)
    assert almost.shown == SLOTS[3]
    after = almost.tick(START + timedelta(seconds=INTERRUPTION), SLOTS, stands)
    assert after.shown == SLOTS[1]
    assert after.tick(START + timedelta(seconds=INTERRUPTION + 10), SLOTS, stands).shown == SLOTS[1]


def test_a_wall_that_is_paused_stays_however_long() -> None:
    rotation = Rotation(SLOTS[2], START).hold(held=True, now=START)
    assert rotation.tick(START + timedelta(days=1), SLOTS, stands).shown == SLOTS[2]
    free = rotation.hold(held=False, now=START + timedelta(days=1))
    assert free.tick(START + timedelta(days=1, seconds=5), SLOTS, stands).shown == SLOTS[2]
    assert free.tick(START + timedelta(days=1, seconds=10), SLOTS, stands).shown == SLOTS[3]


def test_a_page_that_is_gone_gives_way_to_what_is_left_of_it_or_to_the_first() -> None:
    assert Rotation(SLOTS[1], START).tick(START, SLOTS[:1], stands).shown == SLOTS[0]
    assert Rotation(Slot("surveys"), START).tick(START, SLOTS, stands).shown == SLOTS[0]


def test_pages_are_turned_by_hand_in_a_ring() -> None:
    rotation = Rotation(SLOTS[0], START)
    assert rotation.turn(-1, START, SLOTS).shown == SLOTS[-1]
    assert rotation.turn(1, START, SLOTS).shown == SLOTS[1]
    assert rotation.jump(SLOTS[3], START).turn(1, START, SLOTS).shown == SLOTS[1]
    assert Rotation(Slot("surveys"), START).turn(1, START, SLOTS).shown == SLOTS[0]


def test_a_clock_that_is_put_back_holds_no_page_for_hours() -> None:
    rotation = Rotation(SLOTS[0], START + timedelta(hours=8)).tick(START, SLOTS, stands)
    assert rotation.tick(START + timedelta(seconds=30), SLOTS, stands).shown == SLOTS[1]


def test_a_page_may_stand_longer_by_its_name_but_never_shorter_than_its_rows() -> None:
    dwell = Dwell(usual=10, named={"town": 60, "phases": 1})
    assert dwell.of(Slot("town:340111001"), 5) == 60
    assert dwell.of(Slot("phases"), 5) == 5 * A_ROW
    assert dwell.of(Slot("towns"), 5) == 10
