"""Problems get the office's number where they reach its log; every laptop hears it like any entry."""

from __future__ import annotations

import pytest

from server.ledger import Author, Submission, offer
from server.log import HeadMoved
from shared.board.change import to_json
from shared.board.standing import colliding, settled
from shared.rights import Role
from tests.small import FAR_VILLAGE, LEAD, MEMBER, OTHER_TOWN, VILLAGE, entry
from tests.unit.ledgers import Book

FAR = Author("d-far", "周员", Role.MEMBER, (OTHER_TOWN,))


def numbers(book: Book) -> dict[str, str]:
    return {record.address.rsplit("/", 1)[1]: record.value("number") for record in book.store.of_kind("problem")}


def test_each_town_counts_its_own_problems_in_the_order_in_which_they_came() -> None:
    book = Book()
    for author, code, name in ((MEMBER, VILLAGE, "a"), (FAR, FAR_VILLAGE, "b"), (LEAD, VILLAGE, "c")):
        book.enter(author, entry(author, f"problem/{code}/{name}", {"title": name}))
    assert numbers(book) == {"a": "2026-340111001-001", "b": "2026-340111002-001", "c": "2026-340111001-002"}


def test_a_number_is_given_once_and_in_one_transaction_with_what_it_numbers() -> None:
    book = Book()
    before = book.ledger.head.seq
    first = [entry(MEMBER, f"problem/{VILLAGE}/{n}", {"title": "x"}) for n in "ab"]
    book.enter(MEMBER, *first)
    assert book.ledger.head.seq == before + 4
    book.enter(MEMBER, entry(MEMBER, f"problem/{VILLAGE}/a", {"note": "y"}), *first)
    assert book.ledger.head.seq == before + 5
    assert sorted(numbers(book).values()) == ["2026-340111001-001", "2026-340111001-002"]


def test_a_held_problem_has_no_number_until_it_is_released() -> None:
    book = Book()
    refused = entry(FAR, f"problem/{VILLAGE}/a", {"title": "x"})
    assert book.statuses(FAR, refused) == ["held:no-right"]
    assert numbers(book) == {}
    verdict = {"verdict": "released", "change": to_json(refused)}
    assert book.statuses(LEAD, entry(LEAD, f"hold/{VILLAGE}/{refused.id}", verdict)) == ["applied"]
    assert numbers(book) == {"a": "2026-340111001-001"}


def test_what_another_process_has_numbered_is_counted_on() -> None:
    book = Book()
    book.enter(MEMBER, entry(MEMBER, f"problem/{VILLAGE}/a", {"title": "x"}))
    other = Book(log=book.log)
    other.enter(LEAD, entry(LEAD, f"problem/{VILLAGE}/b", {"title": "x"}))
    late = offer(to_json(entry(MEMBER, f"problem/{VILLAGE}/c", {"title": "x"})))
    assert late is not None
    with pytest.raises(HeadMoved):
        book.ledger.commit([Submission(MEMBER, (late,))])
    book.ledger.catch_up()
    book.ledger.publish(book.ledger.commit([Submission(MEMBER, (late,))]))
    assert sorted(numbers(book).values()) == [f"2026-340111001-00{n}" for n in (1, 2, 3)]


def test_two_numbers_of_one_problem_are_no_question_to_anybody() -> None:
    book = Book()
    book.enter(MEMBER, entry(MEMBER, f"problem/{VILLAGE}/a", {"title": "x"}))
    address = f"problem/{VILLAGE}/a"
    admin = Author("d-admin", "办公室", Role.ADMIN, ("*",))
    book.enter(admin, entry(admin, address, {"number": "2026-340111001-009"}))
    record = book.store.get(address)
    assert record is not None
    assert len(record.heads("number")) == 2
    assert colliding(record) == ()
    assert settled(record)["number"] in ("2026-340111001-001", "2026-340111001-009")


@pytest.mark.parametrize("owner", ["340111", "340111-S01", VILLAGE])
def test_whatever_a_units_code_is_no_number_is_given_twice(owner: str) -> None:
    book = Book()
    admin = Author("d-admin", "办公室", Role.ADMIN, ("*",))
    for name in "abc":
        book.enter(admin, entry(admin, f"problem/{owner}/{name}", {"title": "x"}))
        book = Book(log=book.log)
    assert len(set(numbers(book).values())) == 3


def test_a_serial_of_ten_digits_is_counted_on() -> None:
    book = Book()
    admin = Author("d-admin", "办公室", Role.ADMIN, ("*",))
    book.enter(admin, entry(admin, f"problem/{VILLAGE}/a", {"number": "2026-340111001-999999999"}))
    for name in "bc":
        book.enter(MEMBER, entry(MEMBER, f"problem/{VILLAGE}/{name}", {"title": "x"}))
    assert {numbers(book)[name] for name in "bc"} == {f"2026-340111001-100000000{n}" for n in "01"}
