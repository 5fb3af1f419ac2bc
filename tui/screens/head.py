"""The line at the top: which campaign and day, what is late, who I am, how fresh the board is, where my entries are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len, set_cell_size
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
        attention.append("  " + _("collisions {count}!").format(count=head.collisions), style="bold reverse")
    share = f" {100 * counts.done // counts.steps}%" if counts.steps else ""
    attention.append(f"  {Light.DONE.value}{counts.done}/{counts.steps}{share}")
    title = f"{head.campaign}  {head.phase}"
    return _fitted(title, attention, width, "bold")


def second_line(head: Head, width: int) -> Text:
    """How far my own entries have come and how the link stands; before it who I am, behind it how old the board is."""
    fixed = Text()
    if head.reading_only:
        fixed.append("  " + head.reading_only, style="bold reverse")
    labels = head.labels
    fixed.append("  " + _("saved here {n}").format(n=labels.saved), style="bold" if labels.saved else "dim")
    fixed.append("  " + _("sent {n}").format(n=labels.sent), style="bold" if labels.sent else "dim")
    fixed.append("  " + _("on the board {n}").format(n=labels.on_board), style="dim")
    look = "bold reverse" if labels.needs_look else "dim"
    fixed.append("  " + _("needs a look {n}").format(n=labels.needs_look), style=look)
    fixed.append("  " + age_words(head))
    fixed.append("  " + link_words(head.link), style="bold" if head.link.state is not LinkState.LIVE else "")
    if head.clock_offset is not None and abs(head.clock_offset) > _SKEW_SHOWN:
        minutes = round(head.clock_offset / 60)
        fixed.append("  " + _("this laptop's clock is {minutes} min off").format(minutes=minutes), style="bold")
    return _fitted(head.who, fixed, width, "")


def _fitted(first: str, rest: Text, width: int, style: str) -> Text:
    """The rest whole, and before it as much of `first` as there is room for, measured in cells."""
    room = max(0, width - rest.cell_len)
    text = Text(no_wrap=True, overflow="crop")
    text.append(first if cell_len(first) <= room else set_cell_size(first, room), style=style)
    text.append_text(rest)
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
        return _("not read yet")
    seconds = int((head.now - head.read_at).total_seconds())
    if head.link.state is LinkState.LIVE or seconds < 60:
        return _("as of {time}").format(time=head.now.strftime("%H:%M"))
    when = head.read_at.strftime("%m-%d %H:%M")
    return _("as of {time}, {minutes} min ago").format(time=when, minutes=seconds // 60)
