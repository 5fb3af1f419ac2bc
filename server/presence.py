"""Who has been heard of, and when: what tells silence from being on time (promise 10)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, timedelta

from server.ledger import Author
from shared.rights import Role, covers


class Presence:
    """When each device was last heard of. `areas` tells it by the code prefixes their people enter things for.

    News of known devices is passed on at most every `quiet` seconds: a busy board does not chatter about itself.
    """

    def __init__(self, clock: Callable[[], datetime], quiet: float) -> None:
        self._clock = clock
        self._quiet = timedelta(seconds=quiet)
        self._heard: dict[str, tuple[datetime, int]] = {}
        self._authors: dict[str, Author] = {}
        self._told = clock()
        self.version = 0

    def recall(self, author: Author, heard: str | None, seq: int) -> None:
        """Take in what is written down of a device, if that is news: from before the start, or of one come by stick."""
        known = self._heard.get(author.device)
        when = datetime.fromisoformat(heard) if heard is not None else None
        if when is not None and (known is None or when > known[0]):
            self._authors[author.device] = author
            self._heard[author.device] = (when, max(seq, known[1] if known else 0))
            self.version += 1

    def note(self, author: Author, seq: int = 0) -> None:
        """Something came from this device just now; `seq` is how far it says it has read."""
        now = self._clock()
        before = self._heard.get(author.device)
        self._authors[author.device] = author
        self._heard[author.device] = (now, max(seq, before[1] if before else 0))
        if before is None or now - self._told >= self._quiet:
            self._told = now
            self.version += 1

    def keep(self, speaking: Mapping[str, Author]) -> None:
        """From now on only these devices speak for anybody, with these rights."""
        self._heard = {device: heard for device, heard in self._heard.items() if device in speaking}
        self._authors = {device: speaking[device] for device in self._heard}

    def areas(self, reader: Collection[str]) -> dict[str, str]:
        """Code prefix → when a device that enters things for it was last heard of, ISO 8601 in UTC.

        Only what tells something about units in the areas of the reader.
        """
        latest = {area: when for area, when in self._latest().items() if _concerns(area, reader)}
        return {area: when.isoformat(timespec="seconds") for area, when in sorted(latest.items())}

    def days(self) -> dict[str, date]:
        """Code prefix → the office's day on which a device that enters things for it was last heard of."""
        return {area: when.astimezone().date() for area, when in self._latest().items()}

    def lines(self) -> dict[str, tuple[str, int]]:
        """Device → (when heard, how far read), to be kept."""
        return {device: (when.isoformat(timespec="seconds"), seq) for device, (when, seq) in self._heard.items()}

    def read(self) -> dict[str, int]:
        """Device → how far it says it has read."""
        return {device: seq for device, (_, seq) in self._heard.items()}

    def offset(self, clock: str) -> float | None:
        """How many seconds the laptop's clock is ahead of the server's; shown, never used (promise 7)."""
        try:
            theirs = datetime.fromisoformat(clock)
        except ValueError:
            return None
        if theirs.tzinfo is None:
            theirs = theirs.replace(tzinfo=UTC)
        return round((theirs - self._clock()).total_seconds(), 1)

    def _latest(self) -> dict[str, datetime]:
        latest: dict[str, datetime] = {}
        for device, author in self._authors.items():
            if author.role is Role.VIEWER:
                continue
            when = self._heard[device][0]
            for area in author.areas:
                latest[area] = max(when, latest.get(area, when))
        return latest


def _concerns(area: str, reader: Collection[str]) -> bool:
    """Whether an area lies in the reader's, or takes one of them in."""
    return covers(reader, area) or any(covers((area,), own) for own in reader)
