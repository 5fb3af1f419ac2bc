"""What hangs on the wall from moment to moment: facts, whose turn it is, what is marked, what somebody holds.

It knows no widgets: the screen hands it what happens, and asks for a frame.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from tui.messages import LinkMoved, LinkState
from tui.screens.head import short_link
from tui.wall.bottom import bottom
from tui.wall.box import Box, Means
from tui.wall.critical import critical
from tui.wall.facts import Changed, Facts
from tui.wall.frame import Frame, centre, trusted
from tui.wall.gathering import Gathering, turned_red
from tui.wall.layouts import Layout, layout_for
from tui.wall.lines import Band, Block, Line
from tui.wall.moment import Moment, Turn
from tui.wall.once import means_of
from tui.wall.reading_test import in_short
from tui.wall.rotation import Rotation
from tui.wall.schedule import TOWN, Slot, page_named, slots, title_of
from tui.wall.settings import Settings
from tui.wall.sight import READABLE
from tui.wall.top import top
from tui.wall.trust import freshness

MARKED: Final = timedelta(seconds=60)
"""How long something that changed is marked."""
NOTICED: Final = timedelta(seconds=60)
"""How long a wall that has just been hung says under which angle it is seen."""
DIGITS: Final = 3
"""So many digits number a town."""


class Hanging:
    """The wall, without a screen. `seen`: when the board last stood at the office's head."""

    def __init__(self, settings: Settings, now: datetime, seen: datetime | None) -> None:
        self.settings = settings
        self.seen = seen
        self.gathering: Gathering | None = None
        self.layout: Layout = layout_for(80, 24)
        self.rotation = Rotation(Slot("towns"), now)
        self.typed = ""
        self._began, self._rows = now, 24
        self.past_day: Facts | None = None
        """What is shown instead of today, when somebody looks at a day that is over."""
        self._frozen: Facts | None = None
        self._marks: dict[str, datetime] = {}
        self._slots: tuple[Slot, ...] = ()
        self._slots_of: tuple[object, ...] = ()
        self._stands: dict[Slot, float] = {}
        self._critical: Band = ()
        self._critical_of: tuple[object, ...] = ()
        self._centre: tuple[Line, ...] = ()
        self._centre_of: tuple[object, ...] = ()

    # --- what it is made of ---

    @property
    def facts(self) -> Facts | None:
        """What is shown: a day that is over, what somebody holds, or everything as it stands."""
        if self.past_day is not None:
            return self.past_day
        if self._frozen is not None:
            return self._frozen
        return None if self.gathering is None else self.gathering.facts()

    @property
    def means(self) -> Means:
        """How it is drawn."""
        return means_of(self.settings, self.layout)

    def measure(self, width: int, height: int) -> None:
        """The screen has this size."""
        self._rows = height
        self.layout = layout_for(width, height, self.settings.preset, self.settings.sight)

    # --- what happens ---

    def pass_time(self, now: datetime, link: LinkMoved) -> None:
        """A second has passed: marks fade, and as long as the office is there the board is as of now."""
        if link.state is LinkState.LIVE:
            self.seen = now
        if any(now - at >= MARKED for at in self._marks.values()):
            self._marks = {code: at for code, at in self._marks.items() if now - at < MARKED}

    def note(self, changed: Iterable[Changed], towns: Mapping[str, str], now: datetime) -> None:
        """Mark what changed; show once what turned red, its town, or all of them when there are several."""
        changed = tuple(changed)
        for each in changed:
            self._marks[each.code] = now
            if each.code in towns:
                self._marks[towns[each.code]] = now
        red = {towns[each.code] for each in turned_red(changed) if each.code in towns}
        if red and not self.rotation.held:
            self.rotation = self.rotation.jump(Slot(f"{TOWN}{red.pop()}") if len(red) == 1 else Slot("towns"), now)

    # --- keys ---

    def turn(self, by: int, now: datetime) -> None:
        """So many pages on, or back."""
        if self._slots:
            self.rotation = self.rotation.turn(by, now, self._slots)

    def hold(self, now: datetime) -> None:
        """Stay on this page, or go on."""
        self.rotation = self.rotation.hold(held=not self.rotation.held, now=now)

    def freeze(self) -> None:
        """Hold the picture as it is, or let it live again."""
        self._frozen = None if self._frozen is not None else self.facts

    def type(self, digit: str) -> None:
        """A digit of a town's number."""
        self.typed = (self.typed + digit)[-DIGITS:]

    def jump(self, now: datetime, by: int = 0) -> None:
        """Show the town whose number was typed, from 1 in the wall's order; else the next one, or the one before."""
        facts, typed = self.facts, self.typed
        self.typed = ""
        if facts is None or not facts.towns:
            return
        codes = [town.code for town in facts.towns]
        shown = self.rotation.shown.page.removeprefix(TOWN)
        if typed and not 0 < int(typed) <= len(codes):
            return
        after = codes.index(shown) + (by or 1) if shown in codes else 0
        place = int(typed) - 1 if typed else after
        self.rotation = self.rotation.jump(Slot(f"{TOWN}{codes[place % len(codes)]}"), now)

    # --- the frame ---

    def frame(self, facts: Facts, now: datetime, link: LinkMoved) -> Frame:
        """All four parts now. What has not changed is the same value as before."""
        layout, means, moment = self.layout, self.means, self._moment(now, link)
        box = Box(layout.width, layout.centre, now, means, moment.marked)
        every = self._every(facts, box)
        self.rotation = self.rotation.tick(now, every, lambda slot: self._standing(slot, facts, box))
        slot = self.rotation.shown
        left = self.rotation.left(now, self._standing(slot, facts, box))
        turn = Turn(
            title_of(slot, facts, words=means.words),
            every.index(slot) + 1 if slot in every else 0,
            len(every),
            round(left),
        )
        minute = now.replace(second=0, microsecond=0)
        made_of = (facts, slot, layout, moment.marked, moment.fresh, minute)
        if not _same(self._centre_of, made_of):
            page = page_named(slot.page)
            assert page is not None
            self._centre, self._centre_of = centre(page, facts, box, slot.part, moment), made_of
        if not _same(self._critical_of, (facts, layout)):
            self._critical, self._critical_of = critical(facts, layout, means), (facts, layout)
        return Frame(
            top(facts, moment, layout.width, words=means.words),
            trusted(self._critical, facts, moment),
            (Block(layout.width, self._centre),),
            trusted((Block(layout.width, bottom(facts, turn, moment, layout, means)),), facts, moment),
        )

    def _moment(self, now: datetime, link: LinkMoved) -> Moment:
        fresh = freshness(self.seen, now, self.settings.patience)
        why = "" if link.state is LinkState.LIVE else short_link(link)
        marked = frozenset(self._marks) if now.second % 2 == 0 else frozenset[str]()
        held, frozen = self.rotation.held, self._frozen is not None
        return Moment(now, fresh, self.seen, why, frozen, held, marked, self.typed, self._notice(now))

    def _notice(self, now: datetime) -> str:
        """The angle under which rows are seen: in the first minute, and for as long as it is too small."""
        sight, rows = self.settings.sight, self._rows
        if sight is None or (sight.row(rows) >= READABLE and now - self._began > NOTICED):
            return ""
        return in_short(sight, rows)

    def _every(self, facts: Facts, box: Box) -> tuple[Slot, ...]:
        """What takes turns; worked out anew only when facts or layout are other ones."""
        if not _same(self._slots_of, (facts, self.layout)):
            before, self._slots = self._slots, slots(facts, box)
            if before != self._slots or self._slots_of[1:] != (self.layout,):
                self._stands.clear()
            self._slots_of = (facts, self.layout)
        return self._slots

    def _standing(self, slot: Slot, facts: Facts, box: Box) -> float:
        """How many seconds a page stands, by its rows."""
        found = self._stands.get(slot)
        if found is None:
            page = page_named(slot.page)
            rows = len(page.draw(facts, box, slot.part)) if page is not None else 0
            found = self._stands[slot] = self.settings.dwell.of(slot, rows)
        return found


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Whether something was made of these: facts are compared by which they are, all else by what it is."""
    if not before or before[0] is not now[0]:
        return False
    return before[1:] == now[1:]
