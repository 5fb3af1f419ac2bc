"""What was entered with a form, in plain words on one line; nothing that people typed steers a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from shared.board.change import JSON
from shared.board.closing import PROBLEM
from shared.board.record import Record, kind_of
from shared.campaign.model import Campaign
from shared.forms.model import Field, Form, Option
from shared.forms.shelf import options_of
from shared.inspection.item import Item, item_of
from shared.inspection.problems import Problem
from shared.messages import pick
from tui.grid.plain import plain
from tui.words import value_words

TOLD: Final = 60
"""So many characters of a text are told on a line."""
GAP: Final = "  "


def line_of(form: Form, item: Item, campaign: Campaign, workflow: str) -> str:
    """An item on one line: the fields by which its form tells it, as far as they are filled in."""
    return GAP.join(_parts(form, item, campaign, workflow))


def field_value(field: Field, value: JSON, campaign: Campaign, workflow: str) -> str:
    """What stands in a field, its answers by their titles."""
    if isinstance(value, dict):  # a file, which has a name
        return plain(str(value.get("name", "")))
    if field.kind in ("choice", "many", "roles"):
        titles = {each.id: _title(each) for each in options_of(field, campaign, workflow)}
        chosen = value if isinstance(value, list) else [value]
        return pick("、", ", ").join(titles.get(str(each), plain(str(each))) for each in chosen)
    if isinstance(value, list):
        return pick("、", ", ").join(plain(str(each)) for each in value)
    return clipped(value_words("", value))


def answer_title(form: Form, name: str, value: str, campaign: Campaign, workflow: str) -> str:
    """What an answer of a form's field is called; nothing for none."""
    field = form.field(name)
    return field_value(field, value, campaign, workflow) if field is not None and value else plain(value)


def called(record: Record) -> str:
    """What a record is called where it is asked about: a problem by its number, and whatever has one by its title."""
    item = item_of(record)
    number = Problem(item).number if kind_of(record.address) == PROBLEM else ""
    return "  ".join(each for each in (plain(number), clipped(item.text("title"))) if each)


def clipped(text: str) -> str:
    """A text short enough for a line."""
    return text if len(text) <= TOLD else text[:TOLD].rstrip() + "..."


def _parts(form: Form, item: Item, campaign: Campaign, workflow: str) -> Iterator[str]:
    for name in form.line:
        field, value = form.field(name), item.values.get(name)
        if field is not None and value not in (None, "", []):
            told = field_value(field, value, campaign, workflow)
            yield f"{_label(field)} {told}" if field.kind in ("number", "tick") else told


def _label(field: Field) -> str:
    return pick(field.title, field.title_en)


def _title(option: Option) -> str:
    return plain(pick(option.title, option.title_en))
