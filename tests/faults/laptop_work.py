"""A laptop that saves, reads and starts anew while things happen to it, and what has to hold of it afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from shared.board.change import Change
from shared.board.record import Record
from shared.board.reduce import reduce
from tests.faults.cradle import Tell
from tests.logbook import BOARD, OTHER, UNIT, Logbook, change, number_id, unit
from tui.profile import IDENTITY, REPLICA, Identity, Profile
from tui.replica import Replica

FILES: Final = (REPLICA, f"{REPLICA}-wal", f"{REPLICA}-shm", f"{REPLICA}-journal", IDENTITY, f".{IDENTITY}.tmp")
ROUNDS: Final = 1
OWN: Final = 4
"""So many entries of its own a laptop saves in each round."""
STEPS: Final = 9
"""So many things it does in each round."""
COMMITS: Final = 8
"""All of them but one are transactions in its file; that one is its identity, a file of its own."""
GAVE_UP: Final = 3
ROLES: Final = ("lead", "member")

Step = Callable[[Replica], str]
"""Something a laptop does; it returns what may be said of it now."""


def prepare(folder: Path) -> None:
    """A profile that has read the first records of the book."""
    profile, book = Profile(folder), _book(0)
    profile.keep(Identity("http://127.0.0.1:1", "t" * 43, "d1", "李员", ROLES[0], ("340111",), BOARD, "c" * 32))
    with closing(Replica(profile.replica_path)) as replica:
        replica.install(book.cursor(0), [], areas=("340111",))
        replica.apply(book.batch(book.cursor(0)))
    with closing(sqlite3.connect(profile.replica_path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def keep(folder: Path, tell: Tell, rounds: int = ROUNDS) -> int:
    """Do every step, telling which were done; a disk that fails is told and the next step is tried all the same."""
    profile = Profile(folder)
    profile.identity()
    try:
        replica = Replica(profile.replica_path)
    except (sqlite3.Error, OSError):
        return GAVE_UP
    with closing(replica):
        done = [_do(step, replica, tell) for step in _steps(profile, rounds)]
    return 0 if all(done) else GAVE_UP


def _do(step: Step, replica: Replica, tell: Tell) -> bool:
    try:
        tell(step(replica))
    except (sqlite3.Error, OSError):
        return False
    return True


def holds(folder: Path, said: Sequence[str], rounds: int = ROUNDS) -> None:
    """Everything saved is there, once; the confirmed records are those of the cursor; nobody is forgotten."""
    assert Profile(folder).identity().role in ROLES
    book = _book(rounds)
    with closing(Replica(folder / REPLICA)) as replica:
        cursor = replica.cursor()
        assert cursor is not None
        assert cursor.seq >= max(
            (int(line[3:]) for line in said if line.startswith("at ")), default=_book(0).cursor().seq
        )
        assert book.holds(cursor)
        logged = {str(record.change().id) for record in book.records[: cursor.seq]}  # type: ignore[union-attr]
        waiting = [waiting.id for waiting in replica.outbox.waiting()]
        mine = [row[0] for row in replica._disk.execute("SELECT id FROM mine")]
        assert set(mine) <= logged, "nothing counts as landed before the log that holds it was read"
        for number in (int(line[6:]) for line in said if line.startswith("saved ")):
            assert (waiting + mine).count(number_id(number)) == 1, "it is here, and it is here once"
        _folds(replica, book.standing(cursor.seq))
    with closing(Replica(folder / REPLICA)) as again:  # and it can be written again
        again.save([change(9999, {"note": "接着写"}, f"step/{OTHER}/1.2")])


def _folds(replica: Replica, standing: dict[str, Record]) -> None:
    """The view is the fold of what is confirmed at the cursor and what waits, address by address."""
    for each in replica.outbox.waiting():
        entry = each.change()
        assert entry is not None
        standing[entry.record] = reduce(standing.get(entry.record) or Record(entry.record), entry)
    seen = {address: record for owner in (UNIT, OTHER) for address, record in replica.records(owner).items()}
    assert seen == standing


def _steps(profile: Profile, rounds: int) -> Iterator[Step]:
    for n in range(rounds):
        yield from _round(profile, n)


def _round(profile: Profile, n: int) -> Iterator[Step]:
    """Save and read by turns; a batch brings some of the own entries back, a snapshot others."""
    book, start = _book(n + 1), _book(n).cursor().seq
    own = range(_own(n), _own(n) + OWN)
    yield from map(_saves, own[:2])
    yield lambda replica: _read(replica, book, start, start + 3)
    yield lambda replica: _hear(replica, own[1], start + 4)
    yield _saves(own[2])
    yield lambda replica: _start_anew(replica, book, start + 5)
    yield lambda replica: _read(replica, book, start + 5, start + 6)
    yield _saves(own[3])
    yield lambda _: profile.update(role=ROLES[(n + 1) % 2]).role


def _saves(number: int) -> Step:
    def save(replica: Replica) -> str:
        replica.save([_entry(number)])
        return f"saved {number}"

    return save


def _read(replica: Replica, book: Logbook, start: int, end: int) -> str:
    """Take a batch; where an earlier one was refused, it does not begin at the cursor and changes nothing."""
    applied = replica.apply(book.batch(book.cursor(start), end))
    return "" if applied is None else f"at {end}"


def _hear(replica: Replica, number: int, seq: int) -> str:
    replica.note_outcomes([(number_id(number), "applied", seq)])
    return ""


def _start_anew(replica: Replica, book: Logbook, seq: int) -> str:
    replica.install(book.cursor(seq), book.lines(seq), areas=("340111",), common=seq)
    return f"at {seq}"


def _book(rounds: int) -> Logbook:
    """The office's log after so many rounds: units first, then each round's own entries among those of others."""
    book = Logbook()
    book.store(unit(1))
    book.store(unit(2, OTHER))
    for n in range(rounds):
        own = _own(n)
        book.store(change(own + 50, {"state": "doing"}, device="d2"))
        book.store(_entry(own))
        book.store(change(own + 51, {"note": "别人"}, f"step/{OTHER}/1.1", device="d2"))
        book.store(_entry(own + 1))
        book.store(change(own + 52, {"state": "done", "done_on": "2026-04-09"}, device="d2"))
        book.store(_entry(own + 2), "held:no-right")
    return book


def _own(n: int) -> int:
    return 100 * (n + 1)


def _entry(number: int) -> Change:
    return change(number, {"note": f"第{number}条"}, f"step/{(UNIT, OTHER)[number % 2]}/1.2")
