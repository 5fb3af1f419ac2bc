"""What an import would change, before anything changes.

Importing again is an update: what a file does not say stays, and nothing is ever deleted. A unit that the
statistical division no longer lists is closed; a unit that it never listed (a school, an organisation, any
code with an extension) cannot vanish from its files and so is never closed by them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from server.roster.admission import Admission
from server.roster.entries import Entry, Reading
from server.roster.problems import Place, Problems, Tally
from shared.roster import Unit, UnitKind, in_area, is_area

Value = str | bool | int | None

_MANY: Final = 10
_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit as it will stand, and what changes by field: `(before, after)`.

    The fields bear the names of the unit's record (`name`, `closed`, `attribute.school_level`, `person.liaison`), so
    that the values after are what an import enters. A value that is taken away is an empty text, an attribute or a
    figure `None`.
    """

    unit: Unit
    fields: Mapping[str, tuple[Value, Value]]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All that an import would do, each part in the order of the codes, and all that is wrong with its files."""

    added: tuple[Unit, ...] = ()
    changed: tuple[UnitChange, ...] = ()
    closed: tuple[UnitChange, ...] = ()
    reopened: tuple[UnitChange, ...] = ()
    unchanged: tuple[Unit, ...] = ()
    problems: Problems = field(default_factory=Problems)

    @property
    def ready(self) -> bool:
        """Whether nothing is wrong; warnings are no hindrance."""
        return self.problems.errors == 0

    @property
    def empty(self) -> bool:
        """Whether the import would change nothing."""
        return not (self.added or self.changed or self.closed or self.reopened)


def plan_import(
    current: Mapping[str, Unit],
    incoming: Reading,
    scope: Sequence[str],
    *,
    closes: Collection[UnitKind] | None = None,
) -> ImportPlan:
    """Compare what files say with what stands, inside the areas of `scope`; nothing is changed here.

    `closes` names the kinds of which the files hold every unit, so that a missing one is closed. Without it the
    division's files close what carries a code of the lengths they list, and a sheet closes nothing: most sheets hold
    only what somebody wants to amend. While there are errors nothing that is missing is closed: it may stand in a
    row that could not be read.
    """
    tally = Tally()
    tally.include(incoming.problems)
    for area in scope:
        if not is_area(area):
            tally.add(Place(""), "area-bad", area=area)
    admission = Admission(current, scope, tally)
    missing = _missing_from(current, scope, closes)
    admission.admit(incoming.entries, missing)
    gone = missing(admission.entries)
    if gone and tally.errors:
        tally.add(Place(""), "closing-withheld", count=len(gone))
        gone = []
    after = dict(admission.units) | {code: replace(current[code], closed=True) for code in gone}
    _warn_of_closing(current, scope, after, admission, tally)
    return _sorted(current, after, tally)


def apply_plan(current: Mapping[str, Unit], plan: ImportPlan) -> dict[str, Unit]:
    """The units as they stand once the plan is carried out."""
    changes = (*plan.changed, *plan.closed, *plan.reopened)
    return dict(current) | {unit.code: unit for unit in (*plan.added, *(change.unit for change in changes))}


def differences(before: Unit, after: Unit) -> dict[str, tuple[Value, Value]]:
    """What changes from one unit to the other, by the field's name in a record."""
    old, new = _values(before), _values(after)
    found: dict[str, tuple[Value, Value]] = {}
    for name in dict.fromkeys((*old, *new)):
        nothing: Value = None if name.startswith(("attribute.", "figure.")) else ""
        pair = old.get(name, nothing), new.get(name, nothing)
        if pair[0] != pair[1]:
            found[name] = pair
    return found


def _values(unit: Unit) -> dict[str, Value]:
    plain: dict[str, Value] = {
        "name": unit.name,
        "short": unit.short,
        "kind": unit.kind.value,
        "parent": unit.parent,
        "group": unit.group,
        "closed": unit.closed,
    }
    groups: Mapping[str, Mapping[str, Value]] = {
        "attribute": unit.attributes, "person": unit.people, "figure": unit.figures, "tie": unit.ties
    }  # fmt: skip
    return plain | {
        f"{group}.{name}": value
        for group, values in groups.items()
        for name, value in values.items()
        if value is not None and value != ""
    }


def _missing_from(
    current: Mapping[str, Unit], scope: Sequence[str], closes: Collection[UnitKind] | None
) -> Callable[[Mapping[str, Entry]], list[str]]:
    candidates = [unit for unit in current.values() if not unit.closed and in_area(unit.code, scope)]

    def missing(entries: Mapping[str, Entry]) -> list[str]:
        # A download of the streets alone says nothing about villages: only the lengths it lists can be missing.
        lengths = {len(code) for code, entry in entries.items() if entry.origin == "statistics"}
        return [
            unit.code
            for unit in candidates
            if unit.code not in entries and (len(unit.code) in lengths if closes is None else unit.kind in closes)
        ]

    return missing


def _warn_of_closing(
    current: Mapping[str, Unit],
    scope: Sequence[str],
    after: Mapping[str, Unit],
    admission: Admission,
    tally: Tally,
) -> None:
    was_open = [unit for unit in current.values() if not unit.closed and in_area(unit.code, scope)]
    closing = sum(unit.code in after and after[unit.code].closed for unit in was_open)
    if closing > max(_MANY, _SHARE * len(was_open)):
        tally.add(Place(""), "closes-many", count=closing, all=len(was_open))
    will_stand = dict(current) | dict(after)
    for unit in _by_code(will_stand.values()):
        parent = will_stand.get(unit.parent)
        touched = unit.code in after or unit.parent in after
        if parent and parent.closed and touched and not unit.closed:
            entry = admission.entries.get(unit.code)
            tally.add(entry.place if entry else Place(""), "parent-closed", unit=unit.code, parent=parent.code)


def _sorted(current: Mapping[str, Unit], after: Mapping[str, Unit], tally: Tally) -> ImportPlan:
    added: list[Unit] = []
    unchanged: list[Unit] = []
    changes: dict[str, list[UnitChange]] = {"changed": [], "closed": [], "reopened": []}
    for unit in _by_code(after.values()):
        before = current.get(unit.code)
        if before is None:
            added.append(unit)
        elif fields := differences(before, unit):
            turn = "changed" if before.closed == unit.closed else "closed" if unit.closed else "reopened"
            changes[turn].append(UnitChange(unit, fields))
        else:
            unchanged.append(before)
    return ImportPlan(
        tuple(added),
        tuple(changes["changed"]),
        tuple(changes["closed"]),
        tuple(changes["reopened"]),
        tuple(unchanged),
        tally.close(),
    )


def _by_code(units: Iterable[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: unit.code)
