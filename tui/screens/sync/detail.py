"""The item under the cursor in full: a collision side by side, why an entry is held, what an entry did."""

from __future__ import annotations

from rich.text import Text

from shared.board.change import Change
from shared.board.holds import KIND as HOLD
from shared.board.record import kind_of
from shared.board.step import DATE_FIELD
from shared.messages import _
from tui.chronicle import Line
from tui.grid.plain import plain
from tui.holding import Undecided
from tui.questions import Question, Side
from tui.reasons import reason_words
from tui.screens.naming import caption, field_name, moment, place_name, short_value, told_line, whole_value
from tui.screens.sync.lines import Item
from tui.view import BoardView
from tui.waiting import ASKING, Look, Waiting
from tui.words import label_word


def detail_text(view: BoardView | None, item: Item, device: str) -> Text:
    """Everything there is to say of an item."""
    match item:
        case Question():
            return question_text(view, item, device)
        case Look():
            return look_text(view, item)
        case Undecided():
            return held_text(view, item)
        case Waiting():
            change = item.change()
            text = Text(label_word(item.label) + "\n\n", style="bold")
            return text if change is None else text.append_text(change_text(view, change))
        case Line():
            return told_text(view, item)


def question_text(view: BoardView | None, question: Question, device: str, *, dense: bool = False) -> Text:
    """The values that stand side by side, each with its author, time, device and what they had seen."""
    address = question.collision.address
    field = field_name(view, address, question.field)
    text = caption(f"{place_name(view, address)}  {field}" if dense else f"{place_name(view, address)}\n{field}")
    if kind_of(address) == HOLD:
        text.append(_("Two who may decide have decided differently.") + "\n")
    for number, side in enumerate(question.sides):
        if not dense:
            text.append("\n")
        text.append_text(side_text(view, question, number, side, device))
    return text


def side_text(view: BoardView | None, question: Question, number: int, side: Side, device: str) -> Text:
    """One of the values, with the number to press for it."""
    head, field = side.head, question.field
    text = Text(f"{number + 1}  {whole_value(view, field, head.value, question.collision.address)}", style="bold")
    own_day = DATE_FIELD.get(str(head.value)) if field == "state" else None
    if own_day is not None and (day := question.take(number).get(own_day)):
        text.append(f"  {plain(str(day))}")
    here = _("this laptop") if head.device == device else _("laptop {device}").format(device=plain(head.device[:8]))
    text.append(f"\n   {plain(head.author)}  {moment(head.at)}  {here}\n   ")
    text.append(saw_words(view, question.collision.address, field, side), style="dim")
    return text.append("\n")


def saw_words(view: BoardView | None, address: str, field: str, side: Side) -> str:
    """What an author had before them when they opened the editor."""
    if side.saw is None:
        return _("what they had seen is not known on this laptop")
    if not side.saw:
        return _("had seen an empty field")
    values = " | ".join(short_value(view, field, value, address) for value in side.saw)
    return _("had seen: {values}").format(values=values)


def look_text(view: BoardView | None, look: Look) -> Text:
    """Why an own entry needs a look, what was said to it, and the entry intact."""
    text = Text(label_word(look.status) + "\n", style="bold reverse")
    text.append(reason_words(look.status) + "\n")
    if look.by:
        text.append(_("{who}, {when}").format(who=plain(look.by), when=moment(look.at)) + "\n")
    if look.reason:
        text.append(_("Reason: {reason}").format(reason=plain(look.reason)) + "\n", style="bold")
    if look.status == ASKING:
        text.append(_("Enter lets everything go that waits for a word.") + "\n")
    return text.append("\n").append_text(change_text(view, look.change))


def held_text(view: BoardView | None, waiting: Undecided) -> Text:
    """An entry that the office holds: why, and what was entered."""
    held = waiting.held
    text = Text(label_word(held.status) + "\n", style="bold reverse")
    text.append(reason_words(held.status) + "\n\n")
    if held.change is None:
        return text.append(_("The entry cannot be read here; it stands whole in the office's log."))
    return text.append_text(change_text(view, held.change))


def told_text(view: BoardView | None, told: Line) -> Text:
    """An entry of the log: what it did, how far it has come, and all its fields."""
    text = Text(told_line(view, told.event) + "\n")
    text.append(label_word(told.label) + "\n\n", style="bold")
    return text.append_text(change_text(view, told.event.change))


def change_text(view: BoardView | None, change: Change) -> Text:
    """An entry with all its fields, whoever made it, when and on which laptop."""
    text = caption(place_name(view, change.record))
    text.append(f"{plain(change.author)}  {moment(change.at)}  ")
    text.append(_("laptop {device}").format(device=plain(change.device[:8])) + "\n", style="dim")
    for name in sorted(change.values, key=lambda name: (name != "state", name)):
        if kind_of(change.record) == HOLD and name not in ("verdict", "reason"):
            continue
        text.append(f"{field_name(view, change.record, name) if name != 'reason' else _('reason')}: ", style="bold")
        text.append(whole_value(view, name, change.values[name], change.record) + "\n")
    return text
