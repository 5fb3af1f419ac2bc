"""How a roster reaches the board: what an import plans becomes changes on the units' own records.

Only fields that change are entered, each over the values that stood when the import was planned; the whole import is
one act, so that it can be taken back as one. Nothing is deleted: a unit that is gone is closed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping

from server.ledger import Outcome
from server.office import Office
from server.roster.plan import ImportPlan
from shared.board.change import MAX_FIELDS, Change, is_field
from shared.board.record import Record, owner_of, unit_address
from shared.board.standing import settled
from shared.board.unit import unit_of, values_of
from shared.people.groups import KIND as GROUP
from shared.people.groups import Group, group_address, group_in
from shared.people.groups import values_of as group_values
from shared.people.words import folded
from shared.roster import Unit


def current_units(office: Office) -> dict[str, Unit]:
    """The units of a board by code, closed ones too, in the order of the codes."""
    found: dict[str, Unit] = {}
    for owner in sorted(office.store.owners()):
        record = office.store.get(unit_address(owner))
        unit = unit_of(record) if record is not None else None
        if unit is not None:
            found[owner] = unit
    return found


def current_groups(office: Office) -> dict[str, Group]:
    """The inspection groups of a board by id, closed ones too, in the order of their names."""
    standing = (group_in(owner_of(record.address), settled(record)) for record in office.store.of_kind(GROUP))
    found = [group for group in standing if group is not None]
    return {group.id: group for group in sorted(found, key=lambda group: (group.name, group.id))}


def enter_groups(office: Office, groups: Iterable[Group]) -> list[Outcome]:
    """Enter groups as one act of the office, of each only what differs; what became of each change."""
    act, known = secrets.token_hex(16), current_groups(office)
    changes: list[Change] = []
    for group in groups:
        before = group_values(known[group.id]) if group.id in known else {}
        values = {name: value for name, value in group_values(group).items() if before.get(name) != value}
        changes.append(_entered(office, group_address(group.id), values, act))
    return office.enter(changes)


def rename_group(office: Office, group: Group, name: str) -> list[Outcome]:
    """Give a group another name, and to every unit that names it, as one act; what became of each change.

    The group comes last: one that broke off is done by doing it again.
    """
    act = secrets.token_hex(16)
    named = [code for code, unit in current_units(office).items() if folded(unit.group) == folded(group.name)]
    changes = [_change(office, code, {"group": name}, act) for code in named]
    return office.enter([*changes, _entered(office, group_address(group.id), {"name": name}, act)])


def unusable_fields(plan: ImportPlan) -> tuple[str, ...]:
    """The names of own columns that no record can hold, sorted: those with blanks or signs in them."""
    return tuple(sorted({name for _code, values in _entries(plan) for name in values if not is_field(name)}))


def enter_plan(office: Office, plan: ImportPlan) -> list[Outcome]:
    """Enter an import's plan as one act of the office, in bounded transactions; what became of each change."""
    act = secrets.token_hex(16)
    return office.enter(
        [_change(office, code, part, act) for code, values in _entries(plan) for part in _parts(values)]
    )


def _entries(plan: ImportPlan) -> Iterator[tuple[str, Mapping[str, object]]]:
    for unit in plan.added:
        yield unit.code, values_of(unit)
    for change in (*plan.changed, *plan.closed, *plan.reopened):
        yield change.unit.code, {name: after for name, (_before, after) in change.fields.items()}


def _parts(values: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The fields in as many entries as their number takes: a unit may have more than one entry holds."""
    fields = list(values.items())
    for start in range(0, len(fields), MAX_FIELDS):
        yield dict(fields[start : start + MAX_FIELDS])


def _change(office: Office, code: str, values: Mapping[str, object], act: str) -> Change:
    return _entered(office, unit_address(code), values, act)


def _entered(office: Office, address: str, values: Mapping[str, object], act: str) -> Change:
    standing = office.store.get(address) or Record(address)
    return office.change(address, values, standing.seen(*values), act)
