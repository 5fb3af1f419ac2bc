"""When a board was put back from a backup, and which laptops stood at places that its log no longer holds.

`restored.json` lies in the board's folder and in no backup: it tells of this folder. `guatu-server restore` writes it;
a folder that was put back by hand is noticed by the server, from the first laptop that has read further.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from server.atomic import write_aside
from server.log import Log
from shared.board.log_record import Cursor

FILE: Final = "restored.json"
FORMAT: Final = 1
MAX_RESTORES: Final = 50
MAX_ASTRAY: Final = 500
MAX_OF_ONE: Final = 8
"""What is kept of restores, of astray laptops in all, and of one of them; the oldest go first."""


class Restore(NamedTuple):
    """The log was put back to the head (`seq`, `chain`), before `at`, from a backup made at `backup`.

    One that was noticed has no `backup` but the device that showed it; its head is where the log stood, and its time
    when the server started that noticed.
    """

    at: str
    seq: int
    chain: str
    backup: str | None = None
    noticed_by: str | None = None


class Astray(NamedTuple):
    """A device whose cursor (`seq`, `chain`) was not in this log when the log stood at `head`."""

    device: str
    at: str
    seq: int
    chain: str
    head: int

    @property
    def ahead(self) -> int:
        """How many records it had read beyond the log; none when their numbers have been used again since."""
        return max(0, self.seq - self.head)


@dataclass(frozen=True, slots=True)
class Lineage:
    """All that is noted of a board's folder, the newest last."""

    restores: tuple[Restore, ...] = ()
    astray: tuple[Astray, ...] = ()

    def latest(self) -> Restore | None:
        """The last time that it was put back."""
        return self.restores[-1] if self.restores else None

    def with_restore(self, restore: Restore) -> Lineage:
        """The same with a further restore."""
        return replace(self, restores=(*self.restores, restore)[-MAX_RESTORES:])

    def with_astray(self, astray: Astray) -> Lineage:
        """The same with a further astray laptop."""
        own = [each for each in self.astray if each.device == astray.device]
        gone = own[: max(0, len(own) + 1 - MAX_OF_ONE)]
        kept = tuple(each for each in self.astray if each not in gone)
        return replace(self, astray=(*kept, astray)[-MAX_ASTRAY:])

    def within(self, log: Log) -> Lineage:
        """What is true of this very log: a restore to a place that it does not hold belongs to another one."""
        return replace(self, restores=tuple(each for each in self.restores if log.chain_at(each.seq) == each.chain))


@dataclass(frozen=True, slots=True)
class Opening:
    """How it stood when the server started: its time, its head, and when each device had last been heard of."""

    at: str
    head: Cursor
    heard: Mapping[str, str | None]

    def noticing(self, lineage: Lineage, astray: Astray) -> Lineage | None:
        """What has to be noted of a laptop whose cursor leads nowhere; nothing when that is known already.

        A restore that is noted explains those who were not heard of between it and this start. Anybody else shows
        that the log was put back once more, by hand, before this start.
        """
        if any(each.device == astray.device and each.chain == astray.chain for each in lineage.astray):
            return None
        last = lineage.latest()
        if last is None or _later(self.heard.get(astray.device), last.at):
            hand = Restore(self.at, self.head.seq, self.head.chain, noticed_by=astray.device)
            lineage = lineage.with_restore(hand)
        return lineage.with_astray(astray)


def read(folder: Path) -> Lineage:
    """What is noted in a board's folder; nothing when the file is missing or cannot be read, as a board needs none."""
    try:
        told: Any = orjson.loads((folder / FILE).read_bytes())
        restores = tuple(Restore(**each) for each in told["restores"])
        return Lineage(restores, tuple(Astray(**each) for each in told["astray"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Lineage()


def write(folder: Path, lineage: Lineage) -> None:
    """Note this durably."""
    restores, astray = ([each._asdict() for each in rows] for rows in (lineage.restores, lineage.astray))
    body = {"format": FORMAT, "restores": restores, "astray": astray}
    write_aside(folder / FILE, [orjson.dumps(body, option=orjson.OPT_INDENT_2)])


def _later(heard: str | None, than: str) -> bool:
    return heard is not None and datetime.fromisoformat(heard) > datetime.fromisoformat(than)
