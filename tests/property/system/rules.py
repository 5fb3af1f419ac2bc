"""Everything that can happen. A rule takes the system and three numbers that choose; what cannot be now, is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from shared.board.change import JSON
from shared.board.holds import Verdict
from shared.board.record import Record
from tests.property.system.choosing import of
from tests.property.system.laptop import Laptop
from tests.property.system.mishaps import (
    back_up,
    change_rights,
    change_version,
    clone,
    come_back,
    crash_laptop,
    crash_office,
    fill_disk,
    keep_board,
    keep_image,
    office_enters,
    office_works,
    power_fails,
    put_image_back,
    restore,
    revoke,
    set_clock,
    update_campaign,
)
from tests.property.system.start import ADDRESSES, OWNERS, VALUES
from tests.property.system.system import Draft, System, Typed
from tui.frames import push_frame
from tui.waiting import ASKING

Rule = Callable[[System, int, int, int], None]


# --- at laptops ---


def open_editor(system: System, a: int, b: int, _: int) -> None:
    laptop, address = of(system.laptops, a), of(ADDRESSES, b)
    with system.at(laptop):
        laptop.open_editor(address)
        with laptop.drive.at_ease():
            laptop.eye = system.oracle.shown(laptop, address)


def open_collision(system: System, a: int, b: int, _: int) -> None:
    """Somebody looks at what collides, to settle it."""
    laptop = of(system.laptops, a)
    with laptop.drive.at_ease():
        found = sorted({key[0] for key, values in system.oracle.on_screen(laptop).items() if len(values) > 1})
    if found:
        with system.at(laptop):
            laptop.open_editor(of(found, b))
            with laptop.drive.at_ease():
                laptop.eye = system.oracle.shown(laptop, of(found, b))


def save_editor(system: System, a: int, b: int, _: int) -> None:
    """What was opened some time ago is saved now; the next entry there has seen this one."""
    laptop = of(system.laptops, a)
    if laptop.editor is not None:
        system.save(laptop, [Draft(laptop.editor, of(VALUES, b), laptop.eye)])
        laptop.editor = None


def enter(system: System, a: int, b: int, c: int) -> None:
    laptop = of(system.laptops, a)
    _enter(system, laptop, (of(ADDRESSES, b),), of(VALUES, c))


def bulk_act(system: System, a: int, b: int, c: int) -> None:
    """Several at once, which may wait for somebody's word."""
    laptop = of(system.laptops, a)
    addresses = tuple(sorted({of(ADDRESSES, b), of(ADDRESSES, b + 5), of(ADDRESSES, b + 7)}))
    _enter(system, laptop, addresses, of(VALUES, c), f"{system.chance.getrandbits(128):032x}", asking=c % 3 == 0)


def give_word(system: System, a: int, _: int, __: int) -> None:
    laptop = of(system.laptops, a)
    with system.at(laptop):
        laptop.drive.replica.outbox.give_word()


def undo(system: System, a: int, b: int, c: int) -> None:
    """An entry that stands on the screen, of whomever, is taken back: only that one goes."""
    laptop, address = of(system.laptops, a), of(ADDRESSES, b)
    with system.at(laptop):
        record = laptop.look(address)
        if record.entries:
            with laptop.drive.at_ease():
                standing = system.oracle.shown(laptop, address)
                entry = system.oracle.entry_on_screen(laptop, address, of(record.entries, c).id)
            made = laptop.undo(record, of(record.entries, c).id, lambda: system.new_id(laptop))
            system.oracle.is_taken_back(entry, made, standing)
            just_that = {name: shown & {entry} for name, shown in standing.items()}
            system.keep(laptop, [Typed(change, just_that) for change in made])


def decide(system: System, a: int, b: int, c: int) -> None:
    """Somebody looks at what is held, and releases or declines it."""
    laptop = of(system.laptops, a)
    with system.at(laptop):
        found = [record for owner in OWNERS for record in laptop.held(owner)]
        if found:
            decide_on(system, laptop, of(found, b), of(tuple(Verdict), c))


def decide_on(system: System, laptop: Laptop, held: Record, verdict: Verdict) -> None:
    """This verdict on this held entry: a release brings the entry along."""
    values: dict[str, JSON] = {"verdict": verdict.value, "reason": "看过", "of": held.value("device")}
    if verdict is Verdict.RELEASED:
        values["change"] = held.value("change")
    with laptop.drive.at_ease():
        draft = Draft(held, values, system.oracle.shown(laptop, held.address))
    system.save(laptop, [draft])


