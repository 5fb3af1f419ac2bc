"""The line at the top: which campaign and day, what is late, who I am, how fresh the board is, where my entries are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from shared.board.lights import Light
from shared.board.status import Counts
from shared.messages import _, pick
from tui.messages import LinkMoved, LinkState
from tui.replica import Labels

_SKEW_SHOWN = 120.0


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


class HeadLine(Widget):
    """The top of the board, two lines."""

    head: reactive[Head | None] = reactive(None)

    def render(self) -> Text:
        """Both lines as text; nothing in it is ever read as markup."""
        if self.head is None:
            return Text("guatu 挂图")
        text = Text(no_wrap=True, overflow="crop")
        text.append_text(first_line(self.head))
        text.append("\n")
        text.append_text(second_line(self.head))
        return text


def first_line(head: Head) -> Text:
    """Campaign, phase, day; then what wants attention, always by its word."""
    text = Text(no_wrap=True)
    text.append(head.campaign, style="bold")
    day, days = head.day
    text.append("  " + head.phase)
    text.append("  " + _("day {day} of {days}").format(day=day, days=days))
    counts = head.counts
    for light, number in (
        (Light.OVERDUE, counts.overdue),
        (Light.DUE_SOON, counts.due_soon),
        (Light.REVIEW, counts.review),
        (Light.RETURNED, counts.returned),
    ):
        text.append(f"  {light.value}{number}", style="bold" if number else "dim")
    if counts.unknown:
        text.append(f"  {Light.UNKNOWN.value}{counts.unknown}", style="bold")
    if head.collisions:
        text.append("  " + _("collisions {count}!").format(count=head.collisions), style="bold reverse")
    share = f"{100 * counts.done // counts.steps}%" if counts.steps else "-"
    text.append(f"  {Light.DONE.value}{counts.done}/{counts.steps} {share}")
    return text


def second_line(head: Head) -> Text:
    """Who I am, the link, the age of what is shown, and how far my own entries have come."""
    text = Text(no_wrap=True)
    text.append(head.who)
    text.append("  ")
    text.append(link_words(head.link), style="bold" if head.link.state is not LinkState.LIVE else "")
    text.append("  " + age_words(head))
    labels = head.labels
    if head.reading_only:
        text.append("  " + head.reading_only, style="bold reverse")
    text.append("  " + _("saved here {n}").format(n=labels.saved), style="bold" if labels.saved else "dim")
    text.append("  " + _("sent {n}").format(n=labels.sent), style="bold" if labels.sent else "dim")
    text.append("  " + _("on the board {n}").format(n=labels.on_board), style="dim")
    text.append(
        "  " + _("needs a look {n}").format(n=labels.needs_look), style="bold reverse" if labels.needs_look else "dim"
    )
    if head.clock_offset is not None and abs(head.clock_offset) > _SKEW_SHOWN:
        minutes = round(head.clock_offset / 60)
        text.append("  " + _("this laptop's clock is {minutes} min off").format(minutes=minutes), style="bold")
    return text


def link_words(link: LinkMoved) -> str:
    """How the connection stands, in words."""
    match link.state:
        case LinkState.LIVE:
            return _("live")
        case LinkState.CONNECTING:
            return _("connecting")
        case LinkState.CATCHING_UP:
            return _("catching up {done} of {total}").format(done=link.done, total=link.total)
        case LinkState.OFFLINE:
            reason = pick(link.zh, link.en)
            return _("offline") + (f": {reason}" if reason else "")


def age_words(head: Head) -> str:
    """How old the board on the screen is."""
    if head.read_at is None:
        return _("not read since the start")
    seconds = int((head.now - head.read_at).total_seconds())
    if head.link.state is LinkState.LIVE or seconds < 60:
        return _("as of {time}").format(time=head.now.strftime("%H:%M"))
    when = head.read_at.strftime("%m-%d %H:%M")
    return _("as of {time}, {minutes} min ago").format(time=when, minutes=seconds // 60)
