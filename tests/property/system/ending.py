"""When faults stop: three rounds of good connections, and everything is where it belongs (promises 3, 6 and 11)."""

from __future__ import annotations

from typing import Final

from server.ledger import Ledger
from server.log import verify
from server.store import Store
from shared import protocol
from shared.board.record import Record
from shared.rights import covers
from tests.property.system.oracle import in_tail, on_disk
from tests.property.system.people import readmit, reads
from tests.property.system.start import OWNERS
from tests.property.system.system import System
from tui.replica import RESERVE

ROUNDS: Final = 3


def come_to_an_end(system: System) -> None:
    """No more faults. Who was put out comes back; what is astray stays away; then everybody syncs, three times."""
    held = _calm(system)
    for _ in range(ROUNDS):
        for laptop in system.laptops:
            assert system.sync(laptop), f"{laptop.name} gets no connection that ends well"
        if _ended(system):
            break
    assert _ended(system), _unfinished(system)
    system.touched.update(laptop.name for laptop in system.laptops)
    system.check()
    a_restored_server_heals(system, held)
    one_board(system)
    held_is_seen(system)
    own_work_is_at_home(system)
    the_board_is_rebuilt_from_the_log(system)


def a_restored_server_heals(system: System, held: set[int]) -> None:
    """Promise 6: everything that any survivor held is in the log again."""
    gone = held - system.oracle.held_by(system.office)
    assert not gone, f"never came back: {sorted(gone)}"


def one_board(system: System) -> None:
    """Promise 3: replicas with the same areas and cursor are equal, field by field; a chain that anyone can follow."""
    assert verify(system.office.log) == system.office.ledger.head
    boards: dict[tuple[str, ...], dict[str, dict[str, Record]]] = {}
    for laptop in system.laptops:
        areas = tuple(sorted(laptop.drive.replica.areas() or ()))
        shown = {owner: laptop.drive.replica.records(owner) for owner in OWNERS if covers(areas, owner)}
        assert boards.setdefault(areas, shown) == shown, f"{laptop.name} differs from others at the same place"


def held_is_seen(system: System) -> None:
    """§3: what is held is in sight of its author until somebody decides, and does not hide among what counts."""
    path = system.oracle.paths[system.office.ledger.head.chain]
    counted = set(system.oracle.counted(path))
    for laptop in system.laptops:
        replica = laptop.drive.replica
        assert not replica.bygone.to_offer(), f"{laptop.name} still doubts what the office has"
        _, kept = on_disk(laptop)
        open_ = {n for n in kept if n not in counted}
        labels = replica.labels()
        assert (labels.saved, labels.sent) == (0, 0), f"{laptop.name} counts {labels}"
        assert labels.needs_look == len(open_) == len(list(replica.looks.every())), f"{laptop.name} counts {labels}"


def own_work_is_at_home(system: System) -> None:
    """Promise 4: what a device made and the log holds is on its laptop, also when an old disk was put back there."""
    path = system.oracle.paths[system.office.ledger.head.chain]
    for laptop in system.laptops:
        made = {row.entry for row in path if row.device == laptop.identity.device}
        missing = made.difference(*on_disk(laptop))
        assert not missing, f"{laptop.name} does not know its own {sorted(missing)}"


def the_board_is_rebuilt_from_the_log(system: System) -> None:
    """§5: a board made anew from the log is equal to the one that stands."""
    office, store = system.office, Store()
    Ledger(office.log, store, office.steps, system.clock).catch_up()
    assert store.image() == office.store.image()


def _calm(system: System) -> set[int]:
    """Stop all faults; returns what the office and all laptops hold at this moment."""
    system.astray.clear()
    system.hang_up_all()
    held = system.oracle.held_by(system.office)
    for laptop in system.laptops:
        laptop.drive.fail_after(None)
        laptop.drive.replica.outbox.give_word()
        laptop.speaks, laptop.drive.room = protocol.HIGHEST, RESERVE
        held.update(*on_disk(laptop))
        if not system.people.speaks(laptop.identity.token):
            readmit(system, laptop)
        held |= in_tail(laptop, laptop.drive.replica.areas() or ()) & in_tail(laptop, reads(system, laptop))
    system.office.work()
    return held


def _ended(system: System) -> bool:
    head = system.office.ledger.head
    for laptop in system.laptops:
        replica = laptop.drive.replica
        if (
            replica.cursor() != head
            or replica.outbox.size()
            or set(replica.areas() or ()) != set(reads(system, laptop))
        ):
            return False
    return True


def _unfinished(system: System) -> str:
    places = {laptop.name: (laptop.drive.replica.cursor(), on_disk(laptop)[0]) for laptop in system.laptops}
    return (
        f"no end within {ROUNDS} rounds: the office is at {system.office.ledger.head}, laptops stand and wait: {places}"
    )
