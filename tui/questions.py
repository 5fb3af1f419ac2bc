"""Collisions as they are put to a person: each value with who entered it and what they had seen, and every answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from shared.board.change import JSON
from shared.board.collisions import Collision, both, collisions_of, taking
from shared.board.history import distinct
from shared.board.holds import FIELDS, KIND
from shared.board.record import Head, Record, kind_of, owner_of
from tui.entry import state_values
from tui.replica import Replica


class Side(NamedTuple):
    """One of the values that stand. `saw`: the values its author had before them; empty for an untouched field."""

    head: Head
    saw: tuple[JSON, ...] | None
    """Nothing when that is not known on this laptop."""


@dataclass(frozen=True, slots=True)
class Question:
    """A collision with the record as it was when it was shown: an answer names what stood there, and nothing else."""

    collision: Collision
    record: Record
    sides: tuple[Side, ...]

    @property
    def id(self) -> str:
        """How people and programs name it, for as long as it stands."""
        return self.collision.id

    @property
    def field(self) -> str:
        """The field on which the values stand."""
        return self.collision.field

    @property
    def owner(self) -> str:
        """The unit it is about."""
        return owner_of(self.collision.address)

    def take(self, side: int) -> dict[str, JSON]:
        """What to enter so that this side's value holds, counted from 0."""
        head = self.sides[side].head
        values = taking(self.record, self.field, head)
        if kind_of(self.record.address) == KIND:
            # to say again that a held entry is released is to bring it along again
            entry = next(each for each in self.record.entries if each.id == head.id)
            values |= {name: value for name, value in entry.values.items() if name in FIELDS}
        return values

    def both(self) -> dict[str, JSON] | None:
        """What to enter so that all texts stand in one; nothing when a value is no text."""
        text = both(self.collision.heads) if self.field in ("note", "reason") else None
        return None if text is None else {self.field: text}

    def enter(self, value: JSON, today: date) -> dict[str, JSON]:
        """What to enter so that another value holds; a state comes with its day."""
        if self.field == "state" and isinstance(value, str):
            return state_values(value, today)
        return {self.field: value}


class Policy(StrEnum):
    """How many collisions are settled at once."""

    MINE = "mine"
    THEIRS = "theirs"
    LATEST = "latest"
    BOTH = "both"


def settled_by(question: Question, policy: Policy, device: str) -> Mapping[str, JSON] | None:
    """What to enter for one of many, or nothing when this policy does not answer it."""
    heads = question.collision.heads
    mine = [n for n, head in enumerate(heads) if head.device == device]
    theirs = [n for n, head in enumerate(heads) if head.device != device]
    match policy:
        case Policy.MINE:
            return question.take(mine[0]) if len(mine) == 1 else None
        case Policy.THEIRS:
            return question.take(theirs[0]) if len(theirs) == 1 else None
        case Policy.BOTH:
            return question.both()
        case Policy.LATEST:
            return question.take(max(range(len(heads)), key=lambda n: (_moment(heads[n].at), heads[n].id)))


def asked(replica: Replica, owners: Iterable[str], limit: int) -> list[Question]:
    """The collisions on the records of these owners, at most so many."""
    found: list[Question] = []
    for owner in owners:
        records = replica.records(owner)
        for collision in collisions_of(records):
            if len(found) == limit:
                return found
            found.append(question_of(replica, collision, records[collision.address]))
    return found


def question_of(replica: Replica, collision: Collision, record: Record) -> Question:
    """A collision with what each author had seen, as far as that is known here."""
    sides = tuple(Side(head, _saw(replica, head.id, collision.field)) for head in collision.heads)
    return Question(collision, record, sides)


def _saw(replica: Replica, change_id: str, field: str) -> tuple[JSON, ...] | None:
    change = replica.bygone.find(change_id)
    if change is None:
        return None
    seen = [replica.bygone.find(each) for each in change.seen.get(field, ())]
    if any(each is None for each in seen):
        return None
    return distinct(each.values.get(field) for each in seen if each is not None)


def _moment(at: str) -> float:
    """When an entry was made, by the clock of the laptop that made it; shown to people, and used where they ask."""
    try:
        return datetime.fromisoformat(at).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
