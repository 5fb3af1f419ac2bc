"""The board as something to look at: lines in, painted cells out, nothing to press. The wall shows this alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from shared.board.district import Column, TownRow, UnitRow
from tui.grid.canvas import Canvas
from tui.grid.cursor import NAME, Place
from tui.grid.frame import HEADER, Frame, Span, changed_span, frame_for
from tui.grid.paint import Inks, Look, Titles, look_for, paint, selected
from tui.grid.rows import NO_LINES, Lines, Row
from tui.themes.palette import CLASSIC, Palette
from tui.themes.scrollbar import SolidScrollBar, move

_FrameKey = tuple[tuple[Column, ...], int, int]


class BoardSurface(ScrollView, can_focus=False, inherit_bindings=False):
    """The board as a table of lights; it paints what is in sight and, of that, what changed.

    It is given lines (`show`) and changed rows (`replace`); which lines there are is decided by whoever owns it.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "board--town",
        "board--header",
        "board--pointer",
        "board--cursor",
    }
    DEFAULT_CSS = """
    BoardSurface {
        background: $background;
        color: $foreground;
        scrollbar-size: 0 1;
        overflow-y: scroll;
        & > .board--town { background: $panel; color: $foreground; text-style: bold; }
        & > .board--header { background: $surface; color: $foreground; text-style: bold; }
        & > .board--pointer { background: $panel-lighten-1; color: $foreground; text-style: bold; }
        & > .board--cursor { background: $panel-lighten-3; color: $foreground; text-style: bold; }
        &:focus > .board--pointer { background: $primary 45%; }
        &:focus > .board--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
    }
    """

    def __init__(
        self,
        columns: Sequence[Column],
        titles: Titles,
        palette: Palette = CLASSIC,
        *,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._titles = titles
        self._palette = palette
        self._lines = NO_LINES
        self._framed: tuple[_FrameKey, Frame] | None = None
        self._kept: Canvas | None = None

    # --- what it shows ---

    @property
    def lines(self) -> Lines:
        """The lines it shows, with all that `replace` changed in them."""
        return self._lines

    @property
    def cursor_place(self) -> Place | None:
        """The place to show as the cursor's; a board that is only looked at has none."""
        return None

    @property
    def selected(self) -> frozenset[str]:
        """The units that are shown as selected; on a board that is only looked at there are none."""
        return frozenset()

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

    def show(self, lines: Lines) -> None:
        """Show other lines."""
        self._lines = lines
        self._measure()
        self.refresh()

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
        if (tuple(columns), titles) == (self._columns, self._titles):
            return
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
        if palette is self._palette:
            return
        self._palette = palette
        self._kept = None
        self.refresh()

    # --- painting ---

    def paint(self, row: Row, look: Look, folded: bool) -> Strip:
        """The whole line of a row; called once for each line that comes into sight or changes."""
        return paint(row, look, folded=folded)

    def render_line(self, y: int) -> Strip:
        """One line of the screen: header, or a row's line with the cursor laid over it."""
        return self._line(self._canvas(), self.cursor_place, y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen, each the very strip that was painted before if it is unchanged.

        Textual's own way wraps each line in a new strip to add borders and padding, and with it loses the bytes that
        the strip has kept. The board has neither.
        """
        if any(self.styles.gutter):
            return super().render_lines(crop)
        canvas, place, background = self._canvas(), self.cursor_place, self.background_colors[1]
        strips = [self._line(canvas, place, y) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _line(self, canvas: Canvas, place: Place | None, y: int) -> Strip:
        if y < HEADER:
            return canvas.header(y, place.column if place else NAME)
        at = y - HEADER + self.scroll_offset.y
        if at >= len(self._lines):
            return canvas.blank()
        row = self._lines.rows[at]
        folded = isinstance(row, TownRow) and row.code in self._lines.folded
        on_it = place is not None and at == place.row
        strip = canvas.row_with_cursor(row, folded, place.column) if place and on_it else canvas.row(row, folded)
        if isinstance(row, UnitRow) and row.code in self.selected:
            return selected(strip, canvas.look.inks.cursor if on_it else canvas.look.inks.pointer)
        return strip

    def _canvas(self) -> Canvas:
        frame, scrolled, size = self.frame, self.scroll_offset.x, self.size
        kept = self._kept
        if kept is None or (kept.scrolled, kept.size) != (scrolled, size):
            look = kept.look if kept else look_for(frame, self._titles, self._palette, self._inks())
            kept = self._kept = Canvas(look, scrolled, size, self.paint)
        return kept

    def _inks(self) -> Inks:
        # A word that is itself shown reversed would hide the cursor.
        upright = Style(reverse=False)
        return Inks(
            base=self.rich_style,
            town=self.get_component_rich_style("board--town"),
            header=self.get_component_rich_style("board--header"),
            pointer=upright + self.get_component_rich_style("board--pointer"),
            cursor=upright + self.get_component_rich_style("board--cursor"),
        )

    def notify_style_update(self) -> None:
        """Take the colours from the theme again before the next line is painted."""
        super().notify_style_update()
        self._kept = None

    # --- size and place ---

    def _measure(self) -> None:
        size = Size(self.frame.width, len(self._lines) + HEADER)
        if size.width != self.virtual_size.width:
            self.virtual_size = size
            return
        # With as many columns as before nothing on the screen has to be laid out anew, which would cost a second frame.
        self.set_reactive(BoardSurface.virtual_size, size)
        self.vertical_scrollbar.window_virtual_size = size.height
        self.scroll_to(y=self.scroll_y, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Paint the lines that came into sight, and the scroll bar when that makes a difference."""
        if round(old_value) != round(new_value):
            self.refresh(self.size.region)
        move(self.vertical_scrollbar, new_value)

    @property
    def page(self) -> int:
        """How many lines are in sight under the header, one at least."""
        return max(1, self.size.height - HEADER)

    def _repaint(self, at: int, span: Span) -> None:
        y = at - self.scroll_offset.y
        start, end = self.frame.visible(span, self.scroll_offset.x, self.size.width)
        if 0 <= y < self.size.height - HEADER and end > start:
            self.refresh(Region(start, y + HEADER, end - start, 1))

    def on_mount(self) -> None:
        """Draw the scroll bar without characters of doubtful width."""
        self.vertical_scrollbar.renderer = SolidScrollBar  # type: ignore[misc]

    def on_resize(self) -> None:
        """Fit the columns to the new width."""
        self._measure()
