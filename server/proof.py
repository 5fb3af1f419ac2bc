"""The office's proof that a record is its own: what lets a laptop bring back what a restored office has lost."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from shared.board.log_record import LogRecord, decode

KEY: Final = "key"
KEY_BYTES: Final = 32
_DIGEST: Final = 16


class Prover:
    """Proves records, and tells whether one that comes back was proven here. The key never leaves the folder."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def prove(self, record: LogRecord) -> LogRecord:
        """The record with its proof: keyed BLAKE2b-128 over status, device, time and change, wherever it stands."""
        return replace(record, proof=self._digest(record))

    def accept(self, body: Any) -> LogRecord | None:
        """The record that came back as `body`, if it was proven here and says what it said then."""
        try:
            record = decode(body)
            proven = hmac.compare_digest(record.proof.encode(), self._digest(record).encode())
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        return record if proven else None

    def _digest(self, record: LogRecord) -> str:
        return hashlib.blake2b(record.witnessed(), key=self._key, digest_size=_DIGEST).hexdigest()


def read_key(folder: Path, draw: Callable[[int], bytes] = secrets.token_bytes) -> bytes:
    """The key of a board's folder; one is drawn where there is none yet, readable by its owner alone.

    It belongs into a backup: without it what laptops bring back after a restore is held for a person's look.
    """
    path = folder / KEY
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with open(descriptor, "wb") as file:  # noqa: PTH123 -- the descriptor carries the mode
        file.write(draw(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()
