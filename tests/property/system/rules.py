"""Everything that can happen. A rule takes the system and three numbers that choose; what cannot be now, is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

from server.ledger import Author
from shared.board.change import JSON
from shared.board.holds import Verdict
from shared.board.record import unit_address
from tests.property.system.laptop import Laptop
from tests.property.system.start import ADDRESSES, OWNERS, PEOPLE, RIGHTS, VALUES, shelves
from tests.property.system.system import MAX_KEPT, MAX_LAPTOPS, Draft, Image, System, Typed

T = TypeVar("T")
Rule = Callable[[System, int, int, int], None]


def _of(things: list[T] | tuple[T, ...], number: int) -> T:
    return things[number % len(things)]


# --- people at laptops ---


def open_editor(system: System, a: int, b: int, _: int) -> None:
    laptop, address = _of(system.laptops, a), _of(ADDRESSES, b)
    with system.at(laptop):
        laptop.open_editor(address)
        with laptop.drive.at_ease():
            laptop.eye = system.oracle.shown(laptop, address)


def open_collision(system: System, a: int, b: int, _: int) -> None:
    """Somebody looks at what collides, to settle it."""
    laptop = _of(system.laptops, a)
    with laptop.drive.at_ease():
        found = sorted({key[0] for key, values in system.oracle.on_screen(laptop).items() if len(values) > 1})
    if found:
        with system.at(laptop):
            laptop.open_editor(_of(found, b))
            with laptop.drive.at_ease():
                laptop.eye = system.oracle.shown(laptop, _of(found, b))


def save_editor(system: System, a: int, b: int, _: int) -> None:
    """What was opened some time ago is saved now; the next entry there has seen this one."""
    laptop = _of(system.laptops, a)
    if laptop.editor is not None:
        system.save(laptop, [Draft(laptop.editor, _of(VALUES, b), laptop.eye)])
        laptop.editor = None


def enter(system: System, a: int, b: int, c: int) -> None:
    laptop = _of(system.laptops, a)
    _enter(system, laptop, (_of(ADDRESSES, b),), _of(VALUES, c))


def bulk_act(system: System, a: int, b: int, c: int) -> None:
    laptop = _of(system.laptops, a)
    addresses = tuple(sorted({_of(ADDRESSES, b), _of(ADDRESSES, b + 5), _of(ADDRESSES, b + 7)}))
    _enter(system, laptop, addresses, _of(VALUES, c), f"{system.chance.getrandbits(128):032x}")


def undo(system: System, a: int, b: int, c: int) -> None:
    """An entry that stands on the screen, of whomever, is taken back: only that one goes, and what it replaced is back."""
    laptop, address = _of(system.laptops, a), _of(ADDRESSES, b)
    with system.at(laptop):
        record = laptop.look(address)
        if record.entries:
            with laptop.drive.at_ease():
                standing = system.oracle.shown(laptop, address)
                entry = system.oracle.entry_on_screen(laptop, address, _of(record.entries, c).id)
            made = laptop.undo(record, _of(record.entries, c).id, lambda: system.new_id(laptop))
            system.oracle.is_taken_back(entry, made, standing)
            just_that = {name: shown & {entry} for name, shown in standing.items()}
            system.keep(laptop, [Typed(change, just_that) for change in made])


def decide(system: System, a: int, b: int, c: int) -> None:
    """Somebody looks at what is held, and releases or declines it."""
    laptop = _of(system.laptops, a)
    with system.at(laptop):
        found = [record for owner in OWNERS for record in laptop.held(owner)]
        if found:
            record = _of(found, b)
            values: dict[str, JSON] = {"verdict": _of(tuple(Verdict), c), "reason": "看过", "of": record.value("device")}
            if c % 2 == 0:
                values["change"] = record.value("change")
            with laptop.drive.at_ease():
                draft = Draft(record, values, system.oracle.shown(laptop, record.address))
            system.save(laptop, [draft])


def _enter(
    system: System, laptop: Laptop, addresses: tuple[str, ...], values: dict[str, JSON], act: str | None = None
) -> None:
    drafts: list[Draft] = []
    with system.at(laptop):
        for address in addresses:
            record = laptop.look(address)
            with laptop.drive.at_ease():
                drafts.append(Draft(record, values, system.oracle.shown(laptop, address)))
    if len(drafts) == len(addresses):
        system.save(laptop, drafts, act)


# --- the wire ---


def connect(system: System, a: int, b: int, c: int) -> None:
    system.connect(_of(system.laptops, a), live=b % 2 > 0, fresh=c % 2 > 0)


def push(system: System, a: int, b: int, _: int) -> None:
    laptop = _of(system.laptops, a)
    with system.at(laptop):
        laptop.push(1 + b % 3)


def carry_up(system: System, a: int, b: int, _: int) -> None:
    system.up(_of(system.laptops, a), 1 + b % 4)


def carry_down(system: System, a: int, b: int, _: int) -> None:
    system.down(_of(system.laptops, a), 1 + b % 4)


def poll(system: System, a: int, _: int, __: int) -> None:
    """The office feeds a connection on which it does not begin by itself."""
    line = _of(system.laptops, a).line
    if line is not None and not line.session.over:
        system.office.feed_forward(line.session)


def read_past(system: System, a: int, b: int, _: int) -> None:
    """A page of what was before a laptop's first sync."""
    laptop = _of(system.laptops, a)
    with system.at(laptop):
        laptop.read_past(system.office, 1 + b % 8)


def cut(system: System, a: int, _: int, __: int) -> None:
    system.cut(_of(system.laptops, a))


