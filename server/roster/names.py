"""Finding a unit by what people call it, and giving numbers to those that have none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from shared.roster import EXTENSION_LETTERS, Unit, UnitKind, clean_name

LAST_NUMBER: Final = 999


def name_key(name: str) -> str:
    """A name as it is compared: however it is spaced, it is one name."""
    return clean_name(name).replace(" ", "")


class Names:
    """Units by their names, for rows that name a unit or its parent without a code."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._by_name: dict[str, dict[str, Unit]] = {}
        self._under: dict[tuple[str, str], dict[str, Unit]] = {}
        for unit in units:
            for name in {name_key(unit.name), name_key(unit.short)}:
                self._by_name.setdefault(name, {})[unit.code] = unit
            self._under.setdefault((unit.parent, name_key(unit.name)), {})[unit.code] = unit

    def called(self, name: str) -> tuple[Unit, ...]:
        """Every unit of this full or short name that something can hang from, by code."""
        found = self._by_name.get(name_key(name), {})
        return tuple(found[code] for code in sorted(found) if "-" not in code)

    def under(self, parent: str, name: str) -> tuple[Unit, ...]:
        """Every unit of this full name under this parent, by code."""
        found = self._under.get((parent, name_key(name)), {})
        return tuple(found[code] for code in sorted(found))


def next_code(parent: str, kind: UnitKind, taken: Collection[str]) -> str:
    """The parent's code with the kind's letter and the first number that nobody has; empty when none is left.

    A closed unit keeps its number for ever: what it entered still stands under it.
    """
    letter = EXTENSION_LETTERS[kind]
    for number in range(1, LAST_NUMBER + 1):
        code = f"{parent}-{letter}{number:02d}"
        if code not in taken:
            return code
    return ""
