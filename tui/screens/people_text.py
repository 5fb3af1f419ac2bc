"""What a unit's page says of its people: what it is, who is behind it, its figures, its ties, and its pairs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rich.text import Text

from shared.board.change import JSON
from shared.messages import _, pick
from shared.people.fields import GROUPS, in_order
from shared.roster import Unit
from tui.pairs import group_line, pair_lines, shared_title
from tui.view import BoardView
from tui.words import field_word, value_words


def people_text(view: BoardView, unit: Unit, areas: Collection[str] = ("*",)) -> Text:
    """All that is known of a unit beside its steps, in the order of the table of fields.

    `areas`: what this laptop reads; a pair may lie outside them.
    """
    text = Text()
    _fields(text, "attribute", unit.attributes)
    if group := group_line(view, unit):
        text.append(_("Inspection group") + f": {group}\n")
    _fields(text, "person", unit.people)
    _fields(text, "figure", unit.figures)
    _fields(text, "tie", unit.ties)
    if lines := pair_lines(view, unit, areas):
        text.append("\n" + shared_title() + "\n", style="bold")
        text.append("\n".join(lines) + "\n")
    return text


def _fields(text: Text, group: str, values: Mapping[str, JSON]) -> None:
    if not values:
        return
    text.append(("\n" if text.plain else "") + pick(*GROUPS[group]) + "\n", style="bold")
    for name in in_order(values, group):
        field = f"{group}.{name}"
        text.append(f"{field_word(field)}: {value_words(field, values[name])}\n")
