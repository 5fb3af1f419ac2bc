"""A laptop's end: the real replica on a drive, what the editor makes, and the order of `tui/talk.py` and `link.py`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared import protocol
from shared.board.change import JSON, Change
from shared.board.holds import KIND
from shared.board.record import Record, kind_of, owner_of
from shared.errors import Refused
from tests.property.system.drive import Drive
from tests.property.system.office import ServedOffice
from tests.property.system.sessions import Session
from tui.entry import Pen
from tui.frames import _read, batch_of, push_frame
from tui.mending import give_frame, pages, portions
from tui.profile import Identity
from tui.replica import READ_AT, NoRoom
from tui.talk import UNANSWERED

Shown = Mapping[str, frozenset[int]]
"""Field → the entries whose values stood on the screen."""
GIVEN: Final = 3
"""So many records go into one `give`."""
MARK: Final = "entry"
"""The key of a change that says which entry it is, whatever becomes of its id: a key that no guatu knows."""


class Line:
    """A connection as the laptop has it: what it has written to the wire, and what has no answer yet.

    `offer` is the offering to an office that may have lost something; it goes on whenever it has what it waits for.
    """

    def __init__(self, session: Session, head: int, offer: Iterator[None]) -> None:
        self.session = session
        self.head = head
        self.offer: Iterator[None] | None = offer
        self.up: deque[bytes] = deque()
        self.unanswered: deque[list[str]] = deque()
        self.wanted: Sequence[str] | None = None
        self.full = False


class Laptop:
    """One profile: its drive, who it is, its clock, an editor that may be open, a connection that may be there."""

    def __init__(self, name: str, drive: Drive, identity: Identity, clock: Callable[[], datetime]) -> None:
        self.name = name
        self.drive = drive
        self.identity = identity
        self.devices = {identity.device}
        """Every device that this laptop has ever been."""
        self.skew = timedelta()
        self.clock: Callable[[], datetime] = lambda: clock() + self.skew
        self.revision = 1
        self.speaks = protocol.HIGHEST
        self.line: Line | None = None
        self.anew: int | None = None
        self.editor: Record | None = None
        self.eye: Shown = {}
        """What somebody who looks at the editor's screen has seen there: not the laptop's doing."""

    # --- entering: `tui/entry.py` and the editor in front of it ---

    def open_editor(self, address: str) -> None:
        """Somebody looks at a record and begins to type."""
        self.editor = self.look(address)

    def look(self, address: str) -> Record:
        """What the screen shows on an address."""
        return self.drive.replica.records(owner_of(address)).get(address) or Record(address)

    def held(self, owner: str) -> list[Record]:
        """What is held of one unit's entries, and nobody has decided on, in the order of their addresses."""
        known = sorted(self.drive.replica.records(owner).items())
        return [record for address, record in known if kind_of(address) == KIND and not record.heads("verdict")]

    def write(self, shown: Record, values: Mapping[str, JSON], new_id: str, act: str | None = None) -> Change | None:
        """The change that comes of an editor which showed this; nothing when its rules do not let it through."""
        change = self._pen(lambda: new_id).change(shown, values, act)
        return change if isinstance(change, Change) else None

    def undo(self, shown: Record, change_id: str, new_id: Callable[[], str]) -> list[Change]:
        """The changes that take back an entry which stands on a record; none when that cannot be."""
        replica = self.drive.replica
        change = replica.bygone.find(change_id)
        made = self._pen(new_id).undo(shown, change, replica.bygone.find, new_id()) if change is not None else []
        return made if isinstance(made, list) else []

    # --- the connection ---

    def connect(self, office: ServedOffice, *, live: bool, fresh: bool) -> None:
        """As `Link._connect`: start anew if that is due, then greet; no connection when the office refuses it."""
        self.hang_up()
        with suppress(Refused, NoRoom):
            if self.drive.replica.cursor() is None or self.anew is not None:
                self._take_snapshot(office, fresh=fresh)
            self._greet(office, live=live)
            self.drive.replica.outbox.send_again()

    def hang_up(self) -> None:
        """The connection is over."""
        if self.line is not None:
            self.line.session.over = True
            self.line = None

    def push(self, limit: int) -> None:
        """Send what is due, behind what is offered: `Talk._push` and `_take_due`."""
        outbox = self.drive.replica.outbox
        if self.line is not None and self.line.offer is not None:
            for _ in self.line.offer:
                return
            self.line.offer = None
        while (line := self.line) is not None and len(line.unanswered) < UNANSWERED:
            if not (due := outbox.due(limit, 100_000)):
                return
            assert [waiting.n for waiting in due] == sorted(waiting.n for waiting in due), "not in the order of entry"
            outbox.note_sent(due)
            line.unanswered.append([waiting.id for waiting in due])
            line.up.append(push_frame(due).encode())

    def take(self, data: bytes) -> None:
        """One frame of the office: `Talk._listen`."""
        frame = _read(data.decode())
        match frame:
            case protocol.Batch():
                self._apply(frame)
            case protocol.Ack():
                self._note_ack(frame)
            case protocol.Want():
                assert self.line is not None
                self.line.wanted = frame.ids
            case protocol.Reset():
                self.anew = frame.common.seq if frame.common else 0
                self.hang_up()

    def read_past(self, office: ServedOffice, limit: int) -> None:
        """A page of what was before the first sync, once all that came after is here: `tui/mending.py`."""
        replica, line = self.drive.replica, self.line
        if line is None or (cursor := replica.cursor()) is None or cursor.seq < line.head:
            return
        if line.session.version < protocol.HEALING:
            return
        if (upto := replica.bygone.wanted(line.head)) is not None:
            records, before = office.past(line.session.author, upto, limit)
            replica.bygone.keep(upto, records, before)

    def idle(self) -> bool:
        """Whether nothing waits to be sent or answered."""
        line = self.line
        under_way = line is not None and (line.up or line.session.down or line.unanswered or line.offer)
        return not under_way and not self.drive.replica.outbox.open()

    # --- inside ---

    def _pen(self, new_id: Callable[[], str]) -> Pen:
        return Pen(self.identity, self.revision, self.clock, new_id)

    def _take_snapshot(self, office: ServedOffice, *, fresh: bool) -> None:
        """`tui/fetch.py`."""
        taken = office.snapshot(self.identity.token, fresh=fresh)
        common, self.anew = self.anew, None
        replica = self.drive.replica
        replica.install(taken.cursor, taken.lines, areas=taken.areas, common=common or 0, healing=common is not None)

    def _greet(self, office: ServedOffice, *, live: bool) -> None:
        """`Talk._greet`."""
        replica = self.drive.replica
        cursor = replica.cursor()
        assert cursor is not None
        hello = protocol.Hello(
            protocol=(protocol.LOWEST, self.speaks),
            board=cursor.board,
            cursor=protocol.place(cursor),
            areas=replica.areas(),
            clock=self.clock().isoformat(timespec="seconds"),
        )
        me, head, session = office.greet(hello, self.identity.token, live=live)
        self.identity = replace(self.identity, role=me.role, areas=me.areas, member=me.member)
        self.revision = office.revision
        self.line = line = Line(session, head.seq, iter(()))
        line.offer = self._offer(line)
        replica.set_meta("head", str(head.seq))
        if cursor.seq >= head.seq:
            replica.set_meta(READ_AT, self.clock().isoformat(timespec="seconds"))

    def _apply(self, frame: protocol.Batch) -> None:
        if self.line is not None and self.line.full:
            return
        try:
            applied = self.drive.replica.apply(batch_of(frame))
        except NoRoom:  # `Talk._apply` reads no more on this connection; what was entered here may still leave
            if self.line is not None:
                self.line.full = True
            return
        if applied is None:  # a gap: `Talk._apply` ends the connection
            self.hang_up()
        elif self.line is not None:
            self.line.up.append(protocol.Received(cursor=frame.to).model_dump_json().encode())

    def _offer(self, line: Line) -> Iterator[None]:
        """`Talk._offer`; it stops where that waits."""
        bygone = self.drive.replica.bygone
        for page in pages(bygone.to_offer() if line.session.version >= protocol.HEALING else []):
            line.up.append(protocol.Have(ids=list(page)).model_dump_json().encode())
            while line.wanted is None:
                yield
            wanted, line.wanted = line.wanted, None
            for portion in portions(bygone.give(wanted), GIVEN):
                while len(line.unanswered) >= UNANSWERED:
                    yield
                line.unanswered.append([record.id for record in portion])
                line.up.append(give_frame(portion).encode())
        while line.unanswered:
            yield

    def _note_ack(self, ack: protocol.Ack) -> None:
        line = self.line
        assert line is not None
        pushed = line.unanswered.popleft()
        assert len(pushed) == len(ack.results)
        self.drive.replica.note_outcomes(
            [(sent, result.outcome, result.seq) for sent, result in zip(pushed, ack.results, strict=True)]
        )
