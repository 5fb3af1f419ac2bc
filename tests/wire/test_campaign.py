"""A further revision of the campaign reaches a running office and everybody who is connected to it, at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx

from server.office import CAMPAIGN
from shared.rights import Role
from tests.conftest import Pass, Served
from tests.laptops import FieldLaptop, identity_of, now
from tests.revised import revised, update
from tests.small import VILLAGE, state
from tests.speaker import Closed
from tests.waiting import until
from tui.doors import enrol
from tui.messages import CampaignChanged


async def ended(guest: Pass, served: Served) -> tuple[str, int | None]:
    """With which code a connection is ended when the campaign changes."""
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        await asyncio.to_thread(update, served.desk.office.folder, revised())
        refusal = await speaker.take("refuse")
        closed: Closed = await speaker.end()
        return refusal["code"], closed.code


async def test_who_is_connected_is_told_to_come_again_and_gets_the_new_one(served: Served) -> None:
    guest = await served.enrol()
    before = served.desk.office.campaigns.digest()
    assert await ended(guest, served) == ("campaign-changed", 1008)
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head)
        digest = speaker.welcome["campaign"]
        assert digest not in (before, "")
        assert (await guest.ask(f"/api/v1/campaign/{digest}"))["revision"] == 2
        assert (await guest.ask(f"/api/v1/campaign/{before}"))["revision"] == 1
        results = await speaker.push(
            [
                replace(state(guest.author, "doing", step="1.2"), revision=1),
                replace(state(guest.author, "doing", step="1.2"), revision=2),
                replace(state(guest.author, "doing", step="1.4"), revision=1),
                replace(state(guest.author, "doing", step="1.4"), revision=2),
            ]
        )
        assert [result["outcome"] for result in results] == [
            "applied", "held:retired-step", "held:unknown-step", "applied",
        ]  # fmt: skip


async def test_the_board_over_http_follows(served: Served) -> None:
    guest = await served.enrol()
    assert len((await guest.ask("/api/v1/board"))["columns"]) == 5
    await ended(guest, served)
    assert len((await guest.ask("/api/v1/board"))["columns"]) == 6


async def test_a_file_that_is_no_campaign_ends_nothing(served: Served) -> None:
    guest = await served.enrol()
    bad = served.desk.office.folder / CAMPAIGN / "000002.json"
    await asyncio.to_thread(bad.write_bytes, b'{"id":')
    await until(lambda: unreadable(served) > 0)
    await asyncio.to_thread(bad.unlink)
    assert await ended(guest, served) == ("campaign-changed", 1008)
    assert unreadable(served) == 1, "it is said once, however often it is looked at"


def unreadable(served: Served) -> int:
    return sum("cannot be read" in str(line.get("event")) for line in served.logged)


@pytest.fixture
async def laptop(served: Served, tmp_path: Path) -> AsyncIterator[FieldLaptop]:
    """A lead's laptop, enrolled and connected."""
    code = await asyncio.to_thread(served.desk.office.members.add, "组长", Role.LEAD, ("340111",))
    answer = await enrol(served.url, code, "laptop", now)
    identity = identity_of(served.url, answer["token"], answer)
    with blockbuster_ctx("tui"):
        opened = await asyncio.to_thread(FieldLaptop, tmp_path / "laptop", identity)
        opened.connect()
        yield opened
        await opened.close()


async def test_a_connected_laptop_has_the_new_campaign_by_itself_and_loses_nothing(
    served: Served, laptop: FieldLaptop
) -> None:
    await laptop.is_live()
    before = await laptop.do(lambda replica: replica.meta("campaign-digest"))
    entering = [asyncio.create_task(laptop.enter({"note": f"{n}"}, code=VILLAGE)) for n in range(20)]
    await asyncio.to_thread(update, served.desk.office.folder, revised())
    await laptop.comes(lambda replica: replica.meta("campaign-digest") not in (before, None))
    changed = [news for news in laptop.news if isinstance(news, CampaignChanged)]
    assert changed[-1].digest == served.desk.office.campaigns.digest()
    made = [await entry for entry in entering]
    await laptop.landed()
    await laptop.is_live()
    log = await asyncio.to_thread(served.desk.office.log.read, 0, 1000)
    ids = [change.id for record in log if (change := record.change()) is not None]
    assert [ids.count(change.id) for change in made] == [1] * 20
