"""From a step to an entry: open the editor on what stands now; it closes when what was typed is on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.app import App

from shared.board.change import JSON
from shared.board.record import step_address
from shared.board.step import view as step_view
from shared.messages import _
from shared.roster import Unit
from tui.commands.entering import sentence
from tui.entry import Problem
from tui.live_board import LiveBoard, NotSaved
from tui.screens.editor import Draft, StepEditor


async def edit_step(app: App[Any], board: LiveBoard, unit: Unit, step_id: str) -> None:
    """Let somebody enter something on a step; returns when the editor stands open.

    Awaited where the key is handled, so that what is typed next goes to the editor and not to the board behind it.

    What the editor shows is read when it opens, and that is what the entry names as seen (architecture §3).
    """
    if board.view is None:
        return
    if not board.profile.held:
        app.notify(_("Another guatu on this laptop is the one that writes."), severity="warning", markup=False)
        return
    step = next((plan.step for plan in board.view.chart.plan(unit) if plan.step.id == step_id), None)
    if step is None:
        return
    shown = await board.records(unit)

    def said(saved: bool | None) -> None:
        if saved:
            app.notify(_("Saved here."), timeout=2, markup=False)

    async def save(values: Mapping[str, JSON]) -> str | None:
        try:
            made = await board.enter(unit, step_id, shown, values)
        except NotSaved as failed:
            return _("Not saved: the disk refused ({reason}). Make room and save again.").format(reason=failed)
        return sentence(made) if isinstance(made, Problem) else None

    draft = Draft(unit, step, step_view(shown.get(step_address(unit.code, step_id))), board.now().date())
    await app.push_screen(StepEditor(draft, save), said)
