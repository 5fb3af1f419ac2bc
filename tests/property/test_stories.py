"""Histories of the whole system that a thousand random ones may miss, and what holds between two histories."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from unittest.mock import patch

import pytest

from server.ledger import Author
from shared import protocol
from shared.board.holds import Verdict
from shared.board.log_record import Cursor
from shared.protocol import Batch, server_frames
from shared.rights import covers
from tests.property.histories import run_history
from tests.property.system.drive import Drive
from tests.property.system.durable import straight
from tests.property.system.oracle import on_disk
from tests.property.system.start import OWNERS
from tests.property.system.story import Story, told
from tests.property.system.system import System
from tests.small import OTHER_TOWN
from tui.frames import batch_of
from tui.replica import Replica

AFEW = range(30)


def test_what_one_brings_back_stays_anothers() -> None:
    with told() as story:
        backup, disk = story.backup(), story.image(0)
        story.enter(0, "甲")
        story.sync(0, 1)
        story.restore(backup)
        story.put_back(0, disk)
        story.sync(1, 0, 1)
        assert [on_disk(story.laptop(who)) for who in (0, 1)] == [([], [1]), ([], [])]
        assert story.laptop(0).drive.replica.labels().on_board == 1


def _held_far_away(story: Story) -> None:
    """A member enters something in a town that is not theirs any more: it is held, and another laptop has read it."""
    story.set_areas(0, OTHER_TOWN)
    story.enter(0, "甲")
    story.sync(0, 1)
    assert story.laptop(0).drive.replica.labels().needs_look == 1


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_reaches_the_author_wherever_the_entry_lies(verdict: Verdict) -> None:
    with told() as story:
        _held_far_away(story)
        story.decide(1, verdict)
        story.sync(1, 0)
        looks = list(story.laptop(0).drive.replica.looks.every())
        assert [look.status for look in looks] == ([] if verdict is Verdict.RELEASED else ["declined"])


@pytest.mark.parametrize("verdict", Verdict)
def test_it_does_so_when_another_laptop_has_brought_the_entry_back(verdict: Verdict) -> None:
    with told() as story:
        backup = story.backup()
        _held_far_away(story)
        story.restore(backup)
        story.sync(1, 0)
        story.decide(1, verdict)
        story.sync(1, 0)
        looks = list(story.laptop(0).drive.replica.looks.every())
        assert [look.status for look in looks] == ([] if verdict is Verdict.RELEASED else ["declined"])


def test_what_is_released_is_on_the_screen_of_whoever_released_it_at_once() -> None:
    with told() as story:
        _held_far_away(story)
        story.decide(1, Verdict.RELEASED)
        assert story.note(1) == "甲"


@pytest.mark.parametrize("number", range(5))
def test_a_seed_tells_the_same_history_again(number: int) -> None:
    """To the last byte: the chain of the office's log is the same."""
    heads = [_head_after(number), _head_after(number)]
    assert heads[0] == heads[1]


def _head_after(number: int) -> Cursor:
    ends: list[Cursor] = []
    run_history(Random(number), Counter(), look=lambda system: ends.append(system.office.ledger.head))
    return ends[0]


@pytest.mark.parametrize("number", AFEW)
def test_clocks_make_no_difference(number: int) -> None:
    """Promise 7: the same history, with laptops up to a year off and with all of them right, ends on the same board."""
    ends: list[object] = []

    def look(system: System) -> None:
        path = system.oracle.paths[system.office.ledger.head.chain]
        ends.append((path, system.oracle.heads(system.oracle.counted(path))))

    run_history(Random(number), Counter(), look=look)
    with patch("tests.property.system.mishaps.timedelta", lambda **_: timedelta()):
        run_history(Random(number), Counter(), look=look)
    assert ends[0] == ends[1]


@pytest.mark.parametrize("number", AFEW)
def test_reading_the_whole_log_gives_what_a_snapshot_gives(number: int) -> None:
    """Promise 3: a laptop that begins before the first record stands where those stand that began with a snapshot."""

    def look(system: System) -> None:
        for laptop in system.laptops:
            replica = laptop.drive.replica
            new = Drive(None, "", str).replica
            new.install(system.office.feed.origin, [], areas=replica.areas())
            _read_on(system, system.people.roll.author(laptop.identity.token), new)
            for owner in OWNERS:
                if covers(replica.areas() or (), owner):
                    assert new.records(owner) == replica.records(owner)
            new.close()

    run_history(Random(number), Counter(), look=look)


def _read_on(system: System, reader: Author, replica: Replica) -> None:
    feed = system.office.feed
    while (cursor := replica.cursor()) is not None and cursor != feed.head:
        frame, _ = straight(feed.batch(cursor, reader))
        batch = server_frames.validate_json(frame)
        assert isinstance(batch, Batch)
        assert replica.apply(batch_of(batch)) is not None


def test_an_older_laptop_that_has_to_start_anew_is_given_something_new_to_start_from() -> None:
    with told(4) as story:
        story.laptop(1).anew = story.laptop(0).anew = 0
        story.laptop(0).speaks = protocol.HEALING - 1
        story.set_areas(2, OTHER_TOWN)
        story.enter(2, "甲")
        story.sync(2, 0, 1)
        story.decide(1, Verdict.RELEASED)
        story.sync(1, 0)
        assert story.note(0) == "甲"
