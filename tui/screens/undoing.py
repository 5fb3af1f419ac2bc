"""Taking entries back on a key, with an answer of one line."""

from __future__ import annotations

from typing import Any

from textual.app import App

from shared.board.change import Change
from shared.messages import _
from tui.acting import Act, NotSaved
from tui.entry import Problem
from tui.live_board import LiveBoard
from tui.screens.naming import place_name
from tui.screens.problems import not_saved_words, problem_words, reading_only_words
from tui.view import BoardView


async def take_back(app: App[Any], board: LiveBoard, change: Change | None = None) -> None:
    """Take back an entry with all of its act, the newest own one unless told, and say what came of it."""
    if not board.profile.held:
        app.notify(reading_only_words(), severity="warning", markup=False)
        return
    try:
        done = await board.take_back(change)
    except NotSaved as failed:
        app.notify(not_saved_words(failed), severity="error", markup=False)
    else:
        wrong = isinstance(done, Problem)
        app.notify(back_words(board.view, done), severity="warning" if wrong else "information", markup=False)


def back_words(view: BoardView | None, done: Act | Problem) -> str:
    """What was taken back, in one line."""
    if isinstance(done, Problem):
        return problem_words(done, view)
    places = [change.record for change in done.changes]
    words = (
        _("Taken back: {where}.").format(where=place_name(view, places[0]))
        if len(set(places)) == 1
        else _("Taken back: {count} entries of one act.").format(count=len(set(places)))
    )
    if done.back is not None and done.back.left:
        words += " " + _("Left as they are: {count}.").format(count=len(done.back.left))
    return f"{words} {asking_words()}" if done.asking else words


def asking_words() -> str:
    """That an act is so large that it waits."""
    return _("It waits for a person's word on the sync page (F12).")
