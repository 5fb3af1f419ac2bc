"""The test of the test: every mistake that others have made is noticed, in a history that leads to it at once.

Each history is told twice: with the mistake a promise is broken, and it is the one named; without it all is well. All
but the rare mistakes are also found within a hundred histories by chance.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import nullcontext
from typing import Final, NamedTuple

import pytest

from shared.board.record import step_address
from tests.property import mistakes
from tests.property.histories import run_histories
from tests.property.mistakes import Mistake
from tests.property.system.story import Story, told
from tests.small import OTHER_TOWN, SECOND


class Scenario(NamedTuple):
    """A mistake, the history that shows it, what is said then, and what of the mistake has to be there all the same."""

    mistake: Mistake
    history: Callable[[Story], None]
    noticed: str
    without: Mistake = nullcontext


def two_enter_offline(story: Story) -> None:
    story.enter(0, "甲")
    story.enter(1, "乙")
    story.sync(0, 1, 0)


def one_follows_another(story: Story) -> None:
    """The second entry of one laptop has seen its first, while another has entered something in between."""
    story.enter(0, "甲")
    story.enter(0, "乙")
    story.enter(1, "丙")
    story.sync(1, 0)


def numbers_used_again(story: Story) -> None:
    """A laptop stands at a number that the office uses again for something else, after it was put back."""
    backup = story.backup()
    story.enter(0, "甲")
    story.sync(0, 1)
    story.restore(backup)
    story.office_enters("丙")
    story.sync(1)
    story.office_enters("丁")
    story.sync(1)


def one_push(story: Story) -> None:
    story.enter(0, "甲")
    story.connect(0)
    story.push(0)
    story.work()
    story.read(0)


def ack_before_batch(story: Story) -> None:
    """The answer comes while the record itself has not been read yet."""
    story.enter(0, "甲")
    story.connect(0, live=False)
    story.push(0)
    story.work()
    story.read(0)


def acked_and_lost(story: Story) -> None:
    """The office answers, and is put back to just before it; the laptop stands where it stood then."""
    backup = story.backup()
    ack_before_batch(story)
    story.restore(backup)


def a_disk_in_two_laptops(story: Story) -> None:
    """The same disk in two machines; on each somebody enters something else, and on one goes on from there."""
    story.system.clone(story.laptop(0))
    story.enter(0, "甲")
    story.enter(2, "乙")
    story.enter(2, "丙")
    story.sync(0, 2, 0)


def an_id_drawn_twice(story: Story) -> None:
    """One id for two entries on two machines, nothing built on either; the second starts anew before it sends."""
    backup = story.backup()
    story.system.clone(story.laptop(0))
    story.office_enters("丙")
    story.sync(0, 1, 2)
    story.restore(backup)
    story.enter(0, "甲")
    story.enter(2, "乙", step_address(SECOND, "1.1"))
    story.sync(0, 2)


def power_fails_while_reading(story: Story) -> None:
    """At every statement of a batch in turn."""
    for statements in range(40):
        story.enter(0, f"{statements}")
        story.sync(0)
        story.connect(1)
        story.laptop(1).drive.fail_after(statements)
        story.read(1)
        story.laptop(1).drive.fail_after(None)


def start_anew_with_a_full_outbox(story: Story) -> None:
    backup = story.backup()
    story.sync(0)
    story.office_enters("丙")
    story.sync(0)
    story.enter(0, "甲")
    story.restore(backup)
    story.connect(0)
    story.read(0)
    story.sync(0)


def typing_while_others_sync(story: Story) -> None:
    """Somebody begins to type; another's entry comes in; then the first one saves."""
    story.open(0)
    story.enter(1, "乙")
    story.sync(1, 0)
    story.save(0, "甲")


def rights_narrowed_offline(story: Story) -> None:
    """What is entered in the last village before the news of it arrives."""
    story.set_areas(0, OTHER_TOWN)
    story.enter(0, "甲")
    story.sync(0)


def a_batch_gets_lost(story: Story) -> None:
    story.connect(1)
    for number in range(9):
        story.office_enters(f"{number}")
    del story.line(1).session.down[3]
    story.read(1)


