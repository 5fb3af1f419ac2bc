"""The bottom of the wall: what changed last, what the words mean, which page this is and how long it stands."""

from __future__ import annotations

from shared.board.lights import Light
from shared.messages import pick
from tui.wall.box import Means
from tui.wall.cells import named, word
from tui.wall.facts import Changed, Facts
from tui.wall.layouts import Layout
from tui.wall.lines import Ink, Line, Piece, filled, left, line, safe, spread, width_of
from tui.wall.moment import Moment, Turn


def bottom(facts: Facts, turn: Turn, moment: Moment, layout: Layout, means: Means) -> tuple[Line, ...]:
    """What changed last, what the words mean and by which rule they count, and which page this is."""
    width = layout.width
    news = [_news(each, width, means) for each in facts.changed[: layout.ticker]]
    return (
        *filled(news, width, layout.ticker),
        legend(facts, width, means),
        spread(width, [(turn.title, Ink.STRONG), (_waiting(moment), Ink.AMBER)], [(_turning(turn, moment), Ink.QUIET)]),
    )


def _waiting(moment: Moment) -> str:
    if moment.typed:
        return pick("   跳到第 {} 个镇街，回车", "   jump to town {}, Enter").format(moment.typed)
    return f"   {moment.notice}" if moment.notice else ""


def _turning(turn: Turn, moment: Moment) -> str:
    seconds = pick("暂停", "paused") if moment.paused else pick("{} 秒", "{} s").format(turn.left)
    return f"{turn.number}/{turn.of}  {seconds}" if turn.number else seconds


def _news(each: Changed, width: int, means: Means) -> Line:
    before = f"{word(each.before, words=means.words)} > " if each.before else " " * 5  # so that nothing behind it moves
    return line(
        width,
        (f"{each.at:%H:%M} ", Ink.QUIET),
        (named(safe(each.unit), each.code, 16, words=means.words) + " ", Ink.PLAIN),
        (left(safe(each.step), 5) + " ", Ink.PLAIN),
        (before, Ink.QUIET),
        (word(each.after, words=means.words), each.after),
    )


def legend(facts: Facts, width: int, means: Means) -> Line:
    """What each word means, the counting rule first; as much as there is room for."""
    rules = (
        (Light.OVERDUE, pick("过了时限还没有完成", "past due, not done")),
        (Light.DUE_SOON, pick("{}日内到期", "due in {} days").format(facts.warning)),
        (Light.REVIEW, pick("已报待审", "waits for review")),
        (Light.UNKNOWN, pick("48小时未联络", "unheard for 48 h")),
        (Light.DONE, pick("按时完成", "done")),
        (Light.RETURNED, pick("退回", "returned")),
        (Light.REDO, pick("补课", "redo")),
        (Light.ON_TRACK, pick("正常", "on track")),
        (Light.LATE_DONE, pick("逾期补完", "done late")),
        (Light.CLOSED, pick("未到时间", "not open")),
        (Light.EXEMPT, pick("免做", "exempt")),
    )
    pieces: list[Piece] = []
    for light, said in rules:
        text = f" {said}  "
        if width_of((*pieces, ("  " + text, ""))) > width:
            break
        pieces += [(word(light.value, words=means.words), light.value), (text, Ink.QUIET)]
    return line(width, *pieces)
