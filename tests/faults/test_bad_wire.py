"""A wire that cuts, halves, stalls, delays and answers like a portal: all arrives, once, in order (promises 1–4).

`python -m tests.soak --only wire` has as many days in the field as asked, `--only halves` breaks off at every byte.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Served
from tests.faults.bad_wire import LED_AWAY, PORTAL, BadWire, Mood
from tests.faults.field import (
    HURRIED,
    KINDS,
    PENDING,
    a_laptop,
    an_office,
    arrived_once_in_order,
    enter_offline,
    moods,
    says_why,
)  # fmt: skip
from tests.faults.halving import halve_everywhere
from tests.laptops import QUICK
from tests.waiting import until
from tui.messages import LinkState

MORE_BAD_ONES = 15
SILENT = {"timeout": "stalled"}
"""What is said of an office that is silent before it has greeted, and what is said of one that has."""
SAMPLE = 40


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with an_office(tmp_path / "board") as office:
        yield office


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_thousand_entries_arrive_once_and_in_order_through_anything(
    served: Served, tmp_path: Path, seed: int
) -> None:
    bad = moods(Random(seed), MORE_BAD_ONES)
    async with (
        BadWire(served.url) as wire,
        a_laptop(served, tmp_path / "laptop", wire.url, HURRIED) as laptop,
    ):
        wire.expect(*bad)
        changes = await enter_offline(laptop, PENDING)
        laptop.connect()
        await laptop.landed()
        await laptop.is_live()
        assert len(bad) - wire.moods_left >= len(KINDS)
        await arrived_once_in_order(served, laptop, changes)
        assert {"portal", "stalled"} <= {SILENT.get(reason, reason) for reason in says_why(laptop)}


@pytest.mark.parametrize("answer", [PORTAL, LED_AWAY], ids=["200", "302"])
async def test_a_portal_takes_nothing_from_the_outbox_and_is_told_as_one(
    served: Served, tmp_path: Path, answer: bytes
) -> None:
    async with BadWire(served.url) as wire, a_laptop(served, tmp_path / "laptop", wire.url) as laptop:
        wire.expect(*[Mood(answer=answer)] * 8)
        changes = await enter_offline(laptop, PENDING)
        laptop.connect()
        await laptop.goes_offline("portal")
        labels = await laptop.do(lambda replica: replica.labels())
        assert (labels.saved + labels.sent, labels.on_board) == (PENDING, 0)
        await laptop.landed()
        await arrived_once_in_order(served, laptop, changes)
        assert says_why(laptop) == {"portal"}


@pytest.mark.parametrize("stall", [Mood(up=20_000, stalls=True), Mood(down=800, stalls=True)], ids=["up", "down"])
async def test_what_hangs_is_given_up_in_time_and_the_next_try_works(
    served: Served, tmp_path: Path, stall: Mood
) -> None:
    async with (
        BadWire(served.url, [stall]) as wire,
        a_laptop(served, tmp_path / "laptop", wire.url, HURRIED) as laptop,
    ):
        changes = await enter_offline(laptop, PENDING)
        laptop.connect()
        await asyncio.wait_for(wire.stalled.wait(), 20)
        said = await laptop.goes_offline("stalled")
        assert said.en
        assert said.zh
        await laptop.landed()
        await arrived_once_in_order(served, laptop, changes)


async def test_while_entries_wait_it_is_known_why(served: Served, tmp_path: Path) -> None:
    """However long it lasts: as often as it tries, there is a reason, and nothing is thrown away."""
    refused = Mood(up=0)
    async with BadWire(served.url) as wire, a_laptop(served, tmp_path / "laptop", wire.url) as laptop:
        wire.expect(*[refused] * 30)
        changes = await enter_offline(laptop, 10)
        laptop.connect()
        await until(lambda: wire.moods_left < 5)
        assert await laptop.do(lambda replica: replica.outbox.size()) == 10
        assert says_why(laptop)
        assert laptop.state in (LinkState.OFFLINE, LinkState.CONNECTING)
        await laptop.landed()
        await arrived_once_in_order(served, laptop, changes)


@pytest.mark.parametrize("way", ["up", "down"])
async def test_a_message_that_is_halved_anywhere_is_no_message(served: Served, tmp_path: Path, way: str) -> None:
    async with BadWire(served.url) as wire, a_laptop(served, tmp_path / "laptop", wire.url, QUICK) as laptop:
        changes = await halve_everywhere(wire, laptop, way, Random(way).sample(range(3000), SAMPLE))
        assert len(changes) == SAMPLE
        await arrived_once_in_order(served, laptop, changes)
