"""The ledger: who may do what where, one effect per change, and a place for everything that is not applied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.ledger import Author, Ledger, Submission, offer
from server.log import HeadMoved, verify
from server.snapshot import lines
from server.store import Store, _chunks
from shared.board.change import MAX_BYTES, MAX_STORED, Change, to_json
from shared.board.record import step_address, unit_address
from shared.rights import Role
from tests.small import ADMIN, FAR_VILLAGE, LEAD, MEMBER, SECOND, VILLAGE, SetClock, entry, note, state
from tests.unit.ledgers import Book, Plan


@pytest.fixture
def book() -> Book:
    return Book()


def test_a_held_entry_prepares_no_way_for_the_next(book: Book) -> None:
    viewer = Author("d-view", "看客", Role.VIEWER, ("*",))
    unit = entry(viewer, unit_address("340111001299"), {"kind": "village"})
    assert book.statuses(viewer, unit) == ["held:no-right"]
    assert book.statuses(ADMIN, note(ADMIN, "x", "340111001299")) == ["held:unknown-unit"]


def test_done_over_a_submission_nobody_has_seen_is_an_entry_beside_it(book: Book) -> None:
    book.enter(LEAD, state(LEAD, "submitted"))
    assert book.statuses(MEMBER, state(MEMBER, "done")) == ["applied"]
    record = book.store.get(step_address(VILLAGE, "1.1"))
    assert record is not None
    assert record.collisions() == ("state",)


def test_the_same_change_has_one_effect_and_one_answer_however_often_it_comes(book: Book) -> None:
    change = note(LEAD, "einmal")
    head = book.ledger.head.seq
    twice = book.enter(LEAD, change, change)
    again = book.enter(LEAD, change)
    assert {tuple(outcome) for outcome in (*twice, *again)} == {(change.id, "applied", head + 1)}
    assert book.ledger.head.seq == head + 1


def test_two_devices_that_bring_the_same_change_at_once_get_the_same_answer(book: Book) -> None:
    found = offer(to_json(note(LEAD, "x")))
    assert found is not None
    committed = book.ledger.commit([Submission(LEAD, (found,)), Submission(MEMBER, (found,))])
    (one,), (two,) = committed.outcomes
    assert one == two
    assert len(committed.records) == 1


def test_a_held_change_is_answered_as_held_when_it_comes_again(book: Book) -> None:
    change = state(MEMBER, "returned")
    (first,) = book.enter(MEMBER, change)
    assert first.outcome == "held:no-right"
    assert book.enter(MEMBER, change) == [first]


def test_another_change_under_a_known_id_is_told_so_and_not_stored(book: Book) -> None:
    first = note(LEAD, "eins")
    other = note(LEAD, "zwei", change_id=first.id)
    book.enter(LEAD, first)
    head = book.ledger.head
    (outcome,) = book.enter(LEAD, other)
    assert outcome.outcome == "id-reused"
    assert book.ledger.head == head


def test_another_change_under_an_id_of_the_same_batch_is_told_so(book: Book) -> None:
    first = note(LEAD, "eins")
    outcomes = book.enter(LEAD, first, note(LEAD, "zwei", change_id=first.id), note(LEAD, "drei"))
    assert [outcome.outcome for outcome in outcomes] == ["applied", "id-reused", "applied"]
    record = book.store.get(step_address(VILLAGE, "1.1"))
    assert record is not None
    assert sorted(head.value for head in record.heads("note")) == ["drei", "eins"]


def test_the_order_of_keys_does_not_make_another_change(book: Book) -> None:
    body = to_json(entry(LEAD, step_address(VILLAGE, "1.1"), {"note": "x", "due_on": "2026-05-01"}))
    turned = {**dict(reversed(body.items())), "set": dict(reversed(body["set"].items()))}
    (one,), (two,) = book.offer(LEAD, body), book.offer(LEAD, turned)
    assert one == two


def broken(key: str, value: Any) -> Callable[[Change], dict[str, Any]]:
    return lambda change: {**to_json(change), key: value}


@pytest.mark.parametrize(
    "spoil",
    [
        broken("record", "nowhere"),
        broken("record", "step/a/b/c/d"),
        broken("record", "step/a\nb/1.1"),
        broken("set", {}),
        broken("set", {"No Name": 1}),
        broken("set", {f"f{n}": 1 for n in range(65)}),
        broken("seen", {"state": ["x"]}),
        broken("seen", {"state": ["00" * 16] * 257}),
        broken("author", ""),
        broken("author", "a\x1b[2J"),
        broken("revision", 0),
        broken("revision", "1"),
        broken("format", 2**31),
        broken("act", "x"),
        lambda change: {"id": change.id},
    ],
)
def test_what_no_format_reads_is_kept_and_held(book: Book, spoil: Callable[[Change], dict[str, Any]]) -> None:
    body = spoil(note(LEAD, "x"))
    (outcome,) = book.offer(LEAD, body)
    assert (outcome.outcome, outcome.seq) == ("held:undecodable", book.ledger.head.seq)
    assert book.offer(LEAD, body) == [outcome]


def test_keys_of_a_newer_format_travel_through_untouched(book: Book) -> None:
    body = {**to_json(note(LEAD, "x")), "format": 7, "mood": {"b": [1], "a": None}}
    (outcome,) = book.offer(LEAD, body)
    assert outcome.outcome == "applied"
    (record,) = book.log.read(book.ledger.head.seq - 1, 1)
    change = record.change()
    assert change is not None
    assert to_json(change) == body


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "body",
    [
        None, 7, [], {}, {"id": 7}, {"id": "zz" * 16}, {"id": "AB" * 16},
        {**to_json(note(LEAD, "x")), "set": {"note": nested(300)}},
        to_json(note(LEAD, "x" * MAX_STORED)),
    ],
    ids=["null", "number", "list", "empty", "no-id", "not-hex", "capitals", "too-deep", "beyond-all-bounds"],
)  # fmt: skip
def test_what_no_log_could_keep_is_malformed(body: Any) -> None:
    assert offer(body) is None


def test_what_is_too_large_is_kept_and_held(book: Book) -> None:
    assert book.statuses(LEAD, note(LEAD, "x" * MAX_BYTES)) == ["held:too-large"]
    assert book.statuses(LEAD, note(LEAD, "x" * (MAX_BYTES - 1000))) == ["applied"]


def test_what_nests_as_deep_as_is_taken_can_be_written_wherever_it_goes(book: Book) -> None:
    depth = next(d for d in range(300, 0, -1) if offer({**to_json(note(LEAD, "x")), "set": {"note": nested(d)}}))
    change = entry(LEAD, step_address(VILLAGE, "1.1"), {"note": nested(depth)})
    assert book.statuses(LEAD, change) == ["applied"]
    image = book.store.image()
    assert b"".join(_chunks(image))
    assert b"".join(lines(image, ("*",)))


def test_only_its_own_author_enters_a_change(book: Book) -> None:
    assert book.statuses(LEAD, note(MEMBER, "x")) == ["held:other-author"]
    forged = note(LEAD._replace(device="d-other"), "x")
    assert book.statuses(LEAD, forged) == ["held:other-author"]


@pytest.mark.parametrize(
    ("code", "step", "status"),
    [
        (VILLAGE, "1.1", "applied"),
        (VILLAGE, "9.9", "held:unknown-step"),
        (VILLAGE, "1.3", "held:retired-step"),
        ("340111001299", "1.1", "held:unknown-unit"),
    ],
)
def test_a_step_is_entered_where_there_is_one(book: Book, code: str, step: str, status: str) -> None:
    assert book.statuses(LEAD, note(LEAD, "x", code, step)) == [status]


def test_a_unit_and_its_first_entry_may_come_in_one_batch(book: Book) -> None:
    code = "340111001299"
    unit = entry(ADMIN, unit_address(code), {"kind": "village", "name": "新村"})
    assert book.statuses(ADMIN, unit, note(ADMIN, "x", code)) == ["applied", "applied"]


def test_a_kind_of_record_that_is_not_known_here_is_stored(book: Book) -> None:
    assert book.statuses(LEAD, entry(LEAD, f"future/{VILLAGE}/7", {"x": 1})) == ["applied"]
    assert book.store.get(f"future/{VILLAGE}/7") is not None


class Confused(Plan):
    def verdict(self, kind: str, step: str, revision: int) -> str:
        if step == "1.2":
            raise RecursionError
        return super().verdict(kind, step, revision)


def test_a_change_that_cannot_be_judged_does_not_stop_those_beside_it() -> None:
    book = Book(Confused())
    outcomes = book.statuses(LEAD, note(LEAD, "a"), note(LEAD, "b", step="1.2"), note(LEAD, "c"))
    assert outcomes == ["applied", "held:unjudged", "applied"]


def test_a_record_that_nobody_settles_grows_so_far_and_no_further(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.judging.MAX_ENTRIES", 3)
    changes = [note(LEAD, str(n)) for n in range(5)]
    assert book.statuses(LEAD, *changes) == ["applied"] * 3 + ["held:crowded"] * 2
    settling = note(LEAD, "eins", seen={"note": [change.id for change in changes]})
    assert book.statuses(LEAD, settling, note(LEAD, "zwei")) == ["applied", "applied"]


def test_a_record_remembers_so_many_replaced_entries(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.judging.MAX_NAMED", 3)
    changes = [note(LEAD, "0")]
    for n in range(5):
        changes.append(note(LEAD, str(n), seen={"note": [changes[-1].id]}))
    assert book.statuses(LEAD, *changes) == ["applied"] * 4 + ["held:crowded"] * 2


def test_nothing_is_seen_of_a_change_before_it_is_published(book: Book) -> None:
    found = offer(to_json(note(LEAD, "x")))
    assert found is not None
    head = book.ledger.head
    committed = book.ledger.commit([Submission(LEAD, (found,))])
    assert (book.ledger.head, book.store.get(step_address(VILLAGE, "1.1"))) == (head, None)
    book.ledger.publish(committed)
    assert book.ledger.head.seq == head.seq + 1
    assert book.store.cursor() == book.ledger.head == book.log.head()


def test_when_another_process_has_written_it_reads_on_and_judges_anew(book: Book) -> None:
    other = Ledger(book.log, Store(), Plan(), SetClock())
    other.catch_up()
    submitted = state(LEAD, "submitted")
    sent = offer(to_json(submitted))
    assert sent is not None
    other.publish(other.commit([Submission(LEAD, (sent,))]))
    approving = offer(to_json(state(MEMBER, "done", seen={"state": [submitted.id]})))
    assert approving is not None
    with pytest.raises(HeadMoved):
        book.ledger.commit([Submission(MEMBER, (approving,))])
    assert book.ledger.catch_up() == 1
    committed = book.ledger.commit([Submission(MEMBER, (approving,))])
    assert committed.outcomes[0][0].outcome == "held:no-right"


ENTRIES = st.tuples(
    st.sampled_from((LEAD, MEMBER, ADMIN)),
    st.sampled_from((VILLAGE, SECOND, FAR_VILLAGE)),
    st.sampled_from(("1.1", "1.2", "1.3")),
    st.sampled_from(("todo", "doing", "submitted", "returned", "done")),
    st.integers(0, 5),
)


@settings(max_examples=60)
@given(batches=st.lists(st.lists(ENTRIES, max_size=5), max_size=6), again=st.randoms(use_true_random=False))
def test_every_answer_is_in_its_place_and_every_change_in_the_log_once(batches: list[Any], again: Any) -> None:
    book = Book()
    sent: list[tuple[Author, Change]] = []
    for batch in batches:
        made = [(a, state(a, value, code, step)) for a, code, step, value, _ in batch]
        made += [again.choice(sent) for _ in batch if sent and again.random() < 0.4]
        sent += made
        offered = [(a, offer(to_json(change))) for a, change in made]
        committed = book.ledger.commit([Submission(a, (o,)) for a, o in offered if o is not None])
        book.ledger.publish(committed)
        assert [row[0].id for row in committed.outcomes] == [change.id for _, change in made]
    assert verify(book.log) == book.ledger.head
    ids = [change.id for record in book.log.read(0, 10_000) if (change := record.change()) is not None]
    assert len(ids) == len(set(ids)) == book.ledger.head.seq
    assert set(ids) >= {change.id for _, change in sent}
