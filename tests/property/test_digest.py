"""Two boards have the same digest exactly when they hold the same, in whatever order it came (promise 3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.board.change import Change
from shared.board.digest import digest_of
from shared.board.record import Record, from_json, step_address, to_json
from shared.board.reduce import fold
from tests.logbook import FAR, OTHER, UNIT, change

ADDRESSES = (step_address(UNIT, "1.1"), step_address(UNIT, "1.2"), step_address(OTHER, "1.1"), f"hold/{UNIT}/x")
VALUES = st.sampled_from(["甲", "乙", 1, 1.5, None, {"b": 1, "a": [2]}])
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(ADDRESSES),
        st.dictionaries(st.sampled_from(["state", "note"]), VALUES, min_size=1),
        st.sets(st.integers(1, 8), max_size=3),
    ),
    max_size=8,
)


def entered(entries: Iterable[tuple[str, dict[str, Any], set[int]]]) -> list[Change]:
    """Changes with ids made of their places, which have seen those at these places."""
    return [
        change(n, values, address, dict.fromkeys(values, seen - {n}))
        for n, (address, values, seen) in enumerate(entries, 1)
    ]


def board(changes: Iterable[Change]) -> dict[str, Any]:
    """What stands after these, as JSON."""
    found: dict[str, Record] = {}
    for each in changes:
        found[each.record] = fold(found.get(each.record) or Record(each.record), [each])
    return {address: to_json(record) for address, record in found.items()}


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_same_entries_in_any_order_any_number_of_times_come_to_the_same(entries: Any, chance: Any) -> None:
    changes = entered(entries)
    again = changes + changes[: len(changes) // 2]
    chance.shuffle(again)
    one, two = list(board(changes).items()), list(board(again).items())
    chance.shuffle(two)
    assert digest_of(one) == digest_of(two)


@given(ENTRIES, ENTRIES)
def test_boards_that_differ_in_anything_differ_in_their_digests(one: Any, two: Any) -> None:
    first, second = board(entered(one)), board(entered(two))
    assert (digest_of(first.items()) == digest_of(second.items())) == (first == second)


@given(ENTRIES)
def test_it_survives_the_way_to_the_disk_and_back(entries: Any) -> None:
    bodies = board(entered(entries))
    again = {address: to_json(from_json(address, body)) for address, body in bodies.items()}
    assert digest_of(bodies.items()) == digest_of({a: {**b, "id": "x"} for a, b in again.items()}.items())


@given(ENTRIES)
def test_areas_take_in_what_they_read_and_nothing_else(entries: Any) -> None:
    bodies = board(entered(entries))
    near = {address: body for address, body in bodies.items() if address.split("/")[1] == UNIT}
    office = {"campaign/small": next(iter(bodies.values()))} if bodies else {}
    assert digest_of({**bodies, **office}.items(), (UNIT,)) == digest_of({**near, **office}.items())
    assert digest_of(bodies.items(), (FAR,)) == digest_of([]) == "0" * 32
    assert digest_of(bodies.items(), ("*",)) == digest_of(bodies.items())


def test_what_nobody_touched_is_as_if_it_were_not_there() -> None:
    assert digest_of([(ADDRESSES[0], to_json(Record(ADDRESSES[0])))]) == digest_of([])
