"""What people do on this laptop: every way from a screen to the outbox and back, each on the disk when it returns."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Final, NamedTuple, TypeVar

from shared.board.change import JSON, Change
from shared.board.holds import Verdict
from shared.board.record import Record, owner_of, step_address
from shared.roster import Unit
from tui.entry import Pen, Problem, needs_word
from tui.holding import Undecided, decide
from tui.keeper import Keeper
from tui.profile import Identity, Profile
from tui.replica import Replica
from tui.taking_back import Back, further_back, take_back
from tui.view import BoardView
from tui.waiting import ASKING

Records = Mapping[str, Record]
T = TypeVar("T")
NOTHING: Final = "nothing-to-undo"
"""The problem that there is no own entry to take back."""
UNITS: Final = "units"
"""The small fact how many units the whole board has, as the office said."""


class Act(NamedTuple):
    """Entries that were saved as one; `asking`: they concern so many units that they wait for a person's word."""

    changes: tuple[Change, ...]
    asking: bool = False
    back: Back | None = None


class NotSaved(Exception):
    """The disk refused; nothing of the entry was stored."""


class Acting:
    """One laptop's board, profile and file, and what can be entered there."""

    def __init__(self, profile: Profile, keeper: Keeper, view: BoardView | None, now: Callable[[], datetime]) -> None:
        self.profile = profile
        self.keeper = keeper
        self.view = view
        self.now = now

    @property
    def identity(self) -> Identity:
        """Who this device is, as the office last said."""
        return self.profile.identity()

    def touched(self, owners: Collection[str] = ()) -> None:
        """Show what these units show now; called when something was saved."""
        raise NotImplementedError

    async def records(self, unit: Unit) -> Records:
        """Everything known of a unit now: what an editor shows when it opens."""
        return await self.keeper.run(lambda replica: replica.records(unit.code))

    async def read_aside(self, work: Callable[[Replica], T]) -> T:
        """What long reading gives that nobody's entry shall wait for: it has a thread and a connection of its own."""
        return await asyncio.to_thread(_aside, self.profile.replica_path, work)

    @property
    def pen(self) -> Pen | None:
        """What makes this laptop's changes, once there is a board."""
        if self.view is None:
            return None
        view = self.view
        return Pen(self.identity, view.chart.campaign.revision, self.now, redo=view.redo, check=view.check)

    async def enter(self, unit: Unit, step: str, shown: Records, values: Mapping[str, JSON]) -> Change | Problem:
        """Save an entry on a step by somebody who had `shown` before them; on the disk when this returns."""
        address = step_address(unit.code, step)
        saved = await self.enter_all([(shown.get(address) or Record(address), values)])
        return saved if isinstance(saved, Problem) else saved.changes[0]

    async def enter_all(self, entries: Sequence[tuple[Record, Mapping[str, JSON]]]) -> Act | Problem:
        """Save entries, values on the record that was shown each, as one act: all of them or none.

        The first that cannot be taken is why none is; its problem then has the record's address if there are
        several. Those that concern more than a tenth of all units wait for a person's word.
        """
        pen = self.pen
        if pen is None:
            return Problem("nothing-entered", "")
        act = token_hex(16) if len(entries) > 1 else None
        changes: list[Change] = []
        for record, values in entries:
            made = pen.change(record, values, act)
            if isinstance(made, Problem):
                return made if act is None else replace(made, address=record.address)
            changes.append(made)
        return await self.save(changes)

    async def take_back(self, change: Change | None = None) -> Act | Problem:
        """Take back an entry, the newest own one unless told, and all others of its act, as far as they still stand."""
        pen = self.pen
        if pen is None:
            return Problem(NOTHING, "")

        def work(replica: Replica) -> Back:
            entries = further_back(replica) if change is None else [change]
            if change is not None and change.act is not None:
                entries = replica.bygone.of_act(change.act)
            return take_back(replica, pen, entries)

        back = await self._write(work)
        if not back.made:
            return back.left[0][1] if back.left else Problem(NOTHING, "")
        return (await self.save(back.made))._replace(back=back)

    async def decide(self, undecided: Undecided, verdict: Verdict, reason: str) -> Act | Problem:
        """Release or decline a held entry, by somebody who had its record before them as it was shown."""
        pen = self.pen
        if pen is None:
            return Problem("nothing-entered", "")
        held, shown = undecided
        made = await self.keeper.run(lambda replica: decide(replica, pen, held, verdict, reason, shown))
        return made if isinstance(made, Problem) else await self.save([made])

    async def take_back_asking(self) -> None:
        """Take back everything that waits for a person's word, and let it go so: nothing of it counts."""
        pen = self.pen
        if pen is None:
            return

        def work(replica: Replica) -> set[str]:
            entries = [look.change for look in replica.looks.every() if look.status == ASKING]
            replica.save(take_back(replica, pen, entries).made)
            replica.outbox.give_word()
            return {owner_of(entry.record) for entry in entries}

        self.touched(await self._write(work))

    async def save(self, changes: Sequence[Change]) -> Act:
        """Put entries into the outbox; they are on the disk when this returns, and on the screen soon after."""
        units = len(self.view.units) if self.view is not None else 0

        def work(replica: Replica) -> bool:
            asking = needs_word(changes, int(replica.meta(UNITS) or 0) or units)
            replica.save(changes, asking=asking)
            return asking or _waits(replica, changes)

        asking = await self._write(work)
        self.touched({owner_of(change.record) for change in changes})
        return Act(tuple(changes), asking)

    async def give_word(self) -> int:
        """Let everything go that was waiting for a person's word; how many entries that were."""
        count = await self._write(lambda replica: replica.outbox.give_word())
        self.touched()
        return count

    async def note_looked(self, change_id: str) -> None:
        """Somebody has seen what became of an own entry: it asks no more."""
        await self._write(lambda replica: replica.looks.note_looked(change_id))
        self.touched()

    async def _write(self, work: Callable[[Replica], T]) -> T:
        try:
            return await self.keeper.run(work)
        except (sqlite3.Error, OSError) as fault:
            raise NotSaved(str(fault)) from fault


def _waits(replica: Replica, changes: Sequence[Change]) -> bool:
    """Whether the first of these waits for a word all the same, as it builds on one that does."""
    first = changes[0]
    return any(w.id == first.id and w.label == ASKING for w in replica.outbox.waiting(owner_of(first.record)))


def _aside(path: Path, work: Callable[[Replica], T]) -> T:
    replica = Replica(path, reading=True)
    try:
        return work(replica)
    finally:
        replica.close()
