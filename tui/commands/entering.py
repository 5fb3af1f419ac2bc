"""`guatu set`: one entry from the shell, the same way as from the board."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from shared.board.change import JSON, Change
from shared.board.step import DATE_FIELD
from shared.forms.model import Wrong
from shared.inspection.item import Entered
from shared.messages import _
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import day_given, one_step, one_unit
from tui.entry import STATES, Problem, state_values
from tui.entry_words import problem_line, sentence, wrong_line
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.view import BoardView


@plainly
def set_step(wanted: str, step: str, state: str, on: str | None = None, note: str | None = None) -> None:
    """Enter a step's state, with its day (today unless given) and a note. It is on the disk when this says so."""
    if state not in STATES:
        fail(
            _("{state} is no state; choose one of {states}.").format(state=state, states=", ".join(STATES)), Code.USAGE
        )
    if on is not None and state not in DATE_FIELD:
        fail(_("The state {state} has no day.").format(state=state), Code.USAGE)
    with Laptop(writing=True) as laptop:
        day = day_given(on) or laptop.now().date()
        view, unit = one_unit(laptop, wanted)
        one_step(view, unit, step)
        values: dict[str, JSON] = state_values(state, day)
        if note is not None:
            values["note"] = note
        laptop.save([_made(laptop, view, unit.code, step, values)])
        labels = laptop.replica.labels()
    text = _("Saved here: {unit} {step} {state}. {count} waiting; guatu sync sends them.")
    typer.echo(text.format(unit=plain(unit.short), step=step, state=state, count=labels.saved + labels.sent))


def _made(laptop: Laptop, view: BoardView, code: str, step: str, values: dict[str, JSON]) -> Change:
    made = laptop.pen(view).change(laptop.step(view.units[code], step), values)
    if isinstance(made, Problem):
        fail(sentence(made))
    return made


def enter(laptop: Laptop, view: BoardView, act: Sequence[Entered] | Wrong) -> list[Change]:
    """Save an act of one or several records, all of it or none; or the end of the command with what is wrong."""
    if isinstance(act, Wrong):
        fail(wrong_line(act))
    pen = laptop.pen(view)
    shared = pen.new_id() if len(act) > 1 else None
    made: list[Change] = []
    for each in act:
        change = pen.change(each.record, each.values, shared)
        if isinstance(change, Problem):
            fail(problem_line(each, change, view.chart.campaign))
        made.append(change)
    laptop.save(made)
    return made


def say_saved(laptop: Laptop, what: str) -> None:
    """Say that this is saved here, and how much waits to be sent by now."""
    labels = laptop.replica.labels()
    text = _("Saved here: {what}. {count} waiting; guatu sync sends them.")
    typer.echo(text.format(what=what, count=labels.saved + labels.sent))
