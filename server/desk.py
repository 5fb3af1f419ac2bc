"""The running office: commits, feeds and sessions of one board, kept together while it serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

import structlog

from server.commit import Committer
from server.feed import Feed
from server.ledger import Author, Committed
from server.live import Session
from server.office import Office
from server.presence import Presence
from server.snapshot import Snapshots
from shared.errors import Refused
from shared.protocol import MAX_SOCKETS

LOOK_AROUND: Final = 0.5
"""Seconds between looks at what other processes wrote and which peers have stalled."""
SAVE_EVERY: Final = 2.0
NOTE_EVERY: Final = 60.0

_log = structlog.get_logger()


class Desk:
    """One board being served. Everything that changes it or reads it live comes through here."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.feed = Feed(office.log, office.thread, office.ledger.head)
        self.committer = Committer(office.ledger, office.thread, self._published)
        self.presence = Presence(office.clock)
        self.snapshots = Snapshots(office.folder / "snapshots")
        self.sessions: set[Session] = set()
        self.files = ThreadPoolExecutor(1, "files")
        self.stopped = asyncio.Event()
        self.wind_up = asyncio.Event()
        self._building = asyncio.Lock()
        self._log_version = office.log.data_version()
        self._members_version = office.members.version()
        self._recall()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Desk]:
        """Serve until left; `stopped` is set when the disk has failed and the process should end."""
        tasks = [
            asyncio.create_task(self._commit(), name="commit"),
            asyncio.create_task(self._look_around(), name="look-around"),
            asyncio.create_task(self._keep_board(), name="keep-board"),
        ]
        try:
            yield self
        finally:
            for task in reversed(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.files.shutdown(wait=True)
            self.office.members.note_heard(self.presence.lines())

    async def author(self, token: str) -> Author:
        """Who speaks with this token; raises `bad-token` or `revoked`."""
        author = self.office.members.author(token)
        if author is not None:
            return author
        since = self.office.members.revoked(token)
        raise Refused("revoked", since=since) if since else Refused("bad-token")

    def enter(self, session: Session) -> None:
        """Take in a session; raises `too-many-sockets`."""
        same = sum(1 for other in self.sessions if other.author.device == session.author.device)
        if same >= MAX_SOCKETS:
            raise Refused("too-many-sockets", limit=MAX_SOCKETS)
        self.sessions.add(session)

    def leave(self, session: Session) -> None:
        """Forget a session."""
        self.sessions.discard(session)

    async def snapshot(self, reader: Author) -> str:
        """The name of a snapshot for what this reader may read, made now if none is recent."""
        areas = reader.areas
        async with self._building:
            found = self.snapshots.recent(areas, self.feed.head)
            if found is None:
                image, cursor = self.office.store.image(), self.office.ledger.head
                build = self.snapshots.build
                campaign = self.office.campaigns.digest()
                loop = asyncio.get_running_loop()
                found = await loop.run_in_executor(self.files, build, cursor, areas, image, campaign)
        return found[1].name

    def _published(self, committed: Committed) -> None:
        self.feed.extend(committed.records, committed.changes)
        for session in self.sessions:
            session.wake()

    def _recall(self) -> None:
        authors = {m.name: m for m in self.office.members.members() if m.revoked is None}
        for device in self.office.members.devices():
            if (member := authors.get(device.member)) is not None:
                author = Author(device.id, member.name, member.role, member.areas)
                self.presence.recall(author, device.heard)

    async def _commit(self) -> None:
        try:
            await self.committer.run()
        except Exception as fault:
            _log.error("storage failed, stopping", error=type(fault).__name__)
            self.stopped.set()

    async def _look_around(self) -> None:
        loop = asyncio.get_running_loop()
        noted = loop.time()
        while True:
            await asyncio.sleep(LOOK_AROUND)
            await self._look_at_log()
            self._look_at_members()
            now = loop.time()
            for session in [s for s in self.sessions if s.stalled(now)]:
                session.abort()
            if now - noted > NOTE_EVERY:
                noted = now
                await loop.run_in_executor(self.files, self.office.members.note_heard, self.presence.lines())

    async def _look_at_log(self) -> None:
        loop = asyncio.get_running_loop()
        version = await loop.run_in_executor(self.office.thread, self.office.log.data_version)
        if version != self._log_version:
            self._log_version = version
            await self.committer.absorb()

    def _look_at_members(self) -> None:
        version = self.office.members.version()
        if version == self._members_version:
            return
        self._members_version = version
        revoked = {m.name: m.revoked for m in self.office.members.members() if m.revoked is not None}
        for session in [s for s in self.sessions if s.author.member in revoked]:
            self.presence.forget(session.author.device)
            session.expel(Refused("revoked", since=revoked[session.author.member] or ""))

    async def _keep_board(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SAVE_EVERY)
            await loop.run_in_executor(self.files, self.office.save_board)
