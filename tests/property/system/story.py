"""A history told line by line, with every promise checked after each line: laptops by number, one well-known step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from server.ledger import Author
from shared.board.holds import Verdict
from shared.rights import Role
from tests.property.histories import small_pages
from tests.property.system.ending import come_to_an_end
from tests.property.system.laptop import Laptop, Line
from tests.property.system.people import office_enters, set_rights
from tests.property.system.rules import decide_on
from tests.property.system.start import FEW, OWNERS
from tests.property.system.system import Draft, Image, System


class Story:
    """What happens to a few laptops of members and leads of one district, 0 and 1, and of one town, 2 and 3."""

    def __init__(self, system: System) -> None:
        self.system = system

    def open(self, who: int, address: str = FEW) -> None:
        """Somebody opens an editor."""
        laptop = self.laptop(who)
        laptop.open_editor(address)
        laptop.eye = self.system.oracle.shown(laptop, address)

    def save(self, who: int, note: str) -> None:
        """What was opened is saved."""
        laptop = self.laptop(who)
        assert laptop.editor is not None
        self.system.save(laptop, [Draft(laptop.editor, {"note": note}, laptop.eye)])
        self._look()

    def enter(self, who: int, note: str, address: str = FEW) -> None:
        """Somebody enters a note on what is on the screen now."""
        self.open(who, address)
        self.save(who, note)

    def decide(self, who: int, verdict: Verdict) -> None:
        """Somebody decides on the one entry that is held, as it stands on the screen."""
        (held,) = [record for owner in OWNERS for record in self.laptop(who).held(owner)]
        decide_on(self.system, self.laptop(who), held, verdict)
        self._look()

    def note(self, who: int, address: str = FEW) -> object:
        """The note that stands on the screen."""
        return self.laptop(who).look(address).value("note")

    def connect(self, who: int, *, live: bool = True) -> None:
        """A connection is made; nothing has gone over it yet."""
        assert self.system.connect(self.laptop(who), live=live)
        self._look()

    def push(self, who: int) -> None:
        """What waits is sent, and reaches the office."""
        with self.system.at(self.laptop(who)):
            self.laptop(who).push(99)
        self.system.up(self.laptop(who), 99)

    def read(self, who: int, frames: int = 99) -> None:
        """So many frames of the office reach the laptop."""
        self.system.down(self.laptop(who), frames)
        self._look()

    def work(self) -> None:
        """The office commits, publishes and answers what waits."""
        self.system.office.work()
        self._look()

    def sync(self, *those: int) -> None:
        """One laptop after the other has a good connection."""
        for who in those:
            assert self.system.sync(self.laptop(who))
            self._look()

    def office_enters(self, note: str, address: str = FEW) -> None:
        """Somebody in the office enters a note on what stands there."""
        office_enters(self.system, address, {"note": note})
        self.work()

    def restore(self, backup: bytes) -> None:
        """A backup takes the place of the log."""
        self.system.restore(backup)
        self._look()

    def set_areas(self, who: int, *areas: str) -> None:
        """The office changes what a member may see and do."""
        identity = self.laptop(who).identity
        author = Author(identity.device, identity.member, Role(identity.role), areas)
        set_rights(self.system, identity.token, author)

    def backup(self) -> bytes:
        """A copy of the log as it is now."""
        return self.system.office.log.image()

    def image(self, who: int) -> Image:
        """A copy of a laptop's disk as it is now."""
        return Image(self.laptop(who).drive.image(), self.laptop(who).identity)

    def put_back(self, who: int, image: Image) -> None:
        """An old copy takes the place of a laptop's disk."""
        self.system.put_back(self.laptop(who), image)
        self._look()

    def laptop(self, who: int) -> Laptop:
        """The laptop of this number."""
        return self.system.laptops[who]

    def line(self, who: int) -> Line:
        """Its connection."""
        line = self.laptop(who).line
        assert line is not None
        return line

    def _look(self) -> None:
        self.system.check()


@contextmanager
def told(laptops: int = 2) -> Iterator[Story]:
    """A story to tell; when the block ends well, faults stop, and everything has to be where it belongs."""
    with small_pages():
        system = System(laptops)
        try:
            yield Story(system)
            come_to_an_end(system)
        finally:
            system.close()
