"""The campaigns of a board: every revision ever used, in files, so that an entry is judged by the one it answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import orjson

from server.atomic import write_aside
from shared.campaign.codec import dump, parse_trusted
from shared.campaign.model import Campaign

MAX_REVISIONS: Final = 1000


class CampaignShelf:
    """All revisions of one board's campaign, newest last. What is on the shelf never changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._bodies: dict[int, bytes] = {}
        self._digests: dict[int, str] = {}
        self._campaigns: dict[int, Campaign] = {}
        self._steps: dict[tuple[int, str], Mapping[str, bool]] = {}
        for path in sorted(folder.glob("*.json"))[:MAX_REVISIONS]:
            self._take(int(path.stem), path.read_bytes())

    @property
    def current(self) -> Campaign:
        """The newest revision."""
        return self._campaigns[max(self._campaigns)]

    def body(self, digest: str) -> bytes | None:
        """The revision with this digest, as it travels to laptops."""
        return next((self._bodies[revision] for revision, known in self._digests.items() if known == digest), None)

    def digest(self) -> str:
        """The digest of the newest revision."""
        return self._digests[max(self._digests)]

    def add(self, campaign: Campaign) -> None:
        """Put a further revision on the shelf, durably."""
        body = orjson.dumps(dump(campaign))
        self._folder.mkdir(parents=True, exist_ok=True)
        write_aside(self._folder / f"{campaign.revision:06}.json", [body])
        self._take(campaign.revision, body)

    def verdict(self, kind: str, step: str, revision: int) -> str:
        """`known`, `retired` or `unknown` for a step of this kind of unit, by the campaign revision answered.

        A revision from the future is judged by the newest one here.
        """
        if revision not in self._campaigns:
            revision = max(self._campaigns)
        key = (revision, kind)
        if key not in self._steps:
            workflow = self._campaigns[revision].workflow_for(kind)
            self._steps[key] = {s.id: s.retired for s in workflow.steps()} if workflow else {}
        retired = self._steps[key].get(step)
        return "unknown" if retired is None else "retired" if retired else "known"

    def _take(self, revision: int, body: bytes) -> None:
        self._bodies[revision] = body
        self._digests[revision] = digest_of(body)
        self._campaigns[revision] = parse_trusted(orjson.loads(body))


def digest_of(body: bytes) -> str:
    """BLAKE2b-128 of a campaign as it travels: its name on the wire."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
