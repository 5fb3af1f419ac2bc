"""Laptops, an office, the wire between them, and the onlooker who knows what should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import NamedTuple

from shared.board.change import JSON, Change
from shared.board.log_record import genesis
from shared.board.record import Record
from tests.property.system import promises, start
from tests.property.system.drive import Drive, PowerCut
from tests.property.system.durable import BOARD, Disk
from tests.property.system.laptop import MARK, Laptop, Shown
from tests.property.system.office import ServedOffice
from tests.property.system.oracle import Oracle, on_disk
from tests.property.system.people import People
from tests.property.system.sessions import Session
from tests.small import SetClock
from tui.profile import Identity

PUSH = b'{"kind":"push"'
MAX_LAPTOPS = 5
MAX_KEPT = 4
TURNS = 40
"""So often may both ends speak on one connection before it is given up."""


class Image(NamedTuple):
    """A disk as it once was, and who the laptop was then."""

    drive: bytes
    identity: Identity


class Draft(NamedTuple):
    """One record of an act: what the screen showed, what was typed, and what an onlooker saw on it."""

    record: Record
    values: Mapping[str, JSON]
    shown: Shown


class Typed(NamedTuple):
    """A change as the laptop made it, and what an onlooker saw that its author had before them."""

    change: Change
    shown: Shown


class System:
    """All of it. Whatever happens goes through here, so that the onlooker learns of it."""

    def __init__(self, laptops: int = 3) -> None:
        self.oracle = Oracle()
        self.clock = SetClock()
        self.chance = Random(0)
        self.people = People()
        log = Disk(start.log_image())
        self.oracle.begin(log.read(0, 100), log.head()._replace(chain=genesis(BOARD)))
        self.office = ServedOffice(log, start.shelves()[0], self.people.roll, self._office_time, self.oracle)
        self.laptops: list[Laptop] = []
        self.images: list[tuple[Laptop, Image]] = []
        self.backups: list[bytes] = []
        self.astray: list[tuple[str, bytes]] = []
        """Pushes of which a copy is still on its way: in another connection, on a stick; with whose token."""
        self.touched: set[str] = set()
        self.sound = True
        """Whether every promise has held so far."""
        self._checked: object = None
        self._looked_at: dict[str, object] = {}
        for place in range(laptops):
            self._join(place)

    def close(self) -> None:
        """Let go of everything."""
        for laptop in self.laptops:
            laptop.drive.replica.close()
        self.office.log.close()

    def check(self) -> None:
        """Every promise that holds at every moment, wherever something may have changed."""
        self.sound = False
        if (state := self.office.state()) != self._checked:
            promises.check_office(self.oracle, self.office)
            promises.nothing_typed_is_lost(self.oracle, self.office, self.laptops)
            self._checked = state
        for laptop in self.laptops:
            entered = len(self.oracle.own.get(laptop.name, ()))
            moment = (laptop.identity.device, entered, laptop.drive.moment())
            if laptop.name in self.touched and self._looked_at.get(laptop.name) != moment:
                with laptop.drive.at_ease():
                    promises.check_laptop(self.oracle, laptop)
                self._looked_at[laptop.name] = moment
        self.touched.clear()
        self.sound = True

    # --- laptops ---

    @contextmanager
    def at(self, laptop: Laptop) -> Iterator[None]:
        """Something is done at this laptop, which may go off while it is."""
        self.touched.add(laptop.name)
        try:
            yield
        except PowerCut:
            self.switch_off(laptop, powerless=bool(self.chance.getrandbits(1)))

    def switch_off(self, laptop: Laptop, *, powerless: bool, image: bytes | None = None) -> None:
        """The laptop dies and starts again, on the disk as it is then."""
        self.touched.add(laptop.name)
        laptop.hang_up()
        laptop.editor = laptop.anew = None
        laptop.drive.device = laptop.identity.device
        laptop.drive.restart(image, powerless=powerless)

    def put_back(self, laptop: Laptop, image: Image) -> None:
        """An old image takes the place of the disk: what was only on that is gone, and nobody could have kept it."""
        laptop.identity = image.identity
        self.switch_off(laptop, powerless=False, image=image.drive)
        self._forget_what_went(laptop)

    def clone(self, laptop: Laptop) -> Laptop:
        """A second machine from the disk of the first: the same device twice."""
        twin = self._laptop(laptop.identity, laptop.drive.image())
        twin.revision, twin.devices = laptop.revision, set(laptop.devices)
        self.oracle.own[twin.name] = set(self.oracle.own[laptop.name])
        return twin

    def save(self, laptop: Laptop, drafts: Sequence[Draft], act: str | None = None, *, asking: bool = False) -> None:
        """Press the key: what the editors' rules let through is saved, all of one act or none."""
        typed: list[Typed] = []
        with self.at(laptop):
            for record, values, shown in drafts:
                change = laptop.write(record, values, self.new_id(laptop), act)
                if change is not None:
                    typed.append(Typed(change, shown))
        self.keep(laptop, typed, asking=asking)

    def keep(self, laptop: Laptop, typed: Sequence[Typed], *, asking: bool = False) -> None:
        """Put these changes into the outbox, and note what became of that."""
        made: dict[int, Change] = {}
        for change, shown in typed:
            seen = {name: shown.get(name, frozenset()) for name in change.values}
            number = self.oracle.enter(change.record, change.values, seen)
            made[number] = replace(change, extra={**change.extra, MARK: number})
        said = False
        with self.at(laptop):
            laptop.drive.replica.save(list(made.values()), asking=asking)
            said = True
        there = set(made) & set(on_disk(laptop)[0])
        assert not said or len(there) == len(made), "saved was said of what is not on the disk"
        assert len(there) in {0, len(made)}, "half an act was saved"
        self.oracle.saved(laptop.name, there)
        self.oracle.never_saved(set(made) - there)

    def new_id(self, laptop: Laptop) -> str:
        """An id for an entry made on this laptop."""
        return f"{self.chance.getrandbits(128):032x}"

    # --- the wire ---

    def connect(self, laptop: Laptop, *, live: bool = True, fresh: bool = False) -> bool:
        """Connect anew; a laptop that is told to start anew does so the next time."""
        with self.at(laptop):
            self.cut(laptop)
            laptop.connect(self.office, live=live, fresh=fresh)
        return laptop.line is not None

    def cut(self, laptop: Laptop) -> None:
        """The connection breaks: what was under way is lost, but a push may yet arrive."""
        if laptop.line is not None:
            for data in laptop.line.up:
                self.stray(laptop, data)
            laptop.hang_up()

    def stray(self, laptop: Laptop, data: bytes) -> None:
        """A copy of this push takes another way."""
        if data.startswith((PUSH, b'{"kind":"give"')):
            self.astray = [*self.astray, (laptop.identity.token, data)][-MAX_KEPT:]

    def arrive(self, place: int) -> None:
        """What was astray comes to the office with the rights that its device has now, or as that of one put out."""
        token, data = self.astray[place]
        entry = self.people.entries[token]
        session = Session(entry.author._replace(revoked=entry.revoked is not None), live=False)
        if entry.revoked is None or data.startswith(PUSH):
            self.office.take(session, data)
        session.over = True

    def up(self, laptop: Laptop, frames: int) -> None:
        """So many frames of the laptop reach the office."""
        while frames and (line := laptop.line) is not None and line.up:
            frames -= 1
            data = line.up.popleft()
            if not line.session.over:
                self.office.take(line.session, data)

    def down(self, laptop: Laptop, frames: int) -> None:
        """So many frames of the office reach the laptop."""
        with self.at(laptop):
            while frames and (line := laptop.line) is not None and line.session.down:
                frames -= 1
                laptop.take(line.session.down.popleft())
            if (line := laptop.line) is not None and line.session.over and not line.session.down:
                self.cut(laptop)

    def sync(self, laptop: Laptop) -> bool:
        """Everything goes well for once: connect, start anew if need be, and talk until nothing is left to say."""
        for _ in range(3):
            if not self.connect(laptop):
                return False
            for _ in range(TURNS):
                with self.at(laptop):
                    laptop.push(4)
                self.up(laptop, 99)
                self.office.work()
                self.down(laptop, 99)
                with self.at(laptop):
                    if laptop.line is None:
                        break
                    if laptop.idle():
                        laptop.read_past(self.office, 99)
                        return True
        return laptop.line is not None

    # --- the office ---

    def restore(self, image: bytes) -> None:
        """A backup takes the place of the log."""
        self.hang_up_all()
        self.office.restore(image)
        self.oracle.acked &= self.oracle.held_by(self.office)
        self._forget_what_went()

    def crash_office(self) -> None:
        """The server dies and starts again."""
        self.hang_up_all()
        self.office.crash()

    def hang_up_all(self) -> None:
        """Every connection breaks."""
        for laptop in self.laptops:
            self.cut(laptop)

    # --- inside ---

    def _join(self, place: int) -> None:
        who = start.author(place, f"d{place}")
        token = f"token-{who.device}"
        self.people.set_rights(token, who)
        identity = Identity("", token, who.device, who.member, who.role, who.areas, BOARD, "")
        self._laptop(identity, start.drive_image(who.role, who.areas))

    def _laptop(self, identity: Identity, image: bytes) -> Laptop:
        name = f"laptop {len(self.laptops)}"
        laptop = Laptop(name, Drive(image, identity.device, lambda: self.new_id(laptop)), identity, self.clock)
        self.laptops.append(laptop)
        self.oracle.own[name] = set()
        self.touched.add(name)
        return laptop

    def _forget_what_went(self, laptop: Laptop | None = None) -> None:
        found = self.oracle.held_by(self.office)
        for each in self.laptops:
            held: set[int] = set().union(*on_disk(each))
            found |= held
            if each is laptop:
                self.oracle.own[each.name] = held
        self.oracle.alive &= found

    def _office_time(self) -> datetime:
        self.clock.move(seconds=1)
        return self.clock()
