"""How a roster reaches the board: what an import plans becomes changes on the units' own records.

Only fields that change are entered, each over the values that stood when the import was planned; the whole import is
one act, so that it can be taken back as one. Nothing is deleted: a unit that is gone is closed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping

from server.ledger import Outcome
from server.office import Office
from server.roster.plan import ImportPlan
from shared.board.change import Change, is_field
from shared.board.record import Record, unit_address
from shared.board.unit import unit_of, values_of
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


def unusable_fields(plan: ImportPlan) -> tuple[str, ...]:
    """The names of own columns that no record can hold, sorted: those with blanks or signs in them."""
    return tuple(sorted({name for _code, values in _entries(plan) for name in values if not is_field(name)}))


def enter_plan(office: Office, plan: ImportPlan) -> list[Outcome]:
    """Enter an import's plan as one act of the office, in bounded transactions; what became of each change."""
    act = secrets.token_hex(16)
    return office.enter([_change(office, code, values, act) for code, values in _entries(plan)])


def _entries(plan: ImportPlan) -> Iterator[tuple[str, Mapping[str, object]]]:
    for unit in plan.added:
        yield unit.code, values_of(unit)
    for change in (*plan.changed, *plan.closed, *plan.reopened):
        yield change.unit.code, {name: after for name, (_before, after) in change.fields.items()}


def _change(office: Office, code: str, values: Mapping[str, object], act: str) -> Change:
    address = unit_address(code)
    standing = office.store.get(address) or Record(address)
    return office.change(address, values, standing.seen(*values), act)
