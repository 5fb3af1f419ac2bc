"""Mistakes that others have made, to be switched on one at a time: the test of the whole system must notice each.

Each is a small patch of the real classes, or of the order in which the model calls them, for as long as a block runs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

import orjson

from server.feed import Feed
from server.judging import Judged
from server.log import Known, SqliteLog
from server.offered import Author, Offered, Outcome
from shared.board.change import JSON, Change
from shared.board.log_record import HELD, Cursor
from shared.board.record import Record
from shared.board.reduce import reduce
from tests.property.system import start
from tests.property.system.laptop import Laptop
from tests.property.system.office import ServedOffice
from tests.property.system.oracle import on_disk
from tests.property.system.system import System
from tui.bygone import Bygone
from tui.outbox import Outbox
from tui.replica import Applied, Batch, Replica
from tui.waiting import ACKED, SAVED

Mistake = Callable[[], AbstractContextManager[object]]
REDUCERS: Final = ("server.ledger.reduce", "server.judging.reduce", "tui.replica.reduce", "tui.confirmed.reduce")


@contextmanager
def _reducing(wrongly: Callable[[Record, Change], Record]) -> Iterator[None]:
    with ExitStack() as stack:
        for place in REDUCERS:
            stack.enter_context(patch(place, wrongly))
        yield


def last_writer_wins() -> AbstractContextManager[object]:
    """What comes in last stands alone (ODK, Fulcrum, TaskChampion)."""

    def wrong(record: Record, change: Change) -> Record:
        return reduce(record, replace(change, seen=record.seen(*change.values)))

    return _reducing(wrong)


@contextmanager
def seq_as_field_version() -> Iterator[None]:
    """A change names the number of its field's version, not the entries that were seen (ODK before its branches)."""

    def version(record: Record, name: str) -> int:
        return len(record.heads(name)) + len(record.named.get(name, ()))

    def write(laptop: Laptop, shown: Record, values: Mapping[str, JSON], *more: Any, **rest: Any) -> Change | None:
        change = right(laptop, shown, values, *more, **rest)
        versions = {name: version(shown, name) for name in values}
        return change and replace(change, seen={}, extra={**change.extra, "versions": versions})

    def wrong(record: Record, change: Change) -> Record:
        versions = change.extra.get("versions", {})
        same = [name for name in change.values if versions.get(name) == version(record, name)]
        return reduce(record, replace(change, seen=record.seen(*same)))

    right = Laptop.write
    with _reducing(wrong), patch.object(Laptop, "write", write):
        yield


def cursor_without_chain() -> AbstractContextManager[object]:
    """A laptop's place is a number alone (CHT)."""

    async def holds(feed: Feed, cursor: Cursor) -> bool:
        return cursor.seq <= feed.head.seq

    return patch.object(Feed, "holds", holds)


def ack_before_commit() -> AbstractContextManager[object]:
    """The answer leaves when the change is in memory; the disk has it a little later (NATS as it comes)."""
    right = ServedOffice.commit

    def commit(office: ServedOffice) -> None:
        office.log._db.execute("PRAGMA synchronous=OFF")
        right(office)
        if office.done is not None and office.group:
            office._answer(office.group, office.done)
            office.group, office.done = [], replace(office.done, outcomes=())
            office.log._db.execute("PRAGMA synchronous=FULL")
            office.log.durable = office.log.head().seq

    return patch.object(ServedOffice, "commit", commit)


def publish_before_commit() -> AbstractContextManager[object]:
    """Others are told what is in memory; the disk has it a little later, before the answer leaves."""
    right, deliver = ServedOffice.commit, ServedOffice.deliver

    def commit(office: ServedOffice) -> None:
        office.log._db.execute("PRAGMA synchronous=OFF")
        right(office)

    def synced(office: ServedOffice) -> None:
        office.log.durable = office.log.head().seq
        deliver(office)

    return patch.multiple(ServedOffice, commit=commit, deliver=synced)


def ack_empties_the_outbox() -> AbstractContextManager[object]:
    """What the office has answered for is done with."""
    right = Outbox.note_outcomes
    return patch.object(Outbox, "note_outcomes", lambda self, outcomes, read: right(self, outcomes, 10**9))


def acked_is_never_sent_again() -> AbstractContextManager[object]:
    """What the office has answered for it must have."""

    def send_again(outbox: Outbox) -> None:
        outbox._disk.execute("UPDATE outbox SET label = ?, seq = NULL WHERE label NOT IN (?, ?)", (SAVED, SAVED, ACKED))

    return patch.multiple(Outbox, send_again=send_again, send_lost_again=lambda self, read: None)


