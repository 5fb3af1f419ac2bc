"""Boxes to tick and states to choose, told apart by a letter and not only by a colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import Checkbox, RadioButton, RadioSet, SelectionList

_BOX: Final = 4
"""Cells of a box and the blank behind it."""


def folded(text: str, width: int) -> list[str]:
    """A sentence in lines of so many cells, broken at a blank where one is near, and within Chinese anywhere."""
    lines: list[str] = []
    while text:
        piece = chop_cells(text, max(2, width))[0]
        blank = piece.rfind(" ", len(piece) // 2)
        if len(piece) < len(text) and text[len(piece)] != " " and blank > 0:
            piece = piece[:blank]
        lines.append(piece.rstrip())
        text = text[len(piece) :].lstrip()
    return lines or [""]


class Tick(Checkbox):
    """A box to tick, drawn in ASCII: `[x]` or `[ ]`, and beside it all of what it asks, on as many lines as that takes.

    Textual's own has one line, and shows nothing of a Chinese sentence that is longer.
    """

    @property
    def _button(self) -> Content:
        return Content("[x]" if self.value else "[ ]")

    def render(self) -> Content:
        """The box, and the sentence in a column of its own."""
        lines = folded(self._label.plain, self.size.width - _BOX)
        label = Content(("\n" + " " * _BOX).join(lines)).stylize_before(self.get_visual_style("toggle--label"))
        return Content.assemble(self._button, " ", label)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the sentence takes."""
        return len(folded(self._label.plain, width - _BOX))


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
