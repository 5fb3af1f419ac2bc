"""History: of a unit, with what the office adds while there is a connection; of a step, a town, a person as it is known
here, each entry with what stood before it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, NamedTuple

import orjson

from shared.board.change import Change
from shared.board.log_record import LogRecord, decode
from shared.board.record import kind_of, owner_of, rest_of
from shared.roster import Unit, in_area
from tui.chronicle import Line, chronicle
from tui.live_board import LiveBoard
from tui.messages import LinkState
from tui.replica import Replica

SHOWN: Final = 100
LINES: Final = 300
"""So many entries of a history are shown, the newest."""
_WAITS: Final = 1 << 62
"""Where an entry is sorted that has no place in the log yet."""


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
        async with Office(board.identity, board.now) as office:
            body = await office.history(unit.code, SHOWN)
    except Fault:
        return known
    waiting = tuple(event for event in known.events if event[0].seq == 0)
    records = tuple(decode(record) for record in body)
    return History((*waiting, *((record, record.status) for record in records)), whole=True)


class Scope(NamedTuple):
    """Whose history: of a unit or one step of it, of all units of an area, or of a person; empty parts ask nothing."""

    unit: str = ""
    step: str = ""
    area: str = ""
    person: str = ""

    def takes(self, change: Change) -> bool:
        """Whether an entry belongs to it."""
        owner = owner_of(change.record)
        return (
            (not self.unit or owner == self.unit)
            and (not self.step or (kind_of(change.record) == "step" and rest_of(change.record) == self.step))
            and (not self.area or in_area(owner, (self.area,)))
            and (not self.person or change.author == self.person)
        )


def told(replica: Replica, scope: Scope) -> list[Line]:
    """The newest entries of a history, newest first, each with what stood before it; those that wait here lead."""
    owners = [scope.unit] if scope.unit else _owners(replica, scope)
    found = [line for owner in owners for line in chronicle(replica, owner) if scope.takes(line.event.change)]
    found.reverse()
    found.sort(key=lambda line: line.event.record.seq or _WAITS, reverse=True)
    return found[:LINES]


def _owners(replica: Replica, scope: Scope) -> list[str]:
    """The units that the newest entries of an area or a person are about."""
    needle = orjson.dumps(scope.person) if scope.person else f"/{scope.area}".encode()
    newest: deque[LogRecord] = deque((r for r in replica.bygone.log() if needle in r.body), maxlen=LINES)
    changes = [record.change() for record in newest]
    changes += [waiting.change() for waiting in replica.outbox.waiting()]
    return sorted({owner_of(change.record) for change in changes if change is not None and scope.takes(change)})
