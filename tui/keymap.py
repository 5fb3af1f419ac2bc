"""Every action of the board in one table: its keys, and what it is called in both languages.

Single letters are dead while a Chinese input method is on, so each action has a second way in: a function key, Enter,
an arrow, the mouse or the palette. The full-width forms of `/ ? :` count as their ASCII twins.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.binding import Binding, BindingType

from shared.messages import pick

WIDE: Final = 110
"""From this many columns on there is room for two things side by side."""
WIDTHS: Final = [(0, "-narrow"), (WIDE, "-wide")]


class Act(NamedTuple):
    """One action: its method, its keys, its title in Chinese and English, and whether the footer shows it."""

    action: str
    keys: str
    zh: str
    en: str
    footer: bool = True


EVERYWHERE: Final = (
    Act("help", "f1,question_mark,？", "帮助", "Help"),
    Act("reconnect", "f9,r", "立即连接", "Connect now", footer=False),
    Act("quit", "ctrl+q,f10", "退出", "Quit"),
)
ON_BOARD: Final = (
    Act("edit", "f2,e", "录入", "Enter"),
    Act("open_unit", "f3,u", "单位", "Unit"),
    Act("toggle_detail", "f4,d", "明细", "Detail"),
    Act("filter", "f5,slash,／", "筛选", "Filter"),
    Act("jump", "f6,g", "跳到镇街", "Jump"),
    Act("fold_all", "f7,z", "折叠", "Fold"),
    Act("sort", "f8,o", "排序", "Sort"),
)
ON_UNIT: Final = (
    Act("edit", "f2,e,enter", "录入", "Enter"),
    Act("back", "escape,f3,u", "返回", "Back"),
)
IN_EDITOR: Final = (
    Act("save", "ctrl+s,f2", "保存", "Save"),
    Act("cancel", "escape", "取消", "Cancel"),
)


def bindings(acts: tuple[Act, ...]) -> list[BindingType]:
    """Textual's bindings of these actions, in the language spoken."""
    return [Binding(act.keys, act.action, pick(act.zh, act.en), show=act.footer, id=act.action) for act in acts]
