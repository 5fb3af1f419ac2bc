"""What the sync page lists, one line each, in sections; pure functions of what there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.text import Text

from shared.board.change import Change
from shared.board.log_record import APPLIED
from shared.messages import _
from tui.chronicle import Line
from tui.grid.plain import plain
from tui.holding import Undecided
from tui.questions import Question
from tui.screens.naming import field_name, moment, place_name, short_value, told_line
from tui.stock import SHOWN, Stock
from tui.view import BoardView
from tui.waiting import Look, Waiting
from tui.words import label_word

Item = Question | Look | Undecided | Waiting | Line


class Section(NamedTuple):
    """A heading with its items; so many more are not listed. `number`: how many it is about, if not so many."""

    title: str
    items: Sequence[Item]
    more: int = 0
    number: int = 0

    @property
    def heading(self) -> str:
        """The title with how many there are."""
        return f"{self.title}  {self.number or len(self.items) + self.more}"


def sections(stock: Stock, colliding: int) -> list[Section]:
    """All that is listed, what wants a person first; sections without anything are left out."""
    new = [
        Section(_("Different values stand side by side"), stock.questions, max(0, colliding - len(stock.questions))),
        Section(_("My entries that need a look"), stock.looks, stock.more_looks, stock.labels.needs_look),
        Section(_("Held by the office, waiting for a decision"), stock.held),
        Section(_("Still on this laptop"), stock.waiting, stock.more_waiting),
        Section(_("Went out since you last looked"), stock.went),
        Section(_("Came in since you last looked"), stock.came),
        Section(_("My earlier entries"), stock.earlier),
    ]
    return [section for section in new if section.items]


def key_of(item: Item) -> str:
    """What names an item for as long as it is listed."""
    match item:
        case Question():
            return f"collision-{item.id}"
        case Look():
            return f"look-{item.change.id}"
        case Undecided():
            return f"held-{item.held.id}"
        case Waiting():
            return f"waiting-{item.id}"
        case Line():
            return f"log-{item.event.record.seq}-{item.event.change.id}"


def line_of(view: BoardView | None, item: Item, *, marked: bool = False, entries: int = 1) -> Text:
    """An item on one line; `entries`: of how many it is the first."""
    text = Text(no_wrap=True, overflow="crop")
    match item:
        case Question():
            text.append("[x] " if marked else "[ ] ", style="bold")
            text.append(_question(view, item))
        case Look():
            text.append(f"[{label_word(item.status)}] ", style="bold")
            if entries > 1:
                text.append(_("{count} entries").format(count=entries) + "  ", style="bold")
            text.append(entry_words(view, item.change))
        case Undecided():
            text.append(f"[{label_word(item.held.status)}] ", style="bold")
            text.append(_held(view, item))
        case Waiting():
            text.append(f"[{label_word(item.label)}] ", style="bold")
            change = item.change()
            text.append(item.id if change is None else entry_words(view, change))
        case Line():
            if item.label != APPLIED:
                text.append(f"[{label_word(item.label)}] ", style="bold")
            text.append(moment(item.event.change.at)[5:] + "  ", style="dim")
            text.append(told_line(view, item.event))
    return text


def more_words(section: Section) -> str:
    """How many more there are than are listed, or nothing."""
    if section.more:
        return _("... and {count} more").format(count=section.more)
    return _("... the newest {count} are listed").format(count=SHOWN) if len(section.items) >= SHOWN else ""


def _question(view: BoardView | None, question: Question) -> str:
    address, field = question.collision.address, question.field
    values = " | ".join(short_value(view, field, head.value, address) for head in question.collision.heads)
    return f"{place_name(view, address)}  {field_name(view, address, field)}: {values}"


def _held(view: BoardView | None, waiting: Undecided) -> str:
    change = waiting.held.change
    return place_name(view, waiting.shown.address) if change is None else entry_words(view, change)


def entry_words(view: BoardView | None, change: Change) -> str:
    """An entry by its values alone, where what stood before it says nothing."""
    fields = sorted(change.values, key=lambda name: (name != "state", name))
    told = ", ".join(
        short_value(view, name, change.values[name], change.record)
        if name == "state"
        else f"{field_name(view, change.record, name)} {short_value(view, name, change.values[name], change.record)}"
        for name in fields[:4]
    )
    by = _("by {who}").format(who=plain(change.author))
    return f"{place_name(view, change.record)}: {told}, {by}"