def copy_push(system: System, a: int, b: int, _: int) -> None:
    """A push on its way is duplicated."""
    laptop = _of(system.laptops, a)
    if laptop.line is not None and laptop.line.up:
        system.stray(laptop, _of(list(laptop.line.up), b))


def late_push(system: System, a: int, b: int, _: int) -> None:
    """A push that was cut off, or a copy, arrives late and out of order, and may do so again."""
    if system.astray:
        place = a % len(system.astray)
        system.arrive(place)
        if b % 2:
            del system.astray[place]


def shuffle_batches(system: System, a: int, b: int, c: int) -> None:
    """A batch on its way is lost, doubled, or overtaken; answers to pushes keep their order, as on one socket."""
    line = _of(system.laptops, a).line
    batches = [] if line is None else [i for i, data in enumerate(line.session.down) if data.startswith(_BATCH)]
    if line is not None and batches:
        down = line.session.down
        place = _of(batches, b)
        data = down[place]
        if c % 3 != 1:
            del down[place]
        if c % 3:
            down.insert((place + c) % (len(down) + 1), data)


def talk(system: System, a: int, b: int, c: int) -> None:
    """A connection, made if there is none, on which some of what waits goes on its way, and some of it arrives."""
    laptop = _of(system.laptops, a)
    if laptop.line is None:
        system.connect(laptop, live=b % 2 > 0)
    with system.at(laptop):
        laptop.push(1 + c % 4)
    system.up(laptop, 1 + b % 5)
    office_works(system, c, 0, 0)
    system.down(laptop, b // 5 % 5)


def sync(system: System, a: int, _: int, __: int) -> None:
    system.sync(_of(system.laptops, a))


# --- the office ---


def office_works(system: System, a: int, _: int, __: int) -> None:
    """A commit, and what follows it; it may stop behind any of the three, until it goes on or the server dies."""
    office = system.office
    phases = (office.deliver, office.publish, office.deliver, office.commit, office.publish, office.deliver)
    for phase in phases[: 4 + a % 5]:
        phase()


def office_enters(system: System, a: int, b: int, _: int) -> None:
    """Somebody in the office enters a name, or answers a step."""
    if a % 2:
        change = system.office_draft(unit_address(_of(OWNERS, b)), {"short": f"村{b % 3}"})
    else:
        change = system.office_draft(_of(ADDRESSES, b), {"note": "丙"})
    system.enter_in_office(change)
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
        system.restore(_of(system.backups, a))


def update_campaign(system: System, _: int, __: int, ___: int) -> None:
    """A step is added, one is retired; laptops learn of it when they connect."""
    system.office.revision = 2
    system.office.steps = system.office.ledger._steps = shelves()[1]


# --- disks and machines ---


def crash_laptop(system: System, a: int, b: int, _: int) -> None:
    system.switch_off(_of(system.laptops, a), powerless=b % 2 > 0)


def power_fails(system: System, a: int, b: int, _: int) -> None:
    """The laptop will go off at some statement, in the middle of whatever that is."""
    _of(system.laptops, a).drive.fail_after(b % 40)


def keep_image(system: System, a: int, _: int, __: int) -> None:
    laptop = _of(system.laptops, a)
    system.images = [*system.images, (laptop, Image(laptop.drive.image(), laptop.identity))][-MAX_KEPT:]


def put_image_back(system: System, a: int, _: int, __: int) -> None:
    if system.images:
        system.put_back(*_of(system.images, a))


def clone(system: System, a: int, _: int, __: int) -> None:
    if len(system.laptops) < MAX_LAPTOPS:
        system.clone(_of(system.laptops, a))


def set_clock(system: System, a: int, b: int, c: int) -> None:
    """A laptop's clock is off by up to a year, either way; now and then the office's jumps."""
    _of(system.laptops, a).skew = timedelta(days=(b - 128) * 365 / 128, seconds=c)
    if c % 7 == 0:
        system.clock.move(hours=b - 128)


# --- people and rights ---


def revoke(system: System, a: int, b: int, _: int) -> None:
    identity = _of(system.laptops, a).identity
    if b % 2 and system.speaks(identity.token):
        system.set_rights(identity.token, system.roll_call[identity.token].author, revoked=True)


def come_back(system: System, a: int, _: int, __: int) -> None:
    """A member who was revoked joins again: a new device on the same laptop, as `Members.add` has it."""
    laptop = _of(system.laptops, a)
    if not system.speaks(laptop.identity.token):
        system.readmit(laptop)


def change_rights(system: System, a: int, b: int, _: int) -> None:
    """Areas are narrowed or widened, a role is given or taken."""
    identity = _of(system.laptops, a).identity
    if system.speaks(identity.token):
        role, areas = _of(RIGHTS + PEOPLE, b)
        system.set_rights(identity.token, Author(identity.device, identity.member, role, areas))


_BATCH: Final = b'{"kind":"batch"'
RULES: Final[dict[str, tuple[Rule, int]]] = {
    rule.__name__: (rule, weight)
    for rule, weight in (
        (enter, 9),
        (talk, 10),
        *((one, 3) for one in (open_editor, save_editor, sync, office_enters)),
        *((one, 2) for one in (open_collision, shuffle_batches, push, carry_up, carry_down, office_works, back_up)),
        *((one, 1) for one in (bulk_act, undo, decide, read_past, connect, poll, cut, copy_push, late_push)),
        *((one, 1) for one in (restore, put_image_back, keep_image, crash_office, keep_board, update_campaign)),
        *((one, 1) for one in (crash_laptop, power_fails, clone, set_clock, revoke, come_back, change_rights)),
    )
}
"""Name → rule, and how often it is chosen."""
