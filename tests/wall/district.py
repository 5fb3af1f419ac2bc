"""A wall over the simulated district: a laptop that has read the whole log of an office that nobody ran."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import orjson

from server.commands.demo import make
from server.office import Office
from shared.board.log_record import Cursor, genesis
from shared.campaign.codec import dump
from tests.small import SetClock
from tui.laptop import Laptop
from tui.profile import Identity, Profile
from tui.replica import READ_AT, Batch, Replica

HEFEI: Final = timezone(timedelta(hours=8))
NOW: Final = datetime(2026, 11, 23, 15, tzinfo=HEFEI)
SEED: Final = 1


def district(folder: Path) -> Path:
    """The profile of a viewer who has read the simulated district as it stands at `NOW`."""
    make(folder / "office", SEED, NOW)
    profile = Profile(folder / "wall")
    with Office(folder / "office", lambda: NOW) as office:
        board, areas = office.log.head().board, dict[str, str]()
        people = {member.name: member for member in office.members.members()}
        for device in office.members.devices():
            for area in people[device.member].areas:
                areas[area] = max(areas.get(area, ""), device.heard or "")
        profile.keep(Identity("http://127.0.0.1:9", "t", "d1", "挂图", "viewer", ("340111",), board, "c"))
        with_log(profile, office, areas)
    return folder / "wall"


def with_log(profile: Profile, office: Office, heard: Mapping[str, str]) -> None:
    """Read all that an office has into a laptop's file."""
    replica = Replica(profile.replica_path)
    records = tuple(office.log.read(0, 10**6))
    while records[-1].seq < office.log.head().seq:
        records += tuple(office.log.read(records[-1].seq, 10**6))
    start = Cursor(office.log.head().board, 0, genesis(office.log.head().board))
    replica.keep_campaign("c", orjson.dumps(dump(office.campaigns.current)))
    replica.install(start, [], areas=("340111",))
    assert replica.apply(Batch(start, records, office.log.head(), True)) is not None
    replica.set_meta("heard", orjson.dumps({area: at for area, at in heard.items() if at}).decode())
    replica.set_meta(READ_AT, NOW.astimezone(UTC).isoformat())
    replica.close()


def opened(folder: Path, clock: SetClock | None = None) -> Laptop:
    """The laptop on this profile, by a clock that stands at `NOW` unless another one is given."""
    return Laptop(folder, clock or SetClock(NOW), writing=True)
