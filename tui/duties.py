"""My day and the chase list out of the laptop's file, each in one pass over the board and of one moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from shared.board.standing import Standing
from shared.board.values import day_of as day_in
from shared.campaign.model import Rung
from shared.inspection.agenda import SHOWN, Agenda, Asked, agenda_of
from shared.inspection.chase import MOST, Chase, Wanted, chase_of
from shared.inspection.tasks import Clock, Who
from shared.rights import role_of
from tui.profile import Identity
from tui.replica import Replica
from tui.view import chart_of, day_of

LOOKED: Final = "day-looked"
"""The small fact on which day somebody last looked at their day on this laptop."""


def my_day(replica: Replica, identity: Identity, now: datetime, limit: int = SHOWN) -> Agenda | None:
    """The day of this laptop's person, or nothing before the first sync."""
    with replica.still():
        chart = chart_of(replica)
        if chart is None or replica.cursor() is None:
            return None
        looks = [Asked(look.change.id, look.change.record, look.status, look.at) for look in replica.looks.every()]
        clock, looked = _clock(replica, identity, now), day_in(replica.meta(LOOKED))
        if looked is not None and looked > clock.today:  # by a clock that was wrong then, or is now
            looked = None
        return agenda_of(chart, _board(replica), _who(identity), clock, looked, looks, limit)


def chase(replica: Replica, identity: Identity, now: datetime, wanted: Wanted, limit: int = MOST) -> Chase | None:
    """What is past due in this person's areas, or nothing before the first sync."""
    with replica.still():
        chart = chart_of(replica)
        if chart is None or replica.cursor() is None:
            return None
        return chase_of(chart, _board(replica), _who(identity), _clock(replica, identity, now), wanted, limit)


def ladder_of(replica: Replica) -> tuple[Rung, ...]:
    """The campaign's ladder of escalation; empty before the first sync."""
    chart = chart_of(replica)
    return chart.campaign.rules.ladder if chart is not None else ()


def note_looked(replica: Replica, today: date) -> None:
    """Remember that somebody has looked at their day: what turned red before is nothing new any more."""
    replica.set_meta(LOOKED, today.isoformat())


def _board(replica: Replica) -> Iterator[tuple[str, Standing]]:
    return ((owner, shown.standing) for owner, shown in replica.every())


def _who(identity: Identity) -> Who:
    return Who(role_of(identity.role), identity.areas)


def _clock(replica: Replica, identity: Identity, now: datetime) -> Clock:
    day = day_of(replica, identity, now)
    return Clock(day.today, day.heard_of)
