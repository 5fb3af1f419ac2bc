"""The laptop's copy: what is saved stays, what the office sends moves records, cursor and outbox at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from shared.board.change import encode, to_json
from shared.board.holds import hold_address
from shared.board.record import Record, step_address
from shared.board.reduce import reduce
from shared.board.standing import standing_of
from tests.logbook import BOARD, FAR, OTHER, STEP, UNIT, Logbook, change, number_id, unit
from tui.disk import NewerFormat, NothingWritten
from tui.replica import Batch, Replica
from tui.tail import Tail


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "replica.sqlite"


@pytest.fixture
def replica(path: Path) -> Iterator[Replica]:
    numbers = iter(range(900, 1000))
    opened = Replica(path, new_id=lambda: number_id(next(numbers)))
    yield opened
    opened.close()


@pytest.fixture
def office() -> Logbook:
    """A log of three records, two of them on the step."""
    book = Logbook()
    book.store(unit(1))
    book.store(change(2, {"state": "doing"}, device="d2"))
    book.store(change(3, {"note": "甲"}, device="d2"))
    return book


@pytest.fixture
def synced(replica: Replica, office: Logbook) -> Replica:
    """A replica that stands at the head of the log."""
    replica.install(office.cursor(0), [])
    assert replica.apply(office.batch(office.cursor(0))) is not None
    return replica


def waiting(replica: Replica) -> list[tuple[str, str]]:
    """Who waits in the outbox, and how far each has come."""
    return [(orjson.loads(w.body)["id"], w.label) for w in replica.outbox.waiting()]


def read_on(replica: Replica, office: Logbook, upto: int | None = None) -> dict[str, str]:
    """Apply what follows; what landed."""
    cursor = replica.cursor()
    assert cursor is not None
    applied = replica.apply(office.batch(cursor, upto))
    assert applied is not None
    return dict(applied.landed)


# --- saving and showing ---


def test_a_new_replica_stands_nowhere_and_holds_nothing(replica: Replica) -> None:
    assert (replica.cursor(), replica.areas(), replica.meta("x")) == (None, None, None)
    assert (list(replica.every()), replica.records(UNIT), replica.history(UNIT)) == ([], {}, [])
    assert replica.labels() == (0, 0, 0, 0)


def test_what_is_saved_is_shown_at_once_and_found_after_a_restart(replica: Replica, path: Path) -> None:
    entry = change(5, {"state": "done", "done_on": "2026-04-10"})
    replica.save([entry])
    assert replica.records(UNIT) == {STEP: reduce(Record(STEP), entry)}
    again = Replica(path, reading=True)
    assert (again.records(UNIT), again.labels().saved) == (replica.records(UNIT), 1)
    again.close()


def test_an_act_of_several_entries_is_saved_whole_or_not_at_all(replica: Replica) -> None:
    replica.save([change(5, {"note": "甲"})])
    with pytest.raises(sqlite3.IntegrityError):
        replica.save([change(6, {"note": "乙"}), change(5, {"note": "丙"})])
    assert waiting(replica) == [(number_id(5), "saved")]


def test_own_entries_lie_over_what_the_office_has_confirmed(synced: Replica) -> None:
    synced.save([change(5, {"state": "done"}, seen={"state": [2]})])
    record = synced.records(UNIT)[STEP]
    assert (record.value("state"), record.value("note")) == ("done", "甲")
    assert synced.shown(UNIT).unsent == {STEP}


def test_the_whole_board_in_one_pass_is_every_unit_by_itself(synced: Replica, office: Logbook) -> None:
    office.store(unit(10, OTHER))
    office.store(change(11, {"state": "doing"}, device="d3"))
    read_on(synced, office)
    synced.save([change(12, {"note": "乙"}, step_address(FAR, "1.1"))])
    every = dict(synced.every())
    assert every == {code: synced.shown(code) for code in (UNIT, OTHER, FAR)}
    assert all(shown.standing == standing_of(synced.records(code)) for code, shown in every.items())
    assert every[UNIT].standing.collisions == {}
    assert every[FAR].unsent == {step_address(FAR, "1.1")}


def test_collisions_are_counted_by_field_over_all_units(synced: Replica) -> None:
    assert synced.collisions() == 0
    synced.save([change(5, {"state": "done", "note": "乙"}), change(6, {"note": "丙"}, step_address(OTHER, "1.1"))])
    assert synced.collisions() == 2


def test_an_entry_that_no_format_here_reads_harms_no_other(replica: Replica) -> None:
    replica.save([change(5, {"note": "甲"}), change(6, {"note": "乙"})])
    with replica._disk.writing():
        strange = encode(change(6, {"note": "乙"})).replace(b'"set"', b'"sets"')
        replica._disk.execute("UPDATE outbox SET body = ? WHERE id = ?", (strange, number_id(6)))
    assert replica.records(UNIT)[STEP].value("note") == "甲"
    assert len(replica.outbox.due(10, 10_000)) == 2


# --- sending ---


def test_entries_are_due_in_the_order_in_which_they_were_made(replica: Replica) -> None:
    replica.save([change(9, {"note": "甲"}), change(4, {"note": "乙"})])
    replica.save([change(7, {"note": "丙"})])
    assert [w.n for w in replica.outbox.due(2, 10_000)] == [1, 2]
    assert [c.id for w in replica.outbox.due(9, 10_000) if (c := w.change())] == [number_id(n) for n in (9, 4, 7)]


def test_a_push_is_bounded_in_bytes_but_takes_one_entry_of_any_size(replica: Replica) -> None:
    replica.save([change(1, {"note": "长" * 3000}), change(2, {"note": "短"}), change(3, {"note": "短"})])
    assert [w.n for w in replica.outbox.due(9, 100)] == [1]
    replica.outbox.note_sent(replica.outbox.due(1, 100))
    size = len(replica.outbox.due(1, 10_000)[0].body)
    assert [w.n for w in replica.outbox.due(9, 2 * size - 1)] == [2]
    assert [w.n for w in replica.outbox.due(9, 2 * size)] == [2, 3]


def test_what_is_sent_is_not_due_until_a_new_connection_sends_it_again(replica: Replica) -> None:
    replica.save([change(1, {"note": "甲"}), change(2, {"note": "乙"})])
    replica.outbox.note_sent(replica.outbox.due(1, 10_000))
    replica.note_outcomes([(number_id(1), "applied", 7)])
    assert waiting(replica) == [(number_id(1), "acked"), (number_id(2), "saved")]
    assert [w.n for w in replica.outbox.due(9, 10_000)] == [2]
    replica.outbox.send_again()
    assert [w.n for w in replica.outbox.due(9, 10_000)] == [1, 2]


def test_a_push_turned_down_as_a_whole_goes_again_but_not_what_was_acked(replica: Replica) -> None:
    replica.save([change(1, {"note": "甲"}), change(2, {"note": "乙"})])
    replica.outbox.note_sent(replica.outbox.due(9, 10_000))
    replica.note_outcomes([(number_id(1), "applied", 7)])
    replica.outbox.send_refused_again()
    assert waiting(replica) == [(number_id(1), "acked"), (number_id(2), "saved")]


def test_an_ack_only_changes_the_label(synced: Replica) -> None:
    synced.save([change(5, {"note": "乙"}), change(6, {"note": "丙"})])
    synced.outbox.note_sent(synced.outbox.due(9, 10_000))
    landed = synced.note_outcomes([(number_id(5), "applied", 4), (number_id(99), "applied", 5)])
    assert landed == ({}, frozenset())
    assert waiting(synced) == [(number_id(5), "acked"), (number_id(6), "sent")]
    assert synced.labels() == (0, 2, 0, 0)


def test_an_ack_for_a_place_that_was_read_long_ago_says_where_the_entry_is(synced: Replica) -> None:
    synced.save([change(5, {"note": "乙"}), change(6, {"note": "丙"})])
    landed = synced.note_outcomes([(number_id(5), "applied", 3), (number_id(6), "held:no-right", 2)])
    assert landed.status == {number_id(5): "applied", number_id(6): "held:no-right"}
    assert landed.owners == {UNIT}
    assert (waiting(synced), synced.labels()) == ([], (0, 0, 1, 1))


def test_an_answer_of_a_kind_unknown_here_changes_nothing(synced: Replica) -> None:
    synced.save([change(5, {"note": "乙"})])
    synced.outbox.note_sent(synced.outbox.due(9, 10_000))
    synced.note_outcomes([(number_id(5), "deferred", None)])
    assert waiting(synced) == [(number_id(5), "sent")]


def test_what_the_office_cannot_keep_needs_a_look_and_holds_up_nobody(synced: Replica) -> None:
    synced.save([change(5, {"note": "乙"}), change(6, {"note": "丙"})])
    synced.outbox.note_sent(synced.outbox.due(9, 10_000))
    synced.note_outcomes([(number_id(5), "malformed", None)])
    assert synced.labels() == (0, 1, 0, 1)
    assert [(look.status, look.change.id) for look in synced.looks.every()] == [("refused", number_id(5))]
    assert (synced.outbox.size(), synced.outbox.open()) == (2, 1)
    synced.outbox.send_again()
    assert [w.n for w in synced.outbox.due(9, 10_000)] == [1, 2], "a newer office may take it"


# --- an id that was taken ---


def test_an_id_that_is_taken_is_replaced_and_the_entry_sent_again(synced: Replica) -> None:
    synced.save([change(5, {"note": "乙"})])
    synced.outbox.note_sent(synced.outbox.due(9, 10_000))
    synced.note_outcomes([(number_id(5), "id-reused", 2)])
    assert waiting(synced) == [(number_id(900), "saved")]
    due = synced.outbox.due(9, 10_000)[0].change()
    assert due == change(900, {"note": "乙"})


def test_entries_that_saw_a_replaced_one_still_see_it_unless_they_are_gone_already(synced: Replica) -> None:
    first = change(5, {"note": "乙"})
    sent = change(6, {"note": "丙"}, seen={"note": [5]})
    later = replace(change(7, {"note": "丁"}, seen={"note": [5, 6]}), undoes=number_id(5))
    synced.save([first, sent, later, change(8, {"note": "戊"})])
    synced.outbox.note_sent(synced.outbox.due(2, 10_000))
    synced.note_outcomes([(number_id(5), "id-reused", None)])
    found = {c.id: c for w in synced.outbox.waiting() if (c := w.change())}
    assert found[number_id(900)].values == {"note": "乙"}
    assert found[number_id(6)] == sent, "what the office may have read is not rewritten"
    assert found[number_id(7)].seen == {"note": (number_id(900), number_id(6))}
    assert found[number_id(7)].undoes == number_id(900)


def test_a_record_with_an_own_id_and_other_content_lets_both_survive(synced: Replica, office: Logbook) -> None:
    synced.save([change(5, {"note": "乙"})])
    office.store(change(5, {"note": "别人"}, device="d9"))
    assert read_on(synced, office) == {}
    assert waiting(synced) == [(number_id(900), "saved")]
    values = {head.value for head in synced.records(UNIT)[STEP].heads("note")}
    assert values == {"甲", "乙", "别人"}


# --- reading the log ---


def test_a_batch_moves_records_and_cursor(synced: Replica, office: Logbook) -> None:
    assert synced.cursor() == office.cursor()
    assert synced.records(UNIT) == office.standing()
    assert [(r.seq, label) for r, label in synced.history(UNIT)] == [(n, "applied") for n in (3, 2, 1)]


@pytest.mark.parametrize("seq", [0, 2])
def test_a_batch_that_starts_elsewhere_does_nothing(synced: Replica, office: Logbook, seq: int) -> None:
    office.store(change(5, {"state": "done"}, seen={"state": [2]}, device="d2"))
    before = (synced.cursor(), synced.records(UNIT))
    assert synced.apply(office.batch(office.cursor(seq))) is None
    assert (synced.cursor(), synced.records(UNIT)) == before


def test_a_batch_of_another_history_does_nothing(synced: Replica, office: Logbook) -> None:
    office.store(change(5, {"state": "done"}, device="d2"))
    elsewhere = office.cursor(3)._replace(chain="0" * 32)
    assert synced.apply(office.batch(elsewhere)) is None


def test_a_batch_whose_records_do_not_lie_between_its_ends_does_nothing(synced: Replica, office: Logbook) -> None:
    start = office.cursor()
    fresh = [office.store(change(n, {"note": str(n)}, device="d2")) for n in (5, 6)]
    for wrong in ((fresh[1], fresh[0]), (fresh[0], fresh[0]), (*fresh, office.records[0])):
        assert synced.apply(Batch(start, wrong, office.cursor(), True)) is None
    assert synced.apply(Batch(start, tuple(fresh), office.cursor(4), True)) is None
    assert synced.apply(Batch(start, (fresh[1],), office.cursor(), True)) is not None, (
        "what one may not read is left out"
    )


def test_an_entry_leaves_the_outbox_with_its_log_record_and_is_kept(synced: Replica, office: Logbook) -> None:
    entry = change(5, {"state": "done"}, seen={"state": [2]})
    synced.save([entry])
    shown = synced.records(UNIT)
    office.store(entry)
    assert read_on(synced, office) == {number_id(5): "applied"}
    assert (waiting(synced), synced.labels()) == ([], (0, 0, 1, 0))
    assert synced.records(UNIT) == shown
    assert synced.shown(UNIT).unsent == frozenset()


def test_a_held_entry_is_shown_no_more_and_needs_a_look(synced: Replica, office: Logbook) -> None:
    before = synced.records(UNIT)
    synced.save([change(5, {"state": "done"}, seen={"state": [2]})])
    cursor = synced.cursor()
    office.store(change(5, {"state": "done"}, seen={"state": [2]}), "held:no-right")
    applied = synced.apply(office.batch(cursor)) if cursor else None
    assert applied is not None
    assert applied.owners == {UNIT}, "the screen has to show it no more"
    assert applied.landed == {number_id(5): "held:no-right"}
    noted = synced.records(UNIT)
    held = noted.pop(hold_address(UNIT, number_id(5)))
    assert noted == before
    assert (held.value("status"), held.value("device")) == ("held:no-right", "d1")
    assert synced.labels() == (0, 0, 0, 1)
    assert [(look.status, look.at[:10], look.change.id) for look in synced.looks.every()] == [
        ("held:no-right", "2026-04-10", number_id(5))
    ]


@pytest.mark.parametrize("said", [("released", "declined"), ("declined", "released")])
def test_what_was_once_released_counts_whatever_is_said_after_it(
    synced: Replica, office: Logbook, said: tuple[str, str]
) -> None:
    held = change(5, {"note": "越"}, device="d1")
    synced.save([held])
    office.store(held, "held:no-right")
    for number, verdict in enumerate(said, 6):
        office.store(
            change(number, {"verdict": verdict, "change": to_json(held)}, hold_address(UNIT, held.id), device="d2")
        )
    read_on(synced, office)
    assert synced.labels() == (0, 0, 1, 0)
    assert list(synced.looks.every()) == []


@pytest.mark.parametrize("status", ["held:other-author", "held:unproven"])
def test_what_others_say_in_this_devices_name_is_not_taken_for_its_own(tmp_path: Path, status: str) -> None:
    """Anybody may give the office such a record, and what is one's own is kept for life."""
    office = Logbook()
    office.store(unit(1))
    office.store(change(5, {"note": "冒名"}, device="d1"), status, device="d9")
    replica = Replica(tmp_path / "own.sqlite", device="d1")
    replica.install(office.cursor(0), [])
    read_on(replica, office)
    assert list(replica.outbox.own()) == []
    assert replica.labels() == (0, 0, 0, 0)
    replica.close()


