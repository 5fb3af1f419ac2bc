"""The rows of a board and its towns, brought up to date piece by piece, and the units that a person means."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest

from shared.board.change import Change
from shared.board.chart import Chart
from shared.board.record import step_address, unit_address
from shared.board.unit import values_of
from shared.campaign.codec import dump
from tests import small
from tests.logbook import Logbook, change, number_id
from tests.small import COMMUNITY, FAR_VILLAGE, OTHER_TOWN, SECOND, TOWN, VILLAGE
from tui.profile import Identity
from tui.replica import Replica
from tui.view import BoardView, Day, Taken, day_of, open_view

NOW = datetime(2026, 4, 10, 4, tzinfo=UTC)
LEAD = Identity("http://office:8080", "secret", "d1", "王组长", "lead", ("340111",), "ab" * 16, "c" * 32)


@pytest.fixture
def office() -> Logbook:
    """The small board's roster, as the office entered it."""
    book = Logbook()
    for number, unit in enumerate(small.UNITS, 1000):
        book.store(change(number, values_of(unit), unit_address(unit.code), device="office"))
    return book


@pytest.fixture
def replica(tmp_path: Path, office: Logbook) -> Iterator[Replica]:
    opened = Replica(tmp_path / "replica.sqlite")
    campaign = orjson.dumps(dump(small.campaign()))
    opened.install(office.cursor(), office.lines(), areas=("340111",), campaign=("c" * 32, campaign))
    yield opened
    opened.close()


@pytest.fixture
def view(replica: Replica) -> BoardView:
    made = open_view(replica, LEAD, lambda: NOW)
    assert made is not None
    return made


class Hand:
    """Someone at this laptop: what they enter is taken into the view at once."""

    def __init__(self, replica: Replica, view: BoardView) -> None:
        self.replica, self.view, self.number = replica, view, 0

    def enter(self, address: str, *owners: str, **values: object) -> Taken:
        self.number += 1
        owner = address.split("/")[1]
        seen = self.replica.records(owner)
        shown = seen[address].seen(*values) if address in seen else {}
        self.replica.save([Change(number_id(self.number), address, values, shown, "王组长", "d1", NOW.isoformat())])
        return self.view.take({code: self.replica.shown(code) for code in owners or (owner,)})


@pytest.fixture
def hand(replica: Replica, view: BoardView) -> Hand:
    return Hand(replica, view)


def anew(replica: Replica) -> BoardView:
    """The same board made from nothing."""
    made = open_view(replica, LEAD, lambda: NOW)
    assert made is not None
    return made


def same(one: BoardView, two: BoardView) -> bool:
    """Whether two boards show the same in the same order."""
    parts = ("units", "rows", "towns")
    ordered = all(list(getattr(one, part)) == list(getattr(two, part)) for part in parts[1:])
    return ordered and all(getattr(one, part) == getattr(two, part) for part in parts)


# --- all of it ---


def test_open_units_are_shown_in_the_order_of_their_codes_under_their_towns(view: BoardView) -> None:
    assert list(view.rows) == [TOWN, COMMUNITY, VILLAGE, SECOND, OTHER_TOWN, FAR_VILLAGE]
    assert set(view.units) == set(view.rows)
    assert [(town.code, town.name, town.units) for town in view.towns.values()] == [
        (TOWN, "东镇", 4), (OTHER_TOWN, "西镇", 2),
    ]  # fmt: skip


def test_a_town_whose_organ_is_not_on_the_board_goes_by_its_code(replica: Replica, hand: Hand) -> None:
    taken = hand.enter(unit_address(TOWN), closed=True)
    assert taken.reshaped
    assert hand.view.towns[TOWN].name == TOWN


