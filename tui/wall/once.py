"""The wall of one moment: facts out of a laptop's file, and a frame of them as text, for mail, paper and tests."""

from __future__ import annotations

from datetime import date, datetime

import orjson

from shared.rights import EVERYWHERE
from tui.as_of import NotKnown, records_at, shown_of, view_of
from tui.laptop import Laptop
from tui.profile import Identity
from tui.progress import past
from tui.replica import READ_AT, Replica
from tui.wall import registers
from tui.wall.box import Box, Means
from tui.wall.facts import Facts
from tui.wall.frame import framed, whole
from tui.wall.gathering import CHANGES_KEPT, Gathering
from tui.wall.layouts import Layout
from tui.wall.lines import Line
from tui.wall.moment import Moment, Turn
from tui.wall.news import newest
from tui.wall.schedule import Slot, page_named, slots, title_of
from tui.wall.settings import Settings
from tui.wall.trust import Freshness, Heard, freshness, parse_heard


def heard_in(replica: Replica) -> Heard:
    """When everybody was heard of, as the office last said."""
    return parse_heard(orjson.loads(replica.meta("heard") or b"{}"))


def facts_now(laptop: Laptop) -> Facts:
    """Everything as it stands in this laptop's file; raises `NothingYet`."""
    view, replica, now = laptop.view(), laptop.replica, laptop.now()
    gathering = Gathering(view, heard_in(replica), now)
    found = past(replica, laptop.identity, now.date(), now.tzinfo)
    gathering.note_past(None if isinstance(found, NotKnown) else found, now)
    gathering.note_registers(registers.read(replica, laptop.identity, now.date()))
    gathering.note_changed(newest(replica, view, CHANGES_KEPT, now.tzinfo))
    return gathering.facts()


def facts_on(replica: Replica, identity: Identity, now: datetime, day: date) -> Facts | NotKnown:
    """Everything as it stood when a day ended, or that this laptop does not know it."""
    with replica.still():
        known = records_at(replica, identity, day, now.tzinfo)
        if isinstance(known, NotKnown):
            return known
        view = view_of(replica, known, day)
        if isinstance(view, NotKnown):
            return view
    found = past(replica, identity, day, now.tzinfo)
    gathering = Gathering(view, Heard({EVERYWHERE: now}), now)
    gathering.note_past(None if isinstance(found, NotKnown) else found, now)
    gathering.note_registers(registers.made_of(shown_of(known), view.chart, day))
    return gathering.facts(as_of=day)


def moment_of(laptop: Laptop) -> Moment:
    """How fresh a file is that nobody brings up to date; it says so, and still shows what there is."""
    now, said = laptop.now(), laptop.replica.meta(READ_AT)
    seen = datetime.fromisoformat(said).astimezone(now.tzinfo) if said else None
    fresh = freshness(seen, now)
    return Moment(now, Freshness.LATE if fresh is Freshness.STOPPED else fresh, seen)


def means_of(settings: Settings, layout: Layout) -> Means:
    """How a wall with these settings draws in this layout."""
    return Means(settings.blocks, settings.typeface, settings.hidden, settings.ranked, layout.names, settings.words)


def frame_of(
    facts: Facts, moment: Moment, slot: Slot, layout: Layout, means: Means, size: tuple[int, int]
) -> tuple[Line, ...]:
    """The lines of a whole screen of this size, showing this page; raises KeyError when there is no such page."""
    page = page_named(slot.page)
    if page is None:
        raise KeyError(slot.page)
    box = Box(layout.width, layout.centre, moment.now, means)
    every = slots(facts, box)
    number = every.index(slot) + 1 if slot in every else 1
    turn = Turn(title_of(slot, facts, words=means.words), number, len(every), 0)
    return framed(whole(page, slot.part, facts, moment, turn, layout, means).lines, layout, *size, shift=(1, 1))
