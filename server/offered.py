"""What devices offer and what becomes of it, as values: the ledger's way in and its way out."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from shared.board.change import MAX_STORED, Change, Undecodable, canonical, from_json, is_id
from shared.board.log_record import HELD, LogRecord
from shared.rights import EVERYWHERE, Role

ENVELOPE: Final = 16
"""How many levels of JSON the board, a batch or a snapshot may put around a change."""
ID_REUSED: Final = "id-reused"
MALFORMED: Final = "malformed"


class Author(NamedTuple):
    """Whose device speaks: the member, what they may do and where; `revoked` when that has ended."""

    device: str
    member: str
    role: Role
    areas: tuple[str, ...]
    revoked: bool = False


OFFICE: Final = Author("office", "office", Role.ADMIN, (EVERYWHERE,))
"""Who the office's own commands and its server's own entries speak as."""


class Returned(NamedTuple):
    """How an entry that comes back once stood in the log; `proven` when the office recognises its own record."""

    status: str
    at: str
    proven: bool


class Offered(NamedTuple):
    """A change as it came in: its id, its canonical bytes, and the change where some format reads it.

    `returned` is there for a record that some laptop brings back to an office that has lost it.
    """

    id: str
    body: bytes
    change: Change | None
    returned: Returned | None = None


class Submission(NamedTuple):
    """What one device offers at once, in the order in which it was entered."""

    author: Author
    offered: tuple[Offered, ...]


class Outcome(NamedTuple):
    """What became of one change: `applied`, `held:<reason>`, `id-reused` or `malformed`, and its seq if it has one."""

    id: str
    outcome: str
    seq: int | None


def offer(body: Any) -> Offered | None:
    """Read one change as it came in; nothing when the log could not keep it: no id, too deep, or beyond all bounds."""
    if not isinstance(body, dict) or not is_id(body.get("id")):
        return None
    encoded = _encoded(body)
    if encoded is None or len(encoded) > MAX_STORED:
        return None
    try:
        return Offered(body["id"], encoded, from_json(body))
    except Undecodable:
        return Offered(body["id"], encoded, None)


def returned(body: Any, proven: LogRecord | None) -> Offered | None:
    """Read one record that a laptop brings back, with what the office makes of its proof; nothing as with `offer`."""
    offered = offer(body.get("change")) if isinstance(body, dict) else None
    if offered is None:
        return None
    status, at = (proven.status, proven.at) if proven is not None else (HELD, "")
    return offered._replace(returned=Returned(status, at, proven is not None))


def _encoded(body: Any) -> bytes | None:
    """The canonical bytes, or nothing when it nests so deep that no JSON writer would take it with what goes around."""
    for _ in range(ENVELOPE):
        body = [body]
    try:
        return canonical(body)[ENVELOPE:-ENVELOPE]
    except TypeError:
        return None
