"""`guatu bulk`: one state on one step of many units, as one act that is taken back as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import typer

from shared.board.change import JSON, Change
from shared.board.record import Record
from shared.board.step import DATE_FIELD
from shared.board.step import view as step_view
from shared.messages import _
from shared.roster import Unit, UnitKind, canonical_code, in_area
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import day_given, only
from tui.commands.undoing import say_asking, units_of
from tui.entry import STATES, Problem, needs_word, state_values
from tui.entry_words import sentence
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.view import BoardView

Wanted = Callable[[Unit], bool]


@plainly
def bulk(
    step: str,
    state: str,
    where: tuple[str | None, str | None, str | None],
    on: str | None = None,
    note: str | None = None,
    sure: bool = False,
) -> None:
    """Enter a state on every unit of a town, of a kind, or of a list (`where`) that has the step; all saved or none.

    Units that stand so already, and those to which the step does not apply, are left alone.
    """
    if state not in STATES:
        line = _("{state} is no state; choose one of {states}.")
        fail(line.format(state=plain(state), states=", ".join(STATES)), Code.USAGE)
    if on is not None and state not in DATE_FIELD:
        fail(_("The state {state} has no day.").format(state=state), Code.USAGE)
    with Laptop(writing=True) as laptop:
        values: dict[str, JSON] = state_values(state, day_given(on) or laptop.now().date())
        if note is not None:
            values["note"] = note
        view = laptop.view()
        units = _with_step(view, _chosen(view, *where), step)
        made, refused = _made(laptop, view, units, step, values)
        if not made:
            fail(sentence(refused[0]) if refused else _("All of these stand so already."))
        asking = not sure and needs_word(made, units_of(laptop, view))
        laptop.replica.save(made, asking=asking)
    text = _("Saved here: {step} {state} on {count} units, as act {act}.")
    typer.echo(text.format(step=step, state=state, count=len(made), act=made[0].act))
    if refused:
        typer.echo(_("Left out {count}. {why}").format(count=len(refused), why=sentence(refused[0])))
    if asking:
        say_asking()


def _chosen(view: BoardView, town: str | None, kind: str | None, codes: str | None) -> list[Unit]:
    if [town, kind, codes].count(None) != 2:
        fail(_("Say one of --town CODE, --kind KIND and --units CODE,CODE."), Code.USAGE)
    if codes is not None:
        named = [only(view.find(wanted.strip()), wanted.strip()) for wanted in codes.split(",") if wanted.strip()]
        return list({unit.code: unit for unit in named}.values())
    if town is not None:
        area = canonical_code(town) or town
        return _any([view.units[code] for code in view.rows if in_area(code, area)], town)
    kinds = [each.value for each in UnitKind]
    if kind not in kinds:
        line = _("{kind} is no kind of unit; choose one of {kinds}.")
        fail(line.format(kind=plain(str(kind)), kinds=", ".join(kinds)), Code.USAGE)
    return _any([view.units[code] for code in view.rows if view.units[code].kind.value == kind], kind)


def _any(units: list[Unit], where: str) -> list[Unit]:
    """These units; ends the command when there are none, as where another town is asked for than this laptop has."""
    if not units:
        fail(_("No unit of {where} is on this laptop.").format(where=plain(where)), Code.USAGE)
    return units


def _with_step(view: BoardView, units: list[Unit], step: str) -> list[Unit]:
    """Those of these units that have the step, and to which it applies."""
    found = [unit for unit in units if any(plan.step.id == step and plan.applies for plan in view.chart.plan(unit))]
    if not found:
        fail(_("None of these units has a step {step}.").format(step=plain(step)), Code.USAGE)
    return found


def _made(
    laptop: Laptop, view: BoardView, units: list[Unit], step: str, values: dict[str, JSON]
) -> tuple[list[Change], list[Problem]]:
    pen = laptop.pen(view)
    act = pen.new_id()
    made: list[Change] = []
    refused: list[Problem] = []
    for shown in _differing(laptop, view, units, step, values):
        found = pen.change(shown, values, act)
        if isinstance(found, Change):
            made.append(found)
        elif found.code != "no-right":
            fail(sentence(found))
        else:
            refused.append(found)
    return made, refused


def _differing(
    laptop: Laptop, view: BoardView, units: list[Unit], step: str, values: dict[str, JSON]
) -> Iterator[Record]:
    """What stands on the step of those units on which something else stands."""
    for unit in units:
        record = laptop.step(unit, step)
        shown = step_view(record, view.redo_on(unit, step))
        same = shown.state == values["state"] and "state" not in shown.collisions and record.entries
        if not same or values.get("note", shown.note) != shown.note:
            yield record
