"""What may stand in the fields of a form: one check for the form on the screen, the shell and whatever comes later."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Final

from shared.board.change import JSON
from shared.board.surveys import sums
from shared.campaign.model import Campaign
from shared.forms.model import Field, Form, Wrong
from shared.forms.shelf import options_of
from shared.inspection.item import WITHDRAWN

MAX_CHOSEN: Final = 99
_HEX: Final = frozenset("0123456789abcdef")


def wrongs(
    form: Form,
    values: Mapping[str, JSON],
    campaign: Campaign,
    workflow: str,
    touched: Collection[str] | None = None,
) -> list[Wrong]:
    """Everything that is wrong with these values, which are all that would stand then, in the order of the fields.

    `touched`: the fields that are entered now, when others stand already: what is wrong with those is not asked again.
    A field that the form does not know is let through: it is a newer form's. What is taken back need not add up.
    """
    fields = [field for field in form.fields if touched is None or field.name in touched]
    found = [wrong for field in fields for wrong in _of_field(field, values.get(field.name), campaign, workflow)]
    if found or values.get(WITHDRAWN) is True:
        return found
    return list(_RULES.get(form.id, _nothing)(values, campaign))


def _of_field(field: Field, value: JSON, campaign: Campaign, workflow: str) -> Iterator[Wrong]:
    if value is None or value in ("", []):
        if field.required:
            yield Wrong("missing", field.name)
    elif field.kind in ("line", "text"):
        yield from _of_text(field, value)
    elif field.kind == "number":
        yield from _of_number(field, value)
    elif field.kind in _PLAIN:
        code, fits = _PLAIN[field.kind]
        if not fits(value):
            yield Wrong(code, field.name)
    else:
        yield from _of_choice(field, value, campaign, workflow)


def _of_number(field: Field, value: JSON) -> Iterator[Wrong]:
    if type(value) is not int:
        yield Wrong("not-a-number", field.name)
    elif not field.least <= value <= field.most:
        yield Wrong("out-of-range", field.name, f"{field.least}-{field.most}")


def _of_text(field: Field, value: JSON) -> Iterator[Wrong]:
    if not isinstance(value, str):
        yield Wrong("not-a-text", field.name)
    elif len(value) > field.most:
        yield Wrong("too-long", field.name, str(field.most))
    elif any(_is_control(character, field.kind) for character in value):
        yield Wrong("control-characters", field.name)
    elif field.required and not value.strip():
        yield Wrong("missing", field.name)


def _of_choice(field: Field, value: JSON, campaign: Campaign, workflow: str) -> Iterator[Wrong]:
    known = {option.id for option in options_of(field, campaign, workflow)}
    chosen = [value] if field.kind == "choice" else value
    if not isinstance(chosen, list) or len(chosen) > MAX_CHOSEN:
        yield Wrong("not-a-choice", field.name)
    elif not all(isinstance(each, str) and each in known for each in chosen):
        yield Wrong("not-a-choice", field.name, ", ".join(sorted(known)) if field.kind != "steps" else "")


def _is_control(character: str, kind: str) -> bool:
    """Whether it would steer a terminal or turn the text around, or is half a character."""
    if kind == "text" and character in "\n\t":
        return False
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING


_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_day(value: JSON) -> bool:
    """Whether this is a day as everybody reads it, 2026-11-23: Python alone takes other forms for a day, too."""
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def is_file(value: JSON) -> bool:
    """Whether this names a file: its hash, BLAKE2b-256 in hex, its name and its size in bytes."""
    if not isinstance(value, dict) or set(value) != {"hash", "name", "size"}:
        return False
    digest, name, size = value["hash"], value["name"], value["size"]
    return (
        isinstance(digest, str)
        and len(digest) == 64
        and _HEX.issuperset(digest)
        and isinstance(name, str)
        and 0 < len(name) <= 120
        and name.isprintable()
        and "/" not in name
        and type(size) is int
        and size >= 0
    )


_PLAIN: Final[Mapping[str, tuple[str, Callable[[JSON], bool]]]] = {
    "day": ("not-a-date", is_day),
    "tick": ("not-a-choice", lambda value: isinstance(value, bool)),
    "file": ("not-a-file", is_file),
}


def _nothing(values: Mapping[str, JSON], campaign: Campaign) -> Iterator[Wrong]:
    del values, campaign
    yield from ()


def _of_survey(values: Mapping[str, JSON], campaign: Campaign) -> Iterator[Wrong]:
    yield from sums(values, campaign.rules)


def _of_visit(values: Mapping[str, JSON], campaign: Campaign) -> Iterator[Wrong]:
    del campaign
    if not values.get("on") and not values.get("planned_on"):
        yield Wrong("missing", "on")


def _of_attendance(values: Mapping[str, JSON], campaign: Campaign) -> Iterator[Wrong]:
    del campaign
    expected, present = values.get("expected"), values.get("present")
    if isinstance(expected, int) and isinstance(present, int) and present > expected:
        yield Wrong("more-than", "present", "expected")


def _of_study(values: Mapping[str, JSON], campaign: Campaign) -> Iterator[Wrong]:
    del campaign
    members, reached = values.get("members"), [values.get("present"), values.get("at_home")]
    total = sum(each for each in reached if isinstance(each, int))
    if isinstance(members, int) and total > members:
        yield Wrong("more-than", "present", "members")


_RULES: Final[Mapping[str, Callable[[Mapping[str, JSON], Campaign], Iterator[Wrong]]]] = {
    "survey": _of_survey,
    "visit": _of_visit,
    "meeting": _of_attendance,
    "study": _of_study,
}
