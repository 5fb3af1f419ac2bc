"""From a step to an entry: open the editor on what stands now; it closes when what was typed is on the disk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from textual.app import App

from shared.board.change import JSON
from shared.board.record import Record, step_address
from shared.board.standing import settled
from shared.board.step import view as step_view
from shared.board.step import view_of
from shared.messages import _
from shared.roster import Unit
from tui.acting import NotSaved
from tui.entry import Problem
from tui.grid.plain import plain
from tui.live_board import LiveBoard
from tui.screens.editor import Draft, StepEditor
from tui.screens.problems import no_step_words, not_saved_words, problem_words, reading_only_words


async def edit_step(
    app: App[Any],
    board: LiveBoard,
    unit: Unit,
    step_id: str,
    offered: Mapping[str, JSON] | None = None,
    saved: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Let somebody enter something on a step; returns when the editor stands open.

    Awaited where the key is handled, so that what is typed next goes to the editor and not to the board behind it.

    What the editor shows is read when it opens, and that is what the entry names as seen (architecture §3). `offered`
    are values put in beforehand, as from an entry that is mended; `saved` is run once the entry is on the disk.
    """
    if board.view is None:
        return
    if not board.profile.held:
        app.notify(reading_only_words(), severity="warning", markup=False)
        return
    step = next((plan.step for plan in board.view.chart.plan(unit) if plan.step.id == step_id), None)
    if step is None:
        app.notify(no_step_words(), timeout=2, markup=False)
        return
    shown = await board.records(unit)

    def said(done: bool | None) -> None:
        if done:
            app.notify(_("Saved here."), timeout=2, markup=False)

    async def save(values: Mapping[str, JSON]) -> str | None:
        try:
            made = await board.enter(unit, step_id, shown, values)
            if not isinstance(made, Problem) and saved is not None:
                await saved()
        except NotSaved as failed:
            return not_saved_words(failed)
        return problem_words(made, board.view) if isinstance(made, Problem) else None

    record = shown.get(step_address(unit.code, step_id)) or Record(step_address(unit.code, step_id))
    redo = board.view.redo_on(unit, step_id)
    proposed = view_of({**settled(record), **offered}, redo=redo) if offered else None
    draft = Draft(plain(unit.short), step, step_view(record, redo), board.now().date(), proposed)
    await app.push_screen(StepEditor(draft, save), said)
