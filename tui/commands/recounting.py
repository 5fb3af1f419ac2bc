"""`guatu log`: what happened, newest first, of a step, a unit, a town or a person, with before and after."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson
import typer

from shared.board.log_record import APPLIED
from shared.board.record import kind_of, owner_of, rest_of
from shared.messages import _
from shared.roster import in_area
from tui.chronicle import Line, chronicle
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import SHORT, day_given, one_unit
from tui.laptop import Laptop
from tui.telling import tell, when_told
from tui.view import BoardView
from tui.words import label_word


class Wish(NamedTuple):
    """Which part of the history is wanted; what is empty or nothing leaves it open."""

    step: str = ""
    by: str = ""
    town: str = ""
    since: date | None = None
    until: date | None = None


@plainly
def log(wanted: str | None, wish: Wish, limit: int = 50, as_json: bool = False) -> None:
    """Tell the history of one unit or of all, as far as it is known here."""
    if limit < 1:
        fail(_("At least one."), Code.USAGE)
    with Laptop() as laptop:
        view, owner = _view_and_owner(laptop, wanted)
        fits = _fitting(wish, laptop)
        with laptop.replica.still():
            lines = list(deque((line for line in chronicle(laptop.replica, owner) if fits(line)), limit))[::-1]
            since = laptop.replica.bygone.known_since()
    if as_json:
        typer.echo(orjson.dumps([_line_json(view, line) for line in lines]).decode())
        return
    for line in lines:
        label = "" if line.label == APPLIED else f"  [{label_word(line.label)}]"
        typer.echo(f"{line.event.change.id[:SHORT]}  {when_told(line.at)}  {_told(view, line)}{label}")
    if not lines:
        typer.echo(_("Nothing is known of that."))
    if since is not None:
        text = _("Known here from {since} on; what was before, guatu sync reads from the office.")
        typer.echo(text.format(since=when_told(since)))


def parse(step: str | None, by: str | None, town: str | None, since: str | None, until: str | None) -> Wish:
    """What was typed as a wish; a day that is none ends the command."""
    return Wish(step or "", by or "", town or "", day_given(since), day_given(until))


def _view_and_owner(laptop: Laptop, wanted: str | None) -> tuple[BoardView, str | None]:
    if wanted is None:
        return laptop.view(), None
    view, unit = one_unit(laptop, wanted)
    return view, unit.code


def _fitting(wish: Wish, laptop: Laptop) -> Callable[[Line], bool]:
    zone = laptop.now().tzinfo

    def fits(line: Line) -> bool:
        change = line.event.change
        if wish.step and (kind_of(change.record) != "step" or rest_of(change.record) != wish.step):
            return False
        if wish.by and change.author != wish.by:
            return False
        if wish.town and not in_area(owner_of(change.record), wish.town):
            return False
        if wish.since is None and wish.until is None:
            return True
        day = _day(line.at, zone)
        return day is not None and (wish.since or day) <= day <= (wish.until or day)

    return fits


def _day(at: str, zone: Any) -> date | None:
    try:
        return datetime.fromisoformat(at).astimezone(zone).date()
    except ValueError:
        return None


def _told(view: BoardView, line: Line) -> str:
    return tell(line.event, _name(view, owner_of(line.event.change.record)), view.chart.campaign)


def _name(view: BoardView, owner: str) -> str:
    unit = view.units.get(owner)
    return unit.short if unit is not None else owner


def _line_json(view: BoardView, line: Line) -> dict[str, Any]:
    event, change = line.event, line.event.change
    owner = owner_of(change.record)
    return {
        "change": change.id,
        "seq": event.record.seq or None,
        "at": line.at,
        "entered": change.at,
        "by": change.author,
        "device": change.device,
        "unit": owner,
        "unit_name": _name(view, owner),
        "step": rest_of(change.record) if kind_of(change.record) == "step" else None,
        "record": change.record,
        "values": dict(change.values),
        "before": {name: list(values) for name, values in event.before.items()},
        "label": line.label,
        "act": change.act,
        "undoes": change.undoes,
        "released_by": event.released_by or None,
        "text": _told(view, line),
    }
