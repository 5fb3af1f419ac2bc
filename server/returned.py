"""After a restore: which laptops gave back what the backup did not hold, and from whom nothing has come yet.

An entry has come back when the log holds it behind the restore and it carries the office's own time from before, or
another device than its author's handed it in, or its own laptop says that it is older. The last goes by that laptop's
clock, and takes in what had never been sent: nobody can tell these apart any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from server import lineage
from server.lineage import Astray, Lineage, Restore
from server.log import Log, SqliteLog
from server.members import Device, Members
from server.offered import OFFICE
from server.office import LOG, MEMBERS, NotABoard, utc_now
from shared.board.holds import OTHER_AUTHOR
from shared.board.log_record import LogRecord

_PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Returned:
    """What one device gave back: `own` entries and those of others, how many of all are held, and whose they are."""

    device: str
    member: str
    title: str
    entries: int
    own: int
    held: int
    authors: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Silent:
    """A device that may speak and has not been heard of since the restore; `heard` is when it last was, if ever."""

    device: str
    member: str
    title: str
    heard: str | None


@dataclass(frozen=True, slots=True)
class Healing:
    """The last restore of a board and what has come of it; no `restore` when none is known."""

    restore: Restore | None
    head: int
    returned: tuple[Returned, ...] = ()
    silent: tuple[Silent, ...] = ()
    astray: tuple[Astray, ...] = ()
    earlier: tuple[Restore, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The report for other programs."""
        return {
            "restored": None if self.restore is None else self.restore._asdict(),
            "head": self.head,
            "returned": [asdict(each) for each in self.returned],
            "silent": [asdict(each) for each in self.silent],
            "astray": [{**each._asdict(), "ahead": each.ahead} for each in self.astray],
            "earlier": [each._asdict() for each in self.earlier],
        }


def healing(folder: Path) -> Healing:
    """How far a board has healed since it was last put back; looks only, also beside a running server."""
    if not (folder / LOG).exists():
        raise NotABoard(folder.name)
    with closing(SqliteLog(folder / LOG)) as log, closing(Members(folder / MEMBERS, utc_now)) as people:
        return _healing(lineage.read(folder).within(log), log, people)


def _healing(noted: Lineage, log: Log, people: Members) -> Healing:
    restore, head = noted.latest(), log.head().seq
    if restore is None:
        return Healing(None, head)
    since, devices = _moment(restore.at), {device.id: device for device in people.devices()}
    ended = {member.name for member in people.members() if member.revoked is not None}
    astray = tuple(each for each in noted.astray if _moment(each.at) >= since)
    returned = _returned(log, restore, devices)
    # A running server writes down only now and then whom it has heard; the log and the lineage know at once.
    spoke = {record.device for record, _change in _after(log, restore.seq)} | {each.device for each in astray}
    silent = [
        Silent(each.id, each.member, each.title, each.heard)
        for each in devices.values()
        if each.member not in ended and each.id not in spoke and (each.heard is None or _moment(each.heard) < since)
    ]
    return Healing(restore, head, tuple(returned), tuple(silent), astray, noted.restores[:-1])


def _returned(log: Log, restore: Restore, devices: Mapping[str, Device]) -> list[Returned]:
    """What came back from whom, the most first."""
    since = _moment(restore.at)
    entries: dict[str, Counter[str]] = {}
    own: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for record, change in _after(log, restore.seq):
        mine = change.get("device") == record.device
        # What somebody handed in under another's name is nothing that came back.
        if record.status == OTHER_AUTHOR or (mine and not _old(record, change, since)):
            continue
        entries.setdefault(record.device, Counter())[str(change.get("author"))] += 1
        own[record.device] += mine
        held[record.device] += not record.applied
    return sorted(
        (
            Returned(
                device=device,
                member=devices[device].member if device in devices else device,
                title=devices[device].title if device in devices else "",
                entries=authors.total(),
                own=own[device],
                held=held[device],
                authors=dict(sorted(authors.items())),
            )
            for device, authors in entries.items()
        ),
        key=lambda each: (-each.entries, each.device),
    )


def _after(log: Log, seq: int) -> Iterator[tuple[LogRecord, Mapping[str, Any]]]:
    while records := log.read(seq, _PAGE):
        for record in records:
            yield record, orjson.loads(record.body)
        seq = records[-1].seq


def _old(record: LogRecord, change: Mapping[str, Any], since: datetime) -> bool:
    """Whether the office or the laptop says that this is older; the office's own commands enter on the spot."""
    if _before(record.at, since):
        return True
    return record.device != OFFICE.device and _before(change.get("at"), since)


def _before(at: object, since: datetime) -> bool:
    try:
        return isinstance(at, str) and _moment(at) < since
    except ValueError:
        return False


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
