"""The stages in which a problem is closed, and which of several colliding ones is shown."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shared.board.change import JSON


class Stage(StrEnum):
    """How far a problem's closing has come (销号), from the most cautious to the least."""

    OPEN = "open"
    MEASURED = "measured"
    CHECKED = "checked"
    SIGNED = "signed"
    PUBLISHED = "published"


ORDER: Final[dict[str, int]] = {stage.value: rank for rank, stage in enumerate(Stage)}
"""Which of several colliding stages is shown: the lowest. A stage this program does not know counts as open."""
CLOSED: Final = frozenset((Stage.SIGNED.value, Stage.PUBLISHED.value))
STAGE_DAY: Final[Mapping[str, str]] = {stage.value: f"{stage.value}_on" for stage in Stage if stage is not Stage.OPEN}
"""Which field keeps the day of a stage."""


def stage_of(values: Mapping[str, JSON]) -> str:
    """The stage that stands on a problem."""
    value = values.get("stage")
    return value if isinstance(value, str) and value in ORDER else Stage.OPEN.value
