"""What a person names on the command line: a unit, an entry, a day; or the end of the command with what to give."""

from __future__ import annotations

from datetime import date
from typing import Final

from shared.board.change import Change
from shared.board.chart import StepPlan
from shared.messages import _
from shared.roster import Unit
from tui.commands.failing import Code, fail
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.view import BoardView

NAMED: Final = 8
"""So many units are named when a name may mean several."""
SHORT: Final = 8
"""So many digits of an entry's id are shown; so few, and fewer if only one entry begins so, name it."""
LEAST: Final = 4


def one_unit(laptop: Laptop, wanted: str) -> tuple[BoardView, Unit]:
    """The one unit a person means, with a board that holds it."""
    view, found = laptop.find(wanted)
    return view, only(found, wanted)


def only(found: list[Unit], wanted: str) -> Unit:
    """The one unit that was found."""
    if len(found) == 1:
        return found[0]
    if not found:
        text = _("No unit here is called {wanted}; give its code or a part of its name.")
        fail(text.format(wanted=plain(wanted)))
    names = ", ".join(f"{plain(unit.short)} {unit.code}" for unit in found[:NAMED])
    more = ", ..." if len(found) > NAMED else ""
    text = _("{wanted} may mean {count} units: {names}. Give the code.")
    fail(text.format(wanted=plain(wanted), count=len(found), names=names + more))


def one_step(view: BoardView, unit: Unit, step: str) -> StepPlan:
    """The step of this number, as the unit has it."""
    found = next((plan for plan in view.chart.plan(unit) if plan.step.id == step), None)
    if found is None:
        fail(_("{unit} has no step {step}.").format(unit=plain(unit.short), step=plain(step)), Code.USAGE)
    return found


def one_entry(laptop: Laptop, wanted: str) -> Change:
    """The one entry whose id begins so, as far as it is known here."""
    ids = laptop.replica.bygone.ids(wanted.lower()) if len(wanted) >= LEAST else []
    change = laptop.replica.bygone.find(ids[0]) if len(ids) == 1 else None
    if change is None:
        text = _("No one entry known here has an id that begins with {wanted}; guatu log --json has the ids.")
        fail(text.format(wanted=plain(wanted)))
    return change


def a_day(text: str) -> date:
    """The day that is written like 2026-11-23."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(_("This is not a day; write it like 2026-11-23."), Code.USAGE)


def day_given(text: str | None) -> date | None:
    """The same for a day that may be left out."""
    return None if text is None else a_day(text)


def past_day(text: str, laptop: Laptop) -> date:
    """The same for a day that has begun here."""
    day = a_day(text)
    if day > laptop.now().date():
        fail(_("{day} has not come yet.").format(day=day.isoformat()), Code.USAGE)
    return day
