"""People, their roles and areas, their devices, one-time enrolment codes and tokens.

A token or a code is kept only as its SHA-256; the value itself is shown once, to the person it is for. The file is its
own SQLite database, so that the office's commands work while the server runs: `version` tells when to look again.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from server.ledger import Author
from server.tickets import Tickets, Visit
from shared.rights import Role, role_of

CODE_DAYS: Final = 14
MAX_DEVICES: Final = 16
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS member (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, areas TEXT NOT NULL, revoked TEXT, revoked_by TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS code (hash BLOB PRIMARY KEY, member TEXT NOT NULL, expires TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS device (
    id TEXT PRIMARY KEY, member TEXT NOT NULL, title TEXT NOT NULL, token BLOB NOT NULL UNIQUE, enrolled TEXT NOT NULL,
    heard TEXT, cursor INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One person (or a wall, or a simulator): what they may do, where, and whether that has ended."""

    name: str
    role: Role
    areas: tuple[str, ...]
    revoked: str | None = None
    revoked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """One enrolled laptop or wall, and when the server last heard of it."""

    id: str
    member: str
    title: str
    enrolled: str
    heard: str | None
    cursor: int = 0


class Entry(NamedTuple):
    """One line of the roll: the SHA-256 of a device's token, who speaks with it, and since when and by whom not."""

    token: bytes
    author: Author
    revoked: str | None
    revoked_by: str | None = None


class MemberExists(Exception):
    """There is a member of this name; choose another, or revoke that one first."""


class NoSuchMember(Exception):
    """There is no member of this name."""


class TooManyDevices(Exception):
    """The member has `MAX_DEVICES` devices already."""


