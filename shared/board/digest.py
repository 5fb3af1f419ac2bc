"""A board's digest: how two that should be equal prove it to each other without sending what they hold (promise 3).

It is a sum over records, so that no order matters: modulo 2^128, of the BLAKE2b-128 of each record's address, a line's
end, and its canonical JSON (`shared.board.record.to_json`), all read as big-endian numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from shared.board.change import JSON, canonical
from shared.board.record import kind_of, owner_of
from shared.rights import readable

_MODULUS: Final = 2**128


class Digest:
    """The digest of the records taken so far, of those that somebody with these areas reads; of all without areas."""

    def __init__(self, areas: Collection[str] | None = None) -> None:
        self._areas = areas
        self._sum = 0

    def take(self, address: str, body: Mapping[str, JSON]) -> None:
        """Take in a record: its JSON, in which keys beside `entries` and `named` do not count. Each address once."""
        entries, named = body["entries"], body.get("named")
        if not entries and not named:
            return
        if self._areas is not None and not readable(self._areas, kind_of(address), owner_of(address)):
            return
        said = {"entries": entries, "named": named} if named else {"entries": entries}
        seal = hashlib.blake2b(b"%b\n%b" % (address.encode(), canonical(said)), digest_size=16)
        self._sum = (self._sum + int.from_bytes(seal.digest())) % _MODULUS

    def hex(self) -> str:
        """The digest as 32 hex digits; zeros when there is nothing."""
        return f"{self._sum:032x}"


def digest_of(records: Iterable[tuple[str, Mapping[str, JSON]]], areas: Collection[str] | None = None) -> str:
    """The digest of these records, (address, JSON) each."""
    digest = Digest(areas)
    for address, body in records:
        digest.take(address, body)
    return digest.hex()
