"""The start of a connection: who this laptop is and where it stands, and what the office says to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import aiohttp

from shared import protocol
from shared.board.log_record import Cursor
from shared.rights import reach, role_of
from tui import fetch
from tui.doors import Office
from tui.faults import fault
from tui.frames import receive
from tui.keeper import Keeper
from tui.messages import CampaignChanged, LinkNews
from tui.profile import Profile
from tui.replica import Replica

HEAD, UNITS, TICKET, COPIED = "head", "units", "ticket", "copied"
"""Small facts of a welcome: the office's head, how many units its board has, what the next hello says, and since when
the office has reason to think that this laptop was copied or put back."""
CLIENT: Final = "guatu"


@dataclass(frozen=True, slots=True)
class Ends:
    """What a connection works with on this laptop. `tell` gets news on the loop, after it is on the disk.

    `stall`: seconds without an answer that is due after which a connection has failed. `breath`: seconds to wait when
    the office asks to go slower.
    """

    profile: Profile
    keeper: Keeper
    tell: Callable[[LinkNews], None]
    now: Callable[[], datetime]
    stall: float = protocol.STALL_SECONDS
    breath: float = 1.0


class Greeted(NamedTuple):
    """What the office said; `stands` when nothing is missing here and it reads the same areas as this laptop holds."""

    welcome: protocol.Welcome
    stands: bool


async def greet(ends: Ends, office: Office, socket: aiohttp.ClientWebSocketResponse, cursor: Cursor) -> Greeted:
    """Say hello, and keep what the office says of this device; raises `Fault` when it is no office."""
    areas, ticket = await ends.keeper.run(lambda replica: (replica.areas(), replica.meta(TICKET)))
    hello = protocol.Hello(
        protocol=(protocol.LOWEST, protocol.HIGHEST),
        board=cursor.board,
        cursor=protocol.place(cursor),
        areas=areas,
        ticket=ticket,
        clock=ends.now().isoformat(timespec="seconds"),
        client=CLIENT,
    )
    await socket.send_str(hello.model_dump_json())
    welcome = await receive(socket)
    if not isinstance(welcome, protocol.Welcome):
        raise fault("not-guatu" if welcome else "cut")
    await _keep(ends, office, welcome)
    same = areas is None or set(areas) == set(reach(role_of(welcome.me.role), welcome.me.areas))
    return Greeted(welcome, same and welcome.head.cursor() == cursor)


async def _keep(ends: Ends, office: Office, welcome: protocol.Welcome) -> None:
    me = welcome.me
    facts = {"member": me.member, "role": me.role, "areas": me.areas, "campaign": welcome.campaign}
    await ends.keeper.run(lambda _: ends.profile.update(**facts))
    if await fetch.have_campaign(office, ends.keeper, welcome.campaign):
        ends.tell(CampaignChanged(welcome.campaign))
    await ends.keeper.run(lambda replica: note_welcome(replica, welcome))


def note_welcome(replica: Replica, welcome: protocol.Welcome) -> None:
    """Keep the small facts of a welcome, by whatever way it came."""
    replica.set_meta(HEAD, str(welcome.head.seq))
    replica.set_meta(UNITS, str(welcome.units))
    if welcome.ticket is not None:
        replica.set_meta(TICKET, welcome.ticket)
    replica.set_meta(COPIED, welcome.copied or "")
