"""The running office: commits, feeds and sessions of one board, kept together while it serves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from server import lineage
from server.bell import Bell
from server.bounds import Bounds
from server.cabinet import FOLDER as FILES
from server.campaigns import Shelved
from server.chores import chores, see_to
from server.clerk import Clerk
from server.commit import Committer
from server.digests import Digests
from server.feed import Feed
from server.filing import Filing
from server.ledger import Author, Committed
from server.lineage import Astray, Opening
from server.live import Session, Surroundings
from server.log import SqliteLog
from server.members import Device, Entry
from server.metrics import Metrics
from server.office import LOG, Office
from server.presence import Presence
from server.roll import Roll
from server.rows import BoardRows, Day
from server.snapshot import Made, Snapshots, build, drop
from server.tickets import Visit
from shared.board.log_record import Cursor
from shared.board.record import owner_of
from shared.campaign.problems import CampaignInvalid
from shared.errors import Refused
from shared.rights import reach

_log = structlog.get_logger()


class Desk:
    """One board being served. Everything that changes it or reads it live comes through here.

    Making one reads files: do it in a thread. `wind_up` asks the server to end; `stopped` says that it has to, because
    the disk or one of the chores has failed; `deserted` that no session is left.
    """

    def __init__(self, office: Office, bounds: Bounds | None = None) -> None:
        self.office = office
        self.bounds = bounds or Bounds()
        self.metrics = Metrics()
        self.reading = SqliteLog(office.folder / LOG)
        self.reader, self.files, self._people = Clerk("reader"), Clerk("files"), Clerk("people")
        self._writer = Clerk(office.thread)
        self.feed = Feed(self.reading, self.reader, office.ledger.head, office.prover.prove)
        self.committer = Committer(office.ledger, self._writer, self._published, self.metrics.committed)
        self.presence = Presence(office.clock, self.bounds.quiet)
        self.filing = Filing(office.folder / FILES, office.store, self.bounds)
        self.rows = BoardRows(office.store, office.campaigns)
        self.digests = Digests(office.store)
        self.snapshots = Snapshots(office.folder / "snapshots", time.monotonic)
        self.sessions: set[Session] = set()
        self._bell = Bell(self.sessions)
        self.deserted = asyncio.Event()
        self.deserted.set()
        self.stopped = asyncio.Event()
        self.wind_up = asyncio.Event()
        self._building = asyncio.Lock()
        self._told = 0
        self._members_version = office.members.version()
        heard = {device.id: device.heard for device in office.members.devices()}
        self._unreadable = ""
        self._opening = Opening(self._now(), office.ledger.head, heard)
        self._lineage = lineage.read(office.folder).within(self.reading)
        self.roll = Roll(office.members.roll())
        self._recall(office.members.devices())
        self.metrics.watch(self)

    @property
    def surroundings(self) -> Surroundings:
        """What a session needs of this desk."""
        office = self.office
        return Surroundings(
            self.feed, self.committer, self.presence, office.campaigns.digest, lambda: office.store.count("unit"),
            self._visit, office.prover.accept, self.bounds, self.note_astray,
        )  # fmt: skip

    @property
    def day(self) -> Day:
        """The office's day, and when who was last heard of."""
        return Day(self.office.clock().astimezone().date(), self.presence.days())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Desk]:
        """Serve until left; nothing runs any more then but what the office itself owns."""
        work = chores(self).items()
        tasks = [asyncio.create_task(see_to(name, chore, self.stopped), name=name) for name, chore in work]
        try:
            yield self
        finally:
            self._bell.silence()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(Exception):  # what was heard of whom is worth no failed stop
                await self.note_heard()
            await self.filing.leave()
            for clerk in (self.files, self._people, self.reader):
                await clerk.leave()
            self.reading.close()

    def enter(self, session: Session) -> None:
        """Take in a session; raises `too-many-sockets`, and `revoked` when that came while the connection was made."""
        same = sum(1 for other in self.sessions if other.author.device == session.author.device)
        if same >= self.bounds.sockets:
            raise Refused("too-many-sockets", limit=self.bounds.sockets)
        self.roll.check(session.author)
        self.sessions.add(session)
        self.deserted.clear()

    def leave(self, session: Session) -> None:
        """Forget a session."""
        self.sessions.discard(session)
        if not self.sessions:
            self.deserted.set()

    async def enrol(self, code: str, title: str) -> tuple[Device, Author, str]:
        """Spend a one-time code: the new device, who speaks with it, and its token; raises `bad-code`."""
        issued = await self._people.do(self.office.members.enrol, code, title)
        if issued is None:
            raise Refused("bad-code")
        device, token = issued
        await self._read_roll()
        return device, self.roll.author(token), token

    async def snapshot(self, reader: Author) -> Made:
        """A snapshot of what this reader may read, made now if none is recent.

        Every one holds the last verdict: a laptop of an older version starts anew on account of that.
        """
        areas = reach(reader.role, reader.areas)
        async with self._building:
            made = self.snapshots.recent(areas, self.feed.head, self.feed.verdict)
            if made is None:
                made = self.snapshots.place(self.office.ledger.head, areas)
                image, campaign = self.office.store.image(), self.office.campaigns.digest()
                await self.files.do(build, made, image, campaign)
                await self.files.do(drop, self.snapshots.keep(made))
        return made

    async def save_board(self) -> None:
        """Write the board's file if it is behind; the image is taken here, on the loop, the writing done elsewhere."""
        image = self.office.unsaved()
        if image is not None:
            started = time.perf_counter()
            await self.files.do(self.office.write_board, image)
            self.metrics.saved(time.perf_counter() - started)

    async def note_heard(self) -> None:
        """Write down who was heard of, for the office's commands and the next start."""
        await self._people.do(self.office.members.note_heard, self.presence.lines())

    async def note_astray(self, author: Author, cursor: Cursor) -> None:
        """Note durably that a device stands at a place that this log does not hold: it was put back from a backup."""
        astray = Astray(author.device, self._now(), cursor.seq, cursor.chain, self.feed.head.seq)
        noted = self._opening.noticing(self._lineage, astray)
        if noted is None:
            return
        self._lineage = noted
        _log.warning("a laptop stands where this log does not lead", device=author.device, ahead=astray.ahead)
        try:
            await self._people.do(lineage.write, self.office.folder, noted)
        except OSError as fault:  # the laptop is healed all the same; what is missing is a line in a report
            _log.warning("not noted", error=fault.strerror)

    async def look_at_log(self) -> None:
        """Take in what another process has written to the log."""
        head = await self.reader.do(self.reading.head)
        if head.seq > self.feed.head.seq:
            await self.committer.absorb()

    async def look_at_people(self) -> None:
        """Take in what another process has changed about people, and end the sessions that have lost their rights."""
        version = await self._people.do(self.office.members.version)
        if version != self._members_version:
            self._members_version = version
            await self._read_roll()

    async def look_at_campaign(self) -> None:
        """Take in a further revision of the campaign, and have every laptop come again to fetch it."""
        found = await self._people.do(self._unread_campaigns)
        if found:
            self.office.campaigns.take(found)
            for session in self.sessions:
                session.expel(Refused("campaign-changed"))

    def pass_on_news(self) -> None:
        """Wake the sessions when there is news of who was heard of."""
        if self._told != self.presence.version:
            self._told = self.presence.version
            self._bell.ring()

    async def _visit(self, author: Author, ticket: str | None) -> Visit:
        return await self._people.do(self.office.members.visit, author.device, ticket)

    async def _read_roll(self) -> None:
        roll, devices = await self._people.do(self._people_now)
        self.roll.take(roll)
        self._recall(devices)
        self.presence.keep(self.roll.speaking)
        for session in self.sessions:
            try:
                self.roll.check(session.author)
            except Refused as refused:
                session.expel(refused)

    def _published(self, committed: Committed) -> None:
        self.rows.touch({owner_of(change.record) for change in committed.changes if change is not None})
        self.filing.note(committed)
        self.feed.extend(committed.records, committed.changes)
        self._bell.ring()

    def _unread_campaigns(self) -> dict[int, Shelved]:
        try:
            return self.office.campaigns.unread()
        except (OSError, ValueError, CampaignInvalid) as fault:
            if str(fault) != self._unreadable:
                self._unreadable = str(fault)
                _log.warning("a revision of the campaign cannot be read", error=self._unreadable)
            return {}

    def _now(self) -> str:
        return self.office.clock().isoformat(timespec="seconds")

    def _people_now(self) -> tuple[list[Entry], list[Device]]:
        return self.office.members.roll(), self.office.members.devices()

    def _recall(self, devices: list[Device]) -> None:
        for device in devices:
            author = self.roll.speaking.get(device.id)
            if author is not None:
                self.presence.recall(author, device.heard, device.cursor)
