"""Entries that come in on a stick: read and checked as a whole, then through the ledger like any others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import ValidationError

from server.commit import MAX_GROUP, MAX_GROUP_BYTES
from server.members import Entry
from server.offered import ID_REUSED, MALFORMED, Author, Offered, Outcome, Submission, offer
from server.office import Office
from server.taken import Stand, Taken
from shared import protocol
from shared.attached import hashes_in
from shared.board.change import is_id
from shared.board.log_record import Cursor
from shared.board.record import kind_of, owner_of, unit_address
from shared.bundle import BundleWrong, Header, Purpose, header_of, unpack

MANY: Final = 10
"""A bundle that changes the state of steps on more than one in so many units, and on several, waits for a word."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A bundle of entries that has been checked: whose it is, where that laptop stands, and what it offers.

    `lost`: entries that no log could keep. `files`: the hashes of the files that go with it, in a folder beside.
    """

    entry: Entry
    cursor: Cursor | None
    areas: tuple[str, ...] | None
    offered: tuple[Offered, ...]
    lost: tuple[Outcome, ...]
    files: tuple[str, ...] = ()

    @property
    def author(self) -> Author:
        """Who speaks; one whose rights have ended is marked as such."""
        return self.entry.author._replace(revoked=self.entry.revoked is not None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a bundle: how many entries it held, how many of them are new here, and the outcomes counted."""

    entries: int
    new: int
    outcomes: Mapping[str, int]


def read(office: Office, packed: bytes) -> Parcel:
    """Check a bundle and everything in it; raises `BundleWrong`, and nothing has been taken then."""
    header = header_of(packed)
    if header.purpose is not Purpose.ENTRIES:
        raise BundleWrong("other-purpose", purpose=header.purpose)
    if header.board != office.log.board:
        raise BundleWrong("bundle-of-other-board")
    entry = entry_of(office, header.device)
    bodies, files = _read(unpack(packed, entry.token))
    found = [offer(body) or Outcome(_id_of(body), MALFORMED, None) for body in bodies]
    offered = tuple(each for each in found if isinstance(each, Offered))
    lost = tuple(each for each in found if isinstance(each, Outcome))
    return Parcel(entry, _cursor(header), _areas(header), offered, lost, files)


def entry_of(office: Office, device: str) -> Entry:
    """Who speaks with a device, by the roll; raises `unknown-device`."""
    for entry in office.members.roll():
        if entry.author.device == device:
            return entry
    raise BundleWrong("unknown-device", device=device)


def reached(office: Office, parcel: Parcel) -> tuple[int, int]:
    """On how many units a bundle would change the state of steps, and of how many."""
    known = office.log.find(bytes.fromhex(each.id) for each in parcel.offered)
    units = {
        owner_of(change.record)
        for each in parcel.offered
        if (change := each.change) is not None and kind_of(change.record) == "step" and "state" in change.values
        if bytes.fromhex(each.id) not in known and not parcel.author.revoked
        if change.values["state"] != _standing(office, change.record)
    }
    return sum(office.store.get(unit_address(code)) is not None for code in units), office.store.count("unit")


def take(office: Office, parcel: Parcel, taken: Taken) -> Receipt:
    """Put a bundle's entries through the ledger, portion by portion, and remember where its laptop stands.

    What has been taken before gets its first outcome again; a take that broke off goes on.
    """
    before = office.log.find(bytes.fromhex(each.id) for each in parcel.offered)
    outcomes = [*parcel.lost]
    for portion in _portions(parcel.offered):
        outcomes += office.submit([Submission(parcel.author, portion)])[0]
    seq = parcel.cursor.seq if parcel.cursor is not None else 0
    told = tuple(each for each in outcomes if each.seq is None or each.seq <= seq or each.outcome == ID_REUSED)
    taken.note(parcel.author.device, Stand(parcel.cursor, parcel.areas, told))
    if not parcel.author.revoked:
        now = office.clock().isoformat(timespec="seconds")
        office.members.note_heard({parcel.author.device: (now, seq)})
    counted = Counter(each.outcome for each in outcomes)
    return Receipt(
        len(outcomes), len({each.id for each in parcel.offered}) - len(before), dict(sorted(counted.items()))
    )


def _read(lines: Iterator[bytes]) -> tuple[list[Any], tuple[str, ...]]:
    """The changes in a bundle, and which files go with it; lines of kinds unknown here are for newer offices."""
    bodies: list[Any] = []
    files: list[str] = []
    for number, line in enumerate(lines, 2):
        try:
            if len(line) > protocol.MAX_FRAME:
                raise ValueError
            frame = orjson.loads(line)
            match frame["kind"]:
                case "push":
                    bodies += protocol.Push.model_validate(frame).changes
                case "files":
                    files += hashes_in(frame)
        except (ValidationError, ValueError, KeyError, TypeError):
            raise BundleWrong("bad-line", line=number) from None
    return bodies, tuple(dict.fromkeys(files))


def _cursor(header: Header) -> Cursor | None:
    told = header.more.get("cursor")
    try:
        return protocol.Place.model_validate(told).cursor() if told is not None else None
    except ValidationError:
        raise BundleWrong("bad-line", line=1) from None


def _areas(header: Header) -> tuple[str, ...] | None:
    told = header.more.get("areas")
    if told is None:
        return None
    if not isinstance(told, list) or len(told) > protocol.MAX_AREAS or not all(isinstance(a, str) for a in told):
        raise BundleWrong("bad-line", line=1)
    return tuple(told)


def _id_of(body: Any) -> str:
    found = body.get("id") if isinstance(body, dict) else None
    return str(found) if is_id(found) else ""


def _standing(office: Office, address: str) -> Any:
    record = office.store.get(address)
    return record.value("state", "todo") if record is not None else "todo"


def _portions(offered: tuple[Offered, ...]) -> Iterator[tuple[Offered, ...]]:
    """What one transaction takes each: so many, and so many bytes but for one."""
    portion: list[Offered] = []
    size = 0
    for each in offered:
        size += len(each.body)
        if portion and (len(portion) >= MAX_GROUP or size > MAX_GROUP_BYTES):
            yield tuple(portion)
            portion, size = [], len(each.body)
        portion.append(each)
    if portion:
        yield tuple(portion)
