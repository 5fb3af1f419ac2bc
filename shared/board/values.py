"""Reading what stands in a field: it is data, and may be anything."""

from __future__ import annotations

from datetime import date

from shared.board.change import JSON


def day_of(value: JSON) -> date | None:
    """A day out of a field, or nothing when the field holds no ISO date."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def text_of(value: JSON) -> str:
    """Text out of a field, or the empty text."""
    return value if isinstance(value, str) else ""
