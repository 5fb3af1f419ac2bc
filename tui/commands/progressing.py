"""`guatu progress`: planned against actual over the days of the campaign, drawn and as numbers."""

from __future__ import annotations

import shutil
from typing import Any, Final

import orjson
import typer

from shared.board.progress import Course
from shared.messages import _
from tui.as_of import NotKnown
from tui.commands.failing import Code, fail, plainly
from tui.commands.looking import UNKNOWN_PAST
from tui.commands.naming import past_day
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.progress import past
from tui.view import BoardView
from tui.wall.blocks import Blocks
from tui.wall.lines import text_of
from tui.wall.plot import key, plot, words

HIGH: Final = 16


@plainly
def progress(town: str = "", phase: int = 0, as_json: bool = False, as_of: str | None = None) -> None:
    """Say how many steps were planned and done by the end of each day, of all or of one town or phase."""
    with Laptop() as laptop:
        view = laptop.view()
        today = laptop.now().date() if as_of is None else past_day(as_of, laptop)
        code = _town(town, view) if town else ""
        if phase and phase not in {column.phase for column in view.chart.columns}:
            fail(_("There is no phase {no}.").format(no=phase), Code.WRONG)
        found = past(laptop.replica, laptop.identity, today, laptop.now().tzinfo)
    if isinstance(found, NotKnown):
        fail(_(UNKNOWN_PAST), Code.NOT_JOINED)
    course = found.progress.course(code, phase)
    if as_json:
        typer.echo(orjson.dumps(_json(course, code, phase)).decode())
        return
    title = plain(view.towns[code].name) if code else _("all towns")
    typer.echo(_("Planned and actual, {what}: {words}").format(what=title, words=words(course)))
    for line in plot(course, min(100, shutil.get_terminal_size((100, 24)).columns), HIGH, today):
        typer.echo(text_of(line).rstrip())
    typer.echo(key(Blocks.HALF))


def _town(wanted: str, view: BoardView) -> str:
    found = [code for code, town in view.towns.items() if wanted in (code, town.name)]
    if not found:
        fail(_("There is no town {name}.").format(name=wanted), Code.WRONG)
    return found[0]


def _json(course: Course, town: str, phase: int) -> dict[str, Any]:
    return {
        "town": town or None,
        "phase": phase or None,
        "steps": course.steps,
        "behind": course.behind(),
        "days": [
            {"day": day.isoformat(), "planned": planned, "done": course.done[at] if at < len(course.done) else None}
            for at, (day, planned) in enumerate(zip(course.days, course.planned, strict=True))
        ],
    }
