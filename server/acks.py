"""The answers to one device's pushes: they leave in the order of the pushes, each after its changes are on the disk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

import orjson

from server.commit import Answer
from server.ledger import MALFORMED
from server.peer import Peer, refusal
from shared import protocol
from shared.errors import Refused

MAX_UNANSWERED: Final = 64
"""So many pushes of one connection may wait for their commit; then it is read no further."""


class _Due(NamedTuple):
    """One answer: ready bytes, or outcomes to come for the changes that could be read."""

    ready: bytes | None
    outcomes: Answer | None = None
    readable: Sequence[bool] = ()
    ids: Sequence[str | None] = ()


class Acks:
    """The queue between what a session reads and what it answers; bounded by pushes."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._due: deque[_Due] = deque()
        self._arrived = asyncio.Event()
        self._left = asyncio.Event()

    async def take(self, outcomes: Answer, readable: Sequence[bool], ids: Sequence[str | None]) -> None:
        """Answer a push when its outcomes are there; `readable` and `ids` are in the order of its changes."""
        await self._put(_Due(None, outcomes, readable, ids))

    async def refuse(self, refused: Refused) -> None:
        """Answer a push by a refusal that does not end the connection."""
        await self._put(_Due(refusal(refused, final=False)))

    async def say(self, frame: protocol.Frame) -> None:
        """Answer in turn with a frame that is ready."""
        await self._put(_Due(frame.model_dump_json(by_alias=True).encode()))

    async def run(self) -> None:
        """Send what is due, one after the other, until cancelled. Raises the refusal of a push that is not stored."""
        while True:
            while self._due:
                due = self._due[0]
                await self._peer.send(due.ready or await _ack(due))
                self._due.popleft()
                self._left.set()
            self._arrived.clear()
            await self._arrived.wait()

    def drop(self) -> None:
        """Answer nothing any more; what is being committed is committed all the same."""
        for due in self._due:
            # Asking a failed one for its fault tells asyncio that somebody knows.
            if due.outcomes is not None and not due.outcomes.cancel() and not due.outcomes.cancelled():
                due.outcomes.exception()
        self._due.clear()

    async def _put(self, due: _Due) -> None:
        self._due.append(due)
        self._arrived.set()
        while len(self._due) >= MAX_UNANSWERED:
            self._left.clear()
            await self._left.wait()


async def _ack(due: _Due) -> bytes:
    stored = iter(await due.outcomes) if due.outcomes is not None else iter(())
    results = [
        next(stored)._asdict() if readable else {"id": change_id, "outcome": MALFORMED, "seq": None}
        for readable, change_id in zip(due.readable, due.ids, strict=True)
    ]
    return orjson.dumps({"kind": "ack", "results": results})
