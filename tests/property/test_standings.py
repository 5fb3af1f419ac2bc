"""Many moments of the past in one fold are what each of them is when it is asked for alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.board.history import standing_at, standings
from shared.board.log_record import LogRecord
from shared.board.record import owner_of
from tests.logbook import OTHER, STEP, UNIT, Logbook, change

START = datetime(2026, 9, 1, tzinfo=UTC)
entries = st.lists(
    st.tuples(st.integers(0, 400), st.sampled_from([STEP, f"step/{OTHER}/1.2", f"unit/{UNIT}"]), st.booleans()),
    max_size=30,
)
"""Minute at which the office took it, where, and whether its author had seen what stood there."""


def written(made: list[tuple[int, str, bool]], *, in_order: bool) -> list[LogRecord]:
    """A log of these entries; the office's clock may have gone back between two of them."""
    book, last = Logbook(), dict[str, list[int]]()
    for number, (_minute, address, seen) in enumerate(made, 1):
        book.store(change(number, {"note": str(number)}, address, {"note": last.get(address, [])} if seen else {}))
        last[address] = [number]
    minutes = sorted(minute for minute, _, _ in made) if in_order else [minute for minute, _, _ in made]
    times = [(START + timedelta(minutes=minute)).isoformat() for minute in minutes]
    return [
        LogRecord(record.seq, record.body, record.status, record.device, at, record.chain)
        for record, at in zip(book.records, times, strict=True)
    ]


@given(entries, st.lists(st.integers(0, 420), min_size=1, max_size=6, unique=True), st.booleans())
def test_each_moment_of_a_fold_is_the_board_of_that_moment(
    made: list[tuple[int, str, bool]], minutes: list[int], in_order: bool
) -> None:
    log = written(made, in_order=in_order)
    ends = [START + timedelta(minutes=minute) for minute in sorted(minutes)]
    before: dict[str, object] = {}
    for end, (board, touched) in zip(ends, standings(lambda: log, ends), strict=True):
        alone = standing_at(log, end)
        assert {owner: dict(records) for owner, records in board.items()} == alone
        differing = {owner for owner in alone if alone[owner] != before.get(owner)}
        assert differing <= touched, "who changed is named"
        assert touched <= {owner_of(record.change().record) for record in log if record.change()}  # type: ignore[union-attr]
        before = {owner: dict(records) for owner, records in alone.items()}
