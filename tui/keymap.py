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
HEIGHTS: Final = [(0, "-low"), (32, "-high")]
"""From so many lines on a question has room for air between its parts."""


class Act(NamedTuple):
    """One action: its method, its keys, its title in Chinese and English, and whether the footer shows it."""

    action: str
    keys: str
    zh: str
    en: str
    footer: bool = True


EVERYWHERE: Final = (
    Act("help", "f1,question_mark,？", "帮助", "Help"),
    Act("sync", "f12,s", "同步", "Sync"),
    Act("undo", "ctrl+z", "撤销", "Undo", footer=False),
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
    Act("history", "h,ctrl+y", "历史", "History", footer=False),
    Act("as_of", "t,ctrl+t", "某日挂图", "The board on a day", footer=False),
    Act("select_shown", "ctrl+a,a", "全选", "Select all shown", footer=False),
    Act("unselect", "escape", "取消选择", "Select none", footer=False),
)
ON_UNIT: Final = (
    Act("edit", "f2,e,enter", "录入", "Enter"),
    Act("history", "h,ctrl+y", "历史", "History"),
    Act("back", "escape,f3,u", "返回", "Back"),
)
IN_EDITOR: Final = (
    Act("save", "ctrl+s,f2", "保存", "Save"),
    Act("cancel", "escape", "取消", "Cancel"),
)
IN_QUESTION: Final = (
    Act("take", "f2", "确定", "Do it"),
    *(Act(f"number({n})", str(n), f"第{n}项", f"Answer {n}", footer=False) for n in range(1, 10)),
    Act("cancel", "escape", "取消", "Cancel"),
)
ON_SYNC: Final = (
    Act("open", "f2,enter", "处理", "Settle"),
    Act("mark", "space,insert", "选中", "Mark"),
    Act("mark_all", "ctrl+a,a", "全选", "Mark all", footer=False),
    Act("settle_marked", "f5,m", "处理所选", "Settle marked"),
    Act("history", "h,ctrl+y,f3", "历史", "History"),
    *(Act(f"number({n})", str(n), f"取第{n}个", f"Take value {n}", footer=False) for n in range(1, 10)),
    Act("back", "escape,f12,s", "返回", "Back"),
)
ON_HISTORY: Final = (
    Act("undo_this", "f2,enter", "撤销此条", "Undo this"),
    Act("scope('step')", "f5", "步骤", "Step"),
    Act("scope('unit')", "f6", "单位", "Unit"),
    Act("scope('town')", "f7", "镇街", "Town"),
    Act("scope('person')", "f8", "录入人", "Person"),
    Act("back", "escape,h,ctrl+y", "返回", "Back"),
)
ON_DAY: Final = (
    Act("day(-1)", "f5,p", "前一日", "Day before"),
    Act("day(1)", "f6,n", "后一日", "Day after"),
    Act("other_day", "f7,t,ctrl+t", "选日期", "Other day"),
    Act("changes", "f8,c", "变化", "What changed"),
    Act("back", "escape,f4", "回到现在", "Back to now"),
)


def bindings(acts: tuple[Act, ...]) -> list[BindingType]:
    """Textual's bindings of these actions, in the language spoken."""
    return [Binding(act.keys, act.action, pick(act.zh, act.en), show=act.footer, id=act.action) for act in acts]