def test_an_entry_is_unanswered_from_the_key_to_the_ack(synced: Replica) -> None:
    """Also between being taken to be sent and being sent: whoever waits for the last answer waits for this one, too."""
    synced.save([change(5, {"note": "x"})])
    synced.save([change(6, {"note": "y"})], asking=True)
    assert synced.outbox.unanswered() == 1
    synced.outbox.note_sent(synced.outbox.due(10, 10_000))
    assert (synced.outbox.due(10, 10_000), synced.outbox.unanswered()) == ([], 1)
    synced.note_outcomes([(number_id(5), "applied", 99)])
    assert synced.outbox.unanswered() == 0


def test_what_builds_on_an_entry_that_asks_for_a_word_waits_with_it(synced: Replica) -> None:
    synced.save([change(5, {"state": "doing"}, seen={"state": [2]})], asking=True)
    synced.save([change(6, {"state": "done"}, seen={"state": [5]})])
    synced.save([replace(change(7, {"note": "x"}), undoes=number_id(6))])
    synced.save([change(8, {"note": "y"}, seen={"note": [3]})])
    assert [w.id for w in synced.outbox.due(10, 10_000)] == [number_id(8)]
    assert synced.labels() == (1, 0, 0, 3)
    assert synced.outbox.give_word() == 3
    assert [w.id for w in synced.outbox.due(10, 10_000)] == [number_id(n) for n in (5, 6, 7, 8)]


