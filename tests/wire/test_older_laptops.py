"""A laptop one version of the protocol behind keeps working, and shows the same board (promise 9)."""

from __future__ import annotations

from typing import Any

from shared.board.change import to_json
from shared.board.holds import hold_address
from shared.board.log_record import Cursor
from shared.board.record import Record
from shared.rights import Role
from tests.conftest import Pass, Served
from tests.small import FAR_VILLAGE, TOWN, entry, note
from tests.speaker import Speaker
from tests.wire.test_starting_anew import snapshot

OLDER: dict[str, Any] = {"protocol": [1, 1]}


async def held_and_released(served: Served) -> str:
    """An entry that was held and then released: its address."""
    member, lead = await served.enrol(Role.MEMBER, (TOWN,)), await served.enrol(Role.LEAD, ("340111",))
    refused = note(member.author, "放行", FAR_VILLAGE)
    async with member.connect() as speaker:
        await speaker.hello()
        await speaker.push([refused])
    async with lead.connect() as speaker:
        await speaker.hello()
        values = {"verdict": "released", "change": to_json(refused), "of": member.author.device}
        (result,) = await speaker.push([entry(lead.author, hold_address(FAR_VILLAGE, refused.id), values)])
        assert result["outcome"] == "applied"
    return refused.record


async def start_anew(served: Served, guest: Pass, speaker: Speaker) -> dict[str, Record]:
    """Do as the page says after a reset, and go on."""
    header, records = await snapshot(served, guest)
    speaker.cursor = Cursor(header["board"], header["seq"], header["chain"])
    speaker.records = dict(records)
    await speaker.send({"kind": "received", "cursor": speaker.cursor._asdict()})
    return records


async def test_an_older_laptop_is_told_to_start_anew_by_a_release_and_then_has_it(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head, **OLDER)
        assert speaker.welcome["protocol"] == 1
        address = await held_and_released(served)
        await speaker.take("reset")
        records = await start_anew(served, guest, speaker)
        assert records[address].value("note") == "放行"
        (last,) = await speaker.push([note(guest.author, "接着", seen={})])
        await speaker.until(last["seq"])
        store = served.desk.office.store
        assert speaker.records[last_address(speaker)] == store.get(last_address(speaker))


async def test_it_has_the_release_also_when_a_snapshot_was_made_before_that(served: Served) -> None:
    guest = await served.enrol()
    await snapshot(served, guest)
    address = await held_and_released(served)
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.origin, **OLDER)
        await speaker.take("reset")
        records = await start_anew(served, guest, speaker)
        assert records[address].value("note") == "放行"


def last_address(speaker: Speaker) -> str:
    """The address of the last record read."""
    change = speaker.log[-1].change()
    assert change is not None
    return change.record


async def test_an_older_laptop_that_was_away_during_a_release_is_told_at_hello(served: Served) -> None:
    guest = await served.enrol()
    before = served.desk.feed.head
    await held_and_released(served)
    for start in (before, None):
        async with guest.connect() as speaker:
            await speaker.hello(start, **OLDER)
            await speaker.take("reset")
    async with guest.connect() as speaker:
        await speaker.hello(served.desk.feed.head, **OLDER)
        (result,) = await speaker.push([note(guest.author, "x")])
        await speaker.until(result["seq"])


async def test_a_laptop_of_this_version_folds_a_release_as_it_comes(served: Served) -> None:
    guest = await served.enrol()
    async with guest.connect() as speaker:
        await speaker.hello()
        address = await held_and_released(served)
        await speaker.until(served.head)
        assert speaker.records[address] == served.desk.office.store.get(address)
        assert all(frame["kind"] != "reset" for frame in speaker.frames)


async def test_what_an_older_laptop_does_not_know_survives_the_way_through_it(served: Served) -> None:
    """Unknown keys of a change and unknown fields of a record come back as they were."""
    guest = await served.enrol()
    body = {**to_json(note(guest.author, "x")), "mood": {"of": ["a", 1, None]}}
    body["set"] = {"note": "x", "newer.field": [1, {"z": 2}]}
    async with guest.connect() as speaker:
        await speaker.hello(**OLDER)
        await speaker.send({"kind": "push", "changes": [body]})
        (result,) = (await speaker.take("ack"))["results"]
        assert result["outcome"] == "applied"
        await speaker.until(result["seq"])
        change = speaker.log[-1].change()
        assert change is not None
        assert to_json(change) == body
