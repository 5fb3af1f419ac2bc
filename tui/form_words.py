"""What was entered with a form, called as its form calls it: for histories, the sync page and questions.

Where no campaign is at hand, answers out of its lists and the counts of a survey's grades are told by their ids.
"""

from __future__ import annotations

from typing import Final

from shared.board.change import JSON
from shared.board.closing import PROBLEM
from shared.board.record import kind_of, rest_of
from shared.board.surveys import SURVEY
from shared.campaign.model import Campaign
from shared.forms.model import Field
from shared.forms.shelf import answers_of, form_of, forms
from shared.inspection.item import WITHDRAWN
from shared.inspection.problems import temporary
from shared.messages import _, pick
from tui.grid.plain import plain
from tui.typed import typed

_SHORT: Final = 6


def place_in_form(address: str) -> str | None:
    """What a record is called on its unit: its form, and a part of its id; nothing for what has no form."""
    form = forms().get(kind_of(address))
    if form is None:
        return None
    named = temporary(rest_of(address)) if form.id == PROBLEM else plain(rest_of(address)[:_SHORT])
    title = pick(form.title, form.title_en)
    return title if form.single else f"{title} {named}"


def field_in_form(address: str, name: str, campaign: Campaign | None = None) -> str | None:
    """What a field of a record is called; nothing for what has no form, or one that it does not know."""
    if name == WITHDRAWN and kind_of(address) in forms():
        return _("taken back")
    field = _field(address, name, campaign)
    if field is not None:
        return plain(pick(field.title, field.title_en))
    if kind_of(address) == SURVEY and name.startswith("count."):
        return plain(" ".join(name.split(".")[1:]))
    return None


def value_in_form(address: str, name: str, value: JSON, campaign: Campaign | None = None) -> str | None:
    """A value with its answers by their titles, or a file by its name; nothing for any other value."""
    field = _field(address, name, campaign)
    if field is None:
        return None
    if isinstance(value, dict) and field.kind == "file":
        return plain(str(value.get("name", "")))
    answers = answers_of(field, campaign) if campaign is not None else field.options
    titles = {each.id: plain(pick(each.title, each.title_en)) for each in answers}
    if isinstance(value, list):
        return pick("、", ", ").join(plain(titles.get(str(each), str(each))) for each in value)
    return titles.get(value) if isinstance(value, str) else None


def _field(address: str, name: str, campaign: Campaign | None = None) -> Field | None:
    kind = kind_of(address)
    form = forms().get(kind) if campaign is None else form_of(kind, campaign)
    return form.field(name) if form is not None else None


def value_typed(address: str, name: str, text: str) -> JSON:
    """What a text that somebody typed for a field of a record means; nothing for an empty one."""
    field = _field(address, name)
    return typed(field, text, field.options) if field is not None else text or None