def test_a_record_that_no_format_here_reads_passes_through(synced: Replica, office: Logbook) -> None:
    strange = office.store(change(5, {"note": "乙"}, device="d2"))
    body = orjson.dumps({**orjson.loads(strange.body), "set": "?"}, option=orjson.OPT_SORT_KEYS)
    office.records[-1] = replace(strange, body=body, status="held:undecodable")
    assert read_on(synced, office) == {}
    assert synced.cursor() == office.cursor()
    assert synced.history(UNIT)[0][1] == "held:undecodable"


def test_what_was_acked_but_did_not_come_is_due_again_at_the_head(synced: Replica, office: Logbook) -> None:
    synced.save([change(5, {"note": "乙"})])
    synced.outbox.note_sent(synced.outbox.due(9, 10_000))
    synced.note_outcomes([(number_id(5), "applied", 4)])
    office.store(change(6, {"note": "丙"}, device="d2"))
    office.store(change(7, {"note": "丁"}, device="d2"))
    read_on(synced, office, 4)
    assert waiting(synced) == [(number_id(5), "acked")], "more is to come"
    read_on(synced, office)
    assert waiting(synced) == [(number_id(5), "saved")]


def test_what_was_acked_at_a_place_not_yet_read_is_waited_for(synced: Replica, office: Logbook) -> None:
    synced.save([change(5, {"note": "乙"})])
    synced.note_outcomes([(number_id(5), "applied", 5)])
    office.store(change(6, {"note": "丙"}, device="d2"))
    read_on(synced, office)
    assert waiting(synced) == [(number_id(5), "acked")]


