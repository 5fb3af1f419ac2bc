"""What comes from the office on a stick: read and checked as a whole, then taken in as what comes over the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import orjson
from pydantic import ValidationError

from shared import protocol
from shared.attached import hashes_in
from shared.board.log_record import Cursor, LogRecord, decode
from shared.bundle import BundleWrong, Header, Purpose, unpack
from shared.campaign.codec import parse_trusted
from shared.campaign.problems import CampaignInvalid
from tui import attachments
from tui.faults import Fault
from tui.frames import batch_of
from tui.greeting import note_welcome
from tui.profile import Identity
from tui.replica import READ_AT, Batch, Replica

_UNREADABLE: Final = (ValidationError, CampaignInvalid, Fault, ValueError, KeyError, TypeError, AttributeError)


class Page(NamedTuple):
    """A page of the log up to one record, and where the one before it ends."""

    upto: int
    records: tuple[LogRecord, ...]
    before: int


class Taken(NamedTuple):
    """What a bundle did: own entries that landed, and records that came."""

    pushed: int = 0
    pulled: int = 0


@dataclass(slots=True)
class Contents:
    """All that a bundle of the office holds but the units of its snapshot, which are read when they are taken in."""

    header: Header
    to: Cursor
    stands: Cursor | None = None
    campaign: tuple[str, bytes] | None = None
    welcome: protocol.Welcome | None = None
    areas: tuple[str, ...] | None = None
    """Those of the snapshot, if there is one."""
    batches: list[Batch] = field(default_factory=list)
    outcomes: list[tuple[str, str, int | None]] = field(default_factory=list)
    past: list[Page] = field(default_factory=list)
    heard: Mapping[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    """The hashes of the files that this laptop has given and that the office has."""

    def add(self, body: Any) -> None:
        """Take in what one line says; kinds unknown here are for newer laptops."""
        match body["kind"]:
            case "campaign":
                self.campaign = str(body["digest"]), body["body"].encode()
                parse_trusted(orjson.loads(self.campaign[1]))
            case "snapshot":
                self.areas = tuple(map(str, body["areas"]))
            case "unit":
                _unit(body)
            case "files":
                self.files += hashes_in(body)
            case "past":
                records = tuple(decode(record) for record in body["records"])
                self.past.append(Page(int(body["upto"]), records, int(body["before"])))
            case "welcome" | "batch" | "ack" | "heard":
                self._add_frame(protocol.server_frames.validate_python(body))

    def _add_frame(self, frame: protocol.ServerFrame) -> None:
        match frame:
            case protocol.Welcome():
                self.welcome = frame
            case protocol.Batch():
                self.batches.append(batch_of(frame))
            case protocol.Ack():
                self.outcomes += [(each.id, each.outcome, each.seq) for each in frame.results if each.id]
            case protocol.Heard():
                self.heard = frame.areas


def read(header: Header, packed: bytes, secret: bytes) -> Contents:
    """Check a bundle's seal and every line of it; raises `BundleWrong`, and nothing has been taken then."""
    number = 1
    try:
        stands = header.more.get("stands")
        contents = Contents(header, _cursor(header.more["to"]), _cursor(stands) if stands is not None else None)
        for line in unpack(packed, secret):
            number += 1
            contents.add(orjson.loads(line))
    except _UNREADABLE:
        raise BundleWrong("bad-line", line=number) from None
    if not _whole(contents):
        raise BundleWrong("bad-line", line=1)
    return contents


def identity_in(header: Header) -> Identity:
    """Who a laptop is that starts from this bundle; raises `BundleWrong`."""
    told = header.more
    names = ("url", "token", "member", "role", "campaign")
    if not all(isinstance(told.get(name), str) for name in names) or not isinstance(told.get("areas"), list):
        raise BundleWrong("bad-line", line=1)
    texts = {name: str(told[name]) for name in names}
    return Identity(device=header.device, board=header.board, areas=tuple(map(str, told["areas"])), **texts)


def begin(replica: Replica, contents: Contents, lines: Iterable[bytes]) -> Taken:
    """Start from a bundle, unless this laptop has read further already; what was entered here stays."""
    cursor, to = replica.cursor(), contents.to
    if cursor is not None and cursor.seq >= to.seq and set(replica.areas() or ()) == set(contents.areas or ()):
        return Taken()
    _install(replica, contents, lines)
    _note(replica, contents)
    return Taken(0, to.seq)


def follow(replica: Replica, contents: Contents, lines: Iterable[bytes]) -> Taken:
    """Take in the office's answers, once; raises `BundleWrong` when they do not follow on what stands here.

    What a crash left half done is done by taking them again.
    """
    cursor, to = replica.cursor(), contents.to
    pushed = pulled = 0
    if cursor != to:
        if cursor is not None and cursor.seq >= to.seq and cursor != contents.stands:
            return Taken()  # this laptop has been told more than that already
        if contents.areas is not None:
            _install(replica, contents, lines)
            pulled = max(0, to.seq - (cursor.seq if cursor is not None else 0))
        else:
            pushed, pulled = _apply(replica, contents, cursor)
    pushed += len(replica.note_outcomes(contents.outcomes).status)
    _note(replica, contents)
    return Taken(pushed, pulled)


def _whole(contents: Contents) -> bool:
    """Whether all is there that its header promises."""
    header = contents.header
    anew = header.purpose is Purpose.START or bool(header.more.get("anew"))
    greeted = contents.campaign is not None and contents.welcome is not None
    return greeted and contents.to.board == header.board and anew == (contents.areas is not None)


def _install(replica: Replica, contents: Contents, lines: Iterable[bytes]) -> None:
    healing = replica.cursor() is not None
    units = (_unit(body) for line in lines if (body := orjson.loads(line))["kind"] == "unit")
    replica.install(contents.to, units, areas=contents.areas, campaign=contents.campaign, healing=healing)


def _apply(replica: Replica, contents: Contents, cursor: Cursor | None) -> tuple[int, int]:
    """Apply the batches from here on, one after the other, each in a transaction of its own."""
    places = [batch.start for batch in contents.batches]
    if cursor not in places:
        raise BundleWrong("does-not-follow")
    _keep_campaign(replica, contents)
    pushed = pulled = 0
    for batch in contents.batches[places.index(cursor) :]:
        applied = replica.apply(batch)
        if applied is None:
            raise BundleWrong("does-not-follow")
        pushed, pulled = pushed + len(applied.landed), pulled + len(batch.records)
    return pushed, pulled


def _note(replica: Replica, contents: Contents) -> None:
    """What goes with the records: history, the campaign, whom the office has heard of, and of when all this is."""
    _keep_campaign(replica, contents)
    for page in contents.past:
        replica.bygone.keep(*page)
    if contents.welcome is not None:
        note_welcome(replica, contents.welcome)
    replica.set_meta("heard", orjson.dumps(contents.heard).decode())
    replica.set_meta(READ_AT, contents.header.made_at)
    attachments.note_confirmed(replica, attachments.own(replica).keys() & set(contents.files))


def _keep_campaign(replica: Replica, contents: Contents) -> None:
    if contents.campaign is not None and replica.meta("campaign-digest") != contents.campaign[0]:
        replica.keep_campaign(*contents.campaign)


def _unit(body: Any) -> tuple[str, bytes]:
    owner, records = body["owner"], body["records"]
    if not isinstance(owner, str) or not all(isinstance(record["entries"], list) for record in records.values()):
        raise TypeError(owner)
    return owner, orjson.dumps(records)


def _cursor(body: Any) -> Cursor:
    return protocol.Place.model_validate(body).cursor()
