"""Taking back gives back what stood before, whatever it was, and never touches what others have entered since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.board.change import JSON, Change
from shared.board.collisions import collisions_of, taking
from shared.board.record import Record
from shared.board.reduce import fold
from shared.board.undo import Cannot, undo
from tests.logbook import STEP, change, number_id
from tui.entry import Pen, Problem
from tui.profile import Identity

ME = Identity("http://office", "t", "d1", "李员", "lead", ("340111",), "ab" * 16, "c")
FIELDS = ("note", "reason", "tick.1")
VALUES = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from("甲乙丙"), min_size=1)
ENTRIES = st.lists(st.tuples(VALUES, st.integers(0, 3)), max_size=7)
Standing = dict[str, set[JSON]]


class Desk:
    """One step and everything ever entered on it; entries see what stands, or what stood some entries ago."""

    def __init__(self) -> None:
        self.known: dict[str, Change] = {}
        self._numbers = count(1)
        self.pen = Pen(ME, 1, lambda: datetime(2026, 11, 1, tzinfo=UTC), self._id)

    def _id(self) -> str:
        return number_id(next(self._numbers) * 2654435761 % 2**32)

    def record(self, but: Sequence[Change] = ()) -> Record:
        """What stands, or what would without the last of these."""
        return fold(Record(STEP), [each for each in self.known.values() if each not in but])

    def enter(self, values: Mapping[str, JSON], late: int = 0) -> Change:
        """Somebody's entry, by who looked at the step `late` entries ago."""
        seen = list(self.known.values())[: max(0, len(self.known) - late)]
        made = self.pen.change(fold(Record(STEP), seen), values)
        assert isinstance(made, Change)
        return self.take(made)

    def take(self, made: Change) -> Change:
        self.known[made.id] = made
        return made

    def undo(self, entry: Change, also: Sequence[Change] = ()) -> list[Change] | Problem:
        """Take an entry back, if that can be."""
        made = self.pen.undo(self.record(), entry, self.known.get, number_id(0), also)
        for each in made if isinstance(made, list) else ():
            self.take(each)
        return made


def filled(entries: Sequence[tuple[Mapping[str, JSON], int]]) -> Desk:
    desk = Desk()
    for values, late in entries:
        desk.enter(values, late)
    return desk


def standing(record: Record, names: Sequence[str] = FIELDS) -> Standing:
    """Field → the values that stand on it; null is what nobody had touched."""
    return {name: {head.value for head in record.heads(name)} or {None} for name in names}


@given(ENTRIES, VALUES)
def test_undo_of_the_newest_entry_gives_back_what_stood_before(entries: Any, values: Any) -> None:
    desk = filled(entries)
    before = standing(desk.record())
    made = desk.undo(desk.enter(values))
    assert isinstance(made, list)
    assert standing(desk.record()) == before
    assert {each.undoes for each in made} == {list(desk.known)[-len(made) - 1]}


@given(ENTRIES, VALUES)
def test_undo_of_undo_gives_back_what_was_taken_back(entries: Any, values: Any) -> None:
    desk = filled(entries)
    entry = desk.enter(values)
    entered = standing(desk.record())
    made = desk.undo(entry)
    assert isinstance(made, list)
    assert isinstance(desk.undo(made[-1], made[:-1]), list)
    assert standing(desk.record()) == entered


@given(st.lists(VALUES, min_size=2, max_size=5), st.data())
def test_undo_of_a_settling_brings_the_collision_back(values: Any, data: Any) -> None:
    desk = Desk()
    for each in values:
        desk.enter(each, late=9)
    found = collisions_of({STEP: desk.record()})
    assume(found)
    before = standing(desk.record())
    chosen = data.draw(st.sampled_from(found))
    head = data.draw(st.sampled_from(chosen.heads))
    settled = desk.enter(taking(desk.record(), chosen.field, head))
    assert standing(desk.record())[chosen.field] == {head.value}
    assert isinstance(desk.undo(settled), list)
    assert standing(desk.record()) == before


@given(ENTRIES, VALUES, ENTRIES)
def test_undo_never_touches_what_others_entered_since(entries: Any, values: Any, since: Any) -> None:
    desk = filled(entries)
    entry = desk.enter(values)
    later = [desk.enter(each, late) for each, late in since]
    before = desk.record()
    made = desk.undo(entry)
    after = desk.record()
    for each in later:
        kept = {name for name in FIELDS if any(head.id == each.id for head in before.heads(name))}
        assert kept == {name for name in FIELDS if any(head.id == each.id for head in after.heads(name))}
    if isinstance(made, Problem):
        assert made.code == Cannot.REPLACED
        assert not any(head.id == entry.id for name in FIELDS for head in before.heads(name))
    else:
        assert not any(head.id == entry.id for name in FIELDS for head in after.heads(name))
        assert all(set(each.seen.values()) == {(entry.id,)} for each in made)


@given(ENTRIES, VALUES, st.lists(VALUES, max_size=3))
def test_an_entry_that_collides_with_others_leaves_theirs_to_stand(entries: Any, values: Any, others: Any) -> None:
    desk = filled(entries)
    entry = desk.enter(values)
    for each in others:
        desk.enter(each, late=len(desk.known))
    before = desk.record()
    assert isinstance(desk.undo(entry), list)
    for name in values:
        theirs = {head.value for head in before.heads(name) if head.id != entry.id}
        if theirs:
            assert standing(desk.record())[name] == theirs


@given(ENTRIES, st.lists(VALUES, min_size=1, max_size=4))
def test_an_act_of_several_entries_on_one_step_is_taken_back_as_one(entries: Any, act: Any) -> None:
    desk = filled(entries)
    before = standing(desk.record())
    made = [desk.enter(values) for values in act]
    assert isinstance(desk.undo(made[-1], made[:-1]), list)
    assert standing(desk.record()) == before


@given(ENTRIES, VALUES)
def test_what_is_not_known_is_never_guessed(entries: Any, values: Any) -> None:
    desk = filled(entries)
    entry = desk.enter(values)
    found = undo(desk.record(), entry, lambda _: None)
    named = any(entry.seen.get(name) for name in values)
    assert (found is Cannot.UNKNOWN_BEFORE) == named


def test_a_decision_on_a_held_entry_is_not_taken_back() -> None:
    desk = Desk()
    verdict = change(5, {"verdict": "released"}, "hold/340111001008/x")
    record = fold(Record(verdict.record), [verdict])
    assert desk.pen.undo(record, verdict, desk.known.get, number_id(0)) == Problem("decided", "")
