"""The office's log on a disk that forgets at a crash what was not synced, and coroutines that never have to wait."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar, TypeVarTuple

from server.clerk import Clerk
from server.log import Draft, SqliteLog
from shared.board.log_record import Cursor, LogRecord

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
BOARD: Final = "b0" * 16
FULL: Final = 2
"""What SQLite calls it when a commit returns after the disk has it."""


class AtOnce(Clerk):
    """A clerk that does it there and then."""

    def __init__(self) -> None:
        pass

    async def do(self, work: Callable[[*Ts], T], *args: *Ts) -> T:
        return work(*args)


def straight(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives that never has to wait."""
    try:
        work.send(None)
    except StopIteration as done:
        found: T = done.value
        return found
    raise AssertionError("it waits")


class Paper:
    """The board's file, as far as it is read; what is not there cannot be."""

    name = "board.json"

    def __init__(self) -> None:
        self.data: bytes | None = None

    def read_bytes(self) -> bytes:
        """What it holds."""
        if self.data is None:
            raise FileNotFoundError(self.name)
        return self.data


class Disk(SqliteLog):
    """The log in memory; `durable` is the place up to which a crash takes nothing back."""

    def __init__(self, image: bytes | None = None) -> None:
        super().__init__(Path(":memory:"), board=BOARD)
        if image is not None:
            self._db.deserialize(image)
        self.durable = self.head().seq

    def append(self, after: Cursor, drafts: Sequence[Draft]) -> list[LogRecord]:
        records = super().append(after, drafts)
        if self._db.execute("PRAGMA synchronous").fetchone()[0] >= FULL:
            self.durable = self.head().seq
        return records

    def lose_power(self) -> None:
        """Forget what was not synced."""
        self._db.execute("DELETE FROM log WHERE seq > ?", (self.durable,))

    def image(self) -> bytes:
        """A consistent copy of the whole log."""
        return self._db.serialize()