def test_there_is_no_board_before_the_first_sync(tmp_path: Path) -> None:
    empty = Replica(tmp_path / "empty.sqlite")
    assert open_view(empty, LEAD, lambda: NOW) is None
    empty.keep_campaign("c" * 32, orjson.dumps(dump(small.campaign())))
    assert open_view(empty, LEAD, lambda: NOW) is None, "a campaign alone is no board"
    empty.close()


def test_a_board_of_one_unit_shows_it_as_the_whole_one_does(replica: Replica, view: BoardView) -> None:
    one = open_view(replica, LEAD, lambda: NOW, only=VILLAGE)
    assert one is not None
    assert one.rows == {VILLAGE: view.rows[VILLAGE]}
    none = open_view(replica, LEAD, lambda: NOW, only="340111009999")
    assert none is not None
    assert none.rows == {}


def test_garbage_is_collected_again_once_a_board_is_made(replica: Replica) -> None:
    assert gc.isenabled()
    open_view(replica, LEAD, lambda: NOW)
    assert gc.isenabled()
    gc.disable()
    try:
        open_view(replica, LEAD, lambda: NOW)
        assert not gc.isenabled()
    finally:
        gc.enable()


# --- piece by piece ---


def test_one_entry_changes_one_row_and_its_town_alone(replica: Replica, hand: Hand) -> None:
    taken = hand.enter(step_address(VILLAGE, "1.1"), state="done", done_on="2026-04-10")
    assert (set(taken.rows), set(taken.towns), taken.reshaped) == ({VILLAGE}, {TOWN}, False)
    assert (taken.rows[VILLAGE].lights[0], taken.rows[VILLAGE].unsent) == ("毕", (0,))
    assert taken.towns[TOWN].done == 1
    assert same(hand.view, anew(replica))


def test_what_looks_the_same_is_not_told(replica: Replica, hand: Hand, view: BoardView) -> None:
    assert view.take({code: replica.shown(code) for code in view.rows}) == Taken({}, {})
    hand.enter(step_address(VILLAGE, "1.1"), note="甲")
    assert hand.enter(step_address(VILLAGE, "1.1"), note="乙") == Taken({}, {})


def test_an_entry_that_lands_is_marked_as_unsent_no_more(replica: Replica, office: Logbook, hand: Hand) -> None:
    address = step_address(VILLAGE, "1.1")
    hand.enter(address, note="甲")
    waiting = replica.outbox.waiting()[0].change()
    assert waiting is not None
    start = office.cursor()
    office.store(waiting)
    applied = replica.apply(office.batch(start))
    assert applied is not None
    taken = hand.view.take({code: replica.shown(code) for code in applied.owners})
    assert taken.rows[VILLAGE].unsent == ()


def test_a_unit_that_closes_or_comes_reshapes_the_board(replica: Replica, hand: Hand) -> None:
    gone = hand.enter(unit_address(SECOND), closed=True)
    assert (gone.reshaped, gone.rows, gone.towns[TOWN].units) == (True, {}, 3)
    assert SECOND not in hand.view.units
    assert same(hand.view, anew(replica))
    back = hand.enter(unit_address(SECOND), closed=False)
    assert (back.reshaped, set(back.rows), back.towns[TOWN].units) == (True, {SECOND}, 4)
    assert same(hand.view, anew(replica))


def test_a_town_comes_and_goes_with_its_units(replica: Replica, hand: Hand) -> None:
    hand.enter(unit_address(FAR_VILLAGE), closed=True)
    hand.enter(unit_address(OTHER_TOWN), closed=True)
    assert list(hand.view.towns) == [TOWN]
    hand.enter(unit_address(FAR_VILLAGE), closed=False)
    assert list(hand.view.towns) == [TOWN, OTHER_TOWN]
    assert same(hand.view, anew(replica))


def test_a_town_takes_the_new_name_of_its_organ(replica: Replica, hand: Hand) -> None:
    taken = hand.enter(unit_address(TOWN), short="新东镇")
    assert taken.towns[TOWN].name == "新东镇"
    assert same(hand.view, anew(replica))


