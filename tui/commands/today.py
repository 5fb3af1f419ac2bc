"""`guatu today`: what waits for the person at this laptop, what is due soon, and what turned red since they looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import typer

from shared.board.record import kind_of, rest_of
from shared.campaign.model import Rung
from shared.inspection.agenda import SHOWN, Agenda, Part, Thing
from shared.inspection.tasks import Task
from shared.messages import _
from tui.commands.failing import Code, fail, plainly
from tui.duties import ladder_of, my_day
from tui.duty_words import late_counts, part_words, thing_mark, thing_words
from tui.grid.plain import plain
from tui.ladder_words import ladder_words
from tui.laptop import Laptop, NothingYet
from tui.profile import Identity
from tui.words import role_word


@plainly
def today(as_json: bool = False, limit: int = SHOWN) -> None:
    """Say what there is to do today; the last look is that at the page, which this leaves as it is."""
    if limit < 1:
        fail(_("At least one."), Code.USAGE)
    with Laptop() as laptop:
        day = my_day(laptop.replica, laptop.identity, laptop.now(), limit)
        ladder = ladder_of(laptop.replica)
    if day is None:
        raise NothingYet
    if as_json:
        typer.echo(orjson.dumps(agenda_json(day, laptop.identity)).decode())
        return
    for line in _lines(day, laptop.identity, ladder):
        typer.echo(line)


def agenda_json(day: Agenda, identity: Identity) -> dict[str, Any]:
    """A day for other programs: each part with how many there are and the first of them."""
    return {
        "day": day.today.isoformat(),
        "looked": day.looked.isoformat() if day.looked is not None else None,
        "member": identity.member,
        "role": identity.role,
        "areas": list(identity.areas),
        "overdue": day.late,
        "unknown": day.unheard,
        **{
            part.value: {"count": listed.total, "items": [_thing_json(thing) for thing in listed.things]}
            for part, listed in day.parts.items()
        },
    }


def task_json(task: Task) -> dict[str, Any]:
    """A step or a problem for other programs."""
    return {
        "step": None if task.is_problem else task.name,
        "problem": task.name if task.is_problem else None,
        "title": task.title,
        "title_en": task.title_en,
        "state": task.state,
        "light": task.light.value,
        "due": task.due.isoformat() if task.due is not None else None,
        "reason": task.reason,
    }


def _thing_json(thing: Thing) -> dict[str, Any]:
    body: dict[str, Any] = {
        "unit": thing.unit,
        "name": thing.name,
        "record": thing.address or None,
        "day": thing.day.isoformat() if thing.day is not None else None,
        "days": thing.days,
    }
    match thing.part:
        case Part.COLLISIONS:
            step = rest_of(thing.address) if kind_of(thing.address) == "step" else None
            return {**body, "step": step, "fields": list(thing.words)}
        case Part.LOOKS:
            return {**body, "status": thing.words[0], "change": thing.words[1]}
        case _:
            return body if thing.task is None else {**body, **task_json(thing.task), "rung": thing.rung or None}


def _lines(day: Agenda, identity: Identity, ladder: Sequence[Rung]) -> Iterator[str]:
    areas = " ".join(identity.areas)
    yield f"{day.today.isoformat()}  {plain(identity.member)} ({role_word(identity.role)} {plain(areas)})"
    for part, listed in day.parts.items():
        if listed.total:
            yield f"{part_words(part)}  {listed.total}"
            yield from (f"  {thing_mark(thing)} {thing_words(thing, ladder)}" for thing in listed.things)
            if listed.more:
                yield "  " + _("... and {count} more").format(count=listed.more)
    if not any(listed.total for listed in day.parts.values()):
        yield _("Nothing waits for you today.")
    if late := late_counts(day):
        yield late + "  guatu chase"
    yield _("Ladder, by days past due: {ladder}").format(ladder=ladder_words(ladder))
