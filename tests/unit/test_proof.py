"""The office's proof: it recognises its own records, wherever they come from, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger import Submission, returned
from server.proof import KEY, Prover, read_key
from shared.board.log_record import LogRecord
from tests.small import FAR_VILLAGE, LEAD, MEMBER, note
from tests.unit.ledgers import Book

PROVER = Prover(b"k" * 32)


def travelling(record: LogRecord) -> dict[str, Any]:
    """A record as a laptop keeps it."""
    body: dict[str, Any] = orjson.loads(PROVER.prove(record).encode())
    return body


def lost(book: Book, *, member: bool = False) -> LogRecord:
    """A record that another office than this book holds."""
    author = MEMBER if member else LEAD
    elsewhere = Book()
    elsewhere.enter(author, note(author, "丢了", FAR_VILLAGE if member else "340111001200"))
    return elsewhere.log.read(elsewhere.log.head().seq - 1, 1)[0]


def give(book: Book, body: Any) -> list[str]:
    """What becomes of a record that a laptop of somebody else brings back."""
    offered = returned(body, PROVER.accept(body))
    assert offered is not None
    committed = book.ledger.commit([Submission(MEMBER, (offered,))])
    book.ledger.publish(committed)
    return [outcome.outcome for outcome in committed.outcomes[0]]


def test_a_record_comes_back_with_its_first_author_status_and_time() -> None:
    for member in (False, True):
        book = Book()
        record = lost(book, member=member)
        assert give(book, travelling(record)) == [record.status]
        back = book.log.read(book.log.head().seq - 1, 1)[0]
        assert (back.body, back.status, back.at) == (record.body, record.status, record.at)
        assert back.device == MEMBER.device, "the log tells who brought it"


def test_a_record_that_is_there_already_comes_back_once() -> None:
    book = Book()
    body = travelling(lost(book))
    first, second = give(book, body), give(book, body)
    assert first == second == ["applied"]
    assert book.log.head().seq == len(book.log.read(0, 100)) == 8


@pytest.mark.parametrize("key", ["status", "device", "at", "change", "proof"])
def test_what_was_altered_is_kept_but_does_not_count(key: str) -> None:
    book = Book()
    body = travelling(lost(book))
    altered = (
        {**body["change"], "set": {"note": "假的"}} if key == "change" else "held:x" if key == "status" else "0" * 32
    )
    assert give(book, {**body, key: altered}) == ["held:unproven"]


def test_the_place_in_the_log_is_no_part_of_the_proof() -> None:
    body = travelling(lost(Book()))
    assert PROVER.accept({**body, "seq": 99, "chain": "0" * 32}) is not None


KEYS = st.sampled_from(["seq", "status", "device", "at", "chain", "change", "proof", "id"])
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
)


@given(ANYTHING)
def test_whatever_comes_back_is_no_fault(body: Any) -> None:
    assert PROVER.accept(body) is None
    assert returned(body, None) is None


def test_another_key_recognises_nothing() -> None:
    record = lost(Book())
    assert Prover(b"o" * 32).accept(travelling(record)) is None
    assert Prover(b"o" * 32).accept(orjson.loads(replace(record, proof="").encode())) is None


def test_a_boards_key_is_drawn_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first = read_key(tmp_path, lambda size: b"a" * size)
    assert first == b"a" * 32 == read_key(tmp_path, lambda size: b"b" * size)
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600
