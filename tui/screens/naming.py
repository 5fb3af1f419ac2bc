"""How places on the board and values of fields are called on the screens, on one line and without anything of width in
doubt."""

from __future__ import annotations

from rich.text import Text

from shared.board.change import JSON
from shared.board.history import Event
from shared.board.holds import KIND as HOLD
from shared.board.holds import OFFICE_OWNER
from shared.board.record import kind_of, owner_of, rest_of
from shared.messages import _
from tui.grid.plain import plain
from tui.telling import tell, told_value
from tui.view import BoardView
from tui.words import field_word, label_word, person_word, value_words

ARROW = "->"
"""Stands for the arrow that some Chinese terminals draw two cells wide."""


def unit_name(view: BoardView | None, owner: str) -> str:
    """A unit's short name, or its code when the board does not show it."""
    unit = view.units.get(owner) if view is not None else None
    if unit is not None:
        return plain(unit.short)
    return _("the office") if owner == OFFICE_OWNER else plain(owner)


def place_name(view: BoardView | None, address: str) -> str:
    """A place on the board: the unit, and the step or what else the record is."""
    kind, rest = kind_of(address), rest_of(address)
    unit = unit_name(view, owner_of(address))
    if kind == HOLD:
        return f"{unit}  " + _("held entry {id}").format(id=plain(rest[:8]))
    if kind in ("step", "unit"):
        return f"{unit}  {plain(rest)}".rstrip()
    return f"{unit}  {plain(kind)} {plain(rest)}".rstrip()


def field_name(address: str, field: str) -> str:
    """A field of a record, as people say it."""
    if kind_of(address) == HOLD:
        return _("decision")
    if field.startswith("person."):
        return person_word(field[7:])
    if field.startswith("window."):
        return _("window of phase {phase}").format(phase=plain(field[7:]))
    return field_word(field)


def short_value(field: str, value: JSON) -> str:
    """A value on a few cells."""
    return label_word(value) if field == "verdict" and isinstance(value, str) else told_value(field, value)


def whole_value(field: str, value: JSON) -> str:
    """A value with all its lines, safe to paint."""
    if isinstance(value, str) and not field.endswith("_on") and field not in ("state", "verdict"):
        return "\n".join(plain(line) for line in value.splitlines()) or told_value(field, value)
    return short_value(field, value) if value in (None, "") or field == "verdict" else value_words(field, value)


def told_line(view: BoardView | None, event: Event) -> str:
    """An entry in plain words with what stood before it."""
    return tell(event, unit_name(view, owner_of(event.change.record))).replace("\N{RIGHTWARDS ARROW}", ARROW)


def moment(at: str) -> str:
    """A day and time as it is shown: to the minute."""
    return plain(at[:16].replace("T", " "))


def caption(words: str) -> Text:
    """A heading within a text."""
    return Text(words + "\n", style="bold")
