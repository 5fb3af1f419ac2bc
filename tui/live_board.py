"""The board while it lives: what the link brings, drained in bursts, and what people enter here.

It knows no widgets. The link tells it news on the loop; `absorb` turns everything that came since into the rows that
look different, so that a burst of changes costs one round of painting.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.board.change import JSON, Change
from shared.board.district import TownRow, UnitRow
from shared.board.record import Record, owner_of, step_address
from shared.roster import Unit
from tui.entry import Pen, Problem
from tui.keeper import Keeper
from tui.messages import Arrived, CampaignChanged, HeardNews, LinkMoved, LinkNews, LinkState
from tui.profile import Identity, Profile
from tui.replica import Labels, Replica, Shown
from tui.view import BoardView, days_heard, open_view

Records = Mapping[str, Record]


@dataclass(frozen=True, slots=True)
class Delta:
    """What looks different now; `whole` when every row may."""

    rows: Mapping[str, UnitRow] = field(default_factory=dict)
    towns: Mapping[str, TownRow] = field(default_factory=dict)
    whole: bool = False


class NotSaved(Exception):
    """The disk refused; nothing of the entry was stored."""


class LiveBoard:
    """The rows on the screen and where they come from. `stirred` is called when there is something to absorb."""

    def __init__(
        self,
        profile: Profile,
        keeper: Keeper,
        view: BoardView | None,
        labels: Labels,
        now: Callable[[], datetime],
        stirred: Callable[[], None],
        read_at: datetime | None = None,
    ) -> None:
        self.profile = profile
        self.keeper = keeper
        self.view = view
        self.labels = labels
        self.now = now
        self.link = LinkMoved(LinkState.OFFLINE)
        self.read_at = read_at
        self.clock_offset: float | None = None
        self._stirred = stirred
        self._dirty: set[str] = set()
        self._rebuild = False
        self._version: int | None = None

    @property
    def identity(self) -> Identity:
        """Who this device is, as the office last said."""
        return self.profile.identity()

    def tell(self, news: LinkNews) -> None:
        """Take news of the link; it is shown when `absorb` is next called."""
        match news:
            case LinkMoved():
                self.link = news
                if news.state is LinkState.LIVE:
                    self.read_at = self.now()
                if news.clock_offset is not None:
                    self.clock_offset = news.clock_offset
            case Arrived(owners):
                self.read_at = self.now()
                self._rebuild = self._rebuild or owners is None
                self._dirty |= owners or frozenset()
            case HeardNews(areas):
                self._rebuild = self._rebuild or self._hears_anew(areas)
            case CampaignChanged():
                self._rebuild = True
        self._stirred()

    async def absorb(self) -> Delta:
        """Bring the rows up to what the replica holds; returns what looks different."""
        rebuild, self._rebuild = self._rebuild or self.view is None, False
        owners, self._dirty = self._dirty, set()
        try:
            return await (self._build() if rebuild else self._take(owners))
        except BaseException:  # what was to be shown still is, when the file can be read again
            self._rebuild, self._dirty = self._rebuild or rebuild, self._dirty | owners
            raise

    async def turn_day(self) -> bool:
        """Whether the board is to be made anew: midnight has passed, or another program has written to this profile."""
        if not self.profile.held and await self._written_elsewhere():
            self._rebuild = True
        if self.view is not None and self.view.day.today != self.now().date():
            self._rebuild = True
        return self._rebuild

    async def records(self, unit: Unit) -> Records:
        """Everything known of a unit now: what an editor shows when it opens."""
        return await self.keeper.run(lambda replica: replica.records(unit.code))

    async def enter(self, unit: Unit, step: str, shown: Records, values: Mapping[str, JSON]) -> Change | Problem:
        """Save an entry on a step by somebody who had `shown` before them; on the disk when this returns."""
        if self.view is None:
            return Problem("nothing-entered", "")
        pen = Pen(self.identity, self.view.chart.campaign.revision, self.now)
        address = step_address(unit.code, step)
        made = pen.change(shown.get(address) or Record(address), values)
        if isinstance(made, Problem):
            return made
        await self.save([made])
        return made

    async def save(self, changes: Sequence[Change]) -> None:
        """Put entries into the outbox; they are on the disk when this returns, and on the screen soon after."""
        try:
            await self.keeper.run(lambda replica: replica.save(changes))
        except (sqlite3.Error, OSError) as fault:
            raise NotSaved(str(fault)) from fault
        self._dirty |= {owner_of(change.record) for change in changes}
        self._stirred()

    async def _take(self, owners: set[str]) -> Delta:
        shown, self.labels = await self.keeper.run(lambda replica: _read(replica, owners))
        if self.view is None:
            return Delta(whole=True)
        taken = self.view.take(shown)
        return Delta(taken.rows, taken.towns, whole=taken.reshaped)

    async def _build(self) -> Delta:
        identity, now = self.identity, self.now

        def build(replica: Replica) -> tuple[BoardView | None, Labels]:
            return open_view(replica, identity, now), replica.labels()

        self.view, self.labels = await self.keeper.run(build)
        return Delta(whole=True)

    async def _written_elsewhere(self) -> bool:
        """Whether another program has written since the last look; before the first it may have."""
        before, self._version = self._version, await self.keeper.run(lambda replica: replica.version())
        return before != self._version

    def _hears_anew(self, areas: Mapping[str, str]) -> bool:
        """Whether news of who was heard of changes a day on which lights depend."""
        return self.view is None or days_heard(areas, self.identity, self.now()) != self.view.day.heard


def _read(replica: Replica, owners: set[str]) -> tuple[dict[str, Shown], Labels]:
    return {owner: replica.shown(owner) for owner in owners}, replica.labels()
