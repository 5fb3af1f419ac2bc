"""Meetings: who must come from outside to a step's, and who of them did not.

A step of the campaign names in `attended_by` who takes part. Who may be invited need not come; who comes only where a
tie holds need not come to a unit whose record names none. The rule is kept when each of the others came to one of the
step's meetings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from shared.board.lights import State
from shared.board.record import Record, step_address, unit_address
from shared.board.standing import settled
from shared.board.step import view
from shared.campaign.model import Role, Step
from shared.inspection.item import Item, of_kind

MEETING: Final = "meeting"
_TIE: Final = "tie."


@dataclass(frozen=True, slots=True)
class Attendance:
    """One step whose meeting somebody must attend: who must, the meetings entered for it, and who came to none."""

    step: str
    must: tuple[str, ...]
    meetings: tuple[Item, ...]
    missing: tuple[str, ...]

    @property
    def held(self) -> bool:
        """Whether a meeting was entered at all."""
        return bool(self.meetings)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why somebody did not come, as the meetings say."""
        return tuple(text for meeting in self.meetings if (text := meeting.text("absence")))


def meetings_of(records: Mapping[str, Record]) -> list[Item]:
    """The meetings of a unit, the oldest first."""
    return of_kind(records, MEETING)


def must_attend(step: Step, roles: Iterable[Role], ties: frozenset[str]) -> tuple[str, ...]:
    """The roles that have to come to this step's meeting, for a unit with these ties; one unknown here has to."""
    known = {role.id: role for role in roles}
    return tuple(each for each in step.attended_by if _has_to(known.get(each), ties))


def attendance_of(
    records: Mapping[str, Record], unit: str, steps: Iterable[Step], roles: Iterable[Role]
) -> list[Attendance]:
    """The steps that somebody must attend and that were held or are done, in their order, with who did not come."""
    ties, meetings, known = ties_of(records, unit), meetings_of(records), tuple(roles)
    found: list[Attendance] = []
    for step in steps:
        must = must_attend(step, known, ties)
        held = tuple(meeting for meeting in meetings if step.id in meeting.many("steps"))
        if must and (held or view(records.get(step_address(unit, step.id))).state == State.DONE):
            came = {role for meeting in held for role in meeting.many("attended")}
            found.append(Attendance(step.id, must, held, tuple(each for each in must if each not in came)))
    return found


def breaches(every: Iterable[Attendance]) -> list[Attendance]:
    """Those to which somebody who must did not come, or that are done without a meeting entered."""
    return [each for each in every if each.missing]


def ties_of(records: Mapping[str, Record], unit: str) -> frozenset[str]:
    """The ties that a unit's record names: `contact` for `tie.contact`."""
    record = records.get(unit_address(unit))
    values = settled(record) if record is not None and record.entries else {}
    return frozenset(name.removeprefix(_TIE) for name, value in values.items() if name.startswith(_TIE) and value)


def _has_to(role: Role | None, ties: frozenset[str]) -> bool:
    if role is None:
        return True
    return not role.invited and (not role.tie or role.tie in ties)
