"""What happened, past tense, in one file: news of the link, and of what people did on the board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class LinkState(StrEnum):
    """How the connection to the office stands."""

    OFFLINE = "offline"
    CONNECTING = "connecting"
    CATCHING_UP = "catching-up"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class LinkMoved:
    """The connection changed: catching up `done` of `total`, or offline (or not reading) for `reason` with a sentence.

    `clock_offset`: seconds by which this laptop's clock is ahead, when it was just measured. `copied`: since when the
    office has reason to think that this laptop's data stands on two machines or was put back.
    """

    state: LinkState
    done: int = 0
    total: int = 0
    reason: str = ""
    en: str = ""
    zh: str = ""
    clock_offset: float | None = None
    copied: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """Records of these owners changed (all, when `None`); `landed` are own entries now in the log, by status."""

    owners: frozenset[str] | None
    landed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeardNews:
    """When the office last heard of each area's laptops: code prefix → ISO time."""

    areas: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CampaignChanged:
    """Another campaign, or another revision of it, holds now."""

    digest: str


LinkNews = LinkMoved | Arrived | HeardNews | CampaignChanged
