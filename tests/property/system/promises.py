"""The promises of architecture.md §4 that can be read off disks and screens, each by its name."""

from __future__ import annotations

from collections import Counter

import orjson

from shared.board.lights import CAUTION, State
from shared.board.record import Record, entries_of, kind_of, owner_of
from shared.board.standing import known_state
from shared.rights import covers
from tests.property.system.bodies import Names, is_typed, mark_of, marks, names_of
from tests.property.system.laptop import Laptop
from tests.property.system.office import ServedOffice
from tests.property.system.oracle import Heads, Oracle, on_disk
from tests.property.system.start import OWNERS


def check_laptop(oracle: Oracle, laptop: Laptop) -> None:
    """What holds on a laptop after every step."""
    nothing_typed_is_lost_here(oracle, laptop)
    nobody_gets_the_work_of_others(laptop)
    one_board(oracle, laptop)
    nothing_is_held_beyond_its_areas(laptop)
    own_work_is_always_in_sight(oracle, laptop)
    no_silent_overwrite_no_false_collision(oracle, laptop)


def check_office(oracle: Oracle, office: ServedOffice) -> None:
    """What holds in the office after every step."""
    one_effect(office)
    acknowledged_is_durable(oracle, office)
    the_board_is_the_fold_of_its_log(oracle, office)


def nothing_typed_is_lost(oracle: Oracle, office: ServedOffice, laptops: list[Laptop]) -> None:
    """Promise 4: what was saved is on a laptop's disk or in the log, but for what went with the only disk it was on."""
    found = oracle.held_by(office)
    for laptop in laptops:
        found.update(*on_disk(laptop))
    assert oracle.alive <= found, f"lost: {sorted(oracle.alive - found)}"


def nothing_typed_is_lost_here(oracle: Oracle, laptop: Laptop) -> None:
    """Promise 4: a laptop keeps its own entries for the life of the profile, each once, and counts each of them."""
    waiting, kept = on_disk(laptop)
    every = Counter(waiting + kept)
    assert max(every.values(), default=1) == 1, f"{laptop.name} holds an entry twice"
    missing = oracle.own.get(laptop.name, set()) - every.keys()
    assert not missing, f"{laptop.name} has lost {sorted(missing)}"
    labels = laptop.drive.replica.labels()
    assert sum(labels) == len(every), f"{laptop.name} counts {labels} of {len(every)}"


def nobody_gets_the_work_of_others(laptop: Laptop) -> None:
    """§3: an entry stays that of its first author, whoever brings it back; no other laptop counts it as its own."""
    column = laptop.drive.column
    bodies = column("SELECT body FROM outbox") + column("SELECT body FROM mine")
    others = [mark_of(body) for body in bodies if orjson.loads(body)["device"] not in laptop.devices]
    assert not others, f"{laptop.name} counts {others} as its own, which others entered"


def one_board(oracle: Oracle, laptop: Laptop) -> None:
    """Promise 3, as far as one laptop shows it: where it stands is a place in a history that the office has had."""
    cursor = laptop.drive.replica.cursor()
    assert cursor is None or cursor.chain in oracle.paths, f"{laptop.name} stands where no log ever was"


def nothing_is_held_beyond_its_areas(laptop: Laptop) -> None:
    """Promise 3, and whose business it is: the board on a laptop is that of its areas, and so is what it has read."""
    areas, column = laptop.drive.replica.areas() or ("*",), laptop.drive.column
    beyond = [owner for owner in column("SELECT owner FROM base") if not covers(areas, owner)]
    assert not beyond, f"{laptop.name} holds the board of {beyond}"
    read = [owner for owner in column("SELECT DISTINCT owner FROM tail") if not covers(areas, owner)]
    for said in column(_READ_OF.format(",".join(f"'{owner}'" for owner in read))) if read else ():
        assert any(f'"{device}"' in said for device in laptop.devices), f"{laptop.name} has read {said}"


def own_work_is_always_in_sight(oracle: Oracle, laptop: Laptop) -> None:
    """Promise 4: an entry leaves the outbox only with its log record, so that its author sees it all the time."""
    cursor = laptop.drive.replica.cursor()
    path = oracle.paths[cursor.chain] if cursor is not None else ()
    waiting, kept = on_disk(laptop)
    unseen = set(kept) - {row.entry for row in path} - set(waiting)
    assert not unseen, f"{laptop.name} shows nothing of {sorted(unseen)}, neither as waiting nor as read"


def no_silent_overwrite_no_false_collision(oracle: Oracle, laptop: Laptop) -> None:
    """Promise 5: on the screen stands what the definition says, over what was seen when editors opened."""
    areas = laptop.drive.replica.areas() or ("*",)
    path = oracle.paths[cursor.chain] if (cursor := laptop.drive.replica.cursor()) is not None else ()
    names = names_of(path, laptop.drive.column("SELECT body FROM outbox"))
    wanted: dict[str, Heads] = {}
    for key, values in oracle.on_screen(laptop).items():
        wanted.setdefault(owner_of(key[0]), {})[key] = values
    for owner in OWNERS:
        if covers(areas, owner):
            records = laptop.drive.replica.records(owner)
            shown, should = _by_entry(records, names), wanted.get(owner, {})
            assert shown == should, f"on the screen of {laptop.name} stands {shown}, and should {should}"
            no_collision_counts_as_done(records, laptop)


def no_collision_counts_as_done(records: dict[str, Record], laptop: Laptop) -> None:
    """§3: a colliding step shows its most cautious value with a mark, and never counts as done."""
    for address, record in records.items():
        states = {known_state(head.value) for head in record.heads("state")}
        if kind_of(address) == "step" and len(states) > 1:
            standing = laptop.drive.replica.shown(owner_of(address)).standing
            assert "state" in standing.collisions[address]
            assert standing.values[address]["state"] == min(states, key=CAUTION.__getitem__) != State.DONE


def one_effect(office: ServedOffice) -> None:
    """Promise 2: an entry stands in the log once, by whatever route it came and how often."""
    twice = [n for n, times in Counter(marks(row[0] for row in office.log._db.execute(_BODIES))).items() if times > 1]
    assert not twice, f"the log holds {twice} more than once"


def acknowledged_is_durable(oracle: Oracle, office: ServedOffice) -> None:
    """Promise 1: what was answered for is in the log, until somebody puts an older log in its place."""
    gone = oracle.acked - oracle.held_by(office)
    assert not gone, f"acknowledged and gone: {sorted(gone)}"


def the_board_is_the_fold_of_its_log(oracle: Oracle, office: ServedOffice) -> None:
    """§5: the board, wherever it stands in the log, is what the definition says of the records up to there."""
    path = oracle.paths[office.ledger.head.chain]
    names = names_of(path)
    found: Heads = {}
    for owner in office.store.owners():
        found |= _by_entry(office.store.of(owner), names)
    should = oracle.heads(oracle.counted(path))
    assert found == should, f"on the board stands {found}, and should {should}"


def _by_entry(records: dict[str, Record], names: Names) -> Heads:
    found: Heads = {}
    for address, entry in entries_of(records):
        for name, value in entry.values.items():
            if is_typed(address, name):
                found.setdefault((address, name), {})[names.get((address, entry.id), 0)] = value
    return found


_READ_OF = """SELECT '"' || device || '"' || CAST(body AS TEXT) FROM tail WHERE owner IN ({})"""
_BODIES = "SELECT body FROM log"
