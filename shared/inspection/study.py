"""Study: how many of a unit's members it reached, those reached at home included (the plan's 学习全覆盖)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared.board.change import JSON
from shared.board.record import Record, unit_address
from shared.board.standing import settled
from shared.inspection.item import Item, of_kind

STUDY: Final = "study"
MEMBERS: Final = "figure.members"
"""The field of a unit's record that says how many members it has."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far study has come in a unit.

    `reached`: the members whom the best attended session reached. Sessions count heads and name nobody, so that so many
    are known to be reached and no more. `at_home`: how many of those were reached at home. `members`: of how many, or
    nothing when nobody has entered it.
    """

    sessions: int
    reached: int
    at_home: int
    members: int | None

    @property
    def missing(self) -> int | None:
        """How many members no session is known to have reached; nothing when their number is not known."""
        return None if self.members is None else max(0, self.members - self.reached)

    @property
    def complete(self) -> bool:
        """Whether all members are known to be reached."""
        return self.sessions > 0 and self.missing == 0


def sessions_of(records: Mapping[str, Record]) -> list[Item]:
    """The study of a unit, the oldest first."""
    return of_kind(records, STUDY)


def reached_in(session: Item) -> int:
    """How many members a session reached, at the place and at home."""
    return sum(number for name in ("present", "at_home") if (number := session.number(name)) is not None)


def coverage_of(records: Mapping[str, Record], unit: str) -> Coverage:
    """How far study has come in a unit; its record says how many members it has, else the session that says most."""
    sessions = sessions_of(records)
    best = max(sessions, key=reached_in, default=None)
    said = [number for session in sessions if (number := session.number("members")) is not None]
    members = _members(records.get(unit_address(unit)))
    if members is None:
        members = max(said, default=None)
    if best is None:
        return Coverage(0, 0, 0, members)
    return Coverage(len(sessions), reached_in(best), best.number("at_home") or 0, members)


def _members(record: Record | None) -> int | None:
    if record is None or not record.entries:
        return None
    return _number(settled(record).get(MEMBERS))


def _number(value: JSON) -> int | None:
    """A whole number, also out of text as a roster's cell has it."""
    if type(value) is int:
        return value if value >= 0 else None
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else None
