"""The ladder of escalation: how far up somebody is told of what is past due, by how many days it is."""

from __future__ import annotations

from collections.abc import Sequence

from shared.campaign.model import Rung


def rung_at(ladder: Sequence[Rung], days: int) -> int:
    """On which rung something stands that is so many days past due, the lowest being 1; 0 below the ladder."""
    return sum(rung.days <= days for rung in ladder)


def rung_of(ladder: Sequence[Rung], days: int) -> Rung | None:
    """The same rung itself, or nothing below the ladder."""
    number = rung_at(ladder, days)
    return ladder[number - 1] if number else None