def id_from_device_and_counter() -> AbstractContextManager[object]:
    """An id is the device's name and a number that its disk counts."""

    def new_id(_: System, laptop: Laptop) -> str:
        with laptop.drive.at_ease():
            count = sum(map(len, on_disk(laptop)))
        return hashlib.blake2b(f"{laptop.identity.device}/{count}".encode(), digest_size=16).hexdigest()

    return patch.object(System, "new_id", new_id)


@contextmanager
def no_content_hash() -> Iterator[None]:
    """An id is known, so the change is (Enketo), where ids are not as rare as they should be."""
    with id_from_device_and_counter(), patch("server.judging.content_hash", lambda body: bytes(16)):
        yield


@contextmanager
def cursor_before_data() -> Iterator[None]:
    """The cursor is stored first, in a transaction of its own (PouchDB)."""
    right = Replica.apply

    def apply(replica: Replica, batch: Batch) -> Applied | None:
        if batch.start != replica.cursor():
            return None
        replica.set_meta("cursor", orjson.dumps(list(batch.to)).decode())
        return right(replica, batch._replace(start=batch.to))

    with patch.object(Replica, "apply", apply), patch("tui.replica._in_order", lambda batch: True):
        yield


def snapshot_discards_the_outbox() -> AbstractContextManager[object]:
    """Starting anew is starting anew (TaskChampion)."""
    right = Replica.install

    def install(replica: Replica, *place: Any, **more: Any) -> None:
        right(replica, *place, **more)
        with replica._disk.writing():
            replica._disk.execute("DELETE FROM outbox")

    return patch.object(Replica, "install", install)


def own_changes_not_kept() -> AbstractContextManager[object]:
    """What is in the office's log needs no place on the laptop."""
    right = Outbox._move

    def move(outbox: Outbox, change_id: str, *more: Any) -> set[str]:
        found = right(outbox, change_id, *more)
        outbox._disk.execute("DELETE FROM mine WHERE id = ?", (change_id,))
        return found

    return patch.object(Outbox, "_move", move)


def others_are_not_offered() -> AbstractContextManager[object]:
    """After a restore everybody sees to what is their own."""
    return patch.object(Bygone, "to_offer", lambda self: [])


def offered_once_is_enough() -> AbstractContextManager[object]:
    """What the office has answered for after a restore it must have, whatever becomes of it then."""

    def to_offer(bygone: Bygone) -> list[str]:
        found = right(bygone)
        bygone._disk.execute("UPDATE tail SET doubted = 0")
        return found

    right = Bygone.to_offer
    return patch.object(Bygone, "to_offer", to_offer)


def seen_taken_at_save() -> AbstractContextManager[object]:
    """A change names what stands there when it is saved, whatever was on the screen when somebody began to type."""
    right = Laptop.write

    def write(laptop: Laptop, shown: Record, *more: Any, **rest: Any) -> Change | None:
        return right(laptop, laptop.look(shown.address), *more, **rest)

    return patch.object(Laptop, "write", write)


@contextmanager
def refused_is_dropped() -> Iterator[None]:
    """What the office does not let count is nowhere (CHT, QFieldCloud)."""
    weigh, note = Judged.weigh, Outbox.note_outcomes

    def drop(judged: Judged, offered: Offered, author: Author) -> Outcome | None:
        found = weigh(judged, offered, author)
        draft = judged.fresh.get(offered.id)
        if draft is None or not draft[0].status.startswith(HELD):
            return found
        del judged.fresh[offered.id]
        return Outcome(offered.id, draft[0].status, None)

    def forget(outbox: Outbox, outcomes: Iterable[tuple[str, str, int | None]], read: int) -> object:
        found = list(outcomes)
        refused = [(change_id,) for change_id, outcome, seq in found if seq is None and outcome.startswith(HELD)]
        outbox._disk.executemany("DELETE FROM outbox WHERE id = ?", refused)
        return note(outbox, found, read)

    with patch.object(Judged, "weigh", drop), patch.object(Outbox, "note_outcomes", forget):
        yield


def batch_from_anywhere() -> AbstractContextManager[object]:
    """A batch is taken in without a look at where it begins."""
    right = Replica.apply

    def apply(replica: Replica, batch: Batch) -> Applied | None:
        return right(replica, batch._replace(start=replica.cursor() or batch.start))

    return patch.object(Replica, "apply", apply)


@contextmanager
def ids_forgotten() -> Iterator[None]:
    """The log knows the ids of its last few records alone (Kafka)."""
    right = SqliteLog.find

    def find(log: SqliteLog, ids: Iterable[bytes]) -> dict[bytes, Known]:
        head = log.head().seq
        return {key: known for key, known in right(log, ids).items() if known.seq > head - 3}

    from server import log

    schema = log._SCHEMA.replace("BLOB NOT NULL UNIQUE", "BLOB NOT NULL")
    start.forget()
    with patch.object(SqliteLog, "find", find), patch("server.log._SCHEMA", schema):
        yield
    start.forget()
