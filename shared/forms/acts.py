"""The small forms that acts ask with: return, approve, the next stage, a look-back, to withdraw."""

from __future__ import annotations

from typing import Final

from shared.forms.model import Field, Form

_REASON: Final = Field("reason", "原因", "reason", "text", required=True, most=2000)


def _act(name: str, title: str, title_en: str, *fields: Field) -> Form:
    return Form(name, title, title_en, "review", "", (), fields)


APPROVE: Final = _act("approve", "审查通过", "approve", Field("on", "日期", "day", "day", required=True))
GIVE_BACK: Final = _act(
    "give-back",
    "退回",
    "return",
    _REASON,
    Field("due_on", "重报期限", "new due day", "day", required=True),
)
ADVANCE: Final = _act(
    "advance",
    "销号下一步",
    "next stage",
    Field("on", "日期", "day", "day", required=True),
    Field("by", "经办人（如非本人）", "by whom, if not you", most=60),
)
HELD: Final = _act(
    "look-back",
    "回头看：未反弹",
    "look-back: still solved",
    Field("on", "日期", "day", "day", required=True),
    Field("who", "查看人", "who looked", most=100),
    Field("note", "情况", "what was seen", "text", most=2000),
)
REOPEN: Final = _act(
    "reopen",
    "回头看：已反弹",
    "look-back: come back",
    _REASON,
    Field("due_on", "新的整改期限", "new due day", "day"),
)
WITHDRAW: Final = _act("withdraw", "撤回此条", "take this back", _REASON)
