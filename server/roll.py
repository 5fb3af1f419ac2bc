"""Who may speak, in memory: a token is looked up without touching the disk, so that no door stops the loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from server.ledger import Author
from server.members import Entry, digest_of
from shared.errors import Refused


class Roll:
    """The tokens of a board as last read from its members' file; `take` brings it up to date, all at once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: Mapping[bytes, Entry] = {}
        self.speaking: Mapping[str, Author] = {}
        """Device → who speaks with it, of all whose rights have not ended."""
        self._ended: Mapping[str, Refused] = {}
        self.take(entries)

    def take(self, entries: Iterable[Entry]) -> None:
        """From now on this is who may speak."""
        self._entries = {entry.token: entry for entry in entries}
        every = self._entries.values()
        self.speaking = {entry.author.device: entry.author for entry in every if entry.revoked is None}
        self._ended = {entry.author.device: _ended(entry) for entry in every if entry.revoked is not None}

    def author(self, token: str) -> Author:
        """Who speaks with this token; raises `bad-token` or `revoked`."""
        entry = self._entries.get(digest_of(token))
        if entry is None:
            raise Refused("bad-token")
        if entry.revoked is not None:
            raise _ended(entry)
        return entry.author

    def check(self, author: Author) -> None:
        """Raise `revoked`, `bad-token` or `rights-changed` unless this is still who the device speaks for."""
        if self.speaking.get(author.device) == author:
            return
        ended = self._ended.get(author.device)
        if ended is not None:
            raise Refused(ended.code, **ended.details)
        raise Refused("rights-changed" if author.device in self.speaking else "bad-token")


def _ended(entry: Entry) -> Refused:
    return Refused("revoked", since=entry.revoked or "?", by=entry.revoked_by or "?")
