"""The board's table behaves as TinyDB's own on any operations, but happens wholly or not at all."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from server.store import BoardDB, BoardStorage, BoardTable

FIELDS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 3), min_size=1)
IDS = st.integers(1, 6)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), FIELDS),
        st.tuples(st.just("insert_multiple"), st.lists(FIELDS, max_size=3)),
        st.tuples(st.just("update_ids"), FIELDS, st.lists(IDS, max_size=3)),
        st.tuples(st.just("update_where"), FIELDS, st.sampled_from("abc"), st.integers(0, 3)),
        st.tuples(st.just("upsert"), FIELDS, IDS),
        st.tuples(st.just("remove_ids"), st.lists(IDS, max_size=3, unique=True)),
        st.tuples(st.just("remove_where"), st.sampled_from("abc"), st.integers(0, 3)),
        st.tuples(st.just("truncate")),
        st.tuples(st.just("fail"), IDS),
    ),
    max_size=12,
)


def perform(table: Table, operation: tuple[Any, ...]) -> Any:
    """Do one operation; what it returns or raises."""
    name, *rest = operation
    actions: dict[str, Callable[..., Any]] = {
        "insert": table.insert,
        "insert_multiple": table.insert_multiple,
        "update_ids": lambda fields, ids: table.update(fields, doc_ids=ids),
        "update_where": lambda fields, key, value: table.update(fields, where(key) == value),
        "upsert": lambda fields, number: table.upsert(Document(fields, number)),
        "remove_ids": lambda ids: table.remove(doc_ids=ids),
        "remove_where": lambda key, value: table.remove(where(key) == value),
        "truncate": table.truncate,
        "fail": lambda number: table.update(explode, doc_ids=[number]),
    }
    try:
        return actions[name](*rest)
    except ZeroDivisionError:
        return "failed"


def explode(document: MutableMapping[Any, Any]) -> None:
    raise ZeroDivisionError


@settings(max_examples=150)
@given(operations=OPERATIONS)
def test_the_table_behaves_as_tinydbs_own(operations: list[tuple[Any, ...]]) -> None:
    stock = TinyDB(storage=MemoryStorage).table("t")
    ours = BoardDB(storage=BoardStorage).table("t")
    assert isinstance(ours, BoardTable)
    for operation in operations:
        assert perform(ours, operation) == perform(stock, operation), operation
        assert ours.all() == stock.all()
        assert [document.doc_id for document in ours] == [document.doc_id for document in stock]
        assert len(ours) == len(stock)
        assert ours.search(where("a") == 1) == stock.search(where("a") == 1)


def test_an_update_that_fails_half_way_changes_nothing() -> None:
    table = BoardDB(storage=BoardStorage).table("t")
    table.insert_multiple([{"n": 1}, {"n": 2}, {"n": 0}])

    def invert(document: Any) -> None:
        document["n"] = 1 / document["n"]

    with pytest.raises(ZeroDivisionError):
        table.update(invert)
    assert [document["n"] for document in table] == [1, 2, 0]
