"""The board on screen: units down the side, steps across the top, one widget drawn line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from shared.board.district import Column, TownRow, UnitRow
from tui.grid.canvas import Canvas
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
from tui.grid.frame import HEADER, Frame, Span, changed_span, frame_for
from tui.grid.messages import CellChosen, CellHighlighted, CursorCell, TownFolded
from tui.grid.paint import Inks, Look, Titles, look_for, paint
from tui.grid.rows import NO_LINES, Lines, Row
from tui.themes.palette import CLASSIC, Palette

_FrameKey = tuple[tuple[Column, ...], int, int]


class BoardGrid(ScrollView, can_focus=True, inherit_bindings=False):
    """The board as a table of lights with a cursor cell; it paints what is in sight and, of that, what changed.

    It is given lines (`show`) and changed rows (`replace`) and says what people did (`CellHighlighted`, `CellChosen`,
    `TownFolded`). Which lines there are is decided by whoever owns it.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "board-grid--town",
        "board-grid--header",
        "board-grid--pointer",
        "board-grid--cursor",
    }
    DEFAULT_CSS = """
    BoardGrid {
        background: $background;
        color: $foreground;
        scrollbar-size: 0 1;
        & > .board-grid--town { background: $panel; color: $foreground; text-style: bold; }
        & > .board-grid--header { background: $surface; color: $foreground; text-style: bold; }
        & > .board-grid--pointer { background: $panel-lighten-1; color: $foreground; text-style: bold; }
        & > .board-grid--cursor { background: $panel-lighten-3; color: $foreground; text-style: bold; }
        &:focus > .board-grid--pointer { background: $primary 45%; }
        &:focus > .board-grid--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
    }
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
        Binding("space", "fold", "Fold", show=False, id="board.fold"),
        Binding("enter", "choose", "Open", show=False, id="board.choose"),
    ]

    cursor: reactive[Place] = reactive(Place(), repaint=False)
    """Where the cursor stands."""

    def __init__(
        self,
        columns: Sequence[Column],
        titles: Titles,
        palette: Palette = CLASSIC,
        *,
        show_cursor: bool = True,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._titles = titles
        self._palette = palette
        self._show_cursor = show_cursor
        self._lines = NO_LINES
        self._framed: tuple[_FrameKey, Frame] | None = None
        self._kept: Canvas | None = None

    # --- what it shows ---

    @property
    def lines(self) -> Lines:
        """The lines it shows, with all that `replace` changed in them."""
        return self._lines

    @property
    def frame(self) -> Frame:
        """Where the cells stand at the present width."""
        # Asked for while painting too: a new size is known before its Resize event comes.
        width = max(0, self.container_size.width - self.styles.scrollbar_size_vertical)
        key = (self._columns, width, len(str(self._lines.most)))
        if self._framed is None or self._framed[0] != key:
            self._framed = (key, frame_for(self._columns, width, self._lines.most))
            self._kept = None
        return self._framed[1]

    @property
    def cursor_cell(self) -> CursorCell:
        """What stands under the cursor."""
        return cell_of(self.cursor, self._lines, self.frame)

    def show(self, lines: Lines) -> None:
        """Show other lines. The cursor stays on its unit or town, at its height on the screen, while that is shown."""
        before, cell, height = self._lines, self.cursor_cell, self.cursor.row - self.scroll_offset.y
        self._lines = lines
        place = kept_inside(followed(self.cursor, before, lines), self._bounds())
        self.set_reactive(BoardGrid.cursor, place)
        self._measure()
        if before:
            self.scroll_to(y=place.row - height, animate=False, force=True)
        self._scroll_to_cursor()
        self.refresh()
        if self.cursor_cell != cell:
            self._announce()

    def replace(self, units: Mapping[str, UnitRow], towns: Mapping[str, TownRow]) -> None:
        """Show these rows in place of the old ones; only cells that are in sight and differ are painted again."""
        self._lines, changed = self._lines.replaced(units, towns)
        before, frame = self._framed, self.frame
        if before is not None and before[1] != frame:  # a number outgrew its column
            self._measure()
            self.refresh()
            return
        for change in changed:
            span = changed_span(change.old, change.new, frame)
            if span is not None:
                self._repaint(change.at, span)

    def relabel(self, columns: Sequence[Column], titles: Titles) -> None:
        """Show another campaign's columns, or the same in another language."""
        self._columns, self._titles = tuple(columns), titles
        self._kept = None
        self._measure()
        self.refresh()

    @property
    def palette(self) -> Palette:
        """What stands behind the words."""
        return self._palette

    @palette.setter
    def palette(self, palette: Palette) -> None:
        self._palette = palette
        self._kept = None
        self.refresh()

    def jump_to(self, code: str) -> bool:
        """Put the cursor on a unit's line, or a town's; False when no such line is shown (folded or filtered out)."""
        at = self._lines.place_of(code)
        if at is not None:
            self.cursor = self.cursor._replace(row=at)
        return at is not None

    # --- painting ---

    def paint(self, row: Row, look: Look, folded: bool) -> Strip:
        """The whole line of a row; called once for each line that comes into sight."""
        return paint(row, look, folded=folded)

    def render_line(self, y: int) -> Strip:
        """One line of the screen: header, or a row's line with the cursor laid over it."""
        canvas, (row, column) = self._canvas(), self.cursor
        if y < HEADER:
            return canvas.header(y, column if self._show_cursor else NAME)
        at = y - HEADER + self.scroll_offset.y
        if at >= len(self._lines):
            return canvas.blank()
        shown = self._lines.rows[at]
        folded = isinstance(shown, TownRow) and shown.code in self._lines.folded
        if at == row and self._show_cursor:
            return canvas.row_with_cursor(shown, folded, column)
        return canvas.row(shown, folded)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen, each the very strip that was painted before if it is unchanged.

        Textual's own way wraps each line in a new strip to add borders and padding, and with it loses the bytes that
        the strip has kept. The board has neither.
        """
        if any(self.styles.gutter):
            return super().render_lines(crop)
        background = self.background_colors[1]
        strips = [self.render_line(y) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _canvas(self) -> Canvas:
        frame, scrolled, (width, height) = self.frame, self.scroll_offset.x, self.size
        kept = self._kept
        if kept is None or (kept.scrolled, kept.width) != (scrolled, width):
            look = kept.look if kept else look_for(frame, self._titles, self._palette, self._inks())
            kept = self._kept = Canvas(look, scrolled, width, height, self.paint)
        return kept

    def _inks(self) -> Inks:
        # A word that is itself shown reversed would hide the cursor.
        upright = Style(reverse=False)
        return Inks(
            base=self.rich_style,
            town=self.get_component_rich_style("board-grid--town"),
            header=self.get_component_rich_style("board-grid--header"),
            pointer=upright + self.get_component_rich_style("board-grid--pointer"),
            cursor=upright + self.get_component_rich_style("board-grid--cursor"),
        )

    def notify_style_update(self) -> None:
        """Take the colours from the theme again before the next line is painted."""
        super().notify_style_update()
        self._kept = None

    # --- size and place ---

    def _measure(self) -> None:
        self.virtual_size = Size(self.frame.width, len(self._lines) + HEADER)

    def _bounds(self) -> Bounds:
        return Bounds(len(self._lines), len(self._columns), max(1, self.size.height - HEADER))

    def _repaint(self, at: int, span: Span) -> None:
        y = at - self.scroll_offset.y
        start, end = self.frame.visible(span, self.scroll_offset.x, self.size.width)
        if 0 <= y < self.size.height - HEADER and end > start:
            self.refresh(Region(start, y + HEADER, end - start, 1))

    def _scroll_to_cursor(self) -> None:
        view = View(self.size.width, self._bounds().page)
        offset = scrolled_to(self.cursor, *self.scroll_offset, view, self.frame)
        if offset != self.scroll_offset:
            self.scroll_to(*offset, animate=False, force=True)

    def on_resize(self) -> None:
        """Fit the columns to the new width and keep the cursor in sight."""
        self._measure()
        self._scroll_to_cursor()

    # --- what people do ---

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

    def action_town(self, step: int) -> None:
        """Move the cursor to the line of the next town, or the one before."""
        self.cursor = town_from(self.cursor, self._lines, step)

    def action_fold(self) -> None:
        """Fold or unfold the town under the cursor."""
        unit, town, _ = self.cursor_cell
        if unit is not None or town is None:
            raise SkipAction
        self.post_message(TownFolded(self, town, town not in self._lines.folded))

    def action_choose(self) -> None:
        """Open the unit's cell under the cursor; on a town's line fold the town."""
        if self.cursor_cell.unit is None:
            self.action_fold()
        else:
            self.post_message(CellChosen(self, self.cursor_cell))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the clicked cell; on a town's name fold it, on a second click open the cell."""
        offset = event.get_content_offset(self)
        if offset is None or (at := offset.y - HEADER + self.scroll_offset.y) >= len(self._lines):
            return
        x = offset.x if offset.x < self.frame.fixed else offset.x + self.scroll_offset.x
        column = self.frame.column_at(x)
        on_name = x < self.frame.fixed
        row = self.cursor.row if offset.y < HEADER else at
        self.cursor = Place(row, NAME if on_name else self.cursor.column if column is None else column)
        if offset.y < HEADER:
            return
        if on_name and self.cursor_cell.unit is None:
            self.action_fold()
        elif event.chain == 2 and (on_name or column is not None):
            self.post_message(CellChosen(self, self.cursor_cell))
