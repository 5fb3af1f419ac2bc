"""What happens in the office, to disks and machines, and to people's rights. See `rules` for the form."""

from __future__ import annotations

from datetime import timedelta

from server.ledger import Author
from shared import protocol
from shared.board.record import unit_address
from tests.property.system import people
from tests.property.system.choosing import of
from tests.property.system.people import readmit, set_rights
from tests.property.system.start import ADDRESSES, OWNERS, PEOPLE, RIGHTS, shelves
from tests.property.system.system import MAX_KEPT, MAX_LAPTOPS, Image, System
from tui.replica import RESERVE

# --- the office ---


def office_works(system: System, a: int, _: int, __: int) -> None:
    """A commit, and what follows it; it may stop behind any of the three, until it goes on or the server dies."""
    office = system.office
    phases = (office.deliver, office.publish, office.deliver, office.commit, office.publish, office.deliver)
    for phase in phases[: 4 + a % 5]:
        phase()


def office_enters(system: System, a: int, b: int, _: int) -> None:
    """Somebody in the office enters a name, or answers a step, at the server or beside it."""
    enters = people.command_enters if a % 4 == 0 else people.office_enters
    if a % 2:
        enters(system, unit_address(of(OWNERS, b)), {"short": f"村{b % 3}"})
    else:
        enters(system, of(ADDRESSES, b), {"note": "丙"})
    if b % 3:
        system.office.work()


def crash_office(system: System, _: int, __: int, ___: int) -> None:
    system.crash_office()


def keep_board(system: System, _: int, __: int, ___: int) -> None:
    system.office.keep_file()


def back_up(system: System, _: int, __: int, ___: int) -> None:
    system.backups = [*system.backups, system.office.log.image()][-MAX_KEPT:]


def restore(system: System, a: int, _: int, __: int) -> None:
    if system.backups:
        system.restore(of(system.backups, a))


def update_campaign(system: System, _: int, __: int, ___: int) -> None:
    """A step is added, one is retired; laptops learn of it when they connect."""
    system.office.hang_up()
    system.office.revision = 2
    system.office.steps = system.office.ledger._steps = shelves()[1]


# --- disks and machines ---


def fill_disk(system: System, a: int, b: int, _: int) -> None:
    """A laptop's disk has only the room left that is kept for own entries; or there is room again."""
    of(system.laptops, a).drive.room = RESERVE - b % 2


def change_version(system: System, a: int, b: int, _: int) -> None:
    """A laptop runs the guatu of before for a while, which speaks one version less."""
    laptop = of(system.laptops, a)
    laptop.speaks = protocol.HIGHEST - b % 2


def crash_laptop(system: System, a: int, b: int, _: int) -> None:
    system.switch_off(of(system.laptops, a), powerless=b % 2 > 0)


def power_fails(system: System, a: int, b: int, _: int) -> None:
    """The laptop will go off at some statement, in the middle of whatever that is."""
    of(system.laptops, a).drive.fail_after(b % 40)


def keep_image(system: System, a: int, _: int, __: int) -> None:
    laptop = of(system.laptops, a)
    system.images = [*system.images, (laptop, Image(laptop.drive.image(), laptop.identity))][-MAX_KEPT:]


def put_image_back(system: System, a: int, _: int, __: int) -> None:
    if system.images:
        system.put_back(*of(system.images, a))


def clone(system: System, a: int, _: int, __: int) -> None:
    if len(system.laptops) < MAX_LAPTOPS:
        system.clone(of(system.laptops, a))


def set_clock(system: System, a: int, b: int, c: int) -> None:
    """A laptop's clock is off by up to a year, either way; now and then the office's jumps."""
    of(system.laptops, a).skew = timedelta(days=(b - 128) * 365 / 128, seconds=c)
    if c % 7 == 0:
        system.clock.move(hours=b - 128)


# --- people and rights ---


def revoke(system: System, a: int, b: int, _: int) -> None:
    identity = of(system.laptops, a).identity
    if b % 2 and system.people.speaks(identity.token):
        set_rights(system, identity.token, system.people.entries[identity.token].author, revoked=True)


def come_back(system: System, a: int, _: int, __: int) -> None:
    """A member who was revoked joins again: a new device on the same laptop, as `Members.add` has it."""
    laptop = of(system.laptops, a)
    if not system.people.speaks(laptop.identity.token):
        readmit(system, laptop)


def change_rights(system: System, a: int, b: int, _: int) -> None:
    """Areas are narrowed or widened, a role is given or taken."""
    identity = of(system.laptops, a).identity
    if system.people.speaks(identity.token):
        role, areas = of(RIGHTS + PEOPLE, b)
        set_rights(system, identity.token, Author(identity.device, identity.member, role, areas))
