"""When faults stop: three rounds of good connections, and everything is where it belongs (promises 3, 6 and 11)."""

from __future__ import annotations

from typing import Final

from server.log import verify
from server.store import Store
from server.ledger import Ledger
from tests.property.system.laptop import Laptop
from shared.board.record import Record, kind_of
from shared.rights import covers
from tests.property.system.oracle import on_disk
from tests.property.system.start import OWNERS
from tests.property.system.system import System

ROUNDS: Final = 3


def come_to_an_end(system: System) -> None:
    """No more faults. Who was put out comes back; what is astray stays away; then everybody syncs, three times."""
    held = _calm(system)
    rounds = 0
    while not _ended(system):
        rounds += 1
        assert rounds <= ROUNDS, _unfinished(system)
        for laptop in system.laptops:
            assert system.sync(laptop), f"{laptop.name} gets no connection that ends well"
    system.touched.update(laptop.name for laptop in system.laptops)
    system.check()
    a_restored_server_heals(system, held)
    one_board(system)
    held_is_seen(system)
    the_board_is_rebuilt_from_the_log(system)


def a_restored_server_heals(system: System, held: set[int]) -> None:
    """Promise 6: everything that any survivor held is in the log again."""
    gone = held - system.oracle.held_by(system.office)
    assert not gone, f"never came back: {sorted(gone)}"


def one_board(system: System) -> None:
    """Promise 3: replicas with the same areas and cursor are equal, field by field; a chain that anyone can follow."""
    assert verify(system.office.log) == system.office.ledger.head
    boards: dict[tuple[str, ...], dict[str, object]] = {}
    for laptop in system.laptops:
        areas = tuple(sorted(laptop.drive.replica.areas() or ()))
        shown = {owner: _board(laptop, owner) for owner in OWNERS if covers(areas, owner)}
        assert boards.setdefault(areas, shown) == shown, f"{laptop.name} differs from others at the same place"


def held_is_seen(system: System) -> None:
    """§3: what is held stands where its author sees it, and none of it hides among what counts."""
    path = system.oracle.paths[system.office.ledger.head.chain]
    status = {row.entry: row.status for row in path}
    for laptop in system.laptops:
        _, kept = on_disk(laptop)
        held = {n for n in kept if status[n] != "applied"}
        labels = laptop.drive.replica.labels()
        assert (labels.saved, labels.sent, labels.on_board) == (0, 0, len(kept) - len(held))
        assert labels.needs_look == len(held) == len(laptop.drive.replica.outbox.held())


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
        held.update(*on_disk(laptop))
        if not system.speaks(laptop.identity.token):
            system.readmit(laptop)
    system.office.work()
    return held


def _ended(system: System) -> bool:
    head = system.office.ledger.head
    return all(
        laptop.drive.replica.cursor() == head and laptop.drive.replica.outbox.size() == 0 and _knows_its_areas(laptop, system)
        for laptop in system.laptops
    )


def _board(laptop: Laptop, owner: str) -> dict[str, Record]:
    # TODO: held changes too, once laptops fold them
    return {a: r for a, r in laptop.drive.replica.records(owner).items() if kind_of(a) != "hold"}


def _knows_its_areas(laptop: Laptop, system: System) -> bool:
    return set(laptop.drive.replica.areas() or ()) == set(system.reads(laptop))


def _unfinished(system: System) -> str:
    head = system.office.ledger.head.seq
    found = [
        (laptop.name, laptop.drive.replica.cursor().seq if laptop.drive.replica.cursor() else 0, on_disk(laptop)[0])
        for laptop in system.laptops
    ]
    return f"no end within {ROUNDS} rounds: the head is {head}, laptops stand and wait at {found}"
