"""Boxes to tick and states to choose, told apart by a letter and not only by a colour."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox, RadioButton


class Tick(Checkbox):
    """A box to tick, drawn in ASCII: `[x]` or `[ ]`."""

    @property
    def _button(self) -> Content:
        return Content("[x]" if self.value else "[ ]")


class Choice(RadioButton):
    """One of several, drawn in ASCII: `(o)` or `( )`."""

    @property
    def _button(self) -> Content:
        return Content("(o)" if self.value else "( )")
