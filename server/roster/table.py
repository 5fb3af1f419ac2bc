"""A file as rows of cells, before anybody asks what they mean, and the bounds that hold for every file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from server.roster.problems import Place, Tally

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 128
MAX_CELL: Final = 2_000


class Source(NamedTuple):
    """A file's name and all its bytes, wherever they came from."""

    name: str
    raw: bytes

    @property
    def is_workbook(self) -> bool:
        """Whether the bytes are an archive, as an .xlsx is."""
        return self.raw.startswith(b"PK\x03\x04")


class Odd(NamedTuple):
    """A cell that a spreadsheet holds as something else than text or a whole number, with how it looks."""

    kind: Literal["float", "date", "error"]
    text: str


Cell = str | Odd


class Row(NamedTuple):
    """The cells of one row, without the blank ones at its end."""

    place: Place
    cells: tuple[Cell, ...]


def rows_within_bounds(file: str, records: Iterable[Sequence[Cell]], tally: Tally) -> list[Row] | None:
    """The rows that hold something, numbered as a spreadsheet numbers them; nothing when there are too many.

    A file over the bounds is refused whole: half a roster would look as if the other half had been closed.
    """
    rows: list[Row] = []
    for number, record in enumerate(records, 1):
        cells = _without_blank_end(record)
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            tally.add(Place(file), "too-many-columns", limit=MAX_COLUMNS)
            return None
        if len(rows) > MAX_ROWS:
            tally.add(Place(file), "too-many-rows", limit=MAX_ROWS)
            return None
        rows.append(Row(Place(file, number), cells))
    if not rows:
        tally.add(Place(file), "file-empty")
        return None
    return rows


def _without_blank_end(record: Sequence[Cell]) -> tuple[Cell, ...]:
    end = len(record)
    while end and isinstance(last := record[end - 1], str) and not last.strip():
        end -= 1
    return tuple(record[:end])
