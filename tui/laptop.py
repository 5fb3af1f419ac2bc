"""This laptop, opened: its profile, its replica and the board as they stand, for commands and screens alike."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from shared.board.change import Change
from shared.board.record import Record, step_address
from shared.roster import Unit, canonical_code
from tui.disk import NothingWritten, OlderFormat
from tui.entry import Pen
from tui.profile import Identity, Profile, default_folder
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
    """One profile, opened, by the one program that writes when `writing`. Raises `Busy`, `NotJoined`, `NothingYet`."""

    def __init__(
        self, folder: Path | None = None, now: Callable[[], datetime] = local_now, *, writing: bool = False
    ) -> None:
        self.profile = Profile(folder or default_folder())
        self.profile.identity()
        self.now = now
        if writing and not self.profile.take():
            raise Busy(self.profile.holder())
        try:
            self.identity: Identity = self.profile.identity()
            self.replica = self._open(writing=writing)
        except BaseException:
            self.profile.release()
            raise

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

    def check(self) -> None:
        """Make sure that there is a board to speak of; raises `NothingYet`."""
        if self.replica.cursor() is None or not self.replica.meta("campaign"):
            raise NothingYet

    def find(self, wanted: str) -> tuple[BoardView, list[Unit]]:
        """The units a person means, and a board that holds them; a code is looked up without reading all others."""
        code = canonical_code(wanted)
        one = open_view(self.replica, self.identity, self.now, only=code) if code else None
        view = one or self.view()
        return view, view.find(wanted)

    def pen(self, view: BoardView) -> Pen:
        """What makes this laptop's changes."""
        return Pen(self.identity, view.chart.campaign.revision, self.now, redo=view.redo, check=view.check)

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

    def _open(self, *, writing: bool) -> Replica:
        path = self.profile.replica_path
        if writing:
            return self._writing(path)
        if not path.exists():
            raise NothingYet
        try:
            return Replica(path, reading=True)
        except NothingWritten:
            raise NothingYet from None
        except OlderFormat:
            self._bring_up_to_date(path)
            return Replica(path, reading=True)

    def _writing(self, path: Path) -> Replica:
        return Replica(path, device=self.identity.device, room=lambda: shutil.disk_usage(path.parent).free)

    def _bring_up_to_date(self, path: Path) -> None:
        """Put a file of an earlier guatu into this one's form, unless that one is writing to it right now."""
        if not self.profile.take():
            raise Busy(self.profile.holder())
        try:
            self._writing(path).close()
        finally:
            self.profile.release()