def test_the_same_record_twice_in_one_log_has_one_effect(synced: Replica, office: Logbook) -> None:
    entry = change(5, {"note": "乙"}, device="d2")
    office.store(entry)
    once = (read_on(synced, office), synced.records(UNIT))
    office.store(entry)
    assert (read_on(synced, office), synced.records(UNIT)) == once
    assert [r.seq for r, _ in synced.history(UNIT)] == [5, 3, 2, 1]


# --- snapshots ---


def test_a_snapshot_replaces_the_records_and_nothing_of_the_outbox(synced: Replica, office: Logbook) -> None:
    synced.save([change(5, {"note": "乙"}), change(6, {"note": "丙"})])
    synced.outbox.note_sent(synced.outbox.due(1, 10_000))
    other = Logbook()
    other.store(unit(20, OTHER))
    synced.install(other.cursor(), other.lines(), areas=("340111",), campaign=("d" * 32, b"{}"))
    assert waiting(synced) == [(number_id(5), "saved"), (number_id(6), "saved")]
    assert (synced.cursor(), synced.areas()) == (other.cursor(), ("340111",))
    assert (synced.meta("campaign"), synced.meta("campaign-digest")) == ("{}", "d" * 32)
    assert set(dict(synced.every())) == {OTHER, UNIT}
    assert set(synced.records(UNIT)) == {STEP}
    assert [h.value for h in synced.records(UNIT)[STEP].heads("note")] == ["乙", "丙"]


