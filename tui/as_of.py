"""The board as it was at the end of a day, told from the office's log as far as this laptop knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from shared.board.history import standing_at
from shared.board.record import Record, kind_of
from shared.board.standing import standing_of
from shared.rights import EVERYWHERE, reach, readable, role_of
from tui.profile import Identity
from tui.replica import Replica, Shown
from tui.view import BoardView, Day, chart_of

Standing = Mapping[str, Mapping[str, Record]]
"""Owner → address → record."""

_EARLY: Final = date(1970, 1, 2)
"""Nothing on any board is older, and clocks of some systems begin there."""


class NotKnown(NamedTuple):
    """This laptop cannot tell: it knows the log from `since` on alone, the office's time; empty when from nowhere."""

    since: str


def view_at(replica: Replica, identity: Identity, day: date, zone: tzinfo | None = None) -> BoardView | NotKnown:
    """The board as the office had it when this day ended here, by the office's clock.

    Lights are those of that day, with everybody heard of on it. Own entries count from when the office had them. `zone`
    is where the day ends; the laptop's own unless given. The campaign is the one that holds now.
    """
    with replica.still():
        known = records_at(replica, identity, day, zone)
        return known if isinstance(known, NotKnown) else view_of(replica, known, day)


def records_at(replica: Replica, identity: Identity, day: date, zone: tzinfo | None = None) -> Standing | NotKnown:
    """The records of that moment, of all areas that this laptop holds."""
    since = replica.bygone.known_since()
    if since is not None or replica.cursor() is None:
        return NotKnown(since or "")
    areas = replica.areas() or reach(role_of(identity.role), identity.areas)
    return {
        owner: readable_records
        for owner, records in standing_at(replica.bygone.log(), end_of(day, zone)).items()
        if (readable_records := {a: r for a, r in records.items() if readable(areas, kind_of(a), owner)})
    }


def view_of(replica: Replica, known: Standing, day: date) -> BoardView | NotKnown:
    """The board that these records make on this day."""
    chart = chart_of(replica)
    if chart is None:
        return NotKnown("")
    view = BoardView(chart, Day(day, {EVERYWHERE: day}))
    view.fill(shown_of(known))
    return view


def shown_of(known: Standing) -> Iterator[tuple[str, Shown]]:
    """What rows show of these records, unit after unit."""
    return ((owner, Shown(standing_of(records), frozenset())) for owner, records in known.items())


def end_of(day: date, zone: tzinfo | None = None) -> datetime:
    """The moment when a day ends in a zone, here unless given."""
    midnight = datetime.combine(max(day, _EARLY) + timedelta(days=1), time())
    return midnight.replace(tzinfo=zone) if zone is not None else midnight.astimezone()
