"""The office's digest, over the wire: a laptop that stands at the head comes to the same, whatever it may read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from server import breath
from shared.board.holds import hold_address
from shared.board.record import step_address
from shared.rights import Role
from tests.conftest import Pass, Served
from tests.laptops import FieldLaptop
from tests.small import FAR_VILLAGE, OTHER_TOWN, SECOND, TOWN, VILLAGE, entry, note, state
from tests.wire.asking import enter
from tui.profile import Identity


async def laptop(guest: Pass, folder: Path) -> FieldLaptop:
    """A laptop with this device's token."""
    author = guest.author
    who = Identity(guest.served.url, guest.token, author.device, author.member, author.role, author.areas, "", "")
    return await asyncio.to_thread(FieldLaptop, folder, replace(who, board=guest.served.desk.feed.head.board))


@pytest.mark.parametrize(
    ("role", "areas"),
    [(Role.LEAD, (TOWN,)), (Role.VIEWER, (VILLAGE, OTHER_TOWN)), (Role.ADMIN, (TOWN,)), (Role.MEMBER, ("*",))],
)
async def test_a_laptop_at_the_head_comes_to_the_offices_digest(
    served: Served, tmp_path: Path, role: Role, areas: tuple[str, ...]
) -> None:
    everywhere = await served.enrol(Role.LEAD, ("*",))
    guest = await served.enrol(role, areas)
    await enter(everywhere, state(everywhere.author, "doing"), note(everywhere.author, "x", FAR_VILLAGE))
    one = await laptop(guest, tmp_path / "one")
    try:
        await one.sync()
        await enter(
            everywhere,
            state(everywhere.author, "done", SECOND),
            state(everywhere.author, "submitted"),
            note(everywhere.author, "held", "340111009999"),
            note(everywhere.author, "held here", VILLAGE, "9.9"),
        )
        if role is not Role.VIEWER:
            await one.enter({"note": "from here"})
        await one.sync()
        at = await one.do(lambda replica: (replica.cursor(), replica.digest()))
        body = await guest.ask("/api/v1/digest")
        assert at[0] is not None
        assert (body["seq"], body["chain"]) == (at[0].seq, at[0].chain)
        assert body["digest"] == at[1]
    finally:
        await one.close()


async def test_areas_that_read_other_things_have_other_digests(served: Served) -> None:
    near, far = await served.enrol(areas=(TOWN,)), await served.enrol(areas=(OTHER_TOWN,))
    await enter(near, state(near.author, "doing"))
    before = [(await guest.ask("/api/v1/digest"))["digest"] for guest in (near, far)]
    await enter(near, note(near.author, "x"))
    after = [(await guest.ask("/api/v1/digest"))["digest"] for guest in (near, far)]
    assert before[0] != before[1]
    assert before[0] != after[0]
    assert before[1] == after[1]


async def test_a_held_change_and_its_release_are_part_of_it(served: Served) -> None:
    member, lead = await served.enrol(Role.MEMBER, (TOWN,)), await served.enrol(Role.LEAD, (TOWN,))
    held = entry(member.author, step_address(VILLAGE, "9.9"), {"note": "x"})
    before = (await lead.ask("/api/v1/digest"))["digest"]
    await enter(member, held)
    held_digest = (await lead.ask("/api/v1/digest"))["digest"]
    verdict = {"verdict": "declined", "of": member.author.device}
    await enter(lead, entry(lead.author, hold_address(VILLAGE, held.id), verdict))
    assert len({before, held_digest, (await lead.ask("/api/v1/digest"))["digest"]}) == 3


async def test_it_is_worked_out_in_slices_of_one_moment(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = await served.enrol(areas=("*",))
    expected = await guest.ask("/api/v1/digest")
    monkeypatch.setattr(breath, "SLICE", 0.0)
    served.desk.digests._kept.clear()
    taken = 0
    real = breath.Breath.take

    async def take(self: breath.Breath) -> None:
        nonlocal taken
        taken += 1
        if taken == 1:
            await enter(guest, note(guest.author, "meanwhile"))
        await real(self)

    monkeypatch.setattr(breath.Breath, "take", take)
    assert await guest.ask("/api/v1/digest") == expected
    assert taken > 1
    assert (await guest.ask("/api/v1/digest"))["seq"] == expected["seq"] + 1
