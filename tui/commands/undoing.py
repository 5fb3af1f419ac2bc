"""`guatu undo`: taking back an entry or a whole act, before and after it was sent, one's own or with the right to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import typer

from shared.board.change import Change, is_id
from shared.board.record import owner_of
from shared.messages import _
from tui.chronicle import entered
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import one_entry
from tui.entry import needs_word
from tui.entry_words import sentence
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.taking_back import Back, newest, take_back
from tui.telling import tell
from tui.view import BoardView
from tui.waiting import ASKING

TOLD: Final = 20
"""So much of a bulk act is told line by line."""


@plainly
def undo(wanted: str | None = None, act: str | None = None, sure: bool = False) -> None:
    """Take back one entry, a whole act, or without either the newest own entry that still stands, with its act."""
    if wanted is not None and act is not None:
        fail(_("Name an entry or an act, not both."), Code.USAGE)
    with Laptop(writing=True) as laptop:
        view = laptop.view()
        back = take_back(laptop.replica, laptop.pen(view), _meant(laptop, wanted, act))
        if not back.changes:
            fail(sentence(back.left[0][1]))
        asking = _asks_still(laptop, back) or (not sure and needs_word(back.made, units_of(laptop, view)))
        laptop.replica.save(back.made, asking=asking)
    _say(view, back)
    if asking:
        say_asking()


def units_of(laptop: Laptop, view: BoardView) -> int:
    """How many units the whole board has, as the office said; those known here when it did not."""
    return int(laptop.replica.meta("units") or 0) or len(view.rows)


def say_asking() -> None:
    """Say that an act waits for a person's word, and how to give it."""
    typer.echo(_("This changes more than a tenth of all units: it is saved here, and sent after guatu held --send."))


def _asks_still(laptop: Laptop, back: Back) -> bool:
    """Whether it takes back what waits for a word itself: then it goes with that, as the office knows neither yet."""
    asking = {each.id for each in laptop.replica.outbox.waiting() if each.label == ASKING}
    return any(change.undoes in asking for change in back.made)


def _meant(laptop: Laptop, wanted: str | None, act: str | None) -> Sequence[Change]:
    if wanted is not None:
        return [one_entry(laptop, wanted)]
    if act is not None:
        found = laptop.replica.bygone.of_act(act.lower()) if is_id(act.lower()) else []
        return found or fail(_("No act {act} is known here; guatu log --json has them.").format(act=plain(act)))
    return newest(laptop.replica) or fail(_("Nothing that was entered on this laptop still stands."))


def _say(view: BoardView, back: Back) -> None:
    for change, record in back.changes[:TOLD]:
        owner = owner_of(change.record)
        unit = view.units.get(owner)
        typer.echo(tell(entered(change, record), unit.short if unit is not None else owner, view.chart.campaign))
    if len(back.changes) > TOLD:
        typer.echo(_("... and {count} more.").format(count=len(back.changes) - TOLD))
    if back.left:
        line = _("{count} could not be taken back. {why}")
        typer.echo(line.format(count=len(back.left), why=sentence(back.left[0][1])))
