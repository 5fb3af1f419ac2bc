"""What happened on the board, past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from textual.message import Message
from textual.widget import Widget

from shared.board.district import Column


class CursorCell(NamedTuple):
    """What a cell of the board stands for: a unit or a town, and a column or, on the name, none.

    `town` is the town that the line belongs to; on a town's own line `unit` is nothing. All are nothing where there is
    no line.
    """

    unit: str | None = None
    town: str | None = None
    column: Column | None = None


@dataclass
class _OnBoard(Message):
    board: Widget

    @property
    def control(self) -> Widget:
        """The board it happened on, for `@on` with a selector."""
        return self.board


@dataclass
class CellHighlighted(_OnBoard):
    """The cursor came to stand on a cell. The newest says all, so a waiting one is replaced."""

    cell: CursorCell

    def can_replace(self, message: Message) -> bool:
        """Whether a newer one makes this one needless."""
        return isinstance(message, CellHighlighted) and message.board is self.board


@dataclass
class CellChosen(_OnBoard):
    """Somebody pressed enter or double-clicked on a cell."""

    cell: CursorCell


@dataclass
class UnitsSelected(_OnBoard):
    """Somebody selected units, or took some out: these are selected now."""

    units: frozenset[str]


@dataclass
class TownFolded(_OnBoard):
    """Somebody folded a town, or unfolded it; the board shows it when it is next given lines that say so."""

    town: str
    folded: bool
