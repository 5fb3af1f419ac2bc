"""Help, made from the keys themselves and from the lights' words, so that it cannot be out of date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from shared.board.lights import Light
from shared.campaign.model import LADDER, Rung
from shared.messages import _, pick
from tui.keymap import (
    EVERYWHERE,
    IN_EDITOR,
    IN_QUESTION,
    ON_BOARD,
    ON_CHASE,
    ON_DAY,
    ON_HISTORY,
    ON_MY_DAY,
    ON_PROBLEMS,
    ON_PROGRESS,
    ON_REVIEW,
    ON_SYNC,
    ON_UNIT,
    ON_VISITS,
    Act,
)
from tui.ladder_words import ladder_words
from tui.words import light_words


class Help(ModalScreen[None]):
    """Keys and words on one page; any of the usual keys leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,f1,q,enter", "dismiss", "")]

    def __init__(self, warning_days: int, ladder: Sequence[Rung] = LADDER) -> None:
        super().__init__()
        self._warning_days = warning_days
        self._ladder = ladder

    def compose(self) -> ComposeResult:
        """The page."""
        with VerticalScroll():
            yield Static(help_text(self._warning_days, self._ladder), markup=False)


def help_text(warning_days: int, ladder: Sequence[Rung] = LADDER) -> Text:
    """Every light with its rule, every action with its keys."""
    text = Text()
    text.append(_("What the words on the board mean") + "\n", style="bold")
    for light in Light:
        text.append(f"  {light.value}  {light_words(light)}\n")
    rule = _("Due soon means within {days} days. Overdue means past its day and not done.")
    text.append("  " + rule.format(days=warning_days) + "\n")
    text.append("  " + _("Ladder, by days past due: {ladder}").format(ladder=ladder_words(ladder)) + "\n")
    text.append("  ! " + _("different values stand side by side; the step does not count as done") + "\n")
    text.append("  * " + _("an own entry that is not on the board yet") + "\n")
    for title, acts in (
        (_("Everywhere"), EVERYWHERE),
        (_("On the board"), ON_BOARD),
        (_("On a unit's page"), ON_UNIT),
        (_("In the editor"), IN_EDITOR),
        (_("On the sync page"), ON_SYNC),
        (_("In a question"), IN_QUESTION),
        (_("In a history"), ON_HISTORY),
        (_("On the board of a day"), ON_DAY),
        (_("On my day"), ON_MY_DAY),
        (_("On the review list"), ON_REVIEW),
        (_("On the problems"), ON_PROBLEMS),
        (_("On the visits"), ON_VISITS),
        (_("On the chase list"), ON_CHASE),
        (_("Planned and actual"), ON_PROGRESS),
    ):
        text.append("\n" + title + "\n", style="bold")
        for act in acts:
            if act.action.startswith("number(") and act.keys != "1":
                continue  # one line stands for all the digits
            text.append(f"  {key_words(act):<24}{pick(act.zh, act.en)}\n")
    text.append(
        "\n  "
        + _("Arrows, PgUp, PgDn, Home, End and the mouse move; Space folds a town; Ctrl+P finds anything.")
        + "\n  "
        + _("Space, Ins and Shift with arrows select units; what is entered then is entered for all of them.")
    )
    return text


def key_words(act: Act) -> str:
    """The keys of an action as they are printed on the keyboard."""
    names = {"question_mark": "?", "slash": "/", "escape": "Esc", "enter": "Enter"}
    return " ".join(
        names.get(key, key.upper() if key[0] == "f" and key[1:].isdigit() else key) for key in act.keys.split(",")
    )
