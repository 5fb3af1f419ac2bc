"""A change as the office's log holds it: numbered, judged, dated, chained to the one before."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import orjson

from shared.board.change import JSON, Change, Undecodable, from_json

APPLIED: Final = "applied"
HELD: Final = "held:"


class Cursor(NamedTuple):
    """A place in one board's log: after record `seq`, whose chain value is `chain` (32 hex digits)."""

    board: str
    seq: int
    chain: str


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line of the log. `body` holds the change's canonical bytes; `at` is the server's time, ISO 8601 in UTC.

    `status` is `applied` or `held:<reason>`. `chain` is BLAKE2b-128 over the previous chain and this record. `proof` is
    the office's word that this is its own, which only travels and never counts as content.
    """

    seq: int
    body: bytes
    status: str
    device: str
    at: str
    chain: str
    proof: str = field(default="", compare=False)

    @property
    def applied(self) -> bool:
        """Whether the change counts on the board."""
        return self.status == APPLIED

    @property
    def id(self) -> str:
        """The id of what was entered."""
        return str(orjson.loads(self.body)["id"])

    def change(self) -> Change | None:
        """The change itself, or nothing when no format known here reads it."""
        try:
            return from_json(orjson.loads(self.body))
        except Undecodable:
            return None

    def encode(self) -> bytes:
        """The record as it travels: one JSON object, led by the proof if it has one."""
        proof = b'"proof":"%b",' % self.proof.encode() if self.proof else b""
        return b'{%b"chain":"%b",%b' % (proof, self.chain.encode(), _rest(self))

    def witnessed(self) -> bytes:
        """What a proof is about: everything that holds wherever the record stands in a log."""
        return _standing(self)


def genesis(board: str) -> str:
    """The chain value before the first record of a board."""
    return hashlib.blake2b(board.encode(), digest_size=16).hexdigest()


def link(previous: str, record: LogRecord) -> str:
    """The chain value of a record that follows `previous`."""
    return hashlib.blake2b(bytes.fromhex(previous) + _rest(record), digest_size=16).hexdigest()


def _rest(record: LogRecord) -> bytes:
    return b'"seq":%d,%b' % (record.seq, _standing(record))


def _standing(record: LogRecord) -> bytes:
    return b'"status":%b,"device":%b,"at":%b,"change":%b}' % (
        orjson.dumps(record.status),
        orjson.dumps(record.device),
        orjson.dumps(record.at),
        record.body,
    )


def decode(body: JSON) -> LogRecord:
    """The record that travelled as `body`; raises KeyError or TypeError when it is none."""
    change = orjson.dumps(body["change"], option=orjson.OPT_SORT_KEYS)
    proof = str(body.get("proof", ""))
    return LogRecord(body["seq"], change, body["status"], body["device"], body["at"], body["chain"], proof)
