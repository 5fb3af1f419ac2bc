"""Boxes to tick and states to choose, told apart by a letter and not only by a colour."""

from __future__ import annotations

from textual.widgets import Checkbox, RadioButton


class Tick(Checkbox):
    """A box to tick, drawn in ASCII: `[x]` or `[ ]`."""

    BUTTON_INNER = " "
    BUTTON_LEFT = "["
    BUTTON_RIGHT = "]"

    def watch_value(self) -> None:
        """Draw the letter that says so."""
        self.BUTTON_INNER = "x" if self.value else " "
        super().watch_value()


class Choice(RadioButton):
    """One of several, drawn in ASCII: `(o)` or `( )`."""

    BUTTON_INNER = " "
    BUTTON_LEFT = "("
    BUTTON_RIGHT = ")"

    def watch_value(self) -> None:
        """Draw the letter that says so."""
        self.BUTTON_INNER = "o" if self.value else " "
        super().watch_value()