def test_after_a_restored_office_own_entries_are_offered_again_in_their_old_order(
    synced: Replica, office: Logbook
) -> None:
    entries = [change(n, {"note": str(n)}) for n in (9, 5, 7)]
    synced.save(entries)
    for entry in entries:
        office.store(entry)
    read_on(synced, office)
    synced.save([change(3000, {"note": "新"})])
    office.restore(4)
    synced.install(office.cursor(), office.lines())
    assert [w[0] for w in waiting(synced)] == [number_id(n) for n in (9, 5, 7, 3000)]
    assert synced.labels() == (4, 0, 0, 0)
    assert {h.value for h in synced.records(UNIT)[STEP].heads("note")} == {"甲", "9", "5", "7", "新"}


def test_what_lies_before_the_last_common_place_is_not_offered_again(synced: Replica, office: Logbook) -> None:
    entries = [change(n, {"note": str(n)}) for n in (9, 5)]
    synced.save(entries)
    for entry in entries:
        office.store(entry)
    read_on(synced, office)
    office.restore(4)
    synced.install(office.cursor(), office.lines(), common=4)
    assert waiting(synced) == [(number_id(5), "saved")]
    assert synced.labels() == (1, 0, 1, 0)


def test_offered_entries_that_the_office_still_has_leave_the_outbox_by_its_answer(
    synced: Replica, office: Logbook
) -> None:
    entry = change(5, {"note": "乙"})
    synced.save([entry])
    office.store(entry)
    read_on(synced, office)
    synced.install(office.cursor(), office.lines())
    assert synced.note_outcomes([(number_id(5), "applied", 4)]).owners == {UNIT}
    assert (waiting(synced), synced.labels().on_board) == ([], 1)


