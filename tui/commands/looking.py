"""`guatu status` and `guatu show`: the board in words and as JSON."""

from __future__ import annotations

from typing import Any, Final

import orjson
import typer

from shared.board.chart import StepPlan, days_of
from shared.board.record import Record, step_address
from shared.board.status import by_phase, by_town, count
from shared.board.step import view as step_view
from shared.messages import _, language, pick
from shared.roster import Unit, kind_title
from tui.commands.failing import fail, plainly
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.view import BoardView

NAMED: Final = 8
"""So many units are named when a name may mean several."""


@plainly
def status(as_json: bool = False) -> None:
    """Say how the board stands, as this laptop knows it."""
    with Laptop() as laptop:
        view = laptop.view()
        body = status_json(laptop, view)
    if as_json:
        typer.echo(orjson.dumps(body).decode())
        return
    typer.echo(pick(view.chart.campaign.title, view.chart.campaign.title_en))
    line = _("{units} units, {done} of {steps} steps done, {overdue} overdue, {due_soon} due soon, {review} in review")
    typer.echo(line.format(**body))
    for phase in body["phases"]:
        typer.echo(f"  {phase['no']}  {pick(phase['title'], phase['title_en'])}  {phase['done']}/{phase['steps']}")
    typer.echo(_("{pending} entries not on the board yet; read up to {cursor}.").format(**body))


@plainly
def show(wanted: str, as_json: bool = False) -> None:
    """Show one unit with all its phases and steps."""
    with Laptop() as laptop:
        view, unit = one_unit(laptop, wanted)
        body = unit_json(laptop, view, unit)
    if as_json:
        typer.echo(orjson.dumps(body).decode())
        return
    kind = kind_title(unit.kind, language())
    typer.echo(f"{plain(unit.name)}  {unit.code}  {kind}  {body['done']}/{body['steps_count']}")
    for step in body["steps"]:
        mark = "!" if step["collisions"] else " "
        typer.echo(f" {step['light']}{mark} {step['id']:<5} {pick(step['title'], step['title_en'])}  {step['due']}")
        for line in step["note"].splitlines():
            typer.echo(f"          {plain(line)}")


def one_unit(laptop: Laptop, wanted: str) -> tuple[BoardView, Unit]:
    """The one unit a person means, with a board that holds it, or the end of the command with what to do."""
    view, found = laptop.find(wanted)
    if len(found) == 1:
        return view, found[0]
    if not found:
        text = _("No unit here is called {wanted}; give its code or a part of its name.")
        fail(text.format(wanted=plain(wanted)))
    names = ", ".join(f"{plain(unit.short)} {unit.code}" for unit in found[:NAMED])
    more = ", ..." if len(found) > NAMED else ""
    text = _("{wanted} may mean {count} units: {names}. Give the code.")
    fail(text.format(wanted=plain(wanted), count=len(found), names=names + more))


def status_json(laptop: Laptop, view: BoardView) -> dict[str, Any]:
    """The board's counts, with what other programs rely on: head, cursor, pending, units, steps, phases."""
    rows = list(view.rows.values())
    counts = count(row.lights for row in rows)
    cursor = laptop.replica.cursor()
    labels = laptop.replica.labels()
    seq = cursor.seq if cursor else 0
    titles = {phase.no: phase for workflow in reversed(view.chart.campaign.workflows) for phase in workflow.phases}
    return {
        "board": laptop.identity.board,
        "campaign": view.chart.campaign.id,
        "head": max(seq, int(laptop.replica.meta("head") or 0)),
        "cursor": seq,
        "pending": labels.saved + labels.sent,
        "held": labels.needs_look,
        "units": len(rows),
        **counts.to_json(),
        "conflicts": view.collisions,
        "day": list(view.chart.day_of(view.day.today)),
        "phases": [
            {"no": no, "title": titles[no].title, "title_en": titles[no].title_en, **phase.to_json()}
            for no, phase in by_phase(rows, view.chart.columns)
        ],
        "towns": [{"code": town, "name": view.towns[town].name, **c.to_json()} for town, c in by_town(rows).items()],
    }


def unit_json(laptop: Laptop, view: BoardView, unit: Unit) -> dict[str, Any]:
    """One unit's whole story, as far as this laptop knows it."""
    records = laptop.replica.records(unit.code)
    row = view.rows[unit.code]
    plans = view.chart.plan(unit, records.get(f"unit/{unit.code}"))
    return {
        "code": unit.code,
        "name": unit.name,
        "short": unit.short,
        "kind": unit.kind.value,
        "town": row.town,
        "workflow": row.workflow,
        "attributes": dict(unit.attributes),
        "people": dict(unit.people),
        "group": unit.group,
        "done": row.done,
        "steps_count": row.applicable,
        "overdue_days": row.over,
        "steps": [_step_json(view, plan, records.get(step_address(unit.code, plan.step.id)), unit) for plan in plans],
    }


def _step_json(view: BoardView, plan: StepPlan, record: Record | None, unit: Unit) -> dict[str, Any]:
    shown = step_view(record)
    days = days_of(plan, shown)
    light = view.chart.light(plan, shown, view.day.today, view.day.heard_of(unit.code))
    return {
        "id": plan.step.id,
        "phase": plan.phase,
        "title": plan.step.title,
        "title_en": plan.step.title_en,
        "state": shown.state,
        "light": light.value,
        "opens": days.opens.isoformat(),
        "due": days.due.isoformat(),
        "applies": plan.applies,
        "note": shown.note,
        "ticks": sorted(shown.ticks),
        "collisions": list(shown.collisions),
        **{name: day.isoformat() for name, day in shown.days.items()},
        "entries": [
            {"change": e.id, "by": e.author, "device": e.device, "at": e.at, "values": dict(e.values)}
            for e in (record.entries if record else ())
        ],
    }
