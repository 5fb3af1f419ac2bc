"""The campaigns of a board: every revision ever used, in files, so that an entry is judged by the one it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from server.atomic import write_aside
from shared.campaign.codec import dump, parse_trusted
from shared.campaign.model import Campaign

MAX_REVISIONS: Final = 1000


class Shelved(NamedTuple):
    """One revision: its bytes as they travel, their digest, and the campaign they say."""

    body: bytes
    digest: str
    campaign: Campaign


class ShelfFull(Exception):
    """So many revisions as there can be are on the shelf."""


class CampaignShelf:
    """All revisions of one board's campaign, newest last. What is on the shelf never changes.

    The ledger asks it from a thread of its own while the loop takes in a further revision: what is read is replaced,
    never changed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shelved: Mapping[int, Shelved] = {}
        self._steps: dict[tuple[int, str], Mapping[str, bool]] = {}
        self.take(self.unread())

    @property
    def current(self) -> Campaign:
        """The newest revision."""
        return self._newest().campaign

    def revisions(self) -> list[Campaign]:
        """Every revision, the newest last."""
        return [self._shelved[revision].campaign for revision in sorted(self._shelved)]

    def body(self, digest: str) -> bytes | None:
        """The revision with this digest, as it travels to laptops."""
        return next((each.body for each in self._shelved.values() if each.digest == digest), None)

    def digest(self) -> str:
        """The digest of the newest revision."""
        return self._newest().digest

    def add(self, campaign: Campaign) -> None:
        """Put a further revision on the shelf, durably; raises `ShelfFull`."""
        if len(self._shelved) >= MAX_REVISIONS:
            raise ShelfFull
        body = orjson.dumps(dump(campaign))
        self._folder.mkdir(parents=True, exist_ok=True)
        write_aside(self._folder / f"{campaign.revision:06}.json", [body])
        self.take({campaign.revision: _shelved(body)})

    def unread(self) -> dict[int, Shelved]:
        """The revisions that another process has put on the shelf; reads files, changes nothing here."""
        paths = sorted(self._folder.glob("*.json"))[:MAX_REVISIONS]
        return {int(p.stem): _shelved(p.read_bytes()) for p in paths if int(p.stem) not in self._shelved}

    def take(self, found: Mapping[int, Shelved]) -> None:
        """From now on these are on the shelf, too."""
        self._shelved = {**self._shelved, **found}

    def verdict(self, kind: str, step: str, revision: int) -> str:
        """`known`, `retired` or `unknown` for a step of this kind of unit, by the campaign revision answered.

        A revision from the future is judged by the newest one here.
        """
        shelved = self._shelved
        if revision not in shelved:
            revision = max(shelved)
        key = (revision, kind)
        if key not in self._steps:
            workflow = shelved[revision].campaign.workflow_for(kind)
            self._steps[key] = {s.id: s.retired for s in workflow.steps()} if workflow else {}
        retired = self._steps[key].get(step)
        return "unknown" if retired is None else "retired" if retired else "known"

    def _newest(self) -> Shelved:
        shelved = self._shelved
        return shelved[max(shelved)]


def digest_of(body: bytes) -> str:
    """BLAKE2b-128 of a campaign as it travels: its name on the wire."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _shelved(body: bytes) -> Shelved:
    return Shelved(body, digest_of(body), parse_trusted(orjson.loads(body)))
