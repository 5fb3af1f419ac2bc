"""What a laptop starts from: a snapshot of what it may read, and the campaign that goes with it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

import orjson

from shared.board.log_record import Cursor
from shared.campaign.codec import parse_trusted
from shared.campaign.problems import CampaignInvalid
from shared.protocol import Place
from tui.doors import Office
from tui.faults import fault
from tui.keeper import Keeper
from tui.replica import Replica

FORMAT: Final = 1
_UNREADABLE: Final = (OSError, EOFError, zlib.error, ValueError, TypeError, KeyError, AttributeError)


async def take_snapshot(office: Office, keeper: Keeper, common: int | None = None) -> Cursor:
    """Start anew from a snapshot; what was entered here stays. The place in the log where it stands.

    `common` is the last place of this laptop's own log that is known to be in the office's; nothing at a first start.
    """
    header, lines = await office.snapshot()
    try:
        cursor = Place.model_validate({name: header[name] for name in ("board", "seq", "chain")}).cursor()
        digest = str(header["campaign"])
        areas = tuple(map(str, header["areas"])) if "areas" in header else None
        if header.get("format", FORMAT) != FORMAT:
            raise fault("not-guatu")
    except _UNREADABLE:
        raise fault("not-guatu") from None
    campaign = await _missing_campaign(office, keeper, digest)

    def install(replica: Replica) -> None:
        healing = common is not None
        replica.install(cursor, _split(lines), areas=areas, campaign=campaign, common=common or 0, healing=healing)

    try:
        await keeper.run(install)
    except _UNREADABLE:
        raise fault("broken-download") from None
    return cursor


async def have_campaign(office: Office, keeper: Keeper, digest: str) -> bool:
    """Make sure that the campaign of this digest is here; whether it is another one than before."""
    campaign = await _missing_campaign(office, keeper, digest)
    if campaign is None:
        return False
    await keeper.run(lambda replica: replica.keep_campaign(*campaign))
    return True


async def _missing_campaign(office: Office, keeper: Keeper, digest: str) -> tuple[str, bytes] | None:
    if await keeper.run(lambda replica: replica.meta("campaign-digest")) == digest:
        return None
    body = await office.campaign(digest)
    try:
        await keeper.run(lambda _: parse_trusted(orjson.loads(body)))
    except (CampaignInvalid, ValueError, TypeError):
        raise fault("not-guatu") from None
    return digest, body


def _split(lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        owner, _, body = line.partition(b"\t")
        yield owner.decode(), body.rstrip(b"\n")
