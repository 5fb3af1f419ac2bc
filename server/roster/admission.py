"""Which rows of an import hold together: each row is admitted as the unit it makes, or refused with its reason.

Rows are judged from the top of the tree down, so that a school may hang from a street of the same file, and
rows with a code before rows without, so that a number is given only to what is really new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from server.roster.entries import Entry, settled
from server.roster.names import Names, name_key, next_code
from server.roster.problems import Param, Place, Tally
from shared.roster import (
    EXTENSION_LETTERS,
    Unit,
    UnitKind,
    base_of,
    canonical_code,
    in_area,
    kind_fits,
    parent_of,
)

_NAMED: Final = 5


class Admission:
    """The rows that hold together, as units by code, with the row each came from."""

    def __init__(self, current: Mapping[str, Unit], scope: Collection[str], tally: Tally) -> None:
        self.units: dict[str, Unit] = {}
        self.entries: dict[str, Entry] = {}
        self.spoken_of: dict[str, Entry] = {}
        """The first row of each code, admitted or not: a second one is a quarrel even with a row that was refused."""
        self._current = current
        self._scope = scope
        self._tally = tally

    def admit(self, entries: Sequence[Entry], vanishing: Callable[[Mapping[str, Entry]], Collection[str]]) -> None:
        """Judge all rows. `vanishing` tells which units are about to be closed, once the rows with codes are known."""
        coded = [entry for entry in entries if entry.code]
        for length in sorted({len(entry.code) for entry in coded}):
            for entry in (entry for entry in coded if len(entry.code) == length):
                self._admit_coded(entry)
        nameless = _Nameless(self, set(self._current) | {entry.code for entry in coded}, vanishing(self.entries))
        for entry in entries:
            if not entry.code:
                nameless.admit(entry)
        self._warn()

    def known(self, code: str) -> Unit | None:
        """The unit of this code as it will stand, admitted or not spoken of."""
        return self.units.get(code) or self._current.get(code)

    def standing(self) -> list[Unit]:
        """All units as they will stand."""
        return list((dict(self._current) | self.units).values())

    def refuse(self, entry: Entry, code: str, column: str, /, **params: str | int) -> None:
        """Tell why a row is not admitted."""
        self._tally.add(entry.place, code, column, **params)

    def seat(self, entry: Entry, code: str) -> Unit | None:
        """Admit a row under a code if the unit it makes is sound."""
        before = self._current.get(code)
        unit = settled(entry, code, before)
        if not in_area(code, self._scope):
            self.refuse(entry, "outside-scope", "code", code=code, scope="、".join(self._scope))
        elif not unit.name:
            self.refuse(entry, "name-missing", "name")
        elif not (kind_fits(code, unit.kind) or (before and _may_keep(before, unit.kind))):
            self.refuse(entry, "kind-code", "kind", kind=unit.kind.value, code=code)
        else:
            self.units[code], self.entries[code] = unit, entry
            return unit
        return None

    def _admit_coded(self, entry: Entry) -> None:
        first = self.spoken_of.setdefault(entry.code, entry)
        if first is not entry:
            if replace(first, place=entry.place) == entry:
                self._tally.add(entry.place, "repeated-row", "code", **_where(first.place))
            else:
                self.refuse(entry, "duplicate-code", "code", code=entry.code, **_where(first.place))
        elif self._parent_holds(entry):
            self.seat(entry, entry.code)

    def _parent_holds(self, entry: Entry) -> bool:
        above = parent_of(entry.code)
        parent = self.known(above)
        if len(above) > 6 and parent is None:
            self.refuse(entry, "parent-unknown", "parent", value=above)
            return False
        if not entry.parent:
            return True
        written = canonical_code(entry.parent) or entry.parent
        # A district is no unit here, so that its name cannot be checked.
        fits = written == above or (not written.isdigit() and (parent is None or _is_called(parent, written)))
        if not fits:
            self.refuse(entry, "parent-bad", "parent", value=entry.parent, code=entry.code)
        return fits

    def _warn(self) -> None:
        names = Names(unit for unit in self.standing() if not unit.closed)
        for code, unit in self.units.items():
            entry = self.entries[code]
            namesakes = [other.code for other in names.under(unit.parent, unit.name) if other.code != code]
            if namesakes and entry.name and not unit.closed:
                told = {"parent": unit.parent, "other": namesakes[0], "name": unit.name}
                self._tally.add(entry.place, "same-name", "name", **told)
            if unit.kind is UnitKind.SCHOOL and not unit.closed and "school_level" not in unit.attributes:
                self._tally.add(entry.place, "school-level-missing", "attribute.school_level")


class _Nameless:
    """Rows without a code: each is a unit already known under its parent, or one that gets the next number."""

    def __init__(self, admission: Admission, taken: set[str], vanishing: Collection[str]) -> None:
        self._admission = admission
        self._taken = taken
        self._vanishing = vanishing
        self._names = Names(admission.standing())
        self._first: dict[tuple[str, str], Entry] = {}

    def admit(self, entry: Entry) -> None:
        """Judge one row without a code."""
        if not entry.name:
            self._admission.refuse(entry, "name-missing", "name")
            return
        parent = self._parent(entry)
        code = parent and self._code(entry, parent)
        if code and self._admission.seat(entry, code):
            self._taken.add(code)

    def _parent(self, entry: Entry) -> str:
        if not entry.parent:
            self._admission.refuse(entry, "parent-missing", "parent")
            return ""
        if code := canonical_code(entry.parent):
            if self._admission.known(code) and code == base_of(code):
                return code
            self._admission.refuse(entry, "parent-unknown", "parent", value=entry.parent)
            return ""
        found = self._names.called(entry.parent)
        open_ones = [unit for unit in found if not unit.closed and unit.code not in self._vanishing]
        choice = open_ones or found
        if len(choice) == 1:
            return choice[0].code
        codes = "、".join(unit.code for unit in choice[:_NAMED])
        problem = "parent-ambiguous" if choice else "parent-unknown"
        params = {"value": entry.parent, "codes": codes} if choice else {"value": entry.parent}
        self._admission.refuse(entry, problem, "parent", **params)
        return ""

    def _code(self, entry: Entry, parent: str) -> str:
        found = self._names.under(parent, entry.name)
        first = self._first.setdefault((parent, name_key(entry.name)), entry)
        if first is entry and len(found) == 1:
            first = self._admission.spoken_of.get(found[0].code, entry)
        if len(found) > 1:
            self._admission.refuse(entry, "name-ambiguous", "name", name=entry.name, parent=parent)
        elif first is not entry:
            self._admission.refuse(entry, "duplicate-name", "name", name=entry.name, **_where(first.place))
        elif found:
            return found[0].code
        elif entry.kind is None:
            self._admission.refuse(entry, "kind-missing", "kind")
        elif entry.kind not in EXTENSION_LETTERS:
            self._admission.refuse(entry, "code-missing", "code")
        elif code := next_code(parent, entry.kind, self._taken):
            return code
        else:
            self._admission.refuse(entry, "numbers-used-up", "parent", parent=parent)
        return ""


def _may_keep(before: Unit, kind: UnitKind) -> bool:
    # An organisation that becomes another kind of organisation keeps its code: the letter says what it was. And what
    # the office has already made of a unit is no fault of a row.
    return kind is before.kind or ("-" in before.code and kind in EXTENSION_LETTERS)


def _is_called(unit: Unit, name: str) -> bool:
    return name_key(name) in (name_key(unit.name), name_key(unit.short))


def _where(first: Place) -> dict[str, Param]:
    return {"first": first.row, "file": first.file}
