"""The form for a unit's own record: its people, its members' figures, its ties, and for the office what it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from shared.forms.model import Form
from shared.people.fields import UNIT_FIELDS, group_of_field, unit_field
from shared.rights import ALLOWED, Action, Role
from shared.roster import UnitKind

UNIT: Final = "unit"
PLANNED: Final = ("person", "figure", "tie")
"""The groups of fields that those who plan for a unit enter; the rest is the office's."""


def people_form(kind: UnitKind | None = None, names: Iterable[str] = (), groups: Collection[str] = PLANNED) -> Form:
    """The form with the fields of these groups that a unit of this kind is asked for, all of them for no kind.

    `names`: fields that are to be in it besides, as they stand on the record: of other kinds, or somebody's own.
    """
    asked = [name for name, each in UNIT_FIELDS.items() if kind is None or each.concerns(kind)]
    wanted = dict.fromkeys(name for name in (*asked, *sorted(names)) if group_of_field(name) in groups)
    order = {group: place for place, group in enumerate(groups)}
    fields = [field for name in wanted if (field := unit_field(name)) is not None]
    fields.sort(key=lambda field: order[group_of_field(field.name)])
    line = ("person.responsible", "person.liaison", "person.phone")
    return Form(UNIT, "人员与联系", "people and ties", "people", "", line, tuple(fields), single=True, source="B C")


def groups_for(role: Role) -> tuple[str, ...]:
    """The groups of a unit's fields that somebody of this role enters; none for those who do not plan."""
    if Action.ADMINISTER in ALLOWED[role]:
        return (*PLANNED, "attribute")
    return PLANNED if Action.PLAN in ALLOWED[role] else ()
