"""What people do on the sync page: each asks, saves, and says in one line what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from textual.app import App

from shared.board.holds import Verdict
from shared.board.record import kind_of, owner_of, rest_of
from shared.messages import _
from tui.acting import Act, NotSaved
from tui.chronicle import Line
from tui.entry import Problem
from tui.holding import Undecided
from tui.live_board import LiveBoard
from tui.past import Scope
from tui.questions import Policy, Question
from tui.screens.asking import Answer, Asking
from tui.screens.editing import edit_step
from tui.screens.naming import place_name
from tui.screens.problems import not_saved_words, problem_words, reading_only_words
from tui.screens.sync import deciding, settling
from tui.screens.sync.lines import Item
from tui.screens.undoing import asking_words
from tui.waiting import Look, Waiting


async def settle(app: App[Any], board: LiveBoard, question: Question, first: int = 0) -> None:
    """Ask which value of a collision holds; the entry names as seen what the question showed, and nothing else."""

    async def done(answer: Answer) -> str | None:
        values = settling.values_for(question, answer, board.now().date())
        return await _enter(board, [(question.record, values)], said)

    said: list[str] = []
    inquiry = settling.inquiry_of(board.view, question, board.identity.device, first)
    if await app.push_screen_wait(Asking(inquiry, done)):
        words = _("Settled: {where}.").format(where=place_name(board.view, question.collision.address))
        _say(app, f"{words} " + _("Ctrl+Z takes it back."), said)


async def settle_many(app: App[Any], board: LiveBoard, questions: Sequence[Question]) -> None:
    """Ask once for many collisions, and settle those that the answer fits, as one act."""
    device = board.identity.device

    async def done(answer: Answer) -> str | None:
        return await _enter(board, settling.entries_for(questions, Policy(answer.way), device), said)

    said: list[str] = []
    inquiry = settling.inquiry_of_many(board.view, questions, device)
    answer = await app.push_screen_wait(Asking(inquiry, done))
    if answer is not None:
        count = len(settling.entries_for(questions, Policy(answer.way), device))
        _say(app, _("Settled: {count} of {all}. Ctrl+Z takes them back.").format(count=count, all=len(questions)), said)


async def look_at(app: App[Any], board: LiveBoard, look: Look, asking: int) -> None:
    """Ask what shall become of an own entry that needs a look, and do it."""

    async def done(answer: Answer) -> str | None:
        try:
            match answer.way:
                case deciding.GO if board.profile.held:
                    await board.give_word()
                case deciding.BACK if board.profile.held:
                    await board.take_back_asking()
                case deciding.DISMISS if board.profile.held:
                    await board.note_looked(look.change.id)
                case deciding.EXPORT:
                    await asyncio.to_thread(deciding.export, Path(answer.text.strip()), look)
                case _ if not board.profile.held:
                    return reading_only_words()
        except NotSaved as failed:
            return not_saved_words(failed)
        except OSError as failed:
            return _("Not written: {why}.").format(why=failed.strerror or failed)
        return None

    answer = await app.push_screen_wait(Asking(deciding.inquiry_of_look(board.view, look, asking), done))
    if answer is None:
        return
    match answer.way:
        case deciding.MEND:
            await _mend(app, board, look)
        case deciding.BACK:
            app.notify(_("Taken back: {count} entries.").format(count=asking), markup=False)
        case deciding.EXPORT:
            app.notify(_("Written: {file}.").format(file=answer.text.strip()), markup=False)


async def decide(app: App[Any], board: LiveBoard, waiting: Undecided) -> None:
    """Ask whether a held entry counts; to decline it takes a reason."""

    async def done(answer: Answer) -> str | None:
        verdict, reason = Verdict(answer.way), answer.text.strip()
        if verdict is Verdict.DECLINED and not reason:
            return _("Say why: its author reads the reason.")
        return await _saved(board, lambda: board.decide(waiting, verdict, reason), [])

    answer = await app.push_screen_wait(Asking(deciding.inquiry_of_held(board.view, waiting), done))
    if answer is not None:
        released = answer.way == Verdict.RELEASED
        app.notify(_("Released.") if released else _("Declined."), markup=False)


def show_history(app: App[Any], board: LiveBoard, item: Item | None) -> None:
    """Open the history of the place that an item is about."""
    from tui.screens.history.page import HistoryPage  # noqa: PLC0415 -- opened by few

    address = _address(item)
    if address is not None:
        step = rest_of(address) if kind_of(address) == "step" else ""
        app.push_screen(HistoryPage(board, Scope(unit=owner_of(address), step=step)))


async def _mend(app: App[Any], board: LiveBoard, look: Look) -> None:
    step = deciding.step_of(board.view, look.change)
    if board.view is None or step is None:
        return

    async def saved() -> None:
        await board.note_looked(look.change.id)

    await edit_step(app, board, board.view.units[owner_of(look.change.record)], step, look.change.values, saved)


async def _enter(board: LiveBoard, entries: Sequence[settling.Entry], said: list[str]) -> str | None:
    return await _saved(board, lambda: board.enter_all(entries), said)


async def _saved(board: LiveBoard, save: Callable[[], Awaitable[Act | Problem]], said: list[str]) -> str | None:
    """Save; why that cannot be, or nothing when it is on the disk. `said` takes what else there is to say."""
    if not board.profile.held:
        return reading_only_words()
    try:
        made = await save()
    except NotSaved as failed:
        return not_saved_words(failed)
    if isinstance(made, Problem):
        return problem_words(made, board.view)
    if made.asking:
        said.append(asking_words())
    return None


def _say(app: App[Any], words: str, more: Sequence[str]) -> None:
    app.notify(" ".join((words, *more)), markup=False)


def _address(item: Item | None) -> str | None:
    match item:
        case Question():
            return item.collision.address
        case Look():
            return item.change.record
        case Undecided():
            return item.held.change.record if item.held.change is not None else item.shown.address
        case Waiting():
            change = item.change()
            return change.record if change is not None else None
        case Line():
            return item.event.change.record
        case None:
            return None
