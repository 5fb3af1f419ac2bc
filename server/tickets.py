"""Tickets: by them the office tells a laptop from a copy of it, or from an older state of it that was put back."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS ticket (
    device TEXT PRIMARY KEY, shown TEXT, given TEXT NOT NULL, copied TEXT
) WITHOUT ROWID
"""


class Visit(NamedTuple):
    """What a device is given at the start of a connection: the ticket for its next one, and since when it is copied."""

    ticket: str
    copied: str | None


class Tickets:
    """Each device's last tickets, in the members' file."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], datetime]) -> None:
        db.execute(_SCHEMA)
        self._db = db
        self._clock = clock

    def visit(self, device: str, ticket: str | None) -> Visit:
        """Note that a device has come with the ticket of its last visit, and give it another one.

        A ticket that was replaced before shows that the laptop's data was copied, or put back from an older state. One
        never given out here shows that the office itself was put back; that says nothing about the laptop.
        """
        row = self._db.execute("SELECT shown, given, copied FROM ticket WHERE device = ?", (device,)).fetchone()
        shown, given, copied = row or (None, None, None)
        number = _number_of(given)
        if row is not None and ticket not in (shown, given) and _number_of(ticket) <= number:
            copied = self._clock().isoformat(timespec="seconds")
        fresh = _ticket(max(number, _number_of(ticket)) + 1)
        self._db.execute("INSERT OR REPLACE INTO ticket VALUES (?, ?, ?, ?)", (device, ticket, fresh, copied))
        return Visit(fresh, copied)

    def copied(self) -> dict[str, str]:
        """Device → since when its data is known to stand on two machines, or to have been put back."""
        return dict(self._db.execute("SELECT device, copied FROM ticket WHERE copied IS NOT NULL"))


def _ticket(number: int) -> str:
    """A ticket, 32 hex digits: its number, and 96 random bits."""
    return f"{number & 0xFFFFFFFF:08x}{secrets.token_hex(12)}"


def _number_of(ticket: str | None) -> int:
    return int(ticket[:8], 16) if ticket else 0
