"""Collisions as questions: what each author had seen, what an answer enters, and what is done with many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shared.board.collisions import collisions_of
from shared.board.holds import hold_address
from tests.logbook import STEP, UNIT, Logbook, change, number_id
from tui.questions import Policy, Question, asked, question_of, settled_by
from tui.replica import Replica
from tui.stock import note_looked, take_stock

TODAY = date(2026, 4, 10)


@pytest.fixture
def office() -> Logbook:
    return Logbook()


@pytest.fixture
def replica(tmp_path: Path, office: Logbook) -> Iterator[Replica]:
    made = Replica(tmp_path / "replica.sqlite", device="d1")
    made.install(office.cursor(), office.lines(), areas=("340111",))
    yield made
    made.close()


def read_on(replica: Replica, office: Logbook) -> None:
    cursor = replica.cursor()
    assert cursor is not None
    assert replica.apply(office.batch(cursor)) is not None


def collide(replica: Replica, office: Logbook) -> None:
    """Something stood; this laptop said one thing over it, another laptop another."""
    office.store(change(1, {"state": "doing", "note": "先"}))
    seen = {"state": (1,), "note": (1,)}
    office.store(change(2, {"state": "done", "done_on": "2026-04-01", "note": "甲"}, seen=seen))
    office.store(change(3, {"state": "submitted", "submitted_on": "2026-04-02", "note": "乙"}, seen=seen, device="d2"))
    read_on(replica, office)


def question(replica: Replica, field: str) -> Question:
    return next(each for each in asked(replica, [UNIT], 10) if each.field == field)


def test_each_side_knows_what_its_author_had_seen(replica: Replica, office: Logbook) -> None:
    collide(replica, office)
    assert [side.saw for side in question(replica, "state").sides] == [("doing",), ("doing",)]


def test_what_an_author_had_seen_may_be_nothing_or_not_known(replica: Replica, office: Logbook) -> None:
    office.store(change(2, {"note": "甲"}))
    office.store(change(3, {"note": "乙"}, seen={"note": (99,)}, device="d2"))
    read_on(replica, office)
    assert [side.saw for side in question(replica, "note").sides] == [(), None]


def test_taking_a_side_brings_its_day_and_never_the_others(replica: Replica, office: Logbook) -> None:
    collide(replica, office)
    assert question(replica, "state").take(0) == {"state": "done", "done_on": "2026-04-01"}
    assert question(replica, "state").take(1) == {"state": "submitted", "submitted_on": "2026-04-02"}
    assert question(replica, "note").take(1) == {"note": "乙"}


def test_a_third_state_comes_with_today_and_only_texts_can_stand_both(replica: Replica, office: Logbook) -> None:
    collide(replica, office)
    assert question(replica, "state").enter("doing", TODAY) == {"state": "doing", "started_on": "2026-04-10"}
    assert question(replica, "note").both() == {"note": "甲\n乙"}
    assert question(replica, "state").both() is None


def test_many_are_answered_by_where_when_or_both_and_what_does_not_fit_is_left(
    replica: Replica, office: Logbook
) -> None:
    collide(replica, office)
    state, note = question(replica, "state"), question(replica, "note")
    assert settled_by(note, Policy.MINE, "d1") == {"note": "甲"}
    assert settled_by(note, Policy.THEIRS, "d1") == {"note": "乙"}
    assert settled_by(note, Policy.BOTH, "d1") == {"note": "甲\n乙"}
    assert settled_by(state, Policy.BOTH, "d1") is None
    assert settled_by(state, Policy.MINE, "d9") is None, "nothing of this laptop is among them"
    office.store(change(4, {"note": "丙"}, device="d3"))
    read_on(replica, office)
    assert settled_by(question(replica, "note"), Policy.THEIRS, "d1") is None, "two others: which one is not said"


def test_the_last_by_the_laptops_clocks_is_the_last_moment_not_the_last_text(replica: Replica) -> None:
    from dataclasses import replace

    early = replace(change(1, {"note": "早"}), at="2026-04-10T12:00:00+08:00")
    late = replace(change(2, {"note": "晚"}, device="d2"), at="2026-04-10T05:00:00+00:00")
    wrong = replace(change(3, {"note": "错"}, device="d3"), at="gestern")
    replica.save([early, late, wrong])
    records = replica.records(UNIT)
    made = question_of(replica, collisions_of(records)[0], records[STEP])
    assert settled_by(made, Policy.LATEST, "d1") == {"note": "晚"}


def test_to_say_again_that_something_is_released_brings_it_along_again(replica: Replica, office: Logbook) -> None:
    held = change(5, {"note": "甲"}, device="d2")
    where = hold_address(UNIT, number_id(5))
    record = office.store(held, "held:no-right")
    read_on(replica, office)
    whole = replica.records(UNIT)[where].value("change")
    release = {"verdict": "released", "of": record.device, "change": whole, "reason": "可以"}
    replica.save([change(6, release, where), change(7, {"verdict": "declined", "reason": "不可"}, where)])
    made = question(replica, "verdict")
    assert made.take(0) == release
    assert made.take(1) == {"verdict": "declined", "reason": "不可"}


def test_questions_are_bounded(replica: Replica, office: Logbook) -> None:
    collide(replica, office)
    assert len(asked(replica, [UNIT], 1)) == 1


def test_stock_knows_what_went_out_and_came_in_since_somebody_looked(replica: Replica, office: Logbook) -> None:
    collide(replica, office)
    before = take_stock(replica, "d1", [UNIT], [])
    assert [line.event.change.id for line in before.went] == [number_id(2), number_id(1)]
    assert [line.event.change.id for line in before.came] == [number_id(3)]
    assert before.came[0].event.before["note"] == ("甲",)
    note_looked(replica, before.read_to)
    office.store(change(8, {"note": "后"}, seen={"note": (2, 3)}, device="d2"))
    read_on(replica, office)
    after = take_stock(replica, "d1", [], [])
    assert after.went == ()
    assert [line.event.change.id for line in after.came] == [number_id(8)]
    assert [line.event.change.id for line in after.earlier] == [number_id(2), number_id(1)]


def test_stock_lists_an_act_that_waits_for_a_word_once_with_its_size(replica: Replica) -> None:
    from dataclasses import replace

    act = [replace(change(n, {"state": "doing"}, f"step/{UNIT}/1.{n}"), act="a" * 32) for n in range(1, 6)]
    replica.save(act, asking=True)
    stock = take_stock(replica, "d1", [], [])
    assert (len(stock.looks), dict(stock.asking), stock.waiting) == (1, {"a" * 32: 5}, ())
