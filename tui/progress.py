"""How far the campaign has come, day by day, out of this laptop's log: the lines of planned and done, and yesterday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Final

from shared.board.chart import Chart
from shared.board.district import UnitRow
from shared.board.history import Board
from shared.board.progress import Progress, done, planned
from shared.board.standing import standing_of
from shared.rights import EVERYWHERE, covers, reach, role_of
from tui.as_of import NotKnown, end_of
from tui.profile import Identity
from tui.replica import Replica, Shown
from tui.view import BoardView, Day, chart_of

MOST_DAYS: Final = 1000
"""So many days of a campaign are told at most, its last."""


@dataclass(frozen=True, slots=True)
class Past:
    """What was before `today`: both lines, and every unit's row as it stood when the day before ended.

    Nobody is unknown in those rows: everybody counts as heard of on that day.
    """

    today: date
    progress: Progress
    yesterday: Mapping[str, UnitRow]


def past(replica: Replica, identity: Identity, today: date, zone: tzinfo | None = None) -> Past | NotKnown:
    """The past of the areas that this laptop holds, or that it is not known here from its beginning.

    `zone` is where days end; the laptop's own unless given. Days are told by the office's clock.
    """
    with replica.still():
        since, chart = replica.bygone.known_since(), chart_of(replica)
        if chart is None or since is not None or replica.cursor() is None:
            return NotKnown(since or "")
        areas = replica.areas() or reach(role_of(identity.role), identity.areas)
        days = days_of(chart, today)
        over = [day for day in days if day < today]
        rows: dict[str, UnitRow] = {}

        def reads(owner: str) -> bool:
            return covers(areas, owner)

        def last(board: Board) -> None:
            if over:
                rows.update(_rows(chart, {owner: each for owner, each in board.items() if reads(owner)}, over[-1]))

        due = planned(chart, ((owner, shown.standing) for owner, shown in replica.every()), days)
        finished = done(chart, replica.bygone.log, over, lambda day: end_of(day, zone), reads, last)
    return Past(today, Progress(days, len(over), due, finished), rows)


def days_of(chart: Chart, today: date) -> tuple[date, ...]:
    """The days of a campaign, and those after it that are over."""
    first, last = chart.span.first, max(chart.span.last, today - timedelta(days=1))
    count = min(MOST_DAYS, (last - first).days + 1)
    return tuple(last - timedelta(days=left) for left in reversed(range(count)))


def ranks(shares: Mapping[str, float]) -> dict[str, int]:
    """Each name's place by its share, from 1; equal shares share a place, and the places behind them stay free."""
    ordered = sorted(shares, key=lambda name: (-shares[name], name))
    places: dict[str, int] = {}
    for at, name in enumerate(ordered):
        tied = at and shares[ordered[at - 1]] == shares[name]
        places[name] = places[ordered[at - 1]] if tied else at + 1
    return places


def _rows(chart: Chart, board: Board, day: date) -> Mapping[str, UnitRow]:
    view = BoardView(chart, Day(day, {EVERYWHERE: day}))
    view.fill((owner, Shown(standing_of(records), frozenset())) for owner, records in board.items())
    return view.rows
