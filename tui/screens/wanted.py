"""What somebody on the board asked to see."""

from __future__ import annotations

from textual.message import Message

from tui.past import Scope


class UnitWanted(Message):
    """Somebody asked for a unit's page, at a step."""

    def __init__(self, unit: str, step: str | None) -> None:
        super().__init__()
        self.unit = unit
        self.step = step


class HistoryWanted(Message):
    """Somebody asked for a history."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope


class DayWanted(Message):
    """Somebody asked for the board as it was on a day."""
