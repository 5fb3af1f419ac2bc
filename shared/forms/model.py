"""A form as values: which fields a kind of record has, what may stand in each, and how it is told on one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

FieldKind = Literal["line", "text", "day", "number", "choice", "many", "tick", "steps", "roles", "file"]
"""What stands in a field, and as which JSON.

`line` and `text`: a text, of one line or of many. `day`: an ISO date. `number`: a whole number. `choice`: the id of an
option. `many`, `steps`, `roles`: a sorted list of ids of options, of the unit's steps, of the campaign's roles. `tick`:
true or false. `file`: `{"hash", "name", "size"}`, the file itself lies elsewhere, by its hash.
"""


class Wrong(NamedTuple):
    """What is wrong with one field: a code, the field's name, and what the sentence needs: a limit, another field."""

    code: str
    field: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a field offers."""

    id: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    `list`: the campaign's list that offers the answers, else `options` do. `most`: characters of a text, or the highest
    number. `act`: set by an act of its own (approve, sign, reopen), never typed into the form.
    """

    name: str
    title: str
    title_en: str
    kind: FieldKind = "line"
    required: bool = False
    options: tuple[Option, ...] = ()
    list: str = ""
    least: int = 0
    most: int = 200
    act: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What one kind of record holds: `kind/<unit>/<id>`.

    `group`: where it is listed on a unit's page. `day`: the field that dates it. `line`: the fields that tell it on one
    line. `single`: a unit has one of them, with the id `1`. `source`: where the plan asks for it.
    """

    id: str
    title: str
    title_en: str
    group: str
    day: str
    line: tuple[str, ...]
    fields: tuple[Field, ...]
    single: bool = False
    source: str = ""

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((each for each in self.fields if each.name == name), None)

    @property
    def typed(self) -> tuple[Field, ...]:
        """The fields that people type into the form, in its order."""
        return tuple(each for each in self.fields if not each.act)
