"""The demonstration: a district in the middle of a campaign that nobody ran, served, with entries coming in."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from server.commands import serving
from server.ledger import Submission
from server.members import MemberExists
from server.office import LOG, AlreadyABoard, Office, create, utc_now
from server.roster.plan import plan_import
from server.roster.statistics import read_statistics
from server.roster_entry import enter_plan
from server.settings import Settings, load
from server.simulate import SetClock, is_simulated, next_change, populate
from server.simulate.entries import offered
from shared.campaign.calendar import with_start
from shared.campaign.loader import builtin
from shared.errors import Refused
from shared.rights import Role

if TYPE_CHECKING:
    from server.desk import Desk

CAMPAIGN: Final = "baohe-2009"
AREA: Final = "340111"
WATCHER: Final = "示例值班员"
"""Whose code is handed out: the lead of the whole district."""
MONTHS_AGO: Final = 2
DAYS_BEFORE: Final = 10
"""So long before it began the roster was there, so that the board of every day of it can be shown."""
_DATA: Final = Path(__file__).parent.parent / "data"
_FILES: Final = (_DATA / "baohe-streets.csv", _DATA / "baohe-villages.csv")


def demo(folder: Path, host: str | None, port: int | None, pace: float, seed: int) -> None:
    """Serve a simulated board, made first if there is none; its address and a code are the first lines on stdout.

    A board that is not simulated is refused: no invented entry may ever come among real ones.
    """
    if (folder / LOG).exists():
        with Office(folder) as office:
            if not is_simulated(office):
                raise AlreadyABoard(folder.name)
    else:
        make(folder, seed, utc_now().astimezone())
    wanted: Settings = load(folder, {"host": host, "port": port}).settings
    with Office(folder) as office:
        code = _code(office)
    serving.run(folder, wanted, f"code: {code}", lambda desk: _live(desk, pace))


def make(folder: Path, seed: int, now: datetime) -> None:
    """Make the simulated board as it stands at `now`, which carries the local time zone."""
    start = _start(now)
    begun = datetime.fromisoformat(f"{start}-01T09:00").replace(tzinfo=now.tzinfo)
    clock = SetClock(begun - timedelta(days=DAYS_BEFORE))
    create(folder, with_start(builtin(CAMPAIGN), start), AREA, clock)
    with Office(folder, clock) as office:
        enter_plan(office, plan_import({}, read_statistics(_FILES, [AREA]), [AREA]))
        populate(office, seed, now, clock)


def _start(now: datetime) -> str:
    """The month in which a campaign began that is in its middle now."""
    years, month = divmod(now.month - 1 - MONTHS_AGO, 12)
    return f"{now.year + years}-{month + 1:02}"


def _code(office: Office) -> str:
    try:
        return office.members.add(WATCHER, Role.LEAD, [office.area])
    except MemberExists:
        return office.members.invite(WATCHER)


async def _live(desk: Desk, pace: float) -> None:
    """One invented entry after the other, through the door that all entries take, until the board is no more served."""
    rng = SystemRandom()
    while True:
        await asyncio.sleep(pace * rng.uniform(0.5, 1.5))
        author, change = next_change(desk.office, rng, desk.office.clock().astimezone())
        desk.presence.note(author)
        try:
            await desk.committer.submit(Submission(author, (offered(change),)))
        except Refused:
            return