def test_a_snapshot_with_a_line_that_cannot_be_read_changes_nothing(synced: Replica, office: Logbook) -> None:
    before = (synced.cursor(), synced.records(UNIT), synced.history(UNIT))
    for bad in (b"{", b"[]", b'{"step/1/1.1":{}}', b'{"step/1/1.1":{"entries":null}}'):
        with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
            synced.install(office.cursor(1), [*office.lines(1), (OTHER, bad)])
        assert (synced.cursor(), synced.records(UNIT), synced.history(UNIT)) == before


def test_history_outlives_a_restored_office_and_counts_nothing_twice(synced: Replica, office: Logbook) -> None:
    lost = office.store(change(5, {"note": "别人"}, device="d2"))
    read_on(synced, office)
    office.restore(3)
    synced.install(office.cursor(), office.lines(), areas=("340111",))
    assert synced.history(UNIT)[0][0].body == lost.body, "a laptop may be the last that knows of it"
    office.store(change(6, {"note": "新"}, device="d2"))
    office.store(change(5, {"note": "别人"}, device="d2"))
    read_on(synced, office)
    assert [r.seq for r, _ in synced.history(UNIT)] == [5, 4, 3, 2, 1]


def test_a_laptop_whose_area_is_narrowed_keeps_nothing_of_the_rest_but_its_own(
    synced: Replica, office: Logbook
) -> None:
    office.store(change(5, {"note": "别人"}, step_address(FAR, "1.1"), device="d2"))
    own = change(6, {"note": "自己"}, step_address(FAR, "1.1"))
    synced.save([own])
    office.store(own)
    read_on(synced, office)
    lines = [line for line in office.lines() if line[0].startswith("340111001")]
    synced.install(office.cursor(), lines, areas=("340111001",))
    assert synced.records(FAR).keys() == {step_address(FAR, "1.1")}
    assert [w[0] for w in waiting(synced)] == [number_id(6)]
    assert [c.id for r, _ in synced.history(FAR) if (c := r.change())] == [number_id(6)]
    assert len(synced.history(UNIT)) == 3


