"""Why something cannot be entered, settled or taken back, in words."""

from __future__ import annotations

from shared.messages import _
from tui.acting import NOTHING, NotSaved
from tui.entry import Problem
from tui.entry_words import sentence
from tui.screens.naming import place_name
from tui.view import BoardView


def problem_words(problem: Problem, view: BoardView | None = None) -> str:
    """What is wrong, and with which of several entries if there were several."""
    text = _("There is no entry of yours to take back.") if problem.code == NOTHING else sentence(problem)
    return f"{place_name(view, problem.address)}: {text}" if problem.address else text


def not_saved_words(failed: NotSaved) -> str:
    """That the disk refused, and what to do."""
    return _("Not saved: the disk refused ({reason}). Make room and save again.").format(reason=failed)


def reading_only_words() -> str:
    """That another program is the one that writes."""
    return _("Another guatu on this laptop is the one that writes.")


def no_step_words() -> str:
    """That there is nothing to enter where the cursor stands, and where there is."""
    return _("There is no step under the cursor; the arrows lead to one.")
