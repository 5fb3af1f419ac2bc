"""What the office hands over on a stick: all that a new laptop starts from, and the answers to one that came by stick.

Both are made of what travels on the wire, for one reader, at one head of the log.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import orjson

from server import snapshot
from server.by_stick import given_by
from server.clerk import Clerk
from server.feed import Feed
from server.offered import ID_REUSED, Author, Outcome
from server.office import Office
from server.presence import Presence
from server.taken import Stand
from shared import protocol
from shared.attached import file_lines
from shared.board.holds import OTHER_AUTHOR
from shared.board.log_record import Cursor
from shared.bundle import MAX_PAST
from shared.rights import reach

QUIET: Final = 0.0
SCANNED: Final = 2048


class Courier:
    """Makes the lines of bundles for one reader. Every method reads the log at the head where the office was opened."""

    def __init__(self, office: Office, reader: Author) -> None:
        self._office = office
        self._reader = reader
        self._thread = ThreadPoolExecutor(1, "reader")
        self._feed = Feed(office.log, Clerk(self._thread), office.ledger.head, office.prover.prove)
        self.head: Final = office.ledger.head
        self.units = 0
        self.records = 0

    def __enter__(self) -> Courier:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def follows(self, stand: Stand) -> bool:
        """Whether batches bring a laptop here: it stands in this log, not too far behind, and reads the same areas."""
        if stand.cursor is None or self.head.seq - stand.cursor.seq > MAX_PAST:
            return False
        same = stand.areas is None or set(stand.areas) == set(self._areas)
        return same and stand.cursor.board == self.head.board and asyncio.run(self._feed.holds(stand.cursor))

    def start(self) -> list[bytes]:
        """Everything for a laptop that has nothing yet."""
        return [*self._greeting(), *self._snapshot(), *asyncio.run(self._past()), self._heard()]

    def anew(self, told: Sequence[Outcome]) -> list[bytes]:
        """The same for one whose place is not in this log, and where everything of its own stands.

        What it was told of places may be of a log that is gone; what has one in this log is found there.
        """
        placeless = (each for each in told if each.seq is None or each.outcome == ID_REUSED)
        own = _acks([*placeless, *self._own()])
        return [*self._greeting(), *self._snapshot(), *own, *asyncio.run(self._past()), self._heard(), *self._files()]

    def onward(self, cursor: Cursor, told: Sequence[Outcome]) -> list[bytes]:
        """Everything that follows on where a laptop stands."""
        return [*self._greeting(), *asyncio.run(self._batches(cursor)), *_acks(told), self._heard(), *self._files()]

    @property
    def _areas(self) -> tuple[str, ...]:
        return reach(self._reader.role, self._reader.areas)

    def _greeting(self) -> Iterator[bytes]:
        office, reader = self._office, self._reader
        digest = office.campaigns.digest()
        body = (office.campaigns.body(digest) or b"").decode()
        yield orjson.dumps({"kind": "campaign", "digest": digest, "body": body})
        welcome = protocol.Welcome(
            protocol=protocol.HIGHEST,
            board=self.head.board,
            head=protocol.place(self.head),
            me=protocol.Myself(device=reader.device, member=reader.member, role=reader.role, areas=reader.areas),
            campaign=digest,
            units=office.store.count("unit"),
            copied=office.members.copied().get(reader.device),
        )
        yield welcome.model_dump_json().encode()

    def _snapshot(self) -> Iterator[bytes]:
        yield orjson.dumps({"kind": "snapshot", **self.head._asdict(), "areas": self._areas})
        for line in snapshot.lines(self._office.store.image(), self._areas):
            owner, _, records = line.rstrip(b"\n").partition(b"\t")
            self.units += b'"unit/' in records
            yield b'{"kind":"unit","owner":%b,"records":%b}' % (orjson.dumps(owner.decode()), records)

    async def _past(self) -> list[bytes]:
        """The log up to the head, page by page, the newest first, as far back as a laptop keeps it."""
        upto, pages = self.head.seq, []
        while upto > max(0, self.head.seq - MAX_PAST):
            found, before = await self._feed.past(upto, protocol.MAX_BATCH_RECORDS, self._reader)
            self.records += len(found)
            records = b",".join(line.encoded for line in found)
            pages.append(b'{"kind":"past","upto":%d,"records":[%b],"before":%d}' % (upto, records, before))
            upto = before
        return pages

    async def _batches(self, cursor: Cursor) -> list[bytes]:
        frames = []
        while cursor != self.head:
            frame, cursor = await self._feed.batch(cursor, self._reader)
            self.records += len(orjson.loads(frame)["records"])
            frames.append(frame)
        return frames

    def _files(self) -> Iterator[bytes]:
        """The files that this device has given, so that it knows that they are here."""
        return file_lines(given_by(self._office.folder, self._reader.device))

    def _own(self) -> Iterator[Outcome]:
        """Where everything stands that this device has made or sent, in the order of the log."""
        device, seq = self._reader.device, 0
        while records := self._office.log.read(seq, SCANNED):
            for record in records:
                said = orjson.loads(record.body)
                made = said.get("device") == device and record.status != OTHER_AUTHOR
                if made or record.device == device:
                    yield Outcome(said["id"], record.status, record.seq)
            seq = records[-1].seq

    def _heard(self) -> bytes:
        office = self._office
        presence = Presence(office.clock, QUIET)
        speaking = {entry.author.device: entry.author for entry in office.members.roll() if entry.revoked is None}
        for device in office.members.devices():
            if device.id in speaking:
                presence.recall(speaking[device.id], device.heard, device.cursor)
        return protocol.Heard(areas=presence.areas(self._areas)).model_dump_json().encode()


def _acks(outcomes: Sequence[Outcome]) -> Iterator[bytes]:
    for start in range(0, len(outcomes), protocol.MAX_CHANGES):
        page = [each._asdict() for each in outcomes[start : start + protocol.MAX_CHANGES]]
        yield orjson.dumps({"kind": "ack", "results": page})
