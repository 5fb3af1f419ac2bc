"""How places on the board and values of fields are called on the screens, on one line and without anything of width in
doubt."""

from __future__ import annotations

from rich.text import Text

from shared.board.change import JSON
from shared.board.history import Event
from shared.board.holds import KIND as HOLD
from shared.board.holds import OFFICE_OWNER
from shared.board.record import kind_of, owner_of, rest_of
from shared.campaign.model import Campaign
from shared.messages import _
from shared.people.fields import group_of_field
from shared.people.words import value_told
from tui.form_words import field_in_form, place_in_form, value_in_form
from tui.grid.plain import plain
from tui.telling import tell, told_value
from tui.view import BoardView
from tui.words import field_word, label_word, value_words

ARROW = "->"
"""Stands for the arrow that some Chinese terminals draw two cells wide."""


def unit_name(view: BoardView | None, owner: str) -> str:
    """A unit's short name, or its code when the board does not show it."""
    unit = view.units.get(owner) if view is not None else None
    if unit is not None:
        return plain(unit.short)
    return _("the office") if owner == OFFICE_OWNER else plain(owner)


def campaign_of(view: BoardView | None) -> Campaign | None:
    """Whose words are used; nothing before the board was read."""
    return view.chart.campaign if view is not None else None


def place_name(view: BoardView | None, address: str) -> str:
    """A place on the board: the unit, and the step or what else the record is."""
    kind, rest = kind_of(address), rest_of(address)
    unit = unit_name(view, owner_of(address))
    if kind == HOLD:
        return f"{unit}  " + _("held entry {id}").format(id=plain(rest[:8]))
    if kind in ("step", "unit"):
        return f"{unit}  {plain(rest)}".rstrip()
    return f"{unit}  {place_in_form(address) or f'{plain(kind)} {plain(rest)}'}".rstrip()


def field_name(view: BoardView | None, address: str, field: str) -> str:
    """A field of a record, as people say it."""
    if kind_of(address) == HOLD:
        return _("decision")
    if (found := field_in_form(address, field, campaign_of(view))) is not None:
        return found
    if field.startswith("window."):
        return _("window of phase {phase}").format(phase=plain(field[7:]))
    return field_word(field)


def short_value(view: BoardView | None, field: str, value: JSON, address: str = "") -> str:
    """A value on a few cells; `address` is the record it stands on."""
    if field == "verdict" and isinstance(value, str):
        return label_word(value)
    return told_value(field, value, address, campaign_of(view))


def whole_value(view: BoardView | None, field: str, value: JSON, address: str = "") -> str:
    """A value with all its lines, safe to paint; `address` is the record it stands on."""
    if address and (found := value_in_form(address, field, value, campaign_of(view))) is not None:
        return found
    if isinstance(value, str) and not field.endswith("_on") and field not in ("state", "verdict"):
        value = value_told(field, value) if group_of_field(field) else value
        return "\n".join(plain(line) for line in value.splitlines()) or told_value(field, value)
    return short_value(view, field, value) if value in (None, "") or field == "verdict" else value_words(field, value)


def told_line(view: BoardView | None, event: Event) -> str:
    """An entry in plain words with what stood before it."""
    told = tell(event, unit_name(view, owner_of(event.change.record)), campaign_of(view))
    return told.replace("\N{RIGHTWARDS ARROW}", ARROW)


def moment(at: str) -> str:
    """A day and time as it is shown: to the minute."""
    return plain(at[:16].replace("T", " "))


def caption(words: str) -> Text:
    """A heading within a text."""
    return Text(words + "\n", style="bold")
