"""The board while it lives: what the link brings, drained in bursts, and what people enter here.

It knows no widgets. The link tells it news on the loop; `absorb` turns everything that came since into the rows that
look different, so that a burst of changes costs one round of painting.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.board.district import TownRow, UnitRow
from tui.acting import Acting
from tui.keeper import Keeper
from tui.messages import Arrived, CampaignChanged, HeardNews, LinkMoved, LinkNews, LinkState
from tui.profile import Profile
from tui.replica import Labels, Replica, Shown
from tui.view import BoardView, days_heard, open_view


@dataclass(frozen=True, slots=True)
class Delta:
    """What looks different now; `whole` when every row may. Of `touched` units something else stands, shown or not."""

    rows: Mapping[str, UnitRow] = field(default_factory=dict)
    towns: Mapping[str, TownRow] = field(default_factory=dict)
    whole: bool = False
    touched: frozenset[str] = frozenset()


class LiveBoard(Acting):
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
        super().__init__(profile, keeper, view, now)
        self.labels = labels
        self.link = LinkMoved(LinkState.OFFLINE)
        self.read_at = read_at
        self.clock_offset: float | None = None
        self._stirred = stirred
        self._dirty: set[str] = set()
        self._rebuild = False
        self._version: int | None = None

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

    def touched(self, owners: Collection[str] = ()) -> None:
        """Show these anew; called when something was saved."""
        self._dirty |= set(owners)
        self._stirred()

    async def _take(self, owners: set[str]) -> Delta:
        shown, self.labels = await self.keeper.run(lambda replica: _read(replica, owners))
        if self.view is None:
            return Delta(whole=True)
        taken = self.view.take(shown)
        return Delta(taken.rows, taken.towns, whole=taken.reshaped, touched=frozenset(owners))

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
