"""History as this laptop can tell it: what the office's log says, and own entries that are not in it yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from shared.board.change import Change, encode
from shared.board.history import Event, distinct, events
from shared.board.log_record import APPLIED, LogRecord
from shared.board.record import Record
from tui.replica import Replica
from tui.waiting import Waiting

_ALL: Final = 2**31


class Line(NamedTuple):
    """What happened, and how far it has come: a label of the outbox, or the status that the office's log gives it."""

    event: Event
    label: str

    @property
    def at(self) -> str:
        """When: the office's time, the laptop's own for what waits here. ISO 8601."""
        return self.event.record.at


def chronicle(replica: Replica, owner: str | None = None) -> Iterator[Line]:
    """Everything known of one unit or of all, oldest first; what waits here comes last, as if it counted already.

    Where the log is not known from its beginning, what stood before the first known entries is not known either.
    """
    waiting = replica.outbox.waiting(owner)
    labels = {each.id: each.label for each in waiting}
    log = chain(_log(replica, owner), map(_unlogged, waiting))
    for event in events(log):
        logged = event.record.seq > 0
        status = APPLIED if event.released_by else event.record.status
        yield Line(event, status if logged else labels.get(event.change.id, APPLIED))


def entered(change: Change, standing: Record | None) -> Event:
    """An entry that is being made, as an event: `standing` is what it is entered on."""
    before = {name: distinct(head.value for head in standing.heads(name)) if standing else () for name in change.values}
    return Event(LogRecord(0, encode(change), APPLIED, change.device, change.at, ""), change, before)


def _log(replica: Replica, owner: str | None) -> Iterable[LogRecord]:
    if owner is None:
        return replica.bygone.log()
    return (record for record, _ in reversed(replica.history(owner, _ALL)) if record.seq > 0)


def _unlogged(waiting: Waiting) -> LogRecord:
    change = waiting.change()
    device, at = (change.device, change.at) if change else ("", "")
    return LogRecord(0, waiting.body, APPLIED, device, at, "")