# --- history, labels, small facts ---


def test_history_begins_with_what_waits_and_keeps_every_own_entry(synced: Replica, office: Logbook) -> None:
    first, second = change(5, {"note": "乙"}), change(6, {"note": "丙"})
    synced.save([first])
    office.store(first)
    read_on(synced, office)
    synced.save([second])
    with synced._disk.writing():
        Tail(synced._disk, kept=0).keep([], 4)
    assert [(r.seq, label) for r, label in synced.history(UNIT)] == [(0, "saved"), (4, "applied")]
    assert [r.change() for r, _ in synced.history(UNIT, 1)] == [second]


def test_what_was_read_of_others_is_kept_for_so_long_only(synced: Replica, office: Logbook) -> None:
    with synced._disk.writing():
        Tail(synced._disk, kept=2).keep([], 3)
    assert [r.seq for r, _ in synced.history(UNIT)] == [3, 2]


def test_labels_count_where_every_own_entry_is(synced: Replica, office: Logbook) -> None:
    for number in range(5, 12):
        synced.save([change(number, {"note": str(number)})])
    synced.outbox.note_sent(synced.outbox.due(6, 10_000))
    for number, status in ((5, "applied"), (6, "held:no-right"), (7, "applied")):
        office.store(change(number, {"note": str(number)}), status)
    synced.note_outcomes([(number_id(8), "applied", 9), (number_id(9), "malformed", None)])
    read_on(synced, office)
    assert synced.labels() == (1, 2, 2, 2)
    assert synced.outbox.newest() == 7


def test_small_facts_and_the_campaign_are_kept(replica: Replica, path: Path) -> None:
    replica.set_meta("heard", "{}")
    replica.set_meta("heard", '{"340111":"x"}')
    replica.keep_campaign("e" * 32, '{"title":"活动"}'.encode())
    again = Replica(path, reading=True)
    assert again.meta("heard") == '{"340111":"x"}'
    assert (again.meta("campaign"), again.meta("campaign-digest")) == ('{"title":"活动"}', "e" * 32)
    again.close()


# --- the file ---


def test_who_only_reads_sees_what_was_committed_and_can_change_nothing(synced: Replica, path: Path) -> None:
    reader = Replica(path, reading=True)
    before = reader.version()
    synced.save([change(5, {"note": "乙"})])
    assert reader.version() != before
    assert reader.shown(UNIT) == synced.shown(UNIT)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.save([change(6, {"note": "丙"})])
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.set_meta("a", "b")
    reader.close()


def test_a_still_moment_holds_while_another_program_writes(synced: Replica, path: Path) -> None:
    reader = Replica(path, reading=True)
    with reader.still():
        before = reader.shown(UNIT)
        synced.save([change(5, {"note": "乙"})])
        assert reader.shown(UNIT) == before
    assert reader.shown(UNIT) == synced.shown(UNIT) != before
    reader.close()


def test_the_file_and_its_companions_are_its_users_alone(synced: Replica, path: Path) -> None:
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.glob("replica.sqlite*")}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}


def test_a_file_of_a_newer_guatu_is_left_alone(replica: Replica, path: Path) -> None:
    replica._disk.execute("PRAGMA user_version=99")
    for reading in (True, False):
        with pytest.raises(NewerFormat):
            Replica(path, reading=reading)


def test_a_file_in_which_nothing_has_been_written_is_no_board_to_read(path: Path) -> None:
    path.touch()
    with pytest.raises(NothingWritten):
        Replica(path, reading=True)


def test_the_board_id_is_part_of_the_place(synced: Replica) -> None:
    cursor = synced.cursor()
    assert cursor is not None
    assert cursor.board == BOARD
