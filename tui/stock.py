"""What the sync page shows, read in one go: where own entries are, what wants a person, what went out and came in.

Every list is bounded; what is left out is counted where it can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from shared.board.log_record import LogRecord
from shared.board.record import owner_of
from tui import holding, questions
from tui.chronicle import Line, chronicle
from tui.holding import Undecided
from tui.questions import Question
from tui.replica import Labels, Replica
from tui.waiting import ASKING, REFUSED, Look, Waiting

SHOWN: Final = 200
"""So many lines of each kind are shown."""
COPIED: Final = "copied"
"""The small fact of `tui.talk`, named here too so that a page does not load the network."""
LOOKED: Final = "looked-at"
"""The small fact up to which record of the log somebody has looked at the sync page."""


@dataclass(frozen=True, slots=True)
class Stock:
    """All of it at one moment. Lists are newest first, collisions and held entries by unit."""

    labels: Labels
    questions: tuple[Question, ...] = ()
    looks: tuple[Look, ...] = ()
    more_looks: int = 0
    asking: Mapping[str, int] = field(default_factory=dict)
    """Bulk act that waits for a word → its entries, of which only the first is among `looks`."""
    held: tuple[Undecided, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    more_waiting: int = 0
    went: tuple[Line, ...] = ()
    came: tuple[Line, ...] = ()
    earlier: tuple[Line, ...] = ()
    read_to: int = 0
    copied: str = ""


def take_stock(replica: Replica, device: str, colliding: Iterable[str], undecided: Iterable[str]) -> Stock:
    """What there is to show; `colliding` and `undecided` are the units whose records are worth a look."""
    cursor = replica.cursor()
    read_to = cursor.seq if cursor else 0
    looked = min(int(replica.meta(LOOKED) or 0), read_to)
    looks, asking = _by_act(replica.looks.every())
    waiting = [each for each in replica.outbox.waiting() if each.label not in (REFUSED, ASKING)]
    own = replica.bygone.own(SHOWN)
    news = [each for each in replica.bygone.newest(looked, 2 * SHOWN) if not _is_own(each, device)][:SHOWN]
    told = _told(replica, [*own, *news])
    return Stock(
        labels=replica.labels(),
        questions=tuple(questions.asked(replica, colliding, SHOWN)),
        looks=tuple(looks[:SHOWN]),
        more_looks=max(0, len(looks) - SHOWN),
        asking=asking,
        held=tuple(holding.undecided(replica, undecided, SHOWN)),
        waiting=tuple(islice(reversed(waiting), SHOWN)),
        more_waiting=max(0, len(waiting) - SHOWN),
        went=_pick(told, (each for each in own if each.seq > looked)),
        came=_pick(told, news),
        earlier=_pick(told, (each for each in own if each.seq <= looked)),
        read_to=read_to,
        copied=replica.meta(COPIED) or "",
    )


def note_looked(replica: Replica, read_to: int) -> None:
    """Remember up to where somebody has looked."""
    replica.set_meta(LOOKED, str(read_to))


def _by_act(looks: Iterable[Look]) -> tuple[list[Look], dict[str, int]]:
    """The same with one line for each act that waits for a word, and how many entries each has."""
    found: list[Look] = []
    asking: dict[str, int] = {}
    for look in looks:
        act = look.change.act or look.change.id
        if look.status != ASKING or act not in asking:
            found.append(look)
        if look.status == ASKING:
            asking[act] = asking.get(act, 0) + 1
    return found, asking


def _told(replica: Replica, records: Sequence[LogRecord]) -> dict[int, list[Line]]:
    """Record of the log → what it did, a release with what it let count."""
    wanted = {record.seq for record in records}
    owners = {owner_of(change.record) for record in records if (change := record.change()) is not None}
    found: dict[int, list[Line]] = {}
    for owner in sorted(owners):
        for line in chronicle(replica, owner):
            if line.event.record.seq in wanted:
                found.setdefault(line.event.record.seq, []).append(line)
    return found


def _pick(told: dict[int, list[Line]], records: Iterable[LogRecord]) -> tuple[Line, ...]:
    return tuple(each for record in records for each in told.get(record.seq, ()))


def _is_own(record: LogRecord, device: str) -> bool:
    """Whether this device made it, also when another one brought it back to the office."""
    return record.device == device or f'"device":"{device}"'.encode() in record.body
