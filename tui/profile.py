"""This laptop's profile: the folder with its data, who it is, and the lock that lets one program write."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

IDENTITY: Final = "profile.json"
REPLICA: Final = "replica.sqlite"
LOCK: Final = "profile.lock"
HOLDER: Final = "profile.holder"


class NotJoined(Exception):
    """This laptop belongs to no board yet; `guatu join URL CODE`."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this device is: the office's address, its token, and what the office said of it when it last spoke."""

    url: str
    token: str
    device: str
    member: str
    role: str
    areas: tuple[str, ...]
    board: str
    campaign: str

    def __repr__(self) -> str:
        return f"Identity(device={self.device!r}, member={self.member!r})"


class Profile:
    """A folder of one laptop. `held` says whether this program is the one that writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / LOCK, blocking=False)
        self.held = False

    @property
    def replica_path(self) -> Path:
        """Where the copy of the board is."""
        return self.folder / REPLICA

    def identity(self) -> Identity:
        """Who this device is; raises `NotJoined`."""
        try:
            body = json.loads((self.folder / IDENTITY).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise NotJoined from None
        return Identity(**{**body, "areas": tuple(body["areas"])})

    def keep(self, identity: Identity) -> None:
        """Remember who this device is, in a file that only its user can read."""
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f".{IDENTITY}.tmp"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 -- the descriptor carries the mode
            json.dump(asdict(identity), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / IDENTITY)

    def update(self, **facts: object) -> Identity:
        """Remember what the office now says of this device."""
        identity = self.identity()
        changed = replace(identity, **facts)  # type: ignore[arg-type]
        if changed != identity:
            self.keep(changed)
        return changed

    def take(self) -> bool:
        """Become the program that writes, unless another is; `holder` then says which."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire()
        except Timeout:
            return False
        self.held = True
        (self.folder / HOLDER).write_text(str(os.getpid()), encoding="ascii")
        return True

    def holder(self) -> str:
        """The process number of the program that writes, as far as it can be told."""
        try:
            return (self.folder / HOLDER).read_text(encoding="ascii")
        except OSError:
            return "?"

    def release(self) -> None:
        """Let another program write."""
        if self.held:
            self.held = False
            self._lock.release()


def default_folder() -> Path:
    """Where the profile is unless `GUATU_HOME` says otherwise."""
    home = os.environ.get("GUATU_HOME")
    if home:
        return Path(home).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415 -- only without GUATU_HOME

    return user_data_path("guatu", appauthor=False)
