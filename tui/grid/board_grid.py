"""The board on screen: units down the side, steps across the top, and a cursor that goes about on it."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.reactive import reactive

from tui.grid.board_surface import BoardSurface
from tui.grid.cursor import (
    MOVES,
    NAME,
    Bounds,
    Place,
    View,
    cell_of,
    followed,
    kept_inside,
    scrolled_to,
    town_from,
)
from tui.grid.frame import HEADER, Span
from tui.grid.messages import CellChosen, CellHighlighted, CursorCell, TownFolded, UnitsSelected
from tui.grid.rows import Lines


class BoardGrid(BoardSurface, can_focus=True):
    """The board with a cursor cell, keys and mouse. It says what people did, and leaves it to its owner to do it.

    Messages: `CellHighlighted`, `CellChosen`, `TownFolded`, `UnitsSelected`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move('up')", "Up", show=False, id="board.up"),
        Binding("down", "move('down')", "Down", show=False, id="board.down"),
        Binding("left", "move('left')", "Left", show=False, id="board.left"),
        Binding("right", "move('right')", "Right", show=False, id="board.right"),
        Binding("pageup", "move('page-up')", "Page up", show=False, id="board.page-up"),
        Binding("pagedown", "move('page-down')", "Page down", show=False, id="board.page-down"),
        Binding("home", "move('name')", "To the name", show=False, id="board.name"),
        Binding("end", "move('last-column')", "To the last step", show=False, id="board.last-column"),
        Binding("ctrl+home", "move('first')", "First line", show=False, id="board.first"),
        Binding("ctrl+end", "move('last')", "Last line", show=False, id="board.last"),
        Binding("ctrl+up", "town(-1)", "Town before", show=False, id="board.town-before"),
        Binding("ctrl+down", "town(1)", "Next town", show=False, id="board.next-town"),
        Binding("space", "space", "Fold or select", show=False, id="board.space"),
        Binding("insert", "select", "Select", show=False, id="board.select"),
        Binding("shift+up", "extend('up')", "Select upwards", show=False, id="board.extend-up"),
        Binding("shift+down", "extend('down')", "Select downwards", show=False, id="board.extend-down"),
        Binding("enter", "choose", "Open", show=False, id="board.choose"),
    ]

    cursor: reactive[Place] = reactive(Place(), repaint=False)
    """Where the cursor stands."""

    chosen: reactive[frozenset[str]] = reactive(frozenset[str](), repaint=False)
    """The units that are selected; all of them are shown."""

    @property
    def selected(self) -> frozenset[str]:
        """The units that are shown as selected."""
        return self.chosen

    @property
    def cursor_place(self) -> Place | None:
        """Where the cursor is shown."""
        return self.cursor

    @property
    def cursor_cell(self) -> CursorCell:
        """What stands under the cursor."""
        return cell_of(self.cursor, self.lines, self.frame)

    def show(self, lines: Lines) -> None:
        """Show other lines. The cursor stays on its unit or town, at its height on the screen, while that is shown."""
        before, cell, height = self.lines, self.cursor_cell, self.cursor.row - self.scroll_offset.y
        super().show(lines)
        self.chosen = frozenset(code for code in self.chosen if code in lines.units)
        place = self.validate_cursor(followed(self.cursor, before, lines))
        self.set_reactive(BoardGrid.cursor, place)
        if before:
            self.scroll_to(y=place.row - height, animate=False, force=True)
        self._scroll_to_cursor()
        if self.cursor_cell != cell:
            self._announce()

    def jump_to(self, code: str) -> bool:
        """Put the cursor on a unit's line, or a town's; False when no such line is shown (folded or filtered out).

        A town and its organ share a code: this goes to the organ, `jump_to_town` to the town.
        """
        return self._jump(self.lines.place_of(code))

    def jump_to_town(self, code: str) -> bool:
        """Put the cursor on a town's own line; False when it is filtered out."""
        return self._jump(self.lines.towns.get(code))

    def _jump(self, at: int | None) -> bool:
        if at is None:
            return False
        self.cursor = self.cursor._replace(row=at)
        self._scroll_to_cursor()  # the wheel may have left it out of sight
        return True

    # --- where it goes ---

    def _bounds(self) -> Bounds:
        return Bounds(len(self.lines), len(self._columns), self.page)

    def _scroll_to_cursor(self) -> None:
        view = View(self.size.width, self.page)
        offset = scrolled_to(self.cursor, *self.scroll_offset, view, self.frame)
        if offset != self.scroll_offset:
            self.scroll_to(*offset, animate=False, force=True)

    def on_resize(self) -> None:
        """Keep the cursor in sight at the new size."""
        self._measure()
        self._scroll_to_cursor()

    def validate_cursor(self, place: Place) -> Place:
        """Keep the cursor on a line and a column that exist."""
        return kept_inside(place, self._bounds())

    def watch_cursor(self, old: Place, new: Place) -> None:
        """Paint the cell that the cursor left and the one that it reached, and nothing else."""
        for place in {old.row: old, new.row: new}.values():
            end = max(self.frame.cell_span(each.column).end for each in (old, new) if each.row == place.row)
            self._repaint(place.row, Span(0, end))
        if old.column != new.column:
            self.refresh(Region(0, HEADER - 1, self.size.width, 1))
        self._scroll_to_cursor()
        self._announce()

    def _announce(self) -> None:
        self.post_message(CellHighlighted(self, self.cursor_cell))

    def action_move(self, name: str) -> None:
        """Move the cursor; a page also moves what is in sight by a page."""
        before = self.cursor
        self.cursor = MOVES[name](before, self._bounds())
        if name.startswith("page"):
            by = self.cursor.row - before.row
            self.scroll_to(y=self.scroll_offset.y + by, animate=False)
        self._scroll_to_cursor()

    def action_town(self, step: int) -> None:
        """Move the cursor to the line of the next town, or the one before."""
        self.cursor = town_from(self.cursor, self.lines, step)

    def watch_chosen(self, old: frozenset[str], new: frozenset[str]) -> None:
        """Paint the names of the units that differ, and say what is selected now."""
        for code in old ^ new:
            if (at := self.lines.units.get(code)) is not None:
                self._repaint(at, Span(0, self.frame.name))
        self.post_message(UnitsSelected(self, new))

    def action_space(self) -> None:
        """On a town's line fold it, on a unit's select it."""
        if self.cursor_cell.unit is None:
            self.action_fold()
        else:
            self.chosen ^= {self.cursor_cell.unit}

    def action_select(self) -> None:
        """Select the unit under the cursor, or take it out, and go on to the next line."""
        if self.cursor_cell.unit is not None:
            self.chosen ^= {self.cursor_cell.unit}
        self.action_move("down")

    def action_extend(self, way: str) -> None:
        """Select the unit under the cursor and the one that the cursor goes to."""
        before = self.cursor_cell.unit
        self.action_move(way)
        self.chosen |= {code for code in (before, self.cursor_cell.unit) if code is not None}

    def action_fold(self) -> None:
        """Fold or unfold the town under the cursor."""
        unit, town, _ = self.cursor_cell
        if unit is not None or town is None:
            raise SkipAction
        self.post_message(TownFolded(self, town, town not in self.lines.folded))

    def action_choose(self) -> None:
        """Open the unit's cell under the cursor; on a town's line fold the town."""
        if self.cursor_cell.unit is None:
            self.action_fold()
        else:
            self.post_message(CellChosen(self, self.cursor_cell))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked cell; on a town's name fold it, on a second click open the cell."""
        offset = event.get_content_offset(self)
        if offset is None or (at := offset.y - HEADER + self.scroll_offset.y) >= len(self.lines):
            return
        on_name = offset.x < self.frame.fixed
        column = NAME if on_name else self.frame.column_at(offset.x + self.scroll_offset.x)
        row = self.cursor.row if offset.y < HEADER else at
        self.cursor = Place(row, self.cursor.column if column is None else column)
        if offset.y < HEADER or column is None:
            return
        if on_name and self.cursor_cell.unit is None:
            if event.chain == 1:
                self.action_fold()
        elif event.chain == 2:
            self.post_message(CellChosen(self, self.cursor_cell))
