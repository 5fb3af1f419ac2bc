"""Drafts for a log, as the ledger makes them."""

from __future__ import annotations

import secrets

from server.log import Draft
from shared.board.change import content_hash, encode
from shared.board.record import owner_of
from tests.small import LEAD, VILLAGE, entry


def draft(change_id: str = "", address: str = f"step/{VILLAGE}/1.1", status: str = "applied", text: str = "") -> Draft:
    """A draft of an entry with this id, or one of its own."""
    change = entry(LEAD, address, {"note": text}, change_id=change_id or secrets.token_hex(16))
    body = encode(change)
    at = "2026-04-10T04:00:00.000+00:00"
    key = bytes.fromhex(change.id)
    return Draft(key, content_hash(body), address, owner_of(address), status, LEAD.device, at, body)
