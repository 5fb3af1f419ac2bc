"""The office's end: the real log, ledger, board and feed, and the order of `server/commit.py` and `server/live.py`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import orjson

from server import snapshot as snapshots
from server import store as board_store
from server.feed import Feed
from server.ledger import MALFORMED, Author, Committed, Ledger, Offered, Outcome, Steps, Submission, offer, returned
from server.live import MAX_UNREAD_BATCHES
from server.log import HeadMoved
from server.office import open_store
from server.peer import read_frame
from server.proof import Prover
from server.roll import Roll
from server.store import Store
from shared import protocol
from shared.board.log_record import Cursor, LogRecord, decode
from shared.rights import reach
from tests.property.system.durable import AtOnce, Disk, Paper, straight
from tests.property.system.sessions import Session, Snapshot, Waiting, Witness
from tui.fetch import _split

PROVER = Prover(b"office".ljust(32))


class ServedOffice:
    """One server on its disk. `restart` loses all that was in memory, and what of the log was not durable."""

    def __init__(self, log: Disk, steps: Steps, roll: Roll, clock: Callable[[], datetime], witness: Witness) -> None:
        self.file = Paper()
        self.log, self.steps, self.roll = log, steps, roll
        self._clock, self._witness = clock, witness
        self.revision = 1
        self.start()

    def start(self) -> None:
        """As `Office.__init__` and `Desk.__init__` do: the board from its file, if it fits, and the rest of the log."""
        self.store = self._board()
        self.ledger = Ledger(self.log, self.store, self.steps, self._clock)
        if (cursor := self.store.cursor()) is not None:
            self.ledger.stand_at(cursor)
        self.ledger.catch_up()
        self.feed = Feed(self.log, AtOnce(), self.ledger.head, PROVER.prove)
        self.waiting: deque[Waiting] = deque()
        self.group: list[Waiting] = []
        self.done: Committed | None = None
        self.published = False
        self.sessions: list[Session] = []
        self._snapshots: dict[tuple[str, ...], Snapshot] = {}

    def crash(self) -> None:
        """The power goes; the server comes back."""
        self.hang_up()
        self.log.lose_power()
        self.start()

    def restore(self, image: bytes) -> None:
        """Put a backup back and start on it."""
        self.hang_up()
        self.log.close()
        self.log = Disk(image)
        self.start()

    def state(self) -> object:
        """What is equal when nothing in log and board has changed."""
        return self.log, self.log.head(), self.log.durable, self.store, self.ledger.head

    def hang_up(self, *devices: str) -> None:
        """End the sessions of these devices, or all."""
        for session in self.sessions:
            session.over = session.over or not devices or session.author.device in devices
        self.sessions = [session for session in self.sessions if not session.over]

    def keep_file(self) -> None:
        """Write the board's file, as `Office.write_board` does every few seconds."""
        self.file.data = b"".join(board_store._chunks(self.store.image()))

    # --- one session: server/live.py ---

    def greet(self, hello: protocol.Hello, token: str, *, live: bool) -> tuple[protocol.Myself, Cursor, Session]:
        """Welcome a laptop, and say at once when it has to start anew. Raises `Refused`. See `_greet` and `_start`."""
        author = self.roll.author(token)
        session = Session(author, live=live)
        self.sessions.append(session)
        assert hello.cursor is not None
        cursor = hello.cursor.cursor()
        session.version = min(hello.protocol[1], protocol.HIGHEST)
        areas = reach(author.role, author.areas)
        same = (hello.areas is None or set(hello.areas) == set(areas)) and not self._needs_snapshot(session, cursor)
        if same and straight(self.feed.holds(cursor)):
            session.cursor = cursor
            if live:
                self.feed_forward(session)
        else:
            session.down.append(protocol.Reset().model_dump_json(by_alias=True).encode())
        me = protocol.Myself(device=author.device, member=author.member, role=author.role, areas=author.areas)
        return me, self.feed.head, session

    def take(self, session: Session, data: bytes) -> None:
        """One frame of a laptop: `Session._listen`, `_take` and `_note_received`."""
        frame = read_frame(data)
        match frame:
            case protocol.Push():
                self._queue(session, [offer(body) for body in frame.changes], frame.changes)
            case protocol.Received():
                self._note_received(session, frame.cursor.cursor())
            case protocol.Have():
                wanted = protocol.Want(ids=straight(self.feed.unknown(frame.ids)))
                self._answer_in_turn(session, wanted.model_dump_json().encode())
            case protocol.Give():
                offered = [returned(body, PROVER.accept(body)) for body in frame.records]
                self._queue(session, offered, [body["change"] for body in frame.records])

    def enter(self, session: Session, submission: Submission) -> None:
        """Changes that wait for the next commit, all of which could be read."""
        ids = [offered.id for offered in submission.offered]
        self.waiting.append(Waiting(session, submission, [True] * len(ids), ids))

    def feed_forward(self, session: Session) -> None:
        """Write what follows the session's cursor: `Session._feed_forward` and `_start_anew_after_verdict`."""
        if session.cursor is not None and self._needs_snapshot(session, session.cursor):
            session.cursor = None
            session.down.append(protocol.Reset().model_dump_json(by_alias=True).encode())
        while (at := session.cursor) is not None and at.seq < self.feed.head.seq:
            if session.over or len(session.unread) >= MAX_UNREAD_BATCHES:
                return
            frame, to = straight(self.feed.batch(at, session.author))
            assert to.seq <= self.feed.head.seq, "a reader is told of what the board does not have yet"
            session.unread.append(to.seq)
            session.cursor = to
            self._witness.batch_leaves(self.log, to)
            session.down.append(frame)

    def snapshot(self, token: str, *, fresh: bool) -> Snapshot:
        """What this laptop may read, made now or a while ago: `Desk.snapshot`. Raises `Refused`."""
        author = self.roll.author(token)
        areas = reach(author.role, author.areas)
        last = self._snapshots.get(areas)
        if fresh or last is None or last.cursor.seq < self.feed.verdict:
            lines = list(_split(line for line in snapshots.lines(self.store.image(), areas)))
            self._snapshots[areas] = Snapshot(self.ledger.head, areas, lines)
            self._witness.batch_leaves(self.log, self.ledger.head)
        return self._snapshots[areas]

    def past(self, reader: Author, upto: int, limit: int) -> tuple[list[LogRecord], int]:
        """A page of the log as it was before: `server/past.py`."""
        lines, before = straight(self.feed.past(upto, limit, reader))
        return [decode(orjson.loads(line.encoded)) for line in lines], before

    # --- group commit: server/commit.py ---

    def commit(self) -> None:
        """Store what waits in one transaction: `Committer._gather` and `_commit`."""
        if self.done is None and self.waiting:
            self.group = list(self.waiting)
            self.waiting.clear()
            submissions = [waiting.submission for waiting in self.group]
            try:
                self.done = self.ledger.commit(submissions)
            except HeadMoved:
                self._read_on()
                self.done = self.ledger.commit(submissions)
            self.published = False
            self._witness.committed(self.ledger.head, self.done)

    def publish(self) -> None:
        """Fold it into the board and feed it to whoever is live: `Committer._publish` and `Desk._published`."""
        if self.done is not None and not self.published:
            self._publish(self.done)
            self.published = True

    def deliver(self) -> None:
        """Answer the pushes: `_deliver` and `Acks`."""
        if self.done is not None and self.published:
            done, self.done = self.done, None
            self._answer(self.group, done)

    def absorb(self) -> None:
        """Take in what another process has written: `Committer.absorb`, which waits while a commit is under way."""
        if self.done is None or self.published:
            self._read_on()

    def work(self) -> None:
        """Commit, publish and answer whatever waits."""
        for phase in (self.commit, self.publish, self.deliver, self.absorb) * 2:
            phase()

    # --- inside ---

    def _publish(self, done: Committed) -> None:
        self.ledger.publish(done)
        self.feed.extend(done.records, done.changes)
        for session in self.sessions:
            if session.live:
                self.feed_forward(session)

    def _read_on(self) -> None:
        while (missed := self.ledger.missed()).records:
            self._publish(missed)

    def _answer(self, group: Sequence[Waiting], done: Committed) -> None:
        for waiting, outcomes in zip(group, done.outcomes, strict=True):
            if waiting.session.over:
                continue
            if waiting.ready is not None:
                waiting.session.down.append(waiting.ready)
                continue
            stored = iter(outcomes)
            results = [
                next(stored) if readable else Outcome(str(change_id), MALFORMED, None)
                for readable, change_id in zip(waiting.readable, waiting.ids, strict=True)
            ]
            self._witness.ack_leaves(self.log, results)
            rows = [result._asdict() for result in results]
            waiting.session.down.append(orjson.dumps({"kind": "ack", "results": rows}))

    def _needs_snapshot(self, session: Session, cursor: Cursor) -> bool:
        return session.version < protocol.HEALING and cursor.seq < self.feed.verdict

    def _queue(self, session: Session, offered: Sequence[Offered | None], bodies: Sequence[Any]) -> None:
        submission = Submission(session.author, tuple(one for one in offered if one is not None))
        ids = [body.get("id") for body in bodies]
        self.waiting.append(Waiting(session, submission, [one is not None for one in offered], ids))

    def _answer_in_turn(self, session: Session, frame: bytes) -> None:
        """`Acks.say`: behind the answers to what came before."""
        self.waiting.append(Waiting(session, Submission(session.author, ()), [], [], frame))

    def _note_received(self, session: Session, cursor: Cursor) -> None:
        if session.over:
            return
        held_back = len(session.unread) >= MAX_UNREAD_BATCHES
        session.unread = [to for to in session.unread if to > cursor.seq]
        if held_back and session.live:
            self.feed_forward(session)

    def _board(self) -> Store:
        return open_store(cast(Path, self.file), self.log)
