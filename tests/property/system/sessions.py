"""What the office keeps of each connection and each push, and who looks at what leaves it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from server.ledger import Author, Committed, Outcome, Submission
from shared import protocol
from shared.board.log_record import Cursor
from tests.property.system.durable import Disk


class Session:
    """One connection as the office has it, a cursor over the log; `down` is what it has written to the wire."""

    def __init__(self, author: Author, *, live: bool) -> None:
        self.author = author
        self.live = live
        self.version = protocol.HIGHEST
        self.cursor: Cursor | None = None
        self.unread: list[int] = []
        self.down: deque[bytes] = deque()
        self.over = False


class Waiting(NamedTuple):
    """A push that waits for its commit: what was read of it, for whom, and the ids to answer."""

    session: Session
    submission: Submission
    readable: list[bool]
    ids: Sequence[str | None]
    ready: bytes | None = None


class Snapshot(NamedTuple):
    """What a laptop is given to start from."""

    cursor: Cursor
    areas: tuple[str, ...]
    lines: list[tuple[str, bytes]]


class Witness(Protocol):
    """Who looks at what leaves the office."""

    def committed(self, head: Cursor, done: Committed) -> None:
        """Something new stands in the log."""

    def ack_leaves(self, log: Disk, results: Sequence[Outcome]) -> None:
        """The answers to one push are on their way."""

    def batch_leaves(self, log: Disk, to: Cursor) -> None:
        """Records up to here are on their way."""
