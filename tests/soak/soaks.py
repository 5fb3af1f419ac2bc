"""Every soak by its name: a function from an effort to what it counted; it raises when a promise does not hold."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Final

from tests.faults import deaths, rot
from tests.faults.bad_wire import BadWire
from tests.faults.cradle import Cradle
from tests.faults.field import HURRIED, PENDING, a_laptop, an_office, arrived_once_in_order, enter_offline, moods
from tests.faults.halving import halve_everywhere
from tests.faults.killing import kill_while_they_write
from tests.laptops import QUICK
from tests.property.histories import run_histories
from tests.soak.effort import Counted, Effort
from tests.wall import hours
from tests.wall.district import district

Soak = Callable[[Effort], Iterator[Counted]]

BOARD_ROUNDS: Final = 10
"""So many kills has one board: what has to be read after each grows with what is there."""
BAD_CONNECTIONS: Final = 60
LONGEST_MESSAGE: Final = 3000
"""Bytes of a connection in which one entry travels, either way, greetings included."""
CUTS: Final = 97
"""So many bytes lie between two places where a file is cut short."""
AT_ONCE: Final = 1000
"""So many histories of the model are told from one seed."""
STEPS_AN_HOUR: Final = 360
BITS: Final = 50
"""So many bits turn over in each round."""


def kill(effort: Effort) -> Iterator[Counted]:
    """`kill -9` of a live server under twenty writers, `rounds` times."""
    acked = done = 0
    while done < effort.rounds:
        rounds = min(BOARD_ROUNDS, effort.rounds - done)
        acked += asyncio.run(kill_while_they_write(effort.place / f"board-{done}", rounds))
        done += rounds
        _say(f"kill {done} of {effort.rounds}, {acked} acknowledged, 0 lost")
    yield Counted(done, "kills")
    yield Counted(acked, "acknowledged edits, 0 lost")


def system_calls(effort: Effort) -> Iterator[Counted]:
    """Everything that can happen at every system call of longer works, at calls that only look, too."""
    count, rounds = max(6, effort.rounds // 4), max(1, effort.rounds // 24)
    for subject in (deaths.entering(count), deaths.keeping(rounds), deaths.serving()):
        with Cradle() as cradle:
            ward = deaths.Ward(cradle, subject, effort.place / subject.work)
            yield Counted(deaths.die_everywhere(ward, ward.calls()), f"deaths, {subject.work}")
            for how in (deaths.EIO, deaths.ENOSPC, deaths.EDQUOT, deaths.EROFS):
                failed = deaths.fail_everywhere(ward, how, ward.calls(deaths.FAILING))
                yield Counted(failed, f"{how.partition('=')[2]}, {subject.work}")
            sizes = range(0, deaths.LARGEST_FILE, CUTS)
            yield Counted(deaths.cut_short_everywhere(ward, sizes), f"writes cut short, {subject.work}")


def wire(effort: Effort) -> Iterator[Counted]:
    """`rounds` days in the field: a thousand entries through some sixty bad connections each."""
    for day in range(effort.rounds):
        asyncio.run(_a_day(effort, day))
        _say(f"wire: day {day + 1} of {effort.rounds} (seed {effort.seed + day})")
    yield Counted(effort.rounds, "days in the field")
    yield Counted(effort.rounds * PENDING, "entries, each there once and in order")


async def _a_day(effort: Effort, day: int) -> None:
    place = effort.place / f"day-{day}"
    async with (
        an_office(place / "board") as served,
        BadWire(served.url) as bad,
        a_laptop(served, place / "laptop", bad.url, HURRIED) as laptop,
    ):
        bad.expect(*moods(Random(effort.seed + day), BAD_CONNECTIONS))
        changes = await enter_offline(laptop, PENDING)
        laptop.connect()
        await laptop.landed()
        await arrived_once_in_order(served, laptop, changes)


def halves(effort: Effort) -> Iterator[Counted]:
    """A connection that breaks at every single byte, towards the office and towards the laptop."""
    for way in ("up", "down"):
        yield Counted(asyncio.run(_halve(effort, way)), f"bytes {way}")


async def _halve(effort: Effort, way: str) -> int:
    place = effort.place / way
    async with (
        an_office(place / "board") as served,
        BadWire(served.url) as bad,
        a_laptop(served, place / "laptop", bad.url, QUICK) as laptop,
    ):
        changes = await halve_everywhere(bad, laptop, way, range(LONGEST_MESSAGE))
        await arrived_once_in_order(served, laptop, changes)
        return len(changes)


def bits(effort: Effort) -> Iterator[Counted]:
    """Bits of the log that turn over, `rounds` times fifty of them."""
    shelf = rot.Shelf(effort.place)
    mattered = rot.rot_the_log(shelf, Random(effort.seed), effort.rounds * BITS)
    yield Counted(effort.rounds * BITS, "bits turned over")
    yield Counted(mattered, "of them mattered, and were noticed")


def model(effort: Effort) -> Iterator[Counted]:
    """`histories` of the whole system by chance: laptops, an office, a bad network, every promise after every step."""
    counts: Counter[str] = Counter()
    for start in range(0, effort.histories, AT_ONCE):
        portion = min(AT_ONCE, effort.histories - start)
        counts += run_histories(effort.seed + start, portion)
        _say(f"model: {start + portion} of {effort.histories} histories (seed {effort.seed + start})")
    yield Counted(effort.histories, "histories")
    for name, number in counts.most_common():
        yield Counted(number, f"times: {name}")


def wall(effort: Effort) -> Iterator[Counted]:
    """A wall that hangs for `rounds` hours under change, and holds in the end what it held in the beginning."""
    steps = effort.rounds * STEPS_AN_HOUR
    early, late = hours.run(district(effort.place), steps, effort.seed)
    assert late.files - early.files < hours.MOST_FILES, f"{late.files} open files, {early.files} before"
    assert late.objects - early.objects < hours.MOST_OBJECTS, f"{late.objects} objects, {early.objects} before"
    yield Counted(effort.rounds, "hours of a wall")
    yield Counted(late.objects - early.objects, "objects more than early on")


SOAKS: Final[Mapping[str, Soak]] = {
    "system-calls": system_calls,
    "kill": kill,
    "wire": wire,
    "halves": halves,
    "rot": bits,
    "model": model,
    "wall": wall,
}
"""Whoever has a further soak puts it here."""


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
