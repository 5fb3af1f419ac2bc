"""The words for states, lights and fields in the language spoken."""

from __future__ import annotations

from shared.board.change import JSON
from shared.board.lights import Light, State
from shared.messages import _, pick
from shared.people.fields import group_of_field, title_of
from shared.people.words import value_told
from shared.rights import ROLE_TITLES, role_of
from tui.grid.plain import plain

_LIGHTS: dict[Light, tuple[str, str]] = {
    Light.DONE: ("按时完成", "done in time"),
    Light.LATE_DONE: ("逾期补完", "done late"),
    Light.ON_TRACK: ("正常", "on track"),
    Light.DUE_SOON: ("临期", "due soon"),
    Light.OVERDUE: ("逾期", "overdue"),
    Light.REVIEW: ("待审", "waiting for the reviewer"),
    Light.RETURNED: ("退回", "returned"),
    Light.REDO: ("补课", "redo"),
    Light.CLOSED: ("未开始", "not yet open"),
    Light.EXEMPT: ("免做", "does not apply"),
    Light.UNKNOWN: ("不明", "unknown: not heard of since before it was due"),
}
_STATES: dict[str, tuple[str, str]] = {
    State.TODO.value: ("未开始", "not started"),
    State.DOING.value: ("办理中", "in progress"),
    State.SUBMITTED.value: ("已报送", "submitted"),
    State.RETURNED.value: ("已退回", "returned"),
    State.DONE.value: ("已完成", "done"),
    State.NA.value: ("免做", "not applicable"),
}
_FIELDS: dict[str, tuple[str, str]] = {
    "state": ("状态", "state"),
    "started_on": ("开始", "started"),
    "submitted_on": ("报送", "submitted"),
    "returned_on": ("退回", "returned"),
    "approved_on": ("审定", "approved"),
    "done_on": ("完成", "done"),
    "exempt_on": ("免做", "exempt since"),
    "due_on": ("限期", "due"),
    "note": ("备注", "note"),
    "reason": ("原因", "reason"),
    "withdrawn": ("撤销", "withdrawn"),
    "withdrawn_reason": ("撤销原因", "why withdrawn"),
}


def light_words(light: Light) -> str:
    """What a light means."""
    return pick(*_LIGHTS[light])


def state_word(state: str) -> str:
    """A state as people say it."""
    return pick(*_STATES.get(state, (state, state)))


def field_word(name: str) -> str:
    """A field as people say it."""
    if name.startswith("tick."):
        return _("item {no}").format(no=plain(name[5:]))
    if group_of_field(name):
        return plain(title_of(name))
    return pick(*_FIELDS.get(name, (plain(name), plain(name))))


def value_words(name: str, value: JSON) -> str:
    """A field's value as people say it; that there is none, too, as after an undo."""
    if value is None:
        return state_word("todo") if name == "state" else pick("空", "empty")
    if isinstance(value, dict) and "first" in value and "last" in value:
        return plain(f"{value['first']} - {value['last']} {value.get('reason', '')}".strip())
    if name == "state" and isinstance(value, str):
        return state_word(plain(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return plain(value_told(name, value) if group_of_field(name) else str(value))


def attribute_word(name: str) -> str:
    """A unit's attribute as people say it."""
    return plain(title_of(f"attribute.{name}"))


def person_word(name: str) -> str:
    """What somebody is to a unit, as people say it."""
    return plain(title_of(f"person.{name}"))


def role_word(role: str) -> str:
    """A role as people say it."""
    return pick(*ROLE_TITLES[role_of(role)])


_LABELS: dict[str, tuple[str, str]] = {
    "saved": ("已存本机", "saved here"),
    "sent": ("已发出", "sent"),
    "acked": ("已发出", "sent"),
    "applied": ("已上图", "on the board"),
    "held:no-right": ("暂存：无此权限", "held: no right in that area"),
    "held:unknown-unit": ("暂存：名册中无此单位", "held: no such unit"),
    "held:unknown-step": ("暂存：活动中无此步骤", "held: no such step"),
    "held:retired-step": ("暂存：此步骤已停用", "held: the step is retired"),
    "held:undecodable": ("暂存：服务器无法识别", "held: the office cannot read it"),
    "held:too-large": ("暂存：内容过长", "held: too large"),
    "held:other-author": ("暂存：录入人与设备不符", "held: another author's"),
    "held:crowded": ("暂存：此处未处理的录入过多", "held: too much unsettled there"),
    "held:unproven": ("暂存：无办公室凭证", "held: without the office's proof"),
    "held:unknown-hold": ("暂存：所指录入不符", "held: decides on nothing that is held"),
    "held:revoked": ("暂存：设备权限已终止", "held: the device's rights had ended"),
    "held:unjudged": ("暂存：服务器未能判断", "held: the office failed to judge it"),
    "declined": ("已驳回", "declined"),
    "released": ("已放行", "released"),
    "refused": ("办公室无法保存", "the office cannot store it"),
    "asking": ("待确认发送", "waits for your word"),
}


def label_word(label: str) -> str:
    """How far an entry has come, as people say it."""
    return pick(*_LABELS.get(label, (plain(label), plain(label))))
