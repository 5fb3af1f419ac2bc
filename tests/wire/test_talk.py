"""A conversation over a real socket: greeting, catching up, pushing, and being told what others pushed."""

from __future__ import annotations

from tests.conftest import Served
from tests.small import VILLAGE, note, state


async def test_who_says_hello_is_welcomed_with_the_head_and_told_who_they_are(served: Served) -> None:
    guest = await served.enrol(areas=("340111001",))
    async with guest.connect() as speaker:
        await speaker.hello()
        assert speaker.welcome["head"]["seq"] == served.head
        assert speaker.welcome["me"] == {
            "device": guest.author.device,
            "member": guest.author.member,
            "role": "lead",
            "areas": ["340111001"],
        }


async def test_two_sockets_that_write_at_once_come_to_hold_the_same(served: Served) -> None:
    one, two = await served.enrol(), await served.enrol()
    async with one.connect() as left, two.connect() as right:
        await left.hello()
        await right.hello()
        await left.push([state(one.author, "doing"), note(one.author, "左")])
        await right.push([state(two.author, "done"), note(two.author, "右")])
        await left.until(served.head)
        await right.until(served.head)
        assert left.records == right.records
        assert left.records == {address: served.desk.office.store.get(address) for address in left.records}
        assert left.records[f"step/{VILLAGE}/1.1"].collisions() == ("note", "state")
