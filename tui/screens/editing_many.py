"""From many units to one entry on each: the same editor, one act, all of it or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from textual.app import App

from shared.board.change import JSON
from shared.board.record import Record, owner_of, step_address
from shared.board.redo import Redo
from shared.board.step import DATE_FIELD, StepView
from shared.board.step import view as step_view
from shared.campaign.model import Step
from shared.messages import _
from shared.roster import Unit
from tui.acting import Act, NotSaved
from tui.entry import Problem
from tui.live_board import LiveBoard
from tui.replica import Replica
from tui.screens.editor import Draft, StepEditor
from tui.screens.naming import unit_name
from tui.screens.problems import not_saved_words, problem_words, reading_only_words
from tui.screens.undoing import asking_words
from tui.view import BoardView

NOTHING_SHOWN: Final = StepView(state="")
"""What an editor for many shows: no state is chosen, and nothing is entered but what somebody chooses."""


async def edit_many(
    app: App[Any], board: LiveBoard, units: Sequence[Unit], step_id: str, saved: Callable[[], None]
) -> None:
    """Let somebody enter one step of many units as one act; returns when the editor stands open.

    Units that have no such step, or to which it does not apply, are left out, and those that stand so already are left
    alone. What stands on each is read when the editor opens. `saved` is run once the entries are on the disk.
    """
    if board.view is None:
        return
    if not board.profile.held:
        app.notify(reading_only_words(), severity="warning", markup=False)
        return
    having = _having(board.view, units, step_id)
    if not having:
        app.notify(_("None of these units has step {step}.").format(step=step_id), severity="warning", markup=False)
        return
    addresses = [step_address(code, step_id) for code in having]
    shown = await board.keeper.run(lambda replica: [_shown(replica, address) for address in addresses])
    acts: list[Act] = []
    view = board.view

    def redo(record: Record) -> Redo | None:
        return view.redo_on(view.units[owner_of(record.address)], step_id)

    async def save(values: Mapping[str, JSON]) -> str | None:
        entries = [(record, left) for record in shown if (left := differing(record, values, redo(record)))]
        if not entries:
            return _("All of these stand so already.")
        try:
            made = await board.enter_all(entries)
        except NotSaved as failed:
            return not_saved_words(failed)
        if isinstance(made, Problem):
            return problem_words(made, board.view)
        acts.append(made)
        return None

    def said(done: bool | None) -> None:
        if done:
            saved()
            words = _("Saved here: step {step}, units {count}.").format(step=step_id, count=len(acts[-1].changes))
            app.notify(f"{words} {asking_words()}" if acts[-1].asking else words, markup=False)

    draft = Draft(
        _whose(board.view, list(having), len(units)), next(iter(having.values())), NOTHING_SHOWN, board.now().date()
    )
    await app.push_screen(StepEditor(draft, save), said)


def differing(record: Record, values: Mapping[str, JSON], redo: Redo | None = None) -> dict[str, JSON]:
    """What of these values does not stand on a step already; a state that does keeps the day it was entered with.

    On a step that is open again for a `redo`, to be done is no state that stands already.
    """
    left, shown = dict(values), step_view(record, redo)
    state = left.get("state")
    if isinstance(state, str) and record.entries and shown.state == state and "state" not in shown.collisions:
        for name in ("state", DATE_FIELD.get(state, "")):
            left.pop(name, None)
    disputed = {*record.collisions(), *(("state", DATE_FIELD.get(str(state), "")) if shown.redo is not None else ())}
    return {name: value for name, value in left.items() if name in disputed or record.value(name) != value}


def _having(view: BoardView, units: Sequence[Unit], step_id: str) -> dict[str, Step]:
    """Those of the units whose plan has this step, and to which it applies, with it."""
    plans = ((unit, plan) for unit in units for plan in view.chart.plan(unit))
    return {unit.code: plan.step for unit, plan in plans if plan.step.id == step_id and plan.applies}


def _whose(view: BoardView, having: Sequence[str], chosen: int) -> str:
    words = unit_name(view, having[0]) if len(having) == 1 else _("{count} units").format(count=len(having))
    left = chosen - len(having)
    return f"{words}  " + _("(without that step: {count})").format(count=left) if left else words


def _shown(replica: Replica, address: str) -> Record:
    return replica.records(owner_of(address)).get(address) or Record(address)
