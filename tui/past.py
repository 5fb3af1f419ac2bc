"""A unit's history: what this laptop knows of it, and what the office adds while there is a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.board.log_record import LogRecord, decode
from shared.roster import Unit
from tui.live_board import LiveBoard
from tui.messages import LinkState

SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class History:
    """Log records, newest first, each with how far it has come; `whole` when the office has answered."""

    events: tuple[tuple[LogRecord, str], ...]
    whole: bool = False


async def here(board: LiveBoard, unit: Unit) -> History:
    """What this laptop knows: own entries that wait, and what has come in since its first sync."""
    return History(tuple(await board.keeper.run(lambda replica: replica.history(unit.code, SHOWN))))


async def at_office(board: LiveBoard, unit: Unit, known: History) -> History:
    """The same with what the office's log holds; what is known here when there is no answer."""
    if board.link.state is not LinkState.LIVE:
        return known
    from tui.doors import Office  # noqa: PLC0415 -- the network is loaded with the link, not before
    from tui.faults import Fault  # noqa: PLC0415

    try:
        async with Office(board.identity) as office:
            body = await office.history(unit.code, SHOWN)
    except Fault:
        return known
    waiting = tuple(event for event in known.events if event[0].seq == 0)
    records = tuple(decode(record) for record in body)
    return History((*waiting, *((record, record.status) for record in records)), whole=True)
