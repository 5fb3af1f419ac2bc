"""Boxes to tick and states to choose, told apart by a letter and not only by a colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Checkbox, RadioButton, RadioSet, SelectionList


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


class Several(SelectionList[str]):
    """Boxes of which several may be ticked, drawn in ASCII: `[x]` or `[ ]`."""

    def render_line(self, y: int) -> Strip:
        """A line with its box; Textual's own are told apart by their colour alone."""
        segments = list(super().render_line(y))
        at = self.scroll_offset.y + y
        if at >= self.option_count:
            return Strip(segments)
        ticked = self.get_option_at_index(at).value in self.selected
        style = (segments[3].style or Style()) + Style(bold=ticked, meta={"option": at})
        return Strip([Segment("[x]" if ticked else "[ ]", style), *segments[3:]])


_ROOM: Final = 72
"""So many cells a form has for answers side by side."""
_BUTTON: Final = 6


class Answers(Container):
    """One answer out of several, or none of them: chosen with the arrows and taken back by choosing "-"."""

    def __init__(self, answers: Sequence[tuple[str, str]], chosen: str, name: str) -> None:
        super().__init__(id=name)
        self._answers = (("", "-"), *answers)
        self._chosen = chosen if any(each == chosen for each, _title in answers) else ""

    def compose(self) -> ComposeResult:
        """The answers in as many rows as they need."""
        with RadioSet(compact=True) as answers:
            answers.styles.grid_size_columns = self._columns()
            for each, title in self._answers:
                yield Choice(escaped(title), value=each == self._chosen, name=each, compact=True)

    def _columns(self) -> int:
        """How many answers have room side by side, each whole."""
        widest = max(cell_len(title) for _each, title in self._answers) + _BUTTON
        return max(1, min(4, _ROOM // widest))

    @property
    def answer(self) -> str:
        """What is chosen, empty for none."""
        pressed = self.query_one(RadioSet).pressed_button
        return (pressed.name or "") if pressed is not None else ""

    def focus(self, scroll_visible: bool = True) -> Answers:
        """Put the cursor among the answers."""
        self.query_one(RadioSet).focus(scroll_visible)
        return self


def escaped(label: str) -> str:
    """A label that no bracket in it can turn into markup."""
    return label.replace("[", "\\[")
