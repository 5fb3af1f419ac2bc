"""What differs between two boards: cells whose word changed, and units that came or went. Pure functions of values."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from shared.board.district import UnitRow
from shared.board.status import count
from shared.messages import _
from tui.grid.plain import plain
from tui.screens.naming import ARROW
from tui.view import BoardView

LISTED: Final = 1000
"""So many differences are listed; how many there are is always said."""


class Difference(NamedTuple):
    """One cell of one unit, before and after; without a step the whole unit came or went."""

    unit: str
    name: str
    step: str
    before: str
    after: str


def differences(before: BoardView, after: BoardView) -> list[Difference]:
    """Every difference, in the order of the units' codes and of their steps."""
    found: list[Difference] = []
    for code in sorted(before.rows.keys() | after.rows.keys()):
        old, new = before.rows.get(code), after.rows.get(code)
        if old is None or new is None:
            present = old or new
            assert present is not None
            found.append(Difference(code, present.name, "", "" if old is None else "+", "" if new is None else "+"))
        elif old.lights != new.lights:
            found += _cells(old, new, after)
    return found


def difference_words(each: Difference) -> str:
    """One difference on one line."""
    if each.step:
        return f"{plain(each.name)}  {each.step}: {each.before} {ARROW} {each.after}"
    words = _("{unit}: new on the board") if each.after else _("{unit}: no longer on the board")
    return words.format(unit=plain(each.name))


def summary_words(found: list[Difference], since: date, day: date) -> str:
    """How many differences there are between which days."""
    words = _("changes from {first} to {last}: {count}")
    text = words.format(count=len(found), first=since.isoformat(), last=day.isoformat())
    return text + ("  " + _("the first {count} are listed").format(count=LISTED) if len(found) > LISTED else "")


def banner_words(view: BoardView, day: date) -> str:
    """Which day is shown, how it stood, and that nothing can be entered on it."""
    counts = count(row.lights for row in view.rows.values())
    words = _("{day}  the board when this day ended, to look at only")
    return words.format(day=day.isoformat()) + f"  毕{counts.done}/{counts.steps}  逾{counts.overdue}"


def _cells(old: UnitRow, new: UnitRow, view: BoardView) -> list[Difference]:
    return [
        Difference(new.code, new.name, column.step, was.strip(), now.strip())
        for column, was, now in zip(view.chart.columns, old.lights, new.lights, strict=False)
        if was != now
    ]
