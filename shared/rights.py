"""Who may do what where: one table of role × action, and areas as code prefixes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from shared.board.change import JSON, Change
from shared.board.lights import State
from shared.board.record import Record, kind_of
from shared.board.stages import Stage
from shared.board.standing import NUMBER
from shared.roster import in_area


class Role(StrEnum):
    """What somebody may do, from the least to the most. A role unknown here has the least."""

    VIEWER = "viewer"
    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


ROLE_TITLES: Final[Mapping[Role, tuple[str, str]]] = {
    Role.VIEWER: ("查看", "viewer"),
    Role.MEMBER: ("录入", "member"),
    Role.LEAD: ("审核", "lead"),
    Role.ADMIN: ("管理", "admin"),
}
"""What each role is called, in Chinese and English."""


class Action(StrEnum):
    """What a change amounts to, as far as rights go."""

    EDIT = "edit"
    APPROVE = "approve"
    RETURN = "return"
    CHECK = "check"
    SIGN = "sign"
    PUBLISH = "publish"
    PLAN = "plan"
    DECIDE = "decide"
    ADMINISTER = "administer"


ALLOWED: Final[Mapping[Role, frozenset[Action]]] = {
    Role.VIEWER: frozenset(),
    Role.MEMBER: frozenset({Action.EDIT}),
    Role.LEAD: frozenset(Action) - {Action.ADMINISTER},
    Role.ADMIN: frozenset(Action),
}
EVERYWHERE: Final = "*"
"""The area of the office itself, which also owns what belongs to no unit."""
PLANNED: Final = ("window.", "person.", "tie.", "figure.")
"""The fields of a unit that those who plan for it enter: its windows, its people, its ties and its members' figures."""
_ANSWERS: Final[Mapping[str, Action]] = {"approved": Action.APPROVE, "returned": Action.RETURN}
_STAGES: Final[Mapping[str, Action]] = {
    Stage.CHECKED.value: Action.CHECK,
    Stage.SIGNED.value: Action.SIGN,
    Stage.PUBLISHED.value: Action.PUBLISH,
}
OFFICE_KINDS: Final = frozenset({"campaign", "group"})
"""Kinds of record that only the office enters and everybody reads."""


def role_of(name: str) -> Role:
    """The role of this name; one that is not known here is a viewer (promise 9: least privilege)."""
    try:
        return Role(name)
    except ValueError:
        return Role.VIEWER


def covers(areas: Collection[str], owner: str) -> bool:
    """Whether these areas take in a unit, or any other owner of records for those who have everything."""
    return EVERYWHERE in areas or in_area(owner, areas)


def reach(role: Role, areas: Collection[str]) -> tuple[str, ...]:
    """The areas somebody reads: their own, and for administrators everything, as they are the office."""
    return (EVERYWHERE,) if role is Role.ADMIN else tuple(areas)


def readable(areas: Collection[str], kind: str, owner: str) -> bool:
    """Whether those who read these areas may read a record of this kind and owner."""
    return kind in OFFICE_KINDS or covers(areas, owner)


def actions_of(change: Change, standing: Record | None) -> frozenset[Action]:
    """What a change does, in the words of rights; `standing` is the record its author looked at.

    To say done over a submission that one has seen is to approve it; to say returned is to return it. A problem's
    measure is reported by whoever enters things there; site check, signature and publishing are the group's. What a
    change takes away, naming it as seen and putting nothing in its place, takes the right that entering it takes.
    """
    kind = kind_of(change.record)
    names = {*change.values, *change.seen}
    if kind in OFFICE_KINDS:
        return frozenset({Action.ADMINISTER})
    if kind == "hold":
        return frozenset({Action.DECIDE})
    if kind == "unit":
        planned = all(name.startswith(PLANNED) for name in names)
        return frozenset({Action.PLAN if planned else Action.ADMINISTER})
    found = {Action.EDIT}
    if kind == "step":
        found |= _step_actions(change, standing)
    elif kind == "document":
        answer = _among(_ANSWERS, change.values.get("outcome"))
        found |= answer if answer or "outcome" not in names else {Action.APPROVE}
    elif kind == "problem":
        found |= _among(_STAGES, change.values.get("stage"))
        if NUMBER in names:  # the office's own, from its server
            found.add(Action.ADMINISTER)
    return frozenset(found)


def may(role: Role, areas: Collection[str], owner: str, actions: frozenset[Action]) -> bool:
    """Whether somebody of this role with these areas may do all these actions on this owner's records."""
    return actions <= ALLOWED[role] and covers(areas, owner)


def _among(table: Mapping[str, Action], value: JSON) -> set[Action]:
    return {table[value]} if isinstance(value, str) and value in table else set()


def _step_actions(change: Change, standing: Record | None) -> set[Action]:
    state = change.values.get("state")
    if state == State.RETURNED:
        return {Action.RETURN}
    if state == State.DONE and standing is not None:
        seen = change.seen.get("state", ())
        if any(head.value == State.SUBMITTED and head.id in seen for head in standing.heads("state")):
            return {Action.APPROVE}
    return {Action.APPROVE} if "approved_on" in {*change.values, *change.seen} else set()
