"""From a unit to an entry of any form: it opens on what stands now, and closes when what was typed is on the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

from textual.app import App

from shared.board.change import JSON
from shared.board.record import Record, unit_address
from shared.board.standing import settled
from shared.campaign.model import Campaign
from shared.forms.model import Form, Wrong
from shared.forms.people import UNIT, groups_for, people_form
from shared.forms.shelf import form_of, options_of
from shared.inspection.item import Entered, address_of
from shared.messages import _, pick
from shared.rights import role_of
from shared.roster import Unit
from tui.acting import Act, NotSaved, Records
from tui.entry import Problem
from tui.entry_words import field_title, problem_line, sentence, wrong_line
from tui.filled import entries_of
from tui.grid.plain import plain
from tui.live_board import LiveBoard
from tui.screens.form import Filling, FormEditor, Refusal
from tui.screens.problems import not_saved_words, reading_only_words
from tui.screens.undoing import asking_words

Values = Mapping[str, JSON]
Make = Callable[[Values], Sequence[Entered] | Wrong]
"""Makes an act of what was typed."""
Saved = Callable[[], Awaitable[None]]
Asked = Callable[[Values], Awaitable[None]]
"""Takes what was typed into a form that asks for something and enters nothing."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A form to be opened: what stands, what is put in beforehand (fields not shown, too), what to make of it.

    `standing` is what the entry is compared with: the values of the record that is changed, nothing for a new one.
    """

    form: Form
    make: Make
    standing: Values = field(default_factory=dict)
    offered: Values = field(default_factory=dict)


def on_record(form: Form, record: Record, offered: Values | None = None, make: Make | None = None) -> Opening:
    """The form of a record, to change what stands there or to begin it."""
    return Opening(
        form,
        make or (lambda values: [Entered(record, values)]),
        settled(record) if record.entries else {},
        offered or {},
    )


async def fill(
    app: App[Any],
    board: LiveBoard,
    unit: Unit,
    kind: str,
    item_id: str | None = None,
    offered: Values | None = None,
    saved: Saved | None = None,
) -> None:
    """Let somebody fill in the form of a kind of record on a unit, a new one or the one of this id.

    What the form shows is read when it opens, and that is what the entry names as seen (architecture §3).
    """
    shown = await board.records(unit)
    form = _form(board, unit, kind, shown)
    if form is not None:
        address = unit_address(unit.code) if kind == UNIT else address_of(kind, unit.code, item_id or _new_id(form))
        await open_form(app, board, unit, on_record(form, shown.get(address) or Record(address), offered), saved)


async def open_form(
    app: App[Any],
    board: LiveBoard,
    unit: Unit,
    opening: Opening,
    saved: Saved | None = None,
    whose: str = "",
    asked: Asked | None = None,
) -> None:
    """Open a form on a unit; returns when it stands open. `saved` is run once the entry is on the disk.

    `whose` stands in the title in place of the unit. With `asked` nothing is entered: what was typed goes there alone.
    """
    view = board.view
    if view is None:
        return
    if asked is None and not board.profile.held:
        app.notify(reading_only_words(), severity="warning", markup=False)
        return
    form = opening.form
    acts: list[Act] = []
    hidden = {name: value for name, value in opening.offered.items() if not _is_typed(form, name)}

    async def save(values: Values) -> Refusal | None:
        if asked is not None:
            await asked(values)
            return None
        kept = await _with_files(board, form, values)
        if isinstance(kept, Refusal):
            return kept
        done = await _enter(board, form, opening.make({**hidden, **kept} if kept or not opening.standing else {}))
        if isinstance(done, Refusal):
            return done
        acts.append(done)
        if saved is not None:
            await saved()
        return None

    def said(done: bool | None) -> None:
        if done and acts:
            waits = f" {asking_words()}" if acts[-1].asking else ""
            app.notify(_("Saved here.") + waits, timeout=8 if waits else 2, markup=False)

    workflow = view.rows[unit.code].workflow if unit.code in view.rows else ""
    options = {each.name: options_of(each, view.chart.campaign, workflow) for each in form.typed}
    title = f"{whose or plain(unit.short)}  {pick(form.title, form.title_en)}".strip()
    verb = _("Show") if asked is not None else ""
    filling = Filling(title, form, opening.standing, options, opening.offered, verb)
    await app.push_screen(FormEditor(filling, save), said)


async def _enter(board: LiveBoard, form: Form, act: Sequence[Entered] | Wrong) -> Act | Refusal:
    if isinstance(act, Wrong):
        known = form.field(act.field) is not None
        line = sentence(Problem(*act))
        return Refusal(
            f"{field_title(form, act.field)}{pick('：', ': ')}{line}" if known else wrong_line(act), act.field
        )
    try:
        done = await board.enter_all(entries_of(act))
    except NotSaved as failed:
        return Refusal(not_saved_words(failed))
    return _refusal(board, act, done) if isinstance(done, Problem) else done


def _form(board: LiveBoard, unit: Unit, kind: str, shown: Records) -> Form | None:
    if board.view is None:
        return None
    if kind != UNIT:
        return form_of(kind, board.view.chart.campaign)
    own = shown.get(unit_address(unit.code))
    names = settled(own) if own is not None and own.entries else {}
    return people_form(unit.kind, names, groups_for(role_of(board.identity.role)))


def _new_id(form: Form) -> str:
    return "1" if form.single else token_hex(16)


def _is_typed(form: Form, name: str) -> bool:
    return any(each.name == name for each in form.typed)


async def _with_files(board: LiveBoard, form: Form, values: Values) -> dict[str, JSON] | Refusal:
    """The values with every path in them made a file that is kept on this laptop."""
    found = dict(values)
    for each in form.typed:
        path = found.get(each.name)
        if each.kind == "file" and isinstance(path, str):
            try:
                kept = await asyncio.to_thread(_kept, board.profile.folder, path)
            except (OSError, sqlite3.Error) as failed:
                return Refusal(not_saved_words(NotSaved(str(failed))), each.name)
            if isinstance(kept, Problem):
                return Refusal(f"{field_title(form, each.name)}{pick('：', ': ')}{sentence(kept)}", each.name)
            found[each.name] = kept
    return found


def _kept(folder: Path, path: str) -> dict[str, JSON] | Problem:
    from tui.attachments import keep  # noqa: PLC0415 -- few entries have a file

    return keep(folder, Path(path).expanduser())


def _refusal(board: LiveBoard, act: Sequence[Entered], problem: Problem) -> Refusal:
    """What is wrong with an act, at the field where it is."""
    entered = next((each for each in act if each.record.address == problem.address), act[0])
    return Refusal(problem_line(entered, problem, _campaign(board)), problem.field)


def _campaign(board: LiveBoard) -> Campaign:
    assert board.view is not None
    return board.view.chart.campaign
