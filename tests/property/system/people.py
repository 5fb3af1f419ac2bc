"""Who may speak with the office, whose member is put out and comes back, and what the office itself enters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from server.ledger import Author, Ledger, Submission, offer
from server.members import Entry, digest_of
from server.offered import OFFICE
from server.roll import Roll
from server.store import Store
from shared.board.change import JSON, to_json
from shared.board.record import Record
from shared.rights import reach
from tests.property.system.bodies import names_of
from tests.property.system.laptop import MARK, Laptop
from tests.property.system.sessions import Session
from tests.property.system.start import PEOPLE
from tests.small import entry

if TYPE_CHECKING:
    from tests.property.system.system import System

ENDED: Final = "2026-04-10T04:00:00+00:00"


class People:
    """The members' file as values, and the real roll that is read from it."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.roll = Roll(())

    def speaks(self, token: str) -> bool:
        """Whether somebody may speak with this token now."""
        found = self.entries.get(token)
        return found is not None and found.revoked is None

    def set_rights(self, token: str, author: Author, *, revoked: bool = False) -> None:
        """Say who speaks with this token, if anybody still does."""
        self.entries[token] = Entry(digest_of(token), author, ENDED if revoked else None)
        self.roll.take(self.entries.values())


def set_rights(system: System, token: str, author: Author, *, revoked: bool = False) -> None:
    """The office says who speaks with this token, and ends the sessions in which another one does."""
    system.people.set_rights(token, author, revoked=revoked)
    system.office.hang_up(author.device)


def readmit(system: System, laptop: Laptop) -> None:
    """A member who was revoked is added anew, with some rights and a new device, as `Members.add` has it.

    The laptop keeps all it has.
    """
    place = len(system.people.entries)
    role, areas = PEOPLE[place % len(PEOPLE)]
    author = Author(f"d{place}", laptop.identity.member, role, areas)
    token = f"token-{author.device}"
    system.people.set_rights(token, author)
    laptop.identity = replace(laptop.identity, token=token, device=author.device, role=role, areas=areas)
    laptop.devices.add(author.device)
    system.switch_off(laptop, powerless=False)


def reads(system: System, laptop: Laptop) -> tuple[str, ...]:
    """The areas that this laptop's device reads now."""
    who = system.people.entries[laptop.identity.token].author
    return reach(who.role, who.areas)


def office_enters(system: System, address: str, values: Mapping[str, JSON]) -> None:
    """Somebody in the office, who looks at its own board, enters this; it waits with all else for the next commit."""
    session = Session(OFFICE, live=False)
    session.over = True
    system.office.enter(session, _entered(system, system.office.ledger, system.office.store, address, values))


def command_enters(system: System, address: str, values: Mapping[str, JSON]) -> None:
    """The same by a command of the office, which is a process of its own and writes to the log beside the server."""
    log, store = system.office.log, Store()
    ledger = Ledger(log, store, system.office.steps, system.clock)
    ledger.catch_up()
    submission = _entered(system, ledger, store, address, values)
    system.oracle.learn(ledger.head.chain, ledger.commit([submission]).records)


def _entered(system: System, ledger: Ledger, store: Store, address: str, values: Mapping[str, JSON]) -> Submission:
    record = store.get(address) or Record(address)
    seen = record.seen(*values)
    names = names_of(system.oracle.paths[ledger.head.chain])
    shown = {name: frozenset(names[address, i] for i in seen.get(name, ())) for name in values}
    number = system.oracle.enter(address, values, shown)
    change = entry(OFFICE, address, values, seen, f"{system.chance.getrandbits(128):032x}")
    offered = offer(to_json(replace(change, extra={MARK: number})))
    assert offered is not None
    return Submission(OFFICE, (offered,))
