"""This laptop's profile: the folder with its data, who it is, and the lock that lets one program write."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

IDENTITY: Final = "profile.json"
REPLICA: Final = "replica.sqlite"
LOCK: Final = "profile.lock"
HOLDER: Final = "profile.holder"
PRIVATE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700


class NotJoined(Exception):
    """This laptop belongs to no board yet; `guatu join URL CODE`."""


class ProfileDamaged(Exception):
    """The file that says who this device is cannot be read; everything entered is in the replica beside it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this device is: the office's address, its token, and what the office said of it when it last spoke."""

    url: str
    token: str = field(repr=False)
    device: str
    member: str
    role: str
    areas: tuple[str, ...]
    board: str
    campaign: str


class Profile:
    """A folder of one laptop. `held` says whether this program is the one that writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / LOCK, blocking=False, mode=PRIVATE, thread_local=False)
        self._identity: Identity | None = None
        self.held = False

    @property
    def replica_path(self) -> Path:
        """Where the copy of the board is."""
        return self.folder / REPLICA

    def identity(self) -> Identity:
        """Who this device is, read once; raises `NotJoined` or `ProfileDamaged`."""
        if self._identity is None:
            self._identity = _read(self.folder / IDENTITY)
        return self._identity

    def keep(self, identity: Identity) -> None:
        """Remember who this device is, in a file that only its user can read."""
        self._make_folder()
        aside = self.folder / f".{IDENTITY}.tmp"
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 -- the descriptor carries the mode
            json.dump(asdict(identity), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / IDENTITY)
        sync_folder(self.folder)
        self._identity = identity

    def update(self, **facts: Any) -> Identity:
        """Remember what the office now says of this device; writes only when it says something new."""
        identity = self.identity()
        changed = replace(identity, **facts)
        if changed != identity:
            self.keep(changed)
        return changed

    def take(self) -> bool:
        """Become the program that writes, unless another is; `holder` then says which."""
        self._make_folder()
        try:
            self._lock.acquire()
        except Timeout:
            return False
        self.held = True
        self._identity = None
        (self.folder / HOLDER).write_text(str(os.getpid()), encoding="ascii")
        return True

    def holder(self) -> str:
        """The process number of the program that writes, as far as it can be told."""
        with suppress(OSError, ValueError):
            return str(int((self.folder / HOLDER).read_text(encoding="ascii")))
        return "?"

    def release(self) -> None:
        """Let another program write."""
        if self.held:
            self.held = False
            self._lock.release()

    def _make_folder(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)


def default_folder() -> Path:
    """Where the profile is unless `GUATU_HOME` says otherwise."""
    home = os.environ.get("GUATU_HOME")
    if home:
        return Path(home).expanduser()
    from platformdirs import user_data_path  # noqa: PLC0415 -- only without GUATU_HOME

    return user_data_path("guatu", appauthor=False)


def _read(path: Path) -> Identity:
    """The identity in a file; keys that a newer guatu has put there do no harm."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        known = {each.name: body[each.name] for each in fields(Identity)}
        return Identity(**{**known, "areas": tuple(known["areas"])})
    except FileNotFoundError:
        raise NotJoined from None
    except (ValueError, TypeError, KeyError):
        raise ProfileDamaged(path.name) from None


def sync_folder(folder: Path) -> None:
    """Make sure that a file put into a folder is found there after a power cut; Windows does so by itself."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
