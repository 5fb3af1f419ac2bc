"""The two apps that the terminal bench drives: our board, and Textual's own table with the same cells.

Keys do what is timed: F2 changes one cell in sight, F3 filters, F4 sorts; a second press takes it back.
"""

from __future__ import annotations

import gc
import pickle
import random
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.widgets import DataTable

from shared.board.district import UnitRow
from tests.bench.grid_rows import COLUMNS, Sample
from tui.grid.board_grid import BoardGrid
from tui.grid.paint import Titles
from tui.grid.rows import Arrangement, Filter, Order, arrange
from tui.themes.palette import CLASSIC

TITLES = Titles("单位", "完成", "合计", "天", "问题", {1: "学习调研", 2: "分析检查", 3: "整改落实", 4: "巩固提高"})
WORDS = "逾退临审毕"


class Timed(App[None]):
    """Keys for what is timed, and a seed so that both apps change the same cells."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "live"),
        Binding("f3", "filter"),
        Binding("f4", "sort"),
    ]

    def __init__(self, source: Sample) -> None:
        super().__init__()
        self.source = source
        self.draw = random.Random(7)

    def drawn(self, row: UnitRow) -> tuple[UnitRow, int]:
        """The row with another word in one of its cells, and in which."""
        column = self.draw.randrange(len(COLUMNS))
        word = self.draw.choice([word for word in WORDS if word != row.lights[column]])
        return replace(row, lights=row.lights[:column] + word + row.lights[column + 1 :]), column


class OurBoard(Timed):
    """The board."""

    def __init__(self, source: Sample) -> None:
        super().__init__(source)
        self.wanted = Arrangement()

    def compose(self) -> ComposeResult:
        """One board."""
        yield BoardGrid(COLUMNS, TITLES)

    def on_mount(self) -> None:
        """Show all units; what lives for ever is kept out of the collector's way, as the real app does."""
        self.arrange(Arrangement())
        self.query_one(BoardGrid).focus()
        gc.collect()
        gc.freeze()

    def arrange(self, wanted: Arrangement) -> None:
        """Show this arrangement."""
        self.wanted = wanted
        self.query_one(BoardGrid).show(arrange(self.source.units, self.source.towns, wanted))

    def action_live(self) -> None:
        """Change one cell in sight."""
        board = self.query_one(BoardGrid)
        top = board.scroll_offset.y
        seen = [row for row in board.lines.rows[top : top + board.page] if isinstance(row, UnitRow)]
        row, _ = self.drawn(self.draw.choice(seen))
        board.replace({row.code: row}, {})

    def action_filter(self) -> None:
        """Show only names with a common character, or all again."""
        self.arrange(replace(self.wanted, filter=Filter() if self.wanted.filter else Filter(text="村")))

    def action_sort(self) -> None:
        """Sort by days overdue, or by code again."""
        order = Order.CODE if self.wanted.order is Order.OVERDUE else Order.OVERDUE
        self.arrange(replace(self.wanted, order=order))


class TheirTable(Timed):
    """Textual's table with the same names and cells, styled beforehand."""

    filtered = False
    by_days = False

    def compose(self) -> ComposeResult:
        """One table."""
        yield DataTable[Text](fixed_columns=1, cell_padding=0)

    def on_mount(self) -> None:
        """Show all units."""
        table = self.table
        table.add_column("单位", width=26, key="name")
        for column in COLUMNS:
            table.add_column(str(column.no), width=3, key=column.step)
        self.fill(list(self.source.units.values()))
        table.focus()
        gc.collect()
        gc.freeze()

    @property
    def table(self) -> DataTable[Text]:
        """The table."""
        return self.query_one(DataTable)

    def fill(self, rows: list[UnitRow]) -> None:
        """Show these rows."""
        self.table.clear()
        for row in rows:
            self.table.add_row(Text(row.name), *(cell(word) for word in row.lights), key=row.code)

    def action_live(self) -> None:
        """Change one cell in sight."""
        table = self.table
        line = int(table.scroll_y) + self.draw.randrange(min(table.size.height - 1, table.row_count))
        code = table.coordinate_to_cell_key(Coordinate(line, 0)).row_key.value or ""
        row, column = self.drawn(self.source.units[code])
        table.update_cell(code, COLUMNS[column].step, cell(row.lights[column]))

    def action_filter(self) -> None:
        """Show only names with a common character, or all again."""
        self.filtered = not self.filtered
        self.fill([row for row in self.source.units.values() if not self.filtered or "村" in row.name])

    def action_sort(self) -> None:
        """Sort by days overdue, or by code again."""
        self.by_days = not self.by_days
        rows = list(self.source.units.values())
        self.fill(sorted(rows, key=lambda row: -row.over) if self.by_days else rows)


def cell(word: str) -> Text:
    """A cell as the table wants it."""
    return Text(f"{word} ", CLASSIC.styles.get(word, ""))


def main(which: str, rows: str) -> None:
    """Run one of the apps over rows in a file until it is killed."""
    source: Sample = pickle.loads(Path(rows).read_bytes())
    app: App[Any] = OurBoard(source) if which == "board" else TheirTable(source)
    app.run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
