"""Reading the cells of one row: every cell is cleaned or refused, and what was refused is told."""

from __future__ import annotations

import re
from typing import Final

from server.roster.columns import Header
from server.roster.problems import Tally
from server.roster.table import MAX_CELL, Cell, Odd, Row
from shared.people.words import is_nothing
from shared.roster import canonical_code, clean_name, clean_text, doubtful_characters, refused_characters

_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?")
_QUOTED_CODE: Final = re.compile(r'=?"(.*)"')
_HAN_NAMES: Final = frozenset({"name", "short", "parent"})
_SHOWN: Final = 40


class RowCells:
    """The cells of a row by column; `sound` turns false with the first cell that cannot be taken."""

    def __init__(self, row: Row, header: Header, tally: Tally) -> None:
        self.place = row.place
        self.sound = True
        self._cells: dict[str, Cell] = {
            key: row.cells[index] for index, key in header.keys.items() if index < len(row.cells)
        }
        self._tally = tally

    def keys(self) -> list[str]:
        """The columns that this row has a cell for, in the order of the sheet."""
        return list(self._cells)

    def says_nothing(self, key: str) -> bool:
        """Whether the cell is there to say that there is none, as 无 or a dash does."""
        cell = self._cells.get(key, "")
        return isinstance(cell, str) and is_nothing(cell)

    def refuse(self, code: str, key: str, /, **params: str | int) -> None:
        """Tell what is wrong with a cell, and keep its row out of the import."""
        self.sound = False
        self._tally.add(self.place, code, key, **params)

    def text(self, key: str) -> str:
        """The cell's cleaned text; empty when it is blank, missing or refused."""
        cell = self._cells.get(key, "")
        if isinstance(cell, Odd):
            return self._odd(key, cell)
        text = clean_name(cell) if key in _HAN_NAMES else clean_text(cell)
        if len(text) > MAX_CELL:
            self.refuse("cell-too-long", key, limit=MAX_CELL)
            return ""
        if refused := refused_characters(text):
            self.refuse("control-character", key, characters=_some(refused))
            return ""
        self._warn_of(key, doubtful_characters(text))
        return text

    def code(self, key: str = "code") -> str:
        """The cell's code; empty when there is none or when it is refused. A number is never guessed back."""
        cell = self._cells.get(key, "")
        if isinstance(cell, Odd) and cell.kind == "float":
            self.refuse("code-number", key, value=cell.text)
            return ""
        text = self.text(key).lstrip("'")
        if quoted := _QUOTED_CODE.fullmatch(text):
            text = quoted[1]
        code = canonical_code(text)
        if text and not code:
            looks_like_number = _NUMBER.fullmatch(text) and not text.isdigit()
            self.refuse("code-number" if looks_like_number else "code-bad", key, value=text[:_SHOWN])
        return code

    def day(self, key: str) -> str:
        """The cell's text where a day is asked for: a spreadsheet's own days are days there."""
        cell = self._cells.get(key, "")
        return cell.text if isinstance(cell, Odd) and cell.kind == "date" else self.text(key)

    def _odd(self, key: str, cell: Odd) -> str:
        if cell.kind == "float":
            return cell.text.removesuffix(".0")
        self.refuse("date-cell" if cell.kind == "date" else "error-cell", key, value=cell.text[:_SHOWN])
        return ""

    def _warn_of(self, key: str, doubtful: tuple[str, ...]) -> None:
        private = tuple(name for name in doubtful if name != "U+FFFD")
        if private:
            self._tally.add(self.place, "private-use", key, characters=_some(private))
        if len(private) < len(doubtful):
            self._tally.add(self.place, "lost-character", key)


def _some(characters: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(characters[:5]))
