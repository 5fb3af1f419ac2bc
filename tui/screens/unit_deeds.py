"""From a unit's page to what is done there: what to enter, and what to do with what is under the cursor."""

from __future__ import annotations

from secrets import token_hex
from typing import Any, Final

from rich.text import Text
from textual.app import App

from shared.attached import Attached, named_in
from shared.board.closing import PROBLEM
from shared.board.stages import Stage
from shared.board.standing import settled
from shared.campaign.model import Step
from shared.forms.model import Form
from shared.forms.people import UNIT, groups_for
from shared.forms.shelf import forms
from shared.inspection.documents import DOCUMENT
from shared.inspection.problems import ESCALATION, LOOKBACK
from shared.messages import _, pick
from shared.rights import ALLOWED, Action, role_of
from shared.roster import Unit
from tui.acting import Records
from tui.grid.plain import plain
from tui.item_words import called
from tui.live_board import LiveBoard
from tui.screens.asking import Answer, Asking, Inquiry, Way
from tui.screens.deeds import Deed, Doing, of_record, of_step
from tui.screens.file_asking import ask_file
from tui.screens.filling import fill, open_form
from tui.screens.problems import no_step_words, reading_only_words

FILE: Final = "file-"
MADE_BY_ACTS: Final = frozenset((DOCUMENT, LOOKBACK, ESCALATION))
"""Forms that begin with an act on something else."""


def ask_new(app: App[Any], board: LiveBoard, unit: Unit) -> None:
    """Ask which form is to be filled in on a unit, and open it."""
    if not _may_enter(app, board):
        return
    offered = [form for form in forms().values() if form.id not in MADE_BY_ACTS]
    ways = [Way(form.id, Text(pick(form.title, form.title_en))) for form in offered]
    title = _("What is to be entered for {unit}?").format(unit=plain(unit.short))

    async def chosen(answer: Answer | None) -> None:
        if answer is not None:
            started = {"stage": Stage.OPEN.value} if answer.way == PROBLEM else None
            await fill(app, board, unit, answer.way, offered=started)

    app.push_screen(Asking(Inquiry(title, Text(""), ways), _nothing), chosen)


def ask_deed(app: App[Any], board: LiveBoard, unit: Unit, place: str, records: Records) -> None:
    """Ask what is to be done with a step or a record, as it was shown, and open the form of that."""
    if not _may_enter(app, board):
        return
    if not place:
        app.notify(no_step_words(), timeout=2, markup=False)
        return
    deeds = _deeds(board, unit, place, records)
    files = _files(place, records)
    if not deeds and not files:
        app.notify(_("There is nothing to be done here but to enter; Enter does that."), markup=False)
        return
    ways = [Way(str(at), Text(deed.words)) for at, deed in enumerate(deeds)]
    ways += [Way(f"{FILE}{file.hash}", Text(_("A copy of {name}").format(name=plain(file.name)))) for file in files]

    async def chosen(answer: Answer | None) -> None:
        if answer is not None and answer.way.startswith(FILE):
            ask_file(app, board, next(each for each in files if answer.way == f"{FILE}{each.hash}"))
        elif answer is not None:
            deed = deeds[int(answer.way)]
            await open_form(app, board, unit, deed.opening, whose=_title(board, unit, place, records))

    app.push_screen(Asking(Inquiry(_title(board, unit, place, records), Text(""), ways), _nothing), chosen)


async def enter_people(app: App[Any], board: LiveBoard, unit: Unit) -> None:
    """Open the form of a unit's people, figures and ties for those who plan for it."""
    if not groups_for(role_of(board.identity.role)):
        app.notify(_("Your role or area does not allow this entry; ask the office."), severity="warning", markup=False)
        return
    await fill(app, board, unit, UNIT)


def _deeds(board: LiveBoard, unit: Unit, place: str, records: Records) -> list[Deed]:
    view = board.view
    if view is None or not place:
        return []
    row = view.rows.get(unit.code)
    workflow = row.workflow if row is not None else ""
    role = role_of(board.identity.role)
    doing = Doing(role, unit.code, workflow, view.day.today, view.chart.campaign, records, lambda: token_hex(16))
    if "/" in place:
        return of_record(doing, place)
    step = _step(board, unit, place)
    return of_step(doing, step) if step is not None else []


def _files(place: str, records: Records) -> list[Attached]:
    record = records.get(place)
    return [] if record is None or not record.entries else list(named_in(settled(record)))


def _step(board: LiveBoard, unit: Unit, step_id: str) -> Step | None:
    assert board.view is not None
    return next((plan.step for plan in board.view.chart.plan(unit) if plan.step.id == step_id), None)


def _title(board: LiveBoard, unit: Unit, place: str, records: Records) -> str:
    """The unit, and which step or which record of it is meant."""
    form: Form | None = forms().get(place.partition("/")[0])
    if form is None:
        step = _step(board, unit, place)
        return f"{plain(unit.short)}  {place}  {pick(step.title, step.title_en) if step is not None else ''}".rstrip()
    return f"{plain(unit.short)}  {pick(form.title, form.title_en)}  {called(records[place])}".rstrip()


def _may_enter(app: App[Any], board: LiveBoard) -> bool:
    words = ""
    if not board.profile.held:
        words = reading_only_words()
    elif Action.EDIT not in ALLOWED[role_of(board.identity.role)]:
        words = _("Your role or area does not allow this entry; ask the office.")
    if words:
        app.notify(words, severity="warning", markup=False)
    return not words


async def _nothing(_answer: Answer) -> None:
    return None
