"""CSV as offices save it: UTF-8 with or without a mark, or GB18030; commas, or what Excel put instead."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from server.roster.problems import Place, Tally
from server.roster.table import Cell, Row, Source, rows_within_bounds
from shared.spreadsheet import unescaped

_DELIMITERS: Final = ",\t;"
_SNIFFED_LINES: Final = 10


def delimited_rows(source: Source, tally: Tally) -> list[Row] | None:
    """The rows of a CSV text, or nothing when its bytes are no text. A row whose quotes do not pair is a problem."""
    text = decoded(source, tally)
    if text is None:
        return None
    return rows_within_bounds(source.name, _records(source.name, text, tally), tally)


def decoded(source: Source, tally: Tally) -> str | None:
    """The file's text, or nothing and a problem.

    GB18030 and never GBK: real village names hold characters that GBK lacks. A damaged UTF-8 file is
    often valid GB18030 by chance, as other characters: it is told apart and refused.
    """
    raw = source.raw
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if raw.startswith(codecs.BOM_UTF8) or _mostly_utf8(raw):
            tally.add(Place(source.name), "damaged-utf8", line=raw.count(b"\n", 0, error.start) + 1)
            return None
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        tally.add(Place(source.name), "wrong-encoding")
        return None


def _mostly_utf8(raw: bytes) -> bool:
    # Chinese text in GB18030 gives hardly any well-formed three-byte sequence by chance.
    text = raw.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    return sum(ch > "\u2e7f" for ch in text) - lost > lost


def _records(file: str, text: str, tally: Tally) -> Iterator[list[Cell]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        lines_before = reader.line_num
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            tally.add(Place(file, number), "row-broken")
            if reader.line_num - lines_before > 1:
                # An open quote has swallowed the rows behind it: what would follow is no row.
                return
            yield []
            continue
        yield [unescaped(cell) for cell in record]


def _delimiter(text: str) -> str:
    head = "\n".join(text[:20_000].splitlines()[:_SNIFFED_LINES])
    return max(_DELIMITERS, key=head.count)
