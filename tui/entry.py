"""What somebody enters, made into changes: the one way from an editor or a command to the outbox."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shared.board import holds
from shared.board.change import JSON, MAX_BYTES, MAX_STORED, Change, encode
from shared.board.holds import KIND as HOLD
from shared.board.lights import State
from shared.board.record import Record, kind_of, owner_of
from shared.board.redo import REDONE, Redo
from shared.board.step import DATE_FIELD, MAX_NOTE
from shared.board.undo import Cannot, undo_all
from shared.rights import actions_of, may, role_of
from tui.profile import Identity

WORD_SHARE: Final = 10
"""A bulk act on the state of more than one in so many units waits for a person's word."""
STATES: Final = tuple(state.value for state in (
    State.TODO, State.DOING, State.SUBMITTED, State.RETURNED, State.DONE, State.NA,
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an entry cannot be taken as it is: a code, which field it concerns, and a limit or sum for its sentence.

    `address` says which of several records it is about.
    """

    code: str
    field: str
    limit: str = ""
    address: str = ""


Taken = list[Change] | Problem
"""The changes that take something back, or why that cannot be."""


@dataclass(frozen=True, slots=True)
class Pen:
    """What makes changes on this laptop: who writes, by which campaign revision, with which clock and chance.

    `redo` says what a survey has opened again on a unit, so that a step done again says after which survey.
    `check` says what a form has against values on a record.
    """

    identity: Identity
    revision: int
    now: Callable[[], datetime]
    new_id: Callable[[], str] = lambda: secrets.token_hex(16)
    redo: Callable[[str], Redo | None] = lambda unit: None
    check: Callable[[Record, Mapping[str, JSON]], Problem | None] = lambda record, values: None

    def change(self, shown: Record, values: Mapping[str, JSON], act: str | None = None) -> Change | Problem:
        """A change of these fields, made by somebody who had `shown` on the screen when the editor opened."""
        problem = first_problem(values) or _undone(shown, values) or self.check(shown, values)
        if problem is not None:
            return problem
        values = self._redone(shown.address, values)
        change = self._change(shown.address, values, shown.seen(*values), act)
        if not self._may(change, shown):
            return Problem("no-right", "state")
        most = MAX_STORED if kind_of(shown.address) == holds.KIND else MAX_BYTES  # a release carries another one whole
        return change if len(encode(change)) <= most else Problem("too-long", "note", str(MAX_NOTE))

    def undo(
        self,
        record: Record,
        change: Change,
        known: Callable[[str], Change | None],
        act: str,
        also: Sequence[Change] = (),
    ) -> Taken:
        """The changes that take an entry back from a record, all of one act, or why that cannot be.

        `also`: others on this record that go with it, as they were made in one act.
        """
        if kind_of(record.address) == HOLD:
            return Problem("decided", "")
        found = undo_all(record, (change, *also), known)
        if isinstance(found, Cannot):
            return Problem(found.value, "")
        made = [self._change(record.address, values, found.seen, act, change.id) for values in found.values]
        allowed = all(self._may(each, record) for each in made)
        return made if allowed else Problem("no-right", "state")

    def _change(
        self,
        address: str,
        values: Mapping[str, JSON],
        seen: Mapping[str, tuple[str, ...]],
        act: str | None,
        undoes: str | None = None,
    ) -> Change:
        return Change(
            id=self.new_id(),
            record=address,
            values=dict(values),
            seen=seen,
            author=self.identity.member,
            device=self.identity.device,
            at=self.now().isoformat(timespec="seconds"),
            revision=self.revision,
            act=act,
            undoes=undoes,
        )

    def _redone(self, address: str, values: Mapping[str, JSON]) -> Mapping[str, JSON]:
        """The values of a step that is done, naming the survey whose redo it answers."""
        done = kind_of(address) == "step" and values.get("state") == State.DONE
        redo = self.redo(owner_of(address)) if done else None
        return values if redo is None else {**values, REDONE: redo.survey}

    def _may(self, change: Change, shown: Record) -> bool:
        role = role_of(self.identity.role)
        return may(role, self.identity.areas, owner_of(change.record), actions_of(change, shown))


def state_values(state: str, on: date) -> dict[str, JSON]:
    """The fields that say a step came into this state on this day."""
    values: dict[str, JSON] = {"state": state}
    if state in DATE_FIELD:
        values[DATE_FIELD[state]] = on.isoformat()
    return values


def needs_word(changes: Sequence[Change], units: int) -> bool:
    """Whether these changes of one act set the state of more than a tenth of all units of the board."""
    owners = {owner_of(change.record) for change in changes if "state" in change.values}
    return len(changes) > 1 and len(owners) * WORD_SHARE > units


def first_problem(values: Mapping[str, JSON]) -> Problem | None:
    """The first thing that is wrong with what somebody typed; nothing is changed silently."""
    if not values:
        return Problem("nothing-entered", "")
    if "state" in values and values["state"] not in STATES:
        return Problem("unknown-state", "state")
    if values.get("state") == State.DONE and not values.get("done_on"):
        return Problem("done-needs-date", "done_on")
    return next(
        (problem for name, value in values.items() if (problem := _field_problem(name, value)) is not None), None
    )


def _undone(shown: Record, values: Mapping[str, JSON]) -> Problem | None:
    """Whether an entry takes the day from a step that stays done."""
    done = "done_on" in values and not values["done_on"] and values.get("state", shown.value("state")) == State.DONE
    return Problem("done-needs-date", "done_on") if done else None


def _field_problem(name: str, value: JSON) -> Problem | None:
    if name.endswith("_on") and value is not None and not _is_date(value):
        return Problem("not-a-date", name)
    if isinstance(value, str) and len(value) > MAX_NOTE:
        return Problem("too-long", name, str(MAX_NOTE))
    if isinstance(value, str) and any(_is_control(character) for character in value):
        return Problem("control-characters", name)
    return None


def _is_control(character: str) -> bool:
    """Whether it would steer a terminal, or is half a character, as a shell that is not in UTF-8 passes on."""
    code = ord(character)
    return (code < 0x20 and character not in "\n\t") or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000


def _is_date(value: JSON) -> bool:
    """Whether this is a day as everybody reads it, 2026-11-23: Python alone takes other forms for a day, too."""
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False
