"""Where every history starts: a campaign in two revisions, units in two towns, and people whose laptops have synced."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from server import snapshot as snapshots
from server.campaigns import CampaignShelf
from server.ledger import Author, Ledger, Submission, offer
from server.offered import OFFICE
from server.store import Store
from shared.board.change import JSON, to_json
from shared.board.record import step_address, unit_address
from shared.board.unit import values_of
from shared.campaign.model import Campaign, Step
from shared.rights import Role, reach
from tests.property.system.drive import Drive
from tests.property.system.durable import Disk
from tests.property.system.laptop import MARK
from tests.small import AREA, FAR_VILLAGE, OTHER_TOWN, SECOND, TOWN, UNITS, VILLAGE, SetClock, campaign, entry
from tui.fetch import _split

OWNERS: Final = (VILLAGE, SECOND, FAR_VILLAGE)
FEW: Final = step_address(VILLAGE, "1.1")
ADDRESSES: Final = (
    *(FEW,) * 4,
    *(step_address(VILLAGE, "1.2"),) * 2,
    *(step_address(FAR_VILLAGE, "1.1"),) * 3,
    step_address(SECOND, "1.1"),
    step_address(VILLAGE, "1.3"),
    step_address(VILLAGE, "1.4"),
    f"document/{VILLAGE}/d",
    f"visit/{FAR_VILLAGE}/v",
    f"survey/{SECOND}/s",
)
"""Where people write, some places more often than others: 1.3 is retired, 1.4 comes with the second revision."""
VALUES: Final[tuple[dict[str, JSON], ...]] = (
    {"note": "甲"},
    {"note": "乙"},
    {"state": "doing"},
    {"state": "submitted"},
    {"state": "done", "done_on": "2026-04-10"},
    {"state": "returned"},
    {"state": "doing", "note": "乙"},
    {"outcome": "returned", "answered_on": "2026-04-10"},
    {"withdrawn": True},
)
PEOPLE: Final = (
    (Role.MEMBER, (AREA,)),
    (Role.LEAD, (AREA,)),
    (Role.MEMBER, (TOWN,)),
    (Role.LEAD, (TOWN,)),
    (Role.VIEWER, (AREA,)),
)
"""Whose laptops these are; the last one is the wall."""
RIGHTS: Final = (
    (Role.MEMBER, (AREA,)),
    (Role.LEAD, (TOWN,)),
    (Role.MEMBER, (OTHER_TOWN,)),
    (Role.LEAD, (TOWN, OTHER_TOWN)),
)


@cache
def shelves() -> tuple[CampaignShelf, CampaignShelf]:
    """The campaigns of the office before and after an update that adds step 1.4 and retires step 1.2."""
    with TemporaryDirectory() as folder:
        before, after = CampaignShelf(Path(folder) / "1"), CampaignShelf(Path(folder) / "2")
        before.add(campaign())
        after.add(campaign())
        after.add(_updated(campaign()))
    return before, after


@cache
def log_image() -> bytes:
    """The log of an office that has taken in its roster."""
    log = Disk()
    ledger = Ledger(log, Store(), shelves()[0], SetClock())
    numbers = count(1)
    for one in UNITS:
        change = replace(entry(OFFICE, unit_address(one.code), values_of(one)), id=f"{next(numbers):032x}")
        offered = offer(to_json(replace(change, extra={MARK: -next(numbers)})))
        assert offered is not None
        ledger.publish(ledger.commit([Submission(OFFICE, (offered,))]))
    return log.image()


@cache
def drive_image(role: Role, areas: tuple[str, ...]) -> bytes:
    """The disk of a laptop that has just joined."""
    log, store = Disk(log_image()), Store()
    ledger = Ledger(log, store, shelves()[0], SetClock())
    ledger.catch_up()
    reads = reach(role, areas)
    drive = Drive(None, "", str)
    drive.replica.install(ledger.head, _split(snapshots.lines(store.image(), reads)), areas=reads)
    return drive.image()


def author(place: int, device: str) -> Author:
    """Whose laptop this is."""
    role, areas = PEOPLE[place]
    return Author(device, f"成员{place}", role, areas)


def forget() -> None:
    """Make all of it anew next time."""
    log_image.cache_clear()
    drive_image.cache_clear()


def _updated(known: Campaign) -> Campaign:
    flows = []
    for flow in known.workflows:
        first, *rest = flow.phases
        steps = (*(replace(s, retired=s.retired or s.id == "1.2") for s in first.steps), _NEW)
        flows.append(replace(flow, phases=(replace(first, steps=steps), *rest)))
    return replace(known, revision=known.revision + 1, workflows=tuple(flows))


_NEW: Final = Step(id="1.4", no=4, title="步骤1.4", title_en="Step 1.4")
