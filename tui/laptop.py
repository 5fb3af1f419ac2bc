"""This laptop, opened: its profile, its replica and the board as they stand, for commands and screens alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from shared.board.change import Change
from shared.board.record import Record, step_address
from shared.roster import Unit
from tui.entry import Pen
from tui.profile import Identity, NotJoined, Profile, default_folder
from tui.replica import Replica
from tui.view import BoardView, open_view


class Busy(Exception):
    """Another program on this laptop writes to the profile; `holder` is its process number."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class NothingYet(Exception):
    """This laptop has joined, but has not read the board yet; `guatu sync`."""


def local_now() -> datetime:
    """The laptop's clock: the one place where the laptop asks what time it is."""
    return datetime.now().astimezone()


class Laptop:
    """One profile, opened. With `writing` it is the one program that writes; raises `Busy`, `NotJoined`."""

    def __init__(
        self, folder: Path | None = None, now: Callable[[], datetime] = local_now, *, writing: bool = False
    ) -> None:
        self.profile = Profile(folder or default_folder())
        self.identity: Identity = self.profile.identity()
        self.now = now
        if writing and not self.profile.take():
            raise Busy(self.profile.holder())
        if not writing and not self.profile.replica_path.exists():
            raise NothingYet
        self.replica = Replica(self.profile.replica_path, reading=not writing)

    def __enter__(self) -> Laptop:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def view(self) -> BoardView:
        """The board as it stands here; raises `NothingYet`."""
        view = open_view(self.replica, self.identity, self.now)
        if view is None:
            raise NothingYet
        return view

    def pen(self, view: BoardView) -> Pen:
        """What makes this laptop's changes."""
        return Pen(self.identity, view.chart.campaign.revision, self.now)

    def step(self, unit: Unit, step: str) -> Record:
        """What stands on a unit's step now."""
        address = step_address(unit.code, step)
        return self.replica.records(unit.code).get(address) or Record(address)

    def save(self, changes: Sequence[Change]) -> None:
        """Put entries into the outbox; they are on the disk when this returns."""
        self.replica.save(changes)

    def close(self) -> None:
        """Let go of the file and of the right to write."""
        self.replica.close()
        self.profile.release()


def collisions_in(records: Iterable[Record]) -> int:
    """How many fields hold values that collide."""
    return sum(len(record.collisions()) for record in records)


def joined(folder: Path | None = None) -> bool:
    """Whether this laptop belongs to a board."""
    with suppress(NotJoined):
        Profile(folder or default_folder()).identity()
        return True
    return False