def _enter(
    system: System,
    laptop: Laptop,
    addresses: tuple[str, ...],
    values: dict[str, JSON],
    act: str | None = None,
    *,
    asking: bool = False,
) -> None:
    drafts: list[Draft] = []
    with system.at(laptop):
        for address in addresses:
            record = laptop.look(address)
            with laptop.drive.at_ease():
                drafts.append(Draft(record, values, system.oracle.shown(laptop, address)))
    if len(drafts) == len(addresses):
        system.save(laptop, drafts, act, asking=asking)


# --- the wire ---


def connect(system: System, a: int, b: int, c: int) -> None:
    system.connect(of(system.laptops, a), live=b % 2 > 0, fresh=c % 2 > 0)


def push(system: System, a: int, b: int, _: int) -> None:
    laptop = of(system.laptops, a)
    with system.at(laptop):
        laptop.push(1 + b % 3)


def carry_up(system: System, a: int, b: int, _: int) -> None:
    system.up(of(system.laptops, a), 1 + b % 4)


def carry_down(system: System, a: int, b: int, _: int) -> None:
    system.down(of(system.laptops, a), 1 + b % 4)


def poll(system: System, a: int, _: int, __: int) -> None:
    """The office feeds a connection on which it does not begin by itself."""
    line = of(system.laptops, a).line
    if line is not None and not line.session.over:
        system.office.feed_forward(line.session)


def read_past(system: System, a: int, b: int, _: int) -> None:
    """A page of what was before a laptop's first sync."""
    laptop = of(system.laptops, a)
    with system.at(laptop):
        laptop.read_past(system.office, 1 + b % 8)


def cut(system: System, a: int, _: int, __: int) -> None:
    system.cut(of(system.laptops, a))


def copy_push(system: System, a: int, b: int, _: int) -> None:
    """A push on its way is duplicated."""
    laptop = of(system.laptops, a)
    if laptop.line is not None and laptop.line.up:
        system.stray(laptop, of(list(laptop.line.up), b))


def fill_stick(system: System, a: int, _: int, __: int) -> None:
    """Everything that waits on a laptop goes on a stick, which comes to the office some day: `guatu bundle`."""
    laptop = of(system.laptops, a)
    with system.at(laptop):
        waiting = [each for each in laptop.drive.replica.outbox.waiting() if each.label != ASKING]
        if waiting:
            system.stray(laptop, push_frame(waiting).encode())


def late_push(system: System, a: int, b: int, _: int) -> None:
    """A push that was cut off, or a copy, arrives late and out of order, and may do so again."""
    if system.astray:
        place = a % len(system.astray)
        system.arrive(place)
        if b % 2:
            del system.astray[place]


def shuffle_batches(system: System, a: int, b: int, c: int) -> None:
    """A batch on its way is lost, doubled, or overtaken; answers to pushes keep their order, as on one socket."""
    line = of(system.laptops, a).line
    batches = [] if line is None else [i for i, data in enumerate(line.session.down) if data.startswith(_BATCH)]
    if line is not None and batches:
        down = line.session.down
        place = of(batches, b)
        data = down[place]
        if c % 3 != 1:
            del down[place]
        if c % 3:
            down.insert((place + c) % (len(down) + 1), data)


def talk(system: System, a: int, b: int, c: int) -> None:
    """A connection, made if there is none, on which some of what waits goes on its way, and some of it arrives."""
    laptop = of(system.laptops, a)
    if laptop.line is None:
        system.connect(laptop, live=b % 2 > 0)
    with system.at(laptop):
        laptop.push(1 + c % 4)
    system.up(laptop, 1 + b % 5)
    office_works(system, c, 0, 0)
    system.down(laptop, b // 5 % 5)


def sync(system: System, a: int, _: int, __: int) -> None:
    system.sync(of(system.laptops, a))


_BATCH: Final = b'{"kind":"batch"'
RULES: Final[dict[str, tuple[Rule, int]]] = {
    rule.__name__: (rule, weight)
    for rule, weight in (
        (enter, 9),
        (talk, 10),
        *((one, 3) for one in (open_editor, save_editor, sync, office_enters)),
        *((one, 2) for one in (open_collision, decide, change_rights, push, carry_up, carry_down)),
        *((one, 2) for one in (shuffle_batches, office_works, back_up)),
        *((one, 1) for one in (bulk_act, give_word, undo, read_past, connect, poll, cut)),
        *((one, 1) for one in (copy_push, fill_stick, late_push, revoke, come_back)),
        *((one, 1) for one in (restore, put_image_back, keep_image, crash_office, keep_board, update_campaign)),
        *((one, 1) for one in (crash_laptop, change_version, fill_disk, power_fails, clone, set_clock)),
    )
}
"""Name → rule, and how often it is chosen."""
