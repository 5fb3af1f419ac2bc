"""`guatu set`: one entry from the shell, the same way as from the board."""

from __future__ import annotations

import typer

from shared.board.change import JSON, Change
from shared.board.step import DATE_FIELD
from shared.messages import _
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import day_given, one_unit
from tui.entry import STATES, Problem, state_values
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
        if step not in {plan.step.id for plan in view.chart.plan(unit)}:
            fail(_("{unit} has no step {step}.").format(unit=plain(unit.short), step=plain(step)), Code.USAGE)
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


def sentence(problem: Problem) -> str:
    """What is wrong with an entry, and what to do."""
    texts = {
        "no-right": _("Your role or area does not allow this entry; ask the office."),
        "nothing-entered": _("Nothing was changed."),
        "unknown-state": _("There is no such state."),
        "done-needs-date": _("Done needs its day."),
        "not-a-date": _("This is not a day; write it like 2026-11-23."),
        "too-long": _("This text is too long; at most 4000 characters."),
        "control-characters": _("This text holds control characters; remove them."),
        "replaced": _("Nothing of it stands any more: something else was entered since, or it was taken back already."),
        "unknown-before": _("What stood before is not known on this laptop; guatu sync reads it, or enter a value."),
        "unreadable": _("No format known here reads this entry; an office that is up to date can release it."),
        "decide-anew": _("A decision that is held is not released: decide on the entry itself, or decline this one."),
        "decided": _("A decision is not taken back; decide anew, or take back the entry that was released."),
    }
    return texts[problem.code]
