"""What is held: own entries in need of a look, and for those who may decide all that is held in their areas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from shared.board import holds
from shared.board.change import JSON, Change, Undecodable, from_json, to_json
from shared.board.history import Event
from shared.board.holds import Verdict, hold_address
from shared.board.log_record import LogRecord
from shared.board.record import Record, kind_of, owner_of, rest_of
from shared.board.standing import settled
from shared.rights import Action, actions_of, may, role_of
from tui.chronicle import entered
from tui.entry import Pen, Problem
from tui.profile import Identity
from tui.replica import Replica
from tui.waiting import Look


@dataclass(frozen=True, slots=True)
class Held:
    """An entry in need of a look.

    `status` is `held:<reason>`, `declined`, `refused` or `asking`. `body` is the entry as it was made; `change` is
    nothing when no format known here reads it. `owner` is whose record it stands on. `by` and `reason`: who decided and
    why, if somebody has. `mine`: it was entered here. `device`: which one sent it.
    """

    id: str
    status: str
    at: str
    owner: str
    device: str
    body: JSON
    change: Change | None
    mine: bool
    by: str = ""
    reason: str = ""


def own(replica: Replica) -> list[Held]:
    """Own entries in need of a look."""
    return [_own(look) for look in replica.looks.every()]


def to_decide(replica: Replica, identity: Identity) -> list[Held]:
    """All that is held and undecided where this person may decide, whoever entered it; in the order of addresses."""
    found: list[Held] = []
    for owner, shown in replica.every():
        if may_decide(identity, owner):
            values = shown.standing.values
            found += [
                _held(address, values[address], replica) for address in values if _undecided(address, values[address])
            ]
    return sorted(found, key=lambda each: (each.owner, each.id))


def every(replica: Replica, identity: Identity) -> Iterator[Held]:
    """Own entries in need of a look, then what else there is to decide; each entry once."""
    mine = own(replica)
    known = {held.id for held in mine}
    yield from mine
    yield from (held for held in to_decide(replica, identity) if held.id not in known)


class Undecided(NamedTuple):
    """A held entry that waits for a decision, with its record as it was when it was shown."""

    held: Held
    shown: Record


def undecided(replica: Replica, owners: Iterable[str], limit: int) -> list[Undecided]:
    """What is held on the records of these owners and not decided, at most so many, in the order of addresses."""
    found: list[Undecided] = []
    for owner in owners:
        for address, record in sorted(replica.records(owner).items()):
            if len(found) < limit and _undecided(address, settled(record)):
                found.append(Undecided(_held(address, settled(record), replica), record))
    return found


def may_decide(identity: Identity, owner: str) -> bool:
    """Whether this person may release or decline what is held on this owner's records."""
    return may(role_of(identity.role), identity.areas, owner, frozenset({Action.DECIDE}))


def event_of(replica: Replica, held: Held) -> Event | None:
    """What a held entry would do if it counted now, to be told; nothing when it cannot be read."""
    if held.change is None:
        return None
    return entered(held.change, replica.records(owner_of(held.change.record)).get(held.change.record))


def decide(
    replica: Replica, pen: Pen, held: Held, verdict: Verdict, reason: str, shown: Record | None = None
) -> Change | Problem:
    """The change that releases or declines a held entry; a release carries it whole, to the letter.

    `shown`: its record as the person saw it, if that is not what stands now.
    """
    address = hold_address(held.owner, held.id)
    shown = shown or replica.records(held.owner).get(address) or Record(address)
    values: dict[str, JSON] = {"verdict": verdict.value, "of": shown.value("device") or held.device}
    if reason:
        values["reason"] = reason
    if verdict is Verdict.RELEASED:
        if held.change is None:
            return Problem("unreadable", "change")
        if kind_of(held.change.record) == holds.KIND:
            return Problem("decide-anew", "change")
        if not _may_enter(replica, pen.identity, held.change):
            return Problem("no-right", "state")
        values["change"] = _whole(replica, shown, held)
    return pen.change(shown, values)


def _own(look: Look) -> Held:
    change = look.change
    return Held(
        change.id, look.status, look.at, owner_of(change.record), change.device, to_json(change), change, mine=True,
        by=look.by, reason=look.reason,
    )  # fmt: skip


def _undecided(address: str, values: JSON) -> bool:
    return kind_of(address) == holds.KIND and not values.get("verdict") and "status" in values


def _held(address: str, values: JSON, replica: Replica) -> Held:
    change_id, logged = rest_of(address), _logged(replica, rest_of(address))
    body = values.get("change") or (orjson.loads(logged.body) if logged is not None else None)
    change = _readable(body)
    at = logged.at if logged is not None else change.at if change is not None else ""
    return Held(
        change_id, str(values["status"]), at, owner_of(address), str(values.get("device")), body, change, mine=False
    )


def _whole(replica: Replica, shown: Record, held: Held) -> JSON:
    """The entry as the office has it: a release is about this very content."""
    logged = _logged(replica, held.id)
    return shown.value("change") or (orjson.loads(logged.body) if logged is not None else held.body)


def _logged(replica: Replica, change_id: str) -> LogRecord | None:
    return next(iter(replica.bygone.give([change_id])), None)


def _readable(body: JSON) -> Change | None:
    try:
        return from_json(body)
    except Undecodable:
        return None


def _may_enter(replica: Replica, identity: Identity, change: Change) -> bool:
    """Whether somebody may enter this themselves; only what they may, they may let count."""
    standing = replica.records(owner_of(change.record)).get(change.record)
    return may(role_of(identity.role), identity.areas, owner_of(change.record), actions_of(change, standing))
