"""Whether a step of the workflow is asked of a unit, by what is known of the unit.

The plan asks some steps only of communities with a party committee and others only of middle or of primary schools
(domain.md, "Units" and "Who sends what to whom"). What does not apply is shown as 免, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from shared.campaign.model import Step

SchoolLevel = Literal["middle", "primary"]


@dataclass(frozen=True, slots=True)
class UnitAttributes:
    """What decides which steps apply; nothing means that nobody has entered it yet."""

    party_committee: bool | None = None
    school_level: SchoolLevel | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step does not apply: a stable id, and the words in both languages."""

    id: str
    zh: str
    en: str


NO_COMMITTEE: Final = Reason("no_committee", "不设党委", "no party committee")
COMMITTEE_NOT_RECORDED: Final = Reason(
    "committee_not_recorded",
    "未登记是否设党委，按不设处理",
    "not recorded whether there is a party committee: taken as none",
)
HAS_COMMITTEE: Final = Reason("has_committee", "设有党委", "has a party committee")
NOT_MIDDLE_SCHOOL: Final = Reason("not_middle_school", "不是中学", "not a middle school")
NOT_PRIMARY_SCHOOL: Final = Reason("not_primary_school", "不是小学", "not a primary school")


def exemption(step: Step, unit: UnitAttributes) -> Reason | None:
    """Why the step is not asked of the unit, or nothing when it is.

    Unless a committee is recorded there is none: most communities have none, and the plan's lighter steps then hold.
    A school of unknown level is asked both kinds of step: a step too many is noticed, a missing one is not. A
    condition this version does not know asks the step, for the same reason.
    """
    match step.condition:
        case "party_committee":
            return _committee_missing(unit)
        case "no_party_committee":
            return HAS_COMMITTEE if unit.party_committee else None
        case "middle_school":
            return NOT_MIDDLE_SCHOOL if unit.school_level == "primary" else None
        case "primary_school":
            return NOT_PRIMARY_SCHOOL if unit.school_level == "middle" else None
        case _:
            return None


def applies(step: Step, unit: UnitAttributes) -> bool:
    """Whether the step is asked of the unit."""
    return exemption(step, unit) is None


def assumed(step: Step, unit: UnitAttributes) -> bool:
    """Whether the answer rests on something nobody has entered, so that the board marks it as assumed."""
    if step.condition in ("party_committee", "no_party_committee"):
        return unit.party_committee is None
    if step.condition in ("middle_school", "primary_school"):
        return unit.school_level is None
    return False


def _committee_missing(unit: UnitAttributes) -> Reason | None:
    if unit.party_committee is None:
        return COMMITTEE_NOT_RECORDED
    return None if unit.party_committee else NO_COMMITTEE