def a_late_copy(story: Story) -> None:
    """A copy of a push arrives a long time after the push."""
    story.enter(0, "甲")
    story.connect(0)
    story.laptop(0).push(1)
    story.system.stray(story.laptop(0), story.line(0).up[0])
    story.push(0)
    story.work()
    for number in range(5):
        story.office_enters(f"{number}")
    story.system.arrive(0)
    story.work()


def only_a_reader_comes_back(story: Story) -> None:
    """What one laptop entered and another has read; the office is put back, and the first one's disk is gone."""
    backup, disk = story.backup(), story.image(0)
    story.enter(0, "甲")
    story.sync(0, 1)
    first = story.system.office.log.read(0, 99)[-1]
    story.restore(backup)
    story.put_back(0, disk)
    story.sync(1, 0)
    again = story.system.office.log.read(0, 99)[-1]
    assert (again.body, again.status, again.at) == (first.body, first.status, first.at), "never came back"


def given_back_and_lost(story: Story) -> None:
    """The office has what it was offered, and is put back to just before it; the laptop stands where it stood then."""
    backup, disk = story.backup(), story.image(0)
    story.enter(0, "甲")
    story.sync(0, 1)
    story.restore(backup)
    story.put_back(0, disk)
    story.connect(1, live=False)
    story.read(1)
    story.connect(1, live=False)
    for _ in range(5):
        story.push(1)
        story.work()
        story.read(1)
    story.restore(backup)


SCENARIOS: Final = (
    Scenario(mistakes.last_writer_wins, two_enter_offline, "stands"),
    Scenario(mistakes.seq_as_field_version, one_follows_another, "stands"),
    Scenario(mistakes.cursor_without_chain, numbers_used_again, "stands"),
    Scenario(mistakes.ack_before_commit, one_push, "an ack left before its change was on the disk"),
    Scenario(mistakes.publish_before_commit, one_push, "a record was published before it was on the disk"),
    Scenario(mistakes.ack_empties_the_outbox, ack_before_batch, "shows nothing of"),
    Scenario(mistakes.acked_is_never_sent_again, acked_and_lost, "no end within 3 rounds"),
    Scenario(mistakes.id_from_device_and_counter, a_disk_in_two_laptops, "stands"),
    Scenario(mistakes.no_content_hash, an_id_drawn_twice, "shows nothing of", mistakes.id_from_device_and_counter),
    Scenario(mistakes.cursor_before_data, power_fails_while_reading, "stands"),
    Scenario(mistakes.snapshot_discards_the_outbox, start_anew_with_a_full_outbox, "lost"),
    Scenario(mistakes.own_changes_not_kept, one_push, "lost"),
    Scenario(mistakes.others_are_not_offered, only_a_reader_comes_back, "never came back"),
    Scenario(mistakes.offered_once_is_enough, given_back_and_lost, "never came back"),
    Scenario(mistakes.seen_taken_at_save, typing_while_others_sync, "stands"),
    Scenario(mistakes.refused_is_dropped, rights_narrowed_offline, "stands nowhere"),
    Scenario(mistakes.batch_from_anywhere, a_batch_gets_lost, "stands"),
    Scenario(mistakes.ids_forgotten, a_late_copy, "more than once"),
)
RARE: Final = (mistakes.batch_from_anywhere, mistakes.offered_once_is_enough)
COMMON: Final = tuple(each.mistake for each in SCENARIOS if each.mistake not in RARE)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.mistake.__name__)
def test_a_mistake_breaks_a_promise(scenario: Scenario) -> None:
    with scenario.mistake(), pytest.raises(AssertionError, match=scenario.noticed), told() as story:
        scenario.history(story)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.mistake.__name__)
def test_without_it_all_is_well(scenario: Scenario) -> None:
    with scenario.without(), told() as story:
        scenario.history(story)


@pytest.mark.parametrize("mistake", COMMON, ids=lambda mistake: mistake.__name__)
def test_a_common_mistake_is_found_by_chance_as_well(mistake: Mistake) -> None:
    with mistake(), pytest.raises((AssertionError, sqlite3.IntegrityError)):
        run_histories(seed=0, count=100)
