"""Nobody touches a wall for five months: it holds after hours what it held after minutes."""

from __future__ import annotations

from pathlib import Path

from tests.wall.hours import MOST_FILES, MOST_OBJECTS, hang


async def test_an_hour_of_changes_leaves_nothing_behind(own: Path) -> None:
    """360 steps of ten seconds; `python -m tests.soak --only wall` lets it hang for days."""
    early, late = await hang(own, 360, seed=7)
    assert late.files - early.files < MOST_FILES
    assert late.objects - early.objects < MOST_OBJECTS
