"""News of who was heard of, which tells silence from being on time (promise 10)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from server.bounds import Bounds
from server.desk import Desk
from shared.rights import Role
from tests.conftest import SOON, Served
from tests.small import OTHER_TOWN, TOWN, VILLAGE, SetClock
from tests.waiting import until

MANY = 3000


async def test_news_of_who_was_heard_of_is_told_for_ones_own_areas(served: Served) -> None:
    near, far = await served.enrol(Role.MEMBER, (VILLAGE,)), await served.enrol(Role.MEMBER, (OTHER_TOWN,))
    wide, reader = await served.enrol(Role.LEAD, ("340111",)), await served.enrol(Role.VIEWER, (TOWN,))
    async with near.connect() as one, far.connect() as two, wide.connect() as three, reader.connect() as watching:
        for speaker in (one, two, three):
            await speaker.hello()
        await watching.hello()
        heard: dict[str, str] = {}
        while set(heard) != {VILLAGE, "340111"}:
            heard = (await watching.take("heard"))["areas"]
        assert heard[VILLAGE] == "2026-04-10T04:00:00+00:00"


class TestHearing:
    """Who is connected is heard of, and everybody is told, also when nothing is entered at all."""

    @pytest.fixture
    def bounds(self) -> Bounds:
        return replace(SOON, quiet=0.05)

    async def test_who_is_connected_is_heard_of(self, served: Served, clock: SetClock) -> None:
        silent, reader = await served.enrol(Role.MEMBER, (TOWN,)), await served.enrol(Role.VIEWER, (TOWN,))
        async with silent.connect() as one, reader.connect() as watching:
            await one.hello()
            await watching.hello()
            clock.move(days=1)

            async def read() -> None:
                while (await watching.take("heard"))["areas"][TOWN] < "2026-04-11":
                    pass

            reading = asyncio.create_task(read())
            await until(lambda: clock.move(seconds=1) or reading.done())
            await reading
            devices = served.desk.office.members.devices
            await served.desk.note_heard()
            (kept,) = [d for d in await asyncio.to_thread(devices) if d.id == silent.author.device]
            assert kept.heard is not None
            assert kept.heard > "2026-04-11"

    async def test_what_was_heard_survives_a_restart(self, served: Served) -> None:
        guest = await served.enrol(Role.MEMBER, (TOWN,))
        async with guest.connect() as speaker:
            await speaker.hello()
            await speaker.until(served.head)
            await speaker.pong()
        await served.desk.note_heard()
        again = await asyncio.to_thread(Desk, served.desk.office, SOON)
        assert again.presence.areas(("*",)) == {TOWN: "2026-04-10T04:00:00+00:00"}
        assert again.presence.read() == {guest.author.device: served.head}
        again.reading.close()
