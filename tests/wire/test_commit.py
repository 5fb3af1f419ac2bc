"""Group commit and the feed behind it: what is bounded, what gets its turn, and what a failure leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from blockbuster import blockbuster_ctx

from server import commit, feed
from server.clerk import Clerk
from server.commit import Committer
from server.feed import Feed
from server.ledger import Author, Committed, Ledger, Offered, Submission, offer
from server.log import SqliteLog
from server.offered import OFFICE
from server.office import Office
from server.store import Store
from shared.board.change import to_json
from shared.board.log_record import Cursor
from shared.errors import Refused
from shared.rights import Role
from tests.conftest import Served
from tests.small import FAR_VILLAGE, LEAD, MEMBER, TOWN, UNITS, VILLAGE, SetClock, entry, note, notes, state
from tests.unit.ledgers import BOARD, Plan
from tests.waiting import until


class Bench:
    """A committer over a log in memory, without sockets; it keeps what it publishes, and in which parts."""

    def __init__(self) -> None:
        self.clerk = Clerk("test")
        self.store = Store()
        self.ledger = Ledger(SqliteLog(Path(":memory:"), board=BOARD), self.store, Plan(), SetClock())
        self.parts: list[int] = []
        self.groups: list[int] = []
        self.committer = Committer(self.ledger, self.clerk, self._published, self._timed)

    def _published(self, committed: Committed) -> None:
        self.parts.append(len(committed.records))

    def _timed(self, seconds: float, committed: Committed) -> None:
        assert seconds >= 0
        self.groups.append(len(committed.outcomes))


@asynccontextmanager
async def working() -> AsyncIterator[Bench]:
    bench = Bench()
    with blockbuster_ctx("server"):
        running = asyncio.create_task(bench.committer.run())
        yield bench
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await bench.clerk.leave()


def submission(changes: Sequence[Any], author: Author = LEAD) -> Submission:
    offered: list[Offered] = [one for change in changes if (one := offer(to_json(change))) is not None]
    return Submission(author, tuple(offered))


def units() -> Submission:
    return submission([entry(OFFICE, f"unit/{one.code}", {"kind": one.kind.value}) for one in UNITS], OFFICE)


async def test_what_was_stored_is_published_in_parts_with_turns_for_others_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commit, "PUBLISHED_AT_ONCE", 10)
    async with working() as bench:
        await bench.committer.submit(units())
        bench.parts.clear()
        seen: list[int] = []
        answer = await bench.committer.offer(submission(notes(LEAD, map(str, range(35)))))
        while not answer.done():
            seen.append(len(bench.parts))
            await asyncio.sleep(0)
        assert bench.parts == [10, 10, 10, 5]
        assert {1, 2, 3} <= set(seen)
        record = bench.store.get(f"step/{VILLAGE}/1.1")
        assert record is not None
        assert record.value("note") == "34"


async def test_a_group_is_bounded_by_changes_and_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    async with working() as bench:
        await bench.committer.submit(units())
        for bound, value in (("MAX_GROUP", 4), ("MAX_GROUP_BYTES", 1000)):
            bench.groups.clear()
            with monkeypatch.context() as patch:
                patch.setattr(commit, bound, value)
                waiting = [await bench.committer.offer(submission([one])) for one in notes(LEAD, map(str, range(12)))]
                await asyncio.gather(*waiting)
            assert sum(bench.groups) == 12
            assert max(bench.groups) <= 5


async def test_who_offers_waits_for_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "MAX_WAITING_BYTES", 1000)
    bench = Bench()
    changes = notes(LEAD, ["x" * 400] * 6)
    offers = [asyncio.create_task(bench.committer.offer(submission([one]))) for one in changes]
    await until(lambda: sum(offered.done() for offered in offers) == 2)
    assert len(bench.committer._waiting) == 2
    running = asyncio.create_task(bench.committer.run())
    answers = await asyncio.gather(*offers)
    outcomes = await asyncio.gather(*answers)
    assert [row[0].seq for row in outcomes] == list(range(1, 7)), "in the order of their coming"
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await bench.clerk.leave()


async def test_when_it_fails_everybody_is_told_those_that_wait_for_room_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "MAX_WAITING_BYTES", 1000)
    bench = Bench()

    def broken(submissions: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(bench.ledger, "commit", broken)
    tasks = [asyncio.create_task(bench.committer.submit(submission([c]))) for c in notes(LEAD, ["x" * 400] * 6)]
    await until(lambda: len(bench.committer._waiting) == 2)
    with pytest.raises(OSError, match="Input"):
        await bench.committer.run()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(each, Refused) and each.code for each in ended] == ["storage"] * 6
    with pytest.raises(Refused):
        await bench.committer.offer(units())
    await bench.clerk.leave()


async def test_the_tail_in_memory_is_bounded_by_bytes(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "TAIL_BYTES", 20_000)
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        for change in notes(guest.author, ["x" * 3000] * 20):
            await speaker.push([change])
        await speaker.until(served.head)
        assert len(speaker.log) == served.head
    tail = served.desk.feed._tail
    assert sum(len(line.encoded) for line in tail) == served.desk.feed._tail_bytes <= 20_000
    assert tail[-1].seq == served.head


async def test_nobody_is_fed_what_the_board_does_not_have_yet(office: Office) -> None:
    """A log may be ahead of what is published: then the last batch says so of the published head."""
    published = office.ledger.head
    office.enter(notes(LEAD, ["a", "b"]), LEAD)
    clerk = Clerk("test")
    window = Feed(office.log, clerk, published)
    start = Cursor(published.board, 0, window.origin.chain)
    frame, to = await window.batch(start, LEAD)
    assert to == published
    assert b'"at_head":true' in frame
    await clerk.leave()


class TestFrames:
    """A batch is encoded once for all who stand at the same place and read the same areas."""

    NEAR = Author("d-near", "甲", Role.MEMBER, (TOWN,))
    NEIGHBOUR = Author("d-neighbour", "乙", Role.MEMBER, (TOWN,))
    WIDE = Author("d-wide", "丙", Role.MEMBER, ("340111",))

    @pytest.fixture
    async def window(self, office: Office) -> AsyncIterator[Feed]:
        clerk = Clerk("test")
        yield Feed(office.log, clerk, office.ledger.head)
        await clerk.leave()

    def extend(self, window: Feed, office: Office, author: Author, code: str) -> None:
        committed = office.ledger.commit([submission([note(author, "x", code)], author)])
        office.ledger.publish(committed)
        window.extend(committed.records, committed.changes)

    async def test_they_share_one_frame(self, window: Feed, office: Office) -> None:
        start = window.head
        self.extend(window, office, self.WIDE, VILLAGE)
        frames = [(await window.batch(start, reader))[0] for reader in (self.NEAR, self.NEIGHBOUR, self.NEAR)]
        assert frames[0] is frames[1] is frames[2]
        assert (await window.batch(start, self.WIDE))[0] is not frames[0]

    @pytest.mark.parametrize("own_first", [True, False])
    async def test_an_own_entry_outside_the_areas_is_in_ones_own_frame_alone(
        self, window: Feed, office: Office, own_first: bool
    ) -> None:
        start = window.head
        self.extend(window, office, self.NEAR, FAR_VILLAGE)
        readers = [self.NEAR, self.NEIGHBOUR] if own_first else [self.NEIGHBOUR, self.NEAR]
        for reader in (*readers, *readers):
            frame, _ = await window.batch(start, reader)
            assert (b"held:no-right" in frame) is (reader is self.NEAR)

    async def test_a_frame_is_forgotten_when_the_log_has_moved_on(self, window: Feed, office: Office) -> None:
        start = window.head
        self.extend(window, office, self.WIDE, VILLAGE)
        await window.batch(start, self.WIDE)
        self.extend(window, office, self.WIDE, VILLAGE)
        frame, to = await window.batch(start, self.WIDE)
        assert to == window.head == office.ledger.head
        assert b'"at_head":true' in frame


async def test_what_another_process_has_written_meanwhile_comes_first() -> None:
    async with working() as bench:
        await bench.committer.submit(units())
        submitted = state(LEAD, "submitted")

        def write() -> None:
            other = Ledger(bench.ledger._log, Store(), Plan(), SetClock())
            other.catch_up()
            other.commit([submission([submitted])])

        await bench.clerk.do(write)
        approving = state(MEMBER, "done", seen={"state": [submitted.id]})
        (outcome,) = await bench.committer.submit(submission([approving], MEMBER))
        assert (outcome.outcome, outcome.seq) == ("held:no-right", len(UNITS) + 2)
        assert bench.parts == [len(UNITS), 1, 1]
        assert await bench.committer.absorb() == 0


async def test_a_board_file_that_cannot_be_written_stops_nobody_and_is_tried_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await served.enrol()
    office = served.desk.office
    write, tries = office.write_board, 0

    def full(image: Any) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError(28, "No space left on device")
        write(image)

    monkeypatch.setattr(office, "write_board", full)
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        (result,) = await speaker.push(notes(guest.author, ["x"]))
        await until(lambda: office.saved_seq == result["seq"])
    assert tries == 3
    assert not served.desk.stopped.is_set()
    warned = [line for line in served.logged if line["log_level"] == "warning"]
    assert [line["error"] for line in warned] == ["No space left on device"] * 2