def test_owners_that_are_no_units_have_no_row(replica: Replica, hand: Hand) -> None:
    assert hand.enter("campaign/small", title="改名") == Taken({}, {})
    assert same(hand.view, anew(replica))


def test_collisions_are_counted_by_field(replica: Replica, hand: Hand) -> None:
    address = step_address(VILLAGE, "1.1")
    replica.save(
        [
            change(n, {"state": state, "note": note}, address)
            for n, state, note in ((5, "doing", "甲"), (6, "done", "乙"))
        ]
    )
    taken = hand.view.take({VILLAGE: replica.shown(VILLAGE)})
    assert taken.rows[VILLAGE].marks == (0,)
    assert hand.view.collisions == replica.collisions() == anew(replica).collisions == 2
    hand.enter(address, state="done", note="甲", done_on="2026-04-10")
    assert hand.view.collisions == 0


# --- whom a person means ---


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (VILLAGE, [VILLAGE]),
        ("３４０１１１００１２００", [VILLAGE]),
        ("340111001000", [TOWN]),
        ("甲村", [VILLAGE]),
        ("村", [VILLAGE, SECOND, FAR_VILLAGE]),
        ("社区", [COMMUNITY]),
        ("镇", [TOWN, OTHER_TOWN]),
        ("戊村", []),
        ("", []),
        ("340111", []),
    ],
)
def test_a_unit_is_meant_by_code_by_name_or_by_a_part_of_it(view: BoardView, wanted: str, codes: list[str]) -> None:
    assert sorted(unit.code for unit in view.find(wanted)) == sorted(codes)


def test_a_whole_name_goes_before_a_part_of_a_longer_one(replica: Replica, hand: Hand) -> None:
    hand.enter(unit_address(SECOND), name="大甲村", short="大甲村")
    assert [unit.code for unit in hand.view.find("甲村")] == [VILLAGE]
    hand.enter(unit_address(FAR_VILLAGE), name="甲村", short="甲村")
    assert [unit.code for unit in hand.view.find("甲村")] == [VILLAGE, FAR_VILLAGE]


# --- the day, and who was heard of ---


def test_a_day_is_the_laptops_own_and_the_longest_area_decides(replica: Replica) -> None:
    replica.set_meta("heard", '{"340111001":"2026-04-01T17:00:00+00:00","340111002200":"2026-03-01T00:00:00Z"}')
    day = day_of(replica, LEAD, NOW.astimezone(timezone(timedelta(hours=8))))
    assert day.today == date(2026, 4, 10)
    assert day.heard_of(VILLAGE) == date(2026, 4, 2), "after midnight here"
    assert day.heard_of(FAR_VILLAGE) == date(2026, 3, 1)
    assert day.heard_of(OTHER_TOWN) == date(2026, 4, 10), "this laptop speaks for it"


def test_who_only_looks_on_is_not_heard(replica: Replica) -> None:
    onlooker = Identity("http://office:8080", "secret", "d2", "看", "viewer", ("340111",), "ab" * 16, "c" * 32)
    assert day_of(replica, onlooker, NOW).heard == {}


def test_news_that_cannot_be_read_is_no_news(replica: Replica) -> None:
    replica.set_meta("heard", '{"340111001":"yesterday","340111002":"2026-03-01T00:00:00Z"}')
    onlooker = Identity("http://office:8080", "secret", "d2", "看", "viewer", ("340111",), "ab" * 16, "c" * 32)
    assert day_of(replica, onlooker, NOW).heard == {"340111002": date(2026, 3, 1)}


def test_a_view_can_be_filled_anew(replica: Replica, view: BoardView) -> None:
    again = BoardView(Chart(small.campaign()), Day(NOW.date()))
    again.fill(replica.every())
    again.fill(replica.every())
    assert list(again.rows) == list(view.rows)
    assert again.towns.keys() == view.towns.keys()
