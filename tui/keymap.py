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
    Act("page('my-day')", "m,ctrl+d", "我的一天", "My day"),
    Act("page('chase')", "l,ctrl+l", "催办单", "Chase list", footer=False),
    Act("page('review')", "w,ctrl+w", "审查", "Review", footer=False),
    Act("page('problems')", "p,ctrl+b", "问题", "Problems", footer=False),
    Act("page('visits')", "i,ctrl+e", "走访", "Visits", footer=False),
    Act("page('progress')", "v,ctrl+g", "计划与实际", "Planned and actual", footer=False),
    Act("select_shown", "ctrl+a,a", "全选", "Select all shown", footer=False),
    Act("unselect", "escape", "取消选择", "Select none", footer=False),
)
ON_UNIT: Final = (
    Act("edit", "f2,e,enter", "录入", "Enter"),
    Act("new", "f5,n", "新增", "New"),
    Act("deeds", "f6,w", "办理", "Do"),
    Act("people", "f7,p", "人员", "People"),
    Act("history", "h,ctrl+y", "历史", "History"),
    Act("back", "escape,f3,u", "返回", "Back"),
)
ON_REVIEW: Final = (
    Act("open", "f2,enter", "打开", "Open"),
    Act("mark", "space,insert", "选中", "Mark"),
    Act("mark_all", "ctrl+a,a", "全选", "Mark all", footer=False),
    Act("approve", "f5,g", "通过", "Approve"),
    Act("give_back", "f6,b", "退回", "Return"),
    Act("history", "h,ctrl+y,f3", "历史", "History"),
    Act("back", "escape,w,ctrl+w", "返回", "Back"),
)
ON_PROBLEMS: Final = (
    Act("open", "f2,enter", "打开", "Open"),
    Act("edit", "f3,e", "修改", "Change"),
    Act("export", "f4,x", "导出", "Export"),
    Act("seek", "f5,slash,／", "筛选", "Filter"),
    Act("deeds", "f6,w", "办理", "Do"),
    Act("back", "escape,p,ctrl+b", "返回", "Back"),
)
ON_VISITS: Final = (
    Act("open", "f2,enter", "打开", "Open"),
    Act("enter_visit", "f5,n", "录入走访", "Enter a visit"),
    Act("plan", "f6,l", "计划走访", "Plan a visit"),
    Act("turn", "f7,o", "按组或镇街", "By group or town"),
    Act("back", "escape,i,ctrl+e", "返回", "Back"),
)
ON_PROGRESS: Final = (
    Act("town(1)", "down,f6", "下一个镇街", "Next town"),
    Act("town(-1)", "up,f5", "上一个镇街", "Town before"),
    Act("phase(1)", "right,f8", "下一阶段", "Next phase"),
    Act("phase(-1)", "left,f7", "上一阶段", "Phase before"),
    Act("back", "escape,v,ctrl+g", "返回", "Back"),
)
ON_WALL: Final = (
    Act("hold", "f2,space", "暂停", "Pause"),
    Act("turn(-1)", "f3,left,pageup", "上一页", "Page back"),
    Act("turn(1)", "f4,right,pagedown", "下一页", "Next page"),
    Act("town(1)", "f5,enter,down,t", "镇街（可先输序号）", "Town (type its number first)"),
    Act("town(-1)", "up", "上一个镇街", "Town before"),
    Act("freeze", "f6,z", "冻结画面", "Freeze"),
    Act("day(-1)", "f7,left_square_bracket", "前一天", "Day before"),
    Act("day(1)", "f8,right_square_bracket", "后一天", "Day after"),
    Act("today", "home,escape", "今天", "Today"),
    *(Act(f"digit('{n}')", str(n), f"数字{n}", f"Digit {n}", footer=False) for n in range(10)),
)
AT_WALL: Final = (
    Act("reconnect", "f9,r", "立即连接", "Connect now"),
    Act("quit", "ctrl+q,f10", "退出", "Quit"),
)
IN_EDITOR: Final = (
    Act("save", "f2,ctrl+s", "保存", "Save"),
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
ON_MY_DAY: Final = (
    Act("open", "f2,enter", "打开", "Open"),
    Act("chase", "f4,l,ctrl+l", "催办单", "Chase list"),
    Act("back", "escape,m,ctrl+d", "返回", "Back"),
)
ON_CHASE: Final = (
    Act("open", "f2,enter", "单位", "Unit"),
    Act("rung", "f5", "梯级", "Rung"),
    Act("town", "f6,g", "镇街", "Town"),
    Act("all", "f7,a", "全部", "All"),
    Act("copy", "f8,c", "复制", "Copy"),
    Act("export", "f4,x", "导出", "Export"),
    Act("back", "escape,l,ctrl+l", "返回", "Back"),
)


def bindings(acts: tuple[Act, ...]) -> list[BindingType]:
    """Textual's bindings of these actions, in the language spoken."""
    return [Binding(act.keys, act.action, pick(act.zh, act.en), show=act.footer, id=act.action) for act in acts]
