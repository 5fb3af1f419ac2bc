"""What somebody typed for the fields of a form, as the fields hold it; the form's own check says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.campaign.model import Campaign
from shared.forms.model import Field, Form, Option
from shared.forms.shelf import options_of
from shared.roster import clean_text

_COMMAS: Final = re.compile("[,，、]")
_NUMBER: Final = re.compile("-?[0-9]{1,18}")
_TICKS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("yes", "true", "y", "1", "是", "有"), True),
    **dict.fromkeys(("no", "false", "n", "0", "否", "无"), False),
}


def typed_values(form: Form, given: Mapping[str, str | None], campaign: Campaign, workflow: str) -> dict[str, JSON]:
    """Field → value for those fields of a form for which something was typed; an empty text takes the value away."""
    fields = {field.name: field for field in form.fields}
    return {
        name: typed(fields[name], text, options_of(fields[name], campaign, workflow))
        for name, text in given.items()
        if text is not None
    }


def typed(field: Field, text: str, options: Sequence[Option] = ()) -> JSON:
    """The value that a text means in a field; one that means none there comes back as it is, to be refused.

    Answers are named by id or by title, several of them with commas between.
    """
    if not text.strip():
        return None
    if field.kind == "choice":
        return answer(text, options)
    if field.kind in ("many", "steps", "roles"):
        return sorted({answer(each, options) for each in _COMMAS.split(text) if each.strip()})
    return _READERS.get(field.kind, str)(text)


def answer(text: str, options: Sequence[Option]) -> str:
    """The id of the answer that is called so, else the text itself."""
    wanted = text.strip()
    named = (each.id for each in options if wanted in (each.title, each.title_en))
    return wanted if any(each.id == wanted for each in options) else next(named, wanted)


def _number(text: str) -> JSON:
    number = clean_text(text)
    return int(number) if _NUMBER.fullmatch(number) else text


def _day(text: str) -> str:
    """The day as everybody reads it, however Python lets it be written."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return text


_READERS: Final[Mapping[str, Callable[[str], JSON]]] = {
    "number": _number,
    "tick": lambda text: _TICKS.get(text.strip().lower(), text),
    "day": _day,
}
