"""Own entries as values: one that waits, what the log says of one, and how many are where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import orjson

from shared.board.change import JSON, Change, Undecodable, canonical, from_json

SAVED, SENT, ACKED, REFUSED, ASKING = "saved", "sent", "acked", "refused", "asking"


class Waiting(NamedTuple):
    """An entry of the outbox: its place, its id, its canonical bytes, and how far it has come.

    `saved` here, `sent`, `acked` by the office, `refused`: it answered that it cannot keep this, or `asking` for a
    person's word before it is sent.
    """

    n: int
    id: str
    body: bytes
    label: str

    def change(self) -> Change | None:
        """The entry itself, or nothing when no format known here reads it."""
        try:
            return from_json(orjson.loads(self.body))
        except Undecodable:
            return None


class Logged(NamedTuple):
    """One record of the office's log, as far as own entries are concerned; `change` is the JSON of what was entered.

    `own`: this device made it, so that it belongs here also when nothing of it is left in the outbox.
    """

    id: str
    seq: int
    status: str
    at: str
    change: Mapping[str, JSON]
    own: bool = False


class Landed(NamedTuple):
    """Own entries whose place in the log is known now: id → status, and the units they are about."""

    status: Mapping[str, str]
    owners: frozenset[str]


class Look(NamedTuple):
    """An own entry in need of a look: how it stands, since when, and what was said to it if somebody decided.

    `status` is `held:<reason>`, `declined`, `refused` or `asking`.
    """

    status: str
    at: str
    change: Change
    by: str = ""
    reason: str = ""


class Labels(NamedTuple):
    """How many own entries are where: saved here, sent, on the board, and in need of a look."""

    saved: int
    sent: int
    on_board: int
    needs_look: int


def renamed(body: bytes, old: str, new: str) -> bytes:
    """The entry with one id in place of another, its own or of those it has seen or takes back."""
    change = orjson.loads(body)
    for key in ("id", "undoes"):
        if change.get(key) == old:
            change[key] = new
    if "seen" in change:
        change["seen"] = {name: [new if i == old else i for i in ids] for name, ids in change["seen"].items()}
    return canonical(change)
