"""`guatu changes`: what changed on the board between the ends of two days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import orjson
import typer

from shared.board.district import BLANK
from shared.board.record import Record, step_address
from shared.board.status import count
from shared.board.step import view as step_view
from shared.messages import _
from tui.as_of import Standing
from tui.commands.failing import Code, fail, plainly
from tui.commands.looking import board_of
from tui.commands.naming import past_day
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.telling import state_mark
from tui.view import BoardView


class Shown(NamedTuple):
    """What one step showed: the state that stood on it and its light; a blank where there was no such step."""

    state: str
    light: str


class Moved(NamedTuple):
    """One step of one unit before and after."""

    unit: str
    step: str
    before: Shown
    after: Shown


@plainly
def changes(since: str, until: str | None = None, as_json: bool = False) -> None:
    """Say what is different at the end of one day from the end of another, unit by unit and in all."""
    with Laptop() as laptop:
        first = past_day(since, laptop)
        last = laptop.now().date() if until is None else past_day(until, laptop)
        if last < first:
            fail(_("The second day lies before the first."), Code.USAGE)
        before, after = board_of(laptop, first), board_of(laptop, last)
    moved = list(moves(before, after))
    if as_json:
        typer.echo(orjson.dumps(_json(first, last, before[0], after[0], moved)).decode())
        return
    for each in moved:
        unit = after[0].units.get(each.unit) or before[0].units[each.unit]
        line = f"{plain(unit.short)} {each.step}: {_told(each.before)} → {_told(each.after)}"
        typer.echo(line)
    units = len({each.unit for each in moved})
    text = _("{first} to {last}: {steps} steps of {units} units look different; done {before} → {after}.")
    done = (sum(row.done for row in view.rows.values()) for view in (before[0], after[0]))
    typer.echo(
        text.format(
            first=first.isoformat(),
            last=last.isoformat(),
            steps=len(moved),
            units=units,
            before=next(done),
            after=next(done),
        )
    )


def moves(before: tuple[BoardView, Standing], after: tuple[BoardView, Standing]) -> Iterator[Moved]:
    """Every step whose state or light is another one, by unit and step."""
    columns = after[0].chart.columns
    for code in sorted({*before[0].rows, *after[0].rows}):
        rows = [view.rows.get(code) for view in (before[0], after[0])]
        lights = [row.lights if row is not None else BLANK * len(columns) for row in rows]
        known = [standing.get(code, {}) for standing in (before[1], after[1])]
        if lights[0] == lights[1] and known[0] == known[1]:
            continue
        for index, column in enumerate(columns):
            one, two = (_shown(known[n], code, column.step, lights[n][index]) for n in (0, 1))
            if one != two:
                yield Moved(code, column.step, one, two)


def _shown(records: Mapping[str, Record], code: str, step: str, light: str) -> Shown:
    return Shown("" if light == BLANK else step_view(records.get(step_address(code, step))).state, light)


def _told(shown: Shown) -> str:
    return "-" if shown.light == BLANK else f"{shown.light} {state_mark(shown.state)}"


def _json(first: date, last: date, before: BoardView, after: BoardView, moved: list[Moved]) -> dict[str, Any]:
    units: dict[str, list[dict[str, Any]]] = {}
    for each in moved:
        step = {"step": each.step, "before": each.before._asdict(), "after": each.after._asdict()}
        units.setdefault(each.unit, []).append(step)
    lights = Counter((each.before.light, each.after.light) for each in moved if each.before.light != each.after.light)
    known = {**before.units, **after.units}
    return {
        "since": first.isoformat(),
        "until": last.isoformat(),
        "counts": {
            "units": len(units),
            "steps": len(moved),
            "lights": [{"before": one, "after": two, "steps": n} for (one, two), n in sorted(lights.items())],
            "before": count(row.lights for row in before.rows.values()).to_json(),
            "after": count(row.lights for row in after.rows.values()).to_json(),
        },
        "units": [{"code": code, "name": known[code].short, "steps": steps} for code, steps in units.items()],
    }
