"""The reducer against the definition it stands for: heads of a field are the changes on it that no `seen` names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from shared.board import record as records
from shared.board.change import Change, canonical, encode, from_json, to_json
from shared.board.record import Record
from shared.board.reduce import fold, reduce

ADDRESS = "step/340111001200/1.1"
FIELDS = ("state", "note", "tick.1")
EMPTY = Record(ADDRESS)


def change_id(number: int) -> str:
    return f"{number * 7919 % 1000:032x}"


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Changes on one record, each of which has seen any of the others, itself and ids that never come."""
    count = draw(st.integers(1, 7))
    ids = [change_id(n) for n in range(count)]
    seeable = st.lists(st.sampled_from([*ids, "ff" * 16]), max_size=3, unique=True)
    values = st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 2), min_size=1)
    seen = st.dictionaries(st.sampled_from(FIELDS), seeable, max_size=3)
    return [
        Change(one, ADDRESS, draw(values), {k: tuple(v) for k, v in draw(seen).items()}, "某人", "d1", "2026-04-10")
        for one in ids
    ]


def heads_by_definition(changes: Sequence[Change], field: str) -> list[tuple[str, Any]]:
    named = {one for change in changes for one in change.seen.get(field, ())}
    return sorted((c.id, c.values[field]) for c in changes if field in c.values and c.id not in named)


def heads_of(record: Record, field: str) -> list[tuple[str, Any]]:
    return [(head.id, head.value) for head in record.heads(field)]


@given(changes=histories(), chance=st.randoms(use_true_random=False))
def test_heads_are_what_the_definition_says_in_any_order_and_any_repetition(changes: list[Change], chance: Any) -> None:
    arrived = [*changes, *(chance.choice(changes) for _ in range(chance.randint(0, 6)))]
    chance.shuffle(arrived)
    record = fold(EMPTY, arrived)
    for field in FIELDS:
        assert heads_of(record, field) == heads_by_definition(changes, field)
    assert record == fold(EMPTY, changes)


@given(changes=histories())
def test_a_field_collides_exactly_when_its_heads_differ_in_value(changes: list[Change]) -> None:
    record = fold(EMPTY, changes)
    by_definition = {f for f in FIELDS if len({value for _, value in heads_by_definition(changes, f)}) > 1}
    assert set(record.collisions()) == by_definition
    assert record.fields() == {field for field in FIELDS if heads_by_definition(changes, field)}


@given(changes=histories(), more=histories())
def test_a_record_stored_as_json_goes_on_as_if_it_had_never_been(changes: list[Change], more: list[Change]) -> None:
    record = fold(EMPTY, changes)
    stored = orjson.loads(orjson.dumps(records.to_json(record)))
    again = records.from_json(ADDRESS, stored)
    assert again == record
    later = [change.with_id(f"{n:032x}") for n, change in enumerate(more, 5000)]
    assert fold(again, later) == fold(record, later)
    assert canonical(records.to_json(fold(again, later))) == canonical(records.to_json(fold(record, later)))


@given(changes=histories())
def test_what_an_editor_has_seen_settles_all_that_it_showed_and_nothing_else(changes: list[Change]) -> None:
    record = fold(EMPTY, changes)
    settling = Change("ee" * 16, ADDRESS, {"state": 9}, record.seen("state"), "某人", "d1", "2026-04-10")
    meanwhile = Change("dd" * 16, ADDRESS, {"state": 8}, {}, "他人", "d2", "2026-04-10")
    after = fold(record, [meanwhile, settling])
    assert heads_of(after, "state") == [("dd" * 16, 8), ("ee" * 16, 9)]
    for field in ("note", "tick.1"):
        assert heads_of(after, field) == heads_of(record, field)


def test_a_change_that_comes_after_the_one_that_replaced_it_is_born_replaced() -> None:
    old = Change(change_id(1), ADDRESS, {"state": "doing", "note": "x"}, {}, "某人", "d1", "2026-04-10")
    new = Change(change_id(2), ADDRESS, {"state": "done"}, {"state": (old.id,)}, "某人", "d1", "2026-04-10")
    record = reduce(reduce(EMPTY, new), old)
    assert heads_of(record, "state") == [(new.id, "done")]
    assert heads_of(record, "note") == [(old.id, "x")]


def test_equal_values_of_two_people_are_settled_and_keep_both_authors() -> None:
    record = fold(
        EMPTY,
        [
            Change(change_id(n), ADDRESS, {"state": "done"}, {}, who, who, "2026-04-10")
            for n, who in ((1, "甲"), (2, "乙"))
        ],
    )
    assert record.collisions() == ()
    assert {head.author for head in record.heads("state")} == {"甲", "乙"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(
    values=st.dictionaries(st.sampled_from(FIELDS), JSON_VALUES, min_size=1),
    extra=st.dictionaries(st.from_regex(r"x[a-z]{0,5}", fullmatch=True), JSON_VALUES, max_size=3),
)
def test_a_change_of_a_newer_format_comes_back_with_every_key_it_had(values: Any, extra: Any) -> None:
    body = {
        "id": change_id(1), "record": ADDRESS, "set": values, "seen": {"state": [change_id(2)]}, "author": "某人",
        "device": "d1", "at": "2026-04-10", "revision": 3, "format": 9, "act": change_id(3), "undoes": change_id(4),
        **extra,
    }  # fmt: skip
    change = from_json(orjson.loads(orjson.dumps(body)))
    assert encode(change) == canonical(body)
    assert encode(from_json(orjson.loads(encode(change)))) == encode(change)
    assert orjson.loads(encode(change)) == orjson.loads(orjson.dumps(to_json(change)))
