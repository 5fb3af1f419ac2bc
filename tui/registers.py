"""The registers over all units out of the laptop's file, each in one pass over the board and of one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from shared.board.lights import State
from shared.board.record import unit_address
from shared.board.unit import unit_in
from shared.inspection.documents import dossiers
from shared.inspection.register import Registered, Sought, most_urgent_first, problems_in, sought
from shared.inspection.review import Slowness, Waiting, oldest_first, slowness, waiting_on
from shared.inspection.visits import Coverage, coverage_of
from shared.rights import covers
from shared.roster import Unit
from tui.profile import Identity
from tui.replica import Replica
from tui.view import chart_of

_REVIEWED: Final = ("step/", "document/")


class Review(NamedTuple):
    """What waits in somebody's areas, the oldest first, and how slow the office is there."""

    waiting: list[Waiting]
    slowness: Slowness


class Covered(NamedTuple):
    """One unit with its visits."""

    unit: Unit
    coverage: Coverage


def review(replica: Replica, identity: Identity, now: datetime) -> Review:
    """What waits for the reviewer in the areas of this laptop's person."""
    today, found, answered = now.date(), list[Waiting](), list[int]()
    with replica.still():
        for owner, shown in replica.every():
            if not covers(identity.areas, owner):
                continue
            papers = any(address.startswith("document/") for address in shown.standing.values)
            waits = any(values.get("state") == State.SUBMITTED for values in shown.standing.values.values())
            if not papers and not waits:
                continue
            records = replica.records(owner, _REVIEWED)
            found += waiting_on(owner, records, today)
            answered += [
                each.days(today) for paper in dossiers(records, owner) for each in paper.rounds if each.outcome
            ]
    return Review(oldest_first(found), slowness(found, answered))


def problems(replica: Replica, identity: Identity, now: datetime, wanted: Sought) -> list[Registered]:
    """The problems that are sought in the areas of this laptop's person, the most urgent first."""
    with replica.still():
        chart = chart_of(replica)
        if chart is None:
            return []
        every, names = [], {}
        for owner, shown in replica.every():
            if covers(identity.areas, owner) and (there := problems_in(*shown.standing)):
                names[owner] = _name(owner, shown.standing.values)
                every += [(owner, problem) for problem in there]
    found = sought(every, wanted, now.date(), chart.campaign.rules.warning_days, names)
    return most_urgent_first(found)


def coverage(replica: Replica, identity: Identity, now: datetime) -> list[Covered]:
    """Every open unit in the areas of this laptop's person with its visits, those never visited first, then the
    longest ago."""
    found: list[Covered] = []
    with replica.still():
        for owner, shown in replica.every():
            unit = unit_in(owner, shown.standing.values.get(unit_address(owner), {}))
            if unit is not None and not unit.closed and covers(identity.areas, owner):
                found.append(Covered(unit, coverage_of(owner, shown.standing.values, now.date())))
    return sorted(found, key=lambda each: (each.coverage.last is not None, each.coverage.last, each.unit.code))


def _name(owner: str, values: Mapping[str, Mapping[str, object]]) -> str:
    own = values.get(unit_address(owner), {})
    return f"{own.get('name') or ''} {own.get('short') or ''}"
