"""The two lines above the board: what the phases are called, and the numbers of their steps."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from textual.strip import Strip

from tui.grid.paint import Look, Piece, fit, merged
from tui.grid.plain import plain


def paint_header(look: Look, line: int, column: int | None = None, scrolled: int = 0) -> Strip:
    """One of the two header lines: phase titles, or step numbers with the cursor's column marked.

    The title of a phase that is partly scrolled away stands over the part that is left.
    """
    frame, ink = look.frame, look.inks.header
    if line == 0:
        pieces = [(fit(look.titles.name, frame.fixed - 1) + " ", ink), *_phase_titles(look, scrolled)]
    else:
        done = fit(look.titles.done, min(cell_len(look.titles.done), frame.count))
        left = " " * (frame.name + 1 + frame.count - cell_len(done)) + done
        pieces = [(fit(left, frame.fixed), ink), *_step_numbers(look, column)]
    pieces.append((" " * (frame.tail - frame.end), ink))
    pieces.append((fit(look.titles.tail if line == 0 else "", frame.width - frame.tail), ink))
    return Strip(merged(pieces), frame.width)


def _phase_titles(look: Look, scrolled: int) -> Iterable[Piece]:
    phases = look.titles.phases or {}
    for at, (phase, start, width) in enumerate(look.frame.groups):
        hidden = min(max(0, look.frame.fixed + scrolled - start), width)
        title = fit(plain(phases.get(phase, str(phase))), width - hidden)
        yield (" " if at else "") + " " * hidden + title, look.inks.header


def _step_numbers(look: Look, marked: int | None) -> Iterable[Piece]:
    frame, ink = look.frame, look.inks.header
    end = frame.starts[0] if frame.starts else 0
    for at, (start, column) in enumerate(zip(frame.starts, frame.columns, strict=True)):
        if start > end:
            yield " ", ink
        yield fit(str(column.no), frame.cell), ink + look.inks.pointer if at == marked else ink
        end = start + frame.cell
