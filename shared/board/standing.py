"""What stands on the records of one unit, as far as anything is shown of it: the one place where values are settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from shared.board import record as records
from shared.board.change import JSON
from shared.board.lights import CAUTION, State
from shared.board.record import Record, kind_of
from shared.board.stages import ORDER, stage_of

_HELD_ENTRY, _VERDICT = "hold", "verdict"
NUMBER: Final = "number"
"""The field that holds the office's own number of a record."""
WITHDRAWN: Final = "withdrawn"
"""The field that takes a whole record back: nothing is ever deleted."""


class Standing(NamedTuple):
    """Address → field → value; and address → fields, where different values stand side by side.

    A record that nobody touched, or whose every value was taken back, is left out.
    """

    values: Mapping[str, Mapping[str, JSON]]
    collisions: Mapping[str, tuple[str, ...]]


def standing_of(known: Mapping[str, Record]) -> Standing:
    """What stands on these records."""
    values: dict[str, Mapping[str, JSON]] = {}
    collisions: dict[str, tuple[str, ...]] = {}
    for address, record in known.items():
        if record.entries:
            values[address] = settled(record)
            if found := colliding(record):
                collisions[address] = found
    return Standing(values, collisions)


def standing_in(bodies: Mapping[str, JSON]) -> Standing:
    """The same out of the JSON of records, address → `shared.board.record.to_json`.

    Where one entry stands its values are what is shown, so that a board of thousands of units opens without making
    a `Record` of each; wherever it takes more than that, the rule for records decides.
    """
    values: dict[str, Mapping[str, JSON]] = {}
    rest: dict[str, Record] = {}
    for address, body in bodies.items():
        entries = body["entries"]
        if len(entries) == 1:
            values[address] = entries[0][4]
        elif entries:
            rest[address] = records.from_json(address, body)
    if not rest:
        return Standing(values, {})
    found = standing_of(rest)
    return Standing({**values, **found.values}, found.collisions)


def colliding(record: Record) -> tuple[str, ...]:
    """The fields on which different values stand for somebody to settle, sorted.

    Of a held entry that is what was decided; that two who decided alike gave their own reasons is no question. Nor are
    two numbers that the office itself gave to one record, as one of its servers was put back from a backup.
    """
    found = record.collisions()
    if kind_of(record.address) == _HELD_ENTRY:
        return tuple(name for name in found if name == _VERDICT)
    return tuple(name for name in found if name != NUMBER) if NUMBER in found else found


def settled(record: Record) -> Mapping[str, JSON]:
    """Field → the value to show: of several the first by id, of colliding states and stages the most cautious."""
    if len(record.entries) == 1:
        return record.entries[0].values
    values: dict[str, JSON] = {}
    for entry in reversed(record.entries):
        values.update(entry.values)
    if "state" in values:
        states = (known_state(head.value) for head in record.heads("state"))
        values["state"] = min(states, key=CAUTION.__getitem__)
    if "stage" in values:
        stages = (stage_of({"stage": head.value}) for head in record.heads("stage"))
        values["stage"] = min(stages, key=ORDER.__getitem__)
    return values


def stands(values: Mapping[str, JSON]) -> bool:
    """Whether a record beside steps holds anything: it was not withdrawn, and not every entry of it was taken back.

    The office's number alone is nothing: it stays on what was taken back before the office had numbered it.
    """
    if values.get(WITHDRAWN) is True:
        return False
    return any(value is not None for name, value in values.items() if name != NUMBER)


def known_state(value: JSON) -> str:
    """The state itself, or not started when no such state is known here (promise 9)."""
    return value if isinstance(value, str) and value in CAUTION else State.TODO.value
