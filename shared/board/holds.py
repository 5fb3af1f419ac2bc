"""Held changes: what the office stored and did not let count, until somebody who may releases or declines it.

A held change stands on a record of its own, `hold/<owner>/<its id>`, with the fields `status`, `device` and, when it is
small, `change`. Releasing and declining are ordinary changes of that record: `verdict`, `reason`, `of` (the device that
sent the held one) and, to release, `change`, the held change whole. So whoever folds a release needs nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import orjson

from shared.board.change import JSON, Change, Undecodable, from_json
from shared.board.log_record import APPLIED, HELD
from shared.board.record import kind_of, owner_of

KIND: Final = "hold"
OFFICE_OWNER: Final = "office"
"""Whose a held change is that names no record at all."""
OTHER_AUTHOR: Final = HELD + "other-author"
"""Of a change that names another author or device than the one that sent it."""
UNPROVEN: Final = HELD + "unproven"
"""Of a record that was given back without a proof of the office's: whose it says it is, nobody knows."""
MAX_KEPT: Final = 4096
"""Bytes up to which a held change stands in full on its record; a larger one is read from the log."""


FIELDS: Final = frozenset(("verdict", "reason", "of", "change"))
"""What a verdict may set."""


class Verdict(StrEnum):
    """What became of a held change."""

    RELEASED = "released"
    DECLINED = "declined"


def hold_address(owner: str, change_id: str) -> str:
    """The record on which a held change stands."""
    return f"{KIND}/{owner or OFFICE_OWNER}/{change_id}"


def effects(status: str, device: str, change: Change | None, body: bytes) -> tuple[Change, ...]:
    """What one record of the log does to the board, as changes for the reducer; empty for what says nothing.

    An applied change counts as it is, and a release lets the change it holds count too. A held one is noted on its
    record. `body` are the canonical bytes of `change`, which is nothing when no format known here reads them.
    """
    if status != APPLIED:
        return (_noted(status, device, change, body),)
    if change is None:
        return ()
    if kind_of(change.record) != KIND:
        return (change,)
    released = released_by(change)
    return (change,) if released is None else (change, released)


def released_by(change: Change) -> Change | None:
    """The change that this one releases, or nothing when it releases none."""
    if kind_of(change.record) != KIND or change.values.get("verdict") != Verdict.RELEASED:
        return None
    try:
        return from_json(change.values.get("change"))
    except Undecodable:
        return None


def _noted(status: str, device: str, change: Change | None, body: bytes) -> Change:
    said: JSON = orjson.loads(body)
    if change is not None and status != OTHER_AUTHOR:  # whoever brings it back later: it is for its author to know
        device = change.device
    values: dict[str, JSON] = {"status": status, "device": device}
    if len(body) <= MAX_KEPT:
        values["change"] = said
    address = hold_address(owner_of(change.record) if change else "", said["id"])
    author, at = (change.author, change.at) if change else ("?", "?")
    return Change(said["id"], address, values, {}, author, device, at)
