"""A day in the field: entries that wait on a laptop, a real office far away, and what has to hold in the evening."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Final

from server.bounds import Bounds
from shared.board.change import Change
from shared.rights import Role
from tests.conftest import SOON, Served, serve
from tests.faults.bad_wire import LED_AWAY, PORTAL, Mood
from tests.laptops import QUICK, FieldLaptop, identity_of, now
from tests.small import SECOND, VILLAGE, SetClock, make_office, notes
from tui.doors import enrol
from tui.link import Pace
from tui.messages import LinkState
from tui.replica import Labels

HURRIED: Final = Pace(first=0.01, slowest=0.02, stall=0.6, breath=0.02)
"""A link that tries again at once and gives a silent office up soon."""
PENDING: Final = 1000
SOME: Final = 20_000
"""Bytes: so few that all bad connections together let no thousand entries pass."""
KINDS: Final = ("cut", "cut up", "cut down", "stall up", "stall down", "trickle", "delay", "portal", "led away")


@asynccontextmanager
async def an_office(folder: Path, bounds: Bounds = SOON) -> AsyncIterator[Served]:
    """A small office on a real port."""
    office = await asyncio.to_thread(make_office, folder, SetClock())
    try:
        async with serve(office, bounds) as served:
            yield served
    finally:
        await asyncio.to_thread(office.close)


@asynccontextmanager
async def a_laptop(served: Served, folder: Path, via: str = "", pace: Pace = QUICK) -> AsyncIterator[FieldLaptop]:
    """A new member's laptop that has read the board once, and reaches the office by `via` from then on."""
    code = await asyncio.to_thread(served.desk.office.members.add, folder.name, Role.LEAD, ("340111",))
    async with joined(served.url, code, folder, via, pace) as laptop:
        yield laptop


@asynccontextmanager
async def joined(url: str, code: str, folder: Path, via: str = "", pace: Pace = QUICK) -> AsyncIterator[FieldLaptop]:
    """The same with an office of which nothing is known but its address and a code."""
    answer = await enrol(url, code, folder.name, now)
    laptop = await asyncio.to_thread(FieldLaptop, folder, identity_of(url, answer["token"], answer), pace)
    try:
        await laptop.sync()
        await laptop.do(lambda _: laptop.profile.update(url=via or url))
        yield laptop
    finally:
        await laptop.close()


async def enter_offline(laptop: FieldLaptop, count: int) -> list[Change]:
    """So many entries on this laptop that wait, each made by somebody who had seen the one before on its unit."""
    author = laptop.profile.identity()
    who = _Author(author.device, author.member)
    changes = notes(who, (f"第{n}条 " + "记" * (n % 90) for n in range(count)), VILLAGE, SECOND)  # type: ignore[arg-type]
    for start in range(0, count, 100):
        part = changes[start : start + 100]
        await laptop.do(lambda replica, part=part: replica.save(part))  # type: ignore[misc]
    return changes


class _Author:
    """Who signs entries."""

    def __init__(self, device: str, member: str) -> None:
        self.device, self.member = device, member


def moods(random: Random, count: int) -> list[Mood]:
    """One bad connection of each kind, in any order, then so many more that do not hang."""
    quick = [kind for kind in KINDS if "stall" not in kind]
    chosen = [*random.sample(KINDS, len(KINDS)), *(random.choice(quick) for _ in range(count))]
    return [mood(kind, random) for kind in chosen]


def mood(kind: str, random: Random) -> Mood:
    """One bad connection of this kind, which ends after at most `SOME` bytes either way."""
    up, down = (int(10 ** random.uniform(1, math.log10(SOME))) for _ in range(2))
    match kind:
        case "cut":
            return Mood(up, down)
        case "cut up":
            return Mood(up, SOME)
        case "cut down":
            return Mood(SOME, down)
        case "stall up":
            return Mood(up, SOME, stalls=True)
        case "stall down":
            return Mood(SOME, down, stalls=True)
        case "trickle":
            return Mood(up, SOME, piece=random.randint(100, 1400))
        case "delay":
            return Mood(up, SOME, delay=random.uniform(0.001, 0.02))
        case "portal":
            return Mood(answer=PORTAL)
        case _:
            return Mood(answer=LED_AWAY)


async def arrived_once_in_order(served: Served, laptop: FieldLaptop, changes: list[Change]) -> None:
    """The office's log holds each entry once, in the order of entry; the laptop says so of each."""
    wanted = {change.id for change in changes}
    logged = await asyncio.to_thread(_logged, served)
    mine = [change_id for change_id, _ in logged if change_id in wanted]
    assert Counter(mine) == Counter(change.id for change in changes), "each is there, and is there once"
    assert mine == [change.id for change in changes], "in the order of entry"
    assert {status for change_id, status in logged if change_id in wanted} == {"applied"}
    labels = await laptop.do(lambda replica: replica.labels())
    assert labels == Labels(0, 0, len(changes), 0)


def _logged(served: Served) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    seq = 0
    while records := served.desk.office.log.read(seq, 1000):
        found += [(change.id, record.status) for record in records if (change := record.change()) is not None]
        seq = records[-1].seq
    return found


def says_why(laptop: FieldLaptop) -> set[str]:
    """The reasons shown so far; whenever it was offline a reason stood there, in both languages."""
    offline = [moved for moved in laptop.moves if moved.state is LinkState.OFFLINE]
    assert all(moved.reason and moved.en and moved.zh for moved in offline)
    return {moved.reason for moved in offline}
