"""The line at the top: which campaign and day, what is late, who I am, how fresh the board is, where my entries are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rich.cells import cell_len
from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from shared.board.lights import Light
from shared.board.status import Counts, count
from shared.messages import _, pick
from tui.grid.paint import fit
from tui.grid.plain import plain
from tui.live_board import LiveBoard
from tui.messages import LinkMoved, LinkState
from tui.replica import Labels
from tui.words import role_word

_SKEW_SHOWN = 120.0
_SHORT: Final[Mapping[str, tuple[str, str]]] = {
    "no-address": ("地址未知", "address unknown"),
    "name": ("无网络", "no network"),
    "refused": ("服务未运行", "no server"),
    "timeout": ("无应答", "no answer"),
    "network": ("连接失败", "failed"),
    "certificate": ("证书不可信", "bad certificate"),
    "certificate-expired": ("证书过期", "certificate expired"),
    "clock": ("本机日期有误", "wrong date here"),
    "portal": ("请先登录网络", "log in to network"),
    "gateway": ("服务未运行", "no guatu server"),
    "not-guatu": ("非挂图服务器", "not guatu"),
    "cut": ("已断开", "cut off"),
    "gap": ("重新连接", "again"),
    "stalled": ("停滞重连", "stalled"),
    "disk-low": ("磁盘将满", "disk almost full"),
    "disk": ("磁盘故障", "disk fault"),
    "revoked": ("权限已终止", "rights ended"),
    "other-board": ("另一块挂图", "another board"),
}
"""What is wrong with the link, in at most twenty cells; whatever is not here is said on the sync page."""


@dataclass(frozen=True, slots=True)
class Head:
    """Everything the top lines say."""

    campaign: str
    phase: str
    day: tuple[int, int]
    units: int
    counts: Counts
    collisions: int
    who: str
    link: LinkMoved
    read_at: datetime | None
    now: datetime
    labels: Labels
    reading_only: str = ""
    clock_offset: float | None = None


def head_of(board: LiveBoard) -> Head | None:
    """What the head line says of a board now; nothing before the first sync."""
    view, identity = board.view, board.identity
    if view is None:
        return None
    campaign = view.chart.campaign
    return Head(
        campaign=pick(campaign.title, campaign.title_en),
        phase=view.chart.phase_words(view.day.today, pick("zh", "en")),
        day=view.chart.day_of(view.day.today),
        units=len(view.rows),
        counts=count(row.lights for row in view.rows.values()),
        collisions=view.collisions,
        who=f"{plain(identity.member)} ({role_word(identity.role)} {' '.join(identity.areas)})",
        link=board.link,
        read_at=board.read_at,
        now=board.now(),
        labels=board.labels,
        reading_only=reading_only(board),
        clock_offset=board.clock_offset,
    )


class HeadLine(Widget):
    """The top of the board, two lines."""

    head: reactive[Head | None] = reactive(None)

    def render(self) -> Text:
        """Both lines as text; nothing in it is ever read as markup."""
        if self.head is None:
            return Text("guatu 挂图")
        width = self.content_size.width
        return Text("\n").join((first_line(self.head, width), second_line(self.head, width)))


def first_line(head: Head, width: int) -> Text:
    """What wants attention, always by its word; before it the campaign, phase and day, as far as there is room."""
    day, days = head.day
    attention = Text("  " + _("day {day} of {days}").format(day=day, days=days))
    counts = head.counts
    for light, number in (
        (Light.OVERDUE, counts.overdue),
        (Light.DUE_SOON, counts.due_soon),
        (Light.REVIEW, counts.review),
        (Light.RETURNED, counts.returned),
    ):
        attention.append(f"  {light.value}{number}", style="bold" if number else "dim")
    if counts.unknown:
        attention.append(f"  {Light.UNKNOWN.value}{counts.unknown}", style="bold")
    if head.collisions:
        words = _("collisions {count}!").format(count=head.collisions)
        attention.append(f"  {words} F12", style="bold reverse")
    share = f" {100 * counts.done // counts.steps}%" if counts.steps else ""
    attention.append(f"  {Light.DONE.value}{counts.done}/{counts.steps}{share}")
    title = f"{head.campaign}  {head.phase}"
    return _fitted(title, attention, width, "bold")


def second_line(head: Head, width: int) -> Text:
    """How far my own entries have come and how the link stands; before it who I am, behind it how old the board is.

    The labels and their counts are always whole: where it is narrow, everything is said in fewer cells.
    """
    whole = _standing(head, _labels(head.labels, wide=True), age_words(head), link_words(head.link))
    if whole.cell_len > width:
        whole = _standing(head, _labels(head.labels, wide=False), short_age(head), short_link(head.link))
    return _fitted(head.who, whole, width, "")


def _standing(head: Head, labels: Text, age: str, link: str) -> Text:
    fixed = Text()
    if head.reading_only:
        fixed.append("  " + head.reading_only, style="bold reverse")
    fixed.append_text(labels)
    fixed.append("  " + link, style="bold" if head.link.state is not LinkState.LIVE or head.link.reason else "")
    if head.clock_offset is not None and abs(head.clock_offset) > _SKEW_SHOWN:
        minutes = round(head.clock_offset / 60)
        fixed.append("  " + _("this laptop's clock is {minutes} min off").format(minutes=minutes), style="bold")
    fixed.append("  " + age)
    return fixed


def _labels(labels: Labels, *, wide: bool) -> Text:
    text = Text()
    for long, short, number, style in (
        (_("saved here {n}"), _("here {n}"), labels.saved, "bold"),
        (_("sent {n}"), _("sent {n}"), labels.sent, "bold"),
        (_("on the board {n}"), _("board {n}"), labels.on_board, "dim"),
        (_("needs a look {n}"), _("look {n}"), labels.needs_look, "bold reverse"),
    ):
        text.append("  " + (long if wide else short).format(n=number), style=style if number else "dim")
    return text.append(" F12", style="bold reverse") if labels.needs_look else text


def _fitted(first: str, rest: Text, width: int, style: str) -> Text:
    """The rest whole, and before it as much of `first` as there is room for, measured in cells."""
    room = max(0, width - rest.cell_len)
    text = Text(no_wrap=True, overflow="crop")
    text.append(fit(first, room) if cell_len(first) > room else first, style=style)
    text.append_text(rest)
    return text


def link_words(link: LinkMoved) -> str:
    """How the connection stands, in words, with the whole sentence of what is wrong."""
    reason = pick(link.zh, link.en)
    return _state_words(link) + (pick("：", ": ") + reason if reason else "")


def short_link(link: LinkMoved) -> str:
    """The same in few cells; the sync page has the sentence."""
    words = _state_words(link)
    if not link.reason:
        return words
    return f"{words}{pick('：', ': ')}{pick(*_SHORT.get(link.reason, ('见 F12', 'see F12')))}"


def _state_words(link: LinkMoved) -> str:
    match link.state:
        case LinkState.LIVE:
            return _("live")
        case LinkState.CONNECTING:
            return _("connecting")
        case LinkState.CATCHING_UP:
            return _("catching up {done} of {total}").format(done=link.done, total=link.total)
        case LinkState.OFFLINE:
            return _("offline")


def age_words(head: Head) -> str:
    """How old the board on the screen is."""
    return age_of(head.link, head.read_at, head.now)


def short_age(head: Head) -> str:
    """The same in few cells."""
    if head.read_at is None:
        return _("not read yet")
    today = head.read_at.date() == head.now.date()
    return head.read_at.strftime("%H:%M" if today else "%m-%d %H:%M")


def age_of(link: LinkMoved, read_at: datetime | None, now: datetime) -> str:
    """How old a board is that was last read from the office then."""
    if read_at is None:
        return _("not read yet")
    seconds = int((now - read_at).total_seconds())
    if link.state is LinkState.LIVE or seconds < 60:
        return _("as of {time}").format(time=now.strftime("%H:%M"))
    when = read_at.strftime("%m-%d %H:%M")
    return _("as of {time}, {minutes} min ago").format(time=when, minutes=seconds // 60)


def reading_only(board: LiveBoard) -> str:
    """Who writes to this profile, if it is another program."""
    profile = board.profile
    return "" if profile.held else _("reading only: process {pid} writes").format(pid=profile.holder())
