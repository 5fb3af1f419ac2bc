"""The board of a moment is the fold of the log up to it; every entry is told with exactly what stood before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.board.change import Change, to_json
from shared.board.collisions import both, collision_id, collisions_of, taking
from shared.board.history import events, standing_at
from shared.board.holds import hold_address
from shared.board.log_record import LogRecord
from shared.board.record import Record, owner_of, step_address
from shared.board.reduce import fold, reduce
from tests.logbook import OTHER, STEP, UNIT, Logbook, change, number_id

ADDRESSES = (STEP, step_address(UNIT, "1.2"), step_address(OTHER, "1.1"))
START = datetime(2026, 9, 1, tzinfo=UTC)
VALUES = st.dictionaries(st.sampled_from(["state", "note", "done_on"]), st.sampled_from("甲乙"), min_size=1)
STATUS = st.sampled_from(["applied", "applied", "applied", "held:no-right"])
ENTRIES = st.lists(
    st.tuples(st.sampled_from(ADDRESSES), VALUES, st.sets(st.integers(1, 9), max_size=3), STATUS, st.integers(0, 30)),
    max_size=9,
)
Records = dict[str, dict[str, Record]]


def log_of(entries: Any, released: bool = False) -> list[LogRecord]:
    """A log of these, an entry some hours after the one before; the first held one may be released at its end."""
    book, at = Logbook(), START
    records: list[LogRecord] = []
    for number, (address, values, seen, status, hours) in enumerate(entries, 1):
        at += timedelta(hours=hours)
        made = change(number, values, address, dict.fromkeys(values, seen - {number}))
        records.append(replace(book.store(made, status), at=at.isoformat()))
    held = next((r.change() for r in records if not r.applied), None)
    if released and held is not None:
        body = {"verdict": "released", "of": held.device, "change": to_json(held)}
        made = change(99, body, hold_address(owner_of(held.record), held.id))
        records.append(replace(book.store(made), at=(at + timedelta(hours=1)).isoformat()))
    return records


def counted(log: list[LogRecord], released: Change | None = None) -> dict[str, Record]:
    """The steps after these records, by definition: everything applied, and what was released."""
    board: dict[str, Record] = {}
    changes = [c for r in log if r.applied and (c := r.change()) is not None]
    for each in [*changes, *([released] if released is not None else [])]:
        board[each.record] = reduce(board.get(each.record) or Record(each.record), each)
    return {address: record for address, record in board.items() if address.startswith("step/")}


def steps(board: Records) -> dict[str, Record]:
    return {a: r for records in board.values() for a, r in records.items() if a.startswith("step/")}


@given(ENTRIES, st.integers(-1, 300))
def test_the_board_of_a_moment_is_the_fold_of_the_log_before_it(entries: Any, hours: int) -> None:
    log, end = log_of(entries), START + timedelta(hours=hours)
    before = [record for record in log if datetime.fromisoformat(record.at) < end]
    assert steps(standing_at(log, end)) == counted(before)
    assert standing_at(log, end) == standing_at(before, end + timedelta(days=999))


@given(ENTRIES)
def test_what_was_released_counts_from_then_on(entries: Any) -> None:
    log = log_of(entries, released=True)
    last = log[-1].change() if log else None
    held = next((r.change() for r in log if not r.applied), None)
    late = steps(standing_at(log, START + timedelta(days=999)))
    assert late == counted(log, held)
    if held is not None and last is not None:
        early = steps(standing_at(log, datetime.fromisoformat(log[-1].at)))
        assert early == counted(log[:-1])


@given(ENTRIES, st.booleans())
def test_every_entry_is_told_with_what_stood_before_it(entries: Any, released: bool) -> None:
    log = log_of(entries, released)
    told = [event for event in events(log) if not event.released_by]
    assert [event.record for event in told] == log
    for place, event in enumerate(told):
        if event.change.record.startswith("step/"):
            standing = counted(log[:place]).get(event.change.record)
            for name in event.change.values:
                expected = {head.value for head in standing.heads(name)} if standing else set()
                assert set(event.before[name]) == expected
                assert len(event.before[name]) == len(expected)


@given(ENTRIES)
def test_collisions_are_named_by_their_place_and_each_value_can_be_taken(entries: Any) -> None:
    board = counted(log_of(entries))
    found = collisions_of(board)
    assert {(each.address, each.field) for each in found} == {
        (address, name) for address, record in board.items() for name in record.collisions()
    }
    assert len({each.id for each in found}) == len(found)
    for each in found:
        record = board[each.address]
        assert (each.id, each.heads) == (collision_id(each.address, each.field, each.heads), record.heads(each.field))
        for head in each.heads:
            values = taking(record, each.field, head)
            made = Change(number_id(999), each.address, values, record.seen(*values), "x", "x", "x")
            assert fold(record, [made]).value(each.field) == head.value
            assert not {*values} & {*fold(record, [made]).collisions()}
        text = both(each.heads)
        assert text is not None
        assert set(text.splitlines()) == {head.value for head in each.heads}


def test_another_value_makes_it_another_collision() -> None:
    """Who settles by an old list is told that there is no such collision, and takes nothing they were not shown."""
    board = Record(STEP)
    names = []
    for number, value in enumerate("甲乙丙"):
        board = fold(board, [Change(number_id(number), STEP, {"note": value}, {}, "x", "x", "x")])
        names += [each.id for each in collisions_of({STEP: board})]
    assert len(names) == len(set(names)) == 2