class Members:
    """The people of one board. One instance belongs to one thread at a time."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        path.touch(mode=0o600, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA busy_timeout=5000")
        self._db.executescript(_SCHEMA)
        self._tickets = Tickets(self._db, clock)
        self._clock = clock

    def add(self, name: str, role: Role, areas: Sequence[str]) -> str:
        """Add a member as `admit` does, and return a one-time enrolment code."""
        self.admit(name, role, areas)
        return self.invite(name)

    def admit(self, name: str, role: Role, areas: Sequence[str]) -> None:
        """Add a member, or give one that was revoked new rights.

        The devices of before stay out: whoever comes back enrols again, unless they are reinstated.
        """
        row = self._db.execute("SELECT revoked FROM member WHERE name = ?", (name,)).fetchone()
        if row is not None and row[0] is None:
            raise MemberExists(name)
        self._db.execute("DELETE FROM device WHERE member = ?", (name,))
        values = (name, role.value, " ".join(areas))
        self._db.execute("INSERT OR REPLACE INTO member VALUES (?, ?, ?, NULL, NULL)", values)

    def invite(self, name: str) -> str:
        """A further one-time code for a member, good for `CODE_DAYS` days."""
        if self.member(name) is None:
            raise NoSuchMember(name)
        code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        expires = self._clock() + timedelta(days=CODE_DAYS)
        self._db.execute("INSERT INTO code VALUES (?, ?, ?)", (digest_of(code), name, expires.isoformat()))
        return code

    def enrol(self, code: str, title: str) -> tuple[Device, str] | None:
        """Spend a code: the new device and its token, or nothing when the code is unknown, spent or out of date."""
        now = self._clock()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            row = self._db.execute(
                "DELETE FROM code WHERE hash = ? RETURNING member, expires", (digest_of(_plain(code)),)
            )
            found = row.fetchone()
            usable = found is not None and datetime.fromisoformat(found[1]) > now and self._room(found[0])
            issued = self._issue(found[0], title, now) if found is not None and usable else None
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        return issued

    def issue(self, name: str, title: str) -> tuple[Device, str]:
        """A new device of a member and its token, without a code; raises `NoSuchMember` or `TooManyDevices`."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if self.member(name) is None:
                raise NoSuchMember(name)
            if not self._room(name):
                raise TooManyDevices(name)
            issued = self._issue(name, title, self._clock())
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        return issued

    def withdraw(self, device: Device, *, with_member: bool) -> None:
        """Forget a device whose token has reached nobody, and its member, too, if they came with it."""
        self._db.execute("DELETE FROM device WHERE id = ?", (device.id,))
        if with_member:
            self._db.execute("DELETE FROM member WHERE name = ?", (device.member,))

    def seat(self, member: Member, device: Device) -> None:
        """Enter a member with a device of a given id that no token opens: one that speaks inside the server.

        A member or a device that is there already stays as it is.
        """
        values = (member.name, member.role.value, " ".join(member.areas))
        self._db.execute("INSERT OR IGNORE INTO member VALUES (?, ?, ?, NULL, NULL)", values)
        row = (device.id, member.name, device.title, secrets.token_bytes(32), device.enrolled)
        self._db.execute(
            "INSERT OR IGNORE INTO device (id, member, title, token, enrolled) VALUES (?, ?, ?, ?, ?)", row
        )

    def author(self, token: str) -> Author | None:
        """Who speaks with this token, or nothing when nobody does (any more)."""
        query = "SELECT d.id, m.name, m.role, m.areas FROM device d JOIN member m ON m.name = d.member"
        row = self._db.execute(query + " WHERE d.token = ? AND m.revoked IS NULL", (digest_of(token),)).fetchone()
        return Author(row[0], row[1], role_of(row[2]), tuple(row[3].split())) if row else None

    def revoked(self, token: str) -> str | None:
        """When the member behind this token was revoked, if so."""
        query = "SELECT m.revoked FROM device d JOIN member m ON m.name = d.member WHERE d.token = ?"
        row = self._db.execute(query, (digest_of(token),)).fetchone()
        return row[0] if row else None

    def revoke(self, name: str, by: str = "office") -> None:
        """End a member's rights on all devices, and spend their codes."""
        if self.member(name) is None:
            raise NoSuchMember(name)
        now = self._clock().isoformat(timespec="seconds")
        query = "UPDATE member SET revoked = ?, revoked_by = ? WHERE name = ? AND revoked IS NULL"
        self._db.execute(query, (now, by, name))
        self._db.execute("DELETE FROM code WHERE member = ?", (name,))

    def assign(self, name: str, role: Role | None = None, areas: Sequence[str] | None = None) -> Member:
        """Give a member another role or other areas, on all their devices; raises `NoSuchMember`.

        A connection of theirs ends with `rights-changed`; what they enter from then on is judged by the new rights.
        """
        known = self.member(name)
        if known is None:
            raise NoSuchMember(name)
        member = replace(known, role=role or known.role, areas=tuple(areas) if areas is not None else known.areas)
        values = (member.role.value, " ".join(member.areas), name)
        self._db.execute("UPDATE member SET role = ?, areas = ? WHERE name = ?", values)
        return member

    def reinstate(self, name: str) -> bool:
        """Give back the rights of before, to the same devices; whether they had ended. Raises `NoSuchMember`."""
        if self.member(name) is None:
            raise NoSuchMember(name)
        query = "UPDATE member SET revoked = NULL, revoked_by = NULL WHERE name = ? AND revoked IS NOT NULL"
        return self._db.execute(query, (name,)).rowcount > 0

    def member(self, name: str) -> Member | None:
        """The member of this name."""
        return next((m for m in self.members() if m.name == name), None)

    def members(self) -> list[Member]:
        """Everybody, by name, also those whose rights have ended."""
        rows = self._db.execute("SELECT name, role, areas, revoked, revoked_by FROM member ORDER BY name")
        return [Member(name, role_of(role), tuple(areas.split()), *ended) for name, role, areas, *ended in rows]

    def devices(self) -> list[Device]:
        """Every enrolled device."""
        columns = "SELECT id, member, title, enrolled, heard, cursor FROM device"
        return [Device(*row) for row in self._db.execute(columns + " ORDER BY member, enrolled, id")]

    def roll(self) -> list[Entry]:
        """Every token ever handed out, with whom it stands for; what a server keeps in memory to know who speaks."""
        columns = "SELECT d.token, d.id, m.name, m.role, m.areas, m.revoked, m.revoked_by"
        return [
            Entry(token, Author(device, name, role_of(role), tuple(areas.split())), *ended)
            for token, device, name, role, areas, *ended in self._db.execute(
                columns + " FROM device d JOIN member m ON m.name = d.member"
            )
        ]

    def note_heard(self, heard: dict[str, tuple[str, int]]) -> None:
        """Remember when devices were last heard of, and how far they had read; times before those known say nothing."""
        rows = [(when, seq, device, when) for device, (when, seq) in heard.items()]
        query = "UPDATE device SET heard = ?, cursor = ? WHERE id = ? AND COALESCE(heard, '') <= ?"
        self._db.execute("BEGIN")
        self._db.executemany(query, rows)
        self._db.execute("COMMIT")

    def visit(self, device: str, ticket: str | None) -> Visit:
        """Note a device's visit; see `Tickets.visit`."""
        return self._tickets.visit(device, ticket)

    def copied(self) -> dict[str, str]:
        """Device → since when its data is known to stand on two machines, or to have been put back."""
        return self._tickets.copied()

    def version(self) -> int:
        """A number that changes when another process has changed something."""
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def backup(self, path: Path) -> None:
        """Write a consistent copy while the file is in use."""
        with closing(sqlite3.connect(path)) as target:
            self._db.backup(target)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _room(self, name: str) -> bool:
        count = self._db.execute("SELECT COUNT(*) FROM device WHERE member = ?", (name,)).fetchone()[0]
        return bool(count < MAX_DEVICES)

    def _issue(self, name: str, title: str, now: datetime) -> tuple[Device, str]:
        token = secrets.token_urlsafe(32)
        device = Device("d" + secrets.token_hex(6), name, title[:64], now.isoformat(timespec="seconds"), None)
        values = (device.id, name, device.title, digest_of(token), device.enrolled)
        self._db.execute("INSERT INTO device (id, member, title, token, enrolled) VALUES (?, ?, ?, ?, ?)", values)
        return device, token


def _plain(code: str) -> str:
    """A code as people type it: any case, spaces or dashes or none, O for 0 and I or L for 1."""
    letters = "".join(c for c in code.upper() if c.isalnum()).translate(str.maketrans("OIL", "011"))
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def digest_of(secret: str) -> bytes:
    """What is kept of a token or a code."""
    return hashlib.sha256(secret.encode()).digest()
