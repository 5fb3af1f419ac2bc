"""`guatu status` and `guatu show`: the board in words and as JSON, as it is and as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import orjson
import typer

from shared.board.chart import StepPlan, days_of, seen
from shared.board.district import BLANK, SETTLED, UnitRow
from shared.board.lights import Light
from shared.board.record import Record, step_address
from shared.board.redo import Redo
from shared.board.status import by_phase, by_town, count
from shared.messages import _, language, mark, pick
from shared.roster import Unit, kind_title
from tui.as_of import NotKnown, Standing, records_at, view_of
from tui.attending import gathered_json, gathered_lines
from tui.commands.due import files_due, tell_due
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import one_unit, only, past_day
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.pairs import pair_lines, paired, shared_title, with_pairs
from tui.replica import READ_AT, Replica
from tui.view import BoardView

UNKNOWN_PAST: Final = mark(
    "The history is not known on this laptop from its beginning; guatu sync reads it from the office."
)
_NOTHING_TO_DO: Final = frozenset((*SETTLED, Light.EXEMPT.value, BLANK))


@plainly
def status(as_json: bool = False, as_of: str | None = None) -> None:
    """Say how the board stands, as this laptop knows it, or how it stood when a day ended."""
    with Laptop() as laptop:
        day = None if as_of is None else past_day(as_of, laptop)
        view = laptop.view() if day is None else board_of(laptop, day)[0]
        if as_json:
            files = {"files_due": files_due(laptop)}
            body = {**status_json(laptop, view), **files, **trust_json(laptop.replica)}
            typer.echo(orjson.dumps(body if day is None else {**body, "as_of": day.isoformat()}).decode())
            return
        body, files_here = status_json(laptop, view), files_due(laptop)
    typer.echo(pick(view.chart.campaign.title, view.chart.campaign.title_en))
    if day is not None:
        typer.echo(_("As it stood at the end of {day}.").format(day=day.isoformat()))
    line = _("{units} units, {done} of {steps} steps done, {overdue} overdue, {due_soon} due soon, {review} in review")
    typer.echo(line.format(**body))
    for phase in body["phases"]:
        typer.echo(f"  {phase['no']}  {pick(phase['title'], phase['title_en'])}  {phase['done']}/{phase['steps']}")
    if day is None:
        typer.echo(_("{pending} entries not on the board yet; read up to {cursor}.").format(**body))
        tell_due(files_here)


@plainly
def show(wanted: str, as_json: bool = False, as_of: str | None = None) -> None:
    """Show one unit with all its phases and steps, as it is or as it was when a day ended."""
    records: Mapping[str, Record]
    with Laptop() as laptop:
        day = None if as_of is None else past_day(as_of, laptop)
        if day is None:
            view, unit = one_unit(laptop, wanted)
            view, records = with_pairs(laptop, view, unit), laptop.replica.records(unit.code)
        else:
            view, known = board_of(laptop, day)
            unit = only(view.find(wanted), wanted)
            records = known[unit.code]
    body = unit_json(view, unit, records)
    if as_json:
        typer.echo(orjson.dumps(body if day is None else {**body, "as_of": day.isoformat()}).decode())
        return
    kind = kind_title(unit.kind, language())
    typer.echo(f"{plain(unit.name)}  {unit.code}  {kind}  {body['done']}/{body['steps_count']}")
    for step in body["steps"]:
        mark = "!" if step["collisions"] else " "
        typer.echo(f" {step['light']}{mark} {step['id']:<5} {pick(step['title'], step['title_en'])}  {step['due']}")
        for line in step["note"].splitlines():
            typer.echo(f"          {plain(line)}")
    from tui.commands.story_lines import story_lines  # noqa: PLC0415 -- many words that other programs do not read

    for line in story_lines(view, unit, body):
        typer.echo(line)
    if pairs := pair_lines(view, unit, laptop.identity.areas):
        typer.echo("\n".join([shared_title(), *pairs]))
    asked = [plan.step for plan in view.chart.plan(unit) if plan.applies]
    for line in gathered_lines(records, unit.code, asked, view.chart.campaign):
        typer.echo(line)


def board_of(laptop: Laptop, day: date) -> tuple[BoardView, Standing]:
    """The board as it was when a day ended, and its records; or the end of the command when that is not known here."""
    with laptop.replica.still():
        laptop.check()
        known = records_at(laptop.replica, laptop.identity, day, laptop.now().tzinfo)
        view = known if isinstance(known, NotKnown) else view_of(laptop.replica, known, day)
    if isinstance(view, NotKnown) or isinstance(known, NotKnown):
        fail(_(UNKNOWN_PAST), Code.NOT_JOINED)
    return view, known


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
        "problems": sum(row.problems for row in rows),
        "late_problems": sum(row.late for row in rows),
        "redos": sum(_redo_open(view, row) for row in rows),
        "day": list(view.chart.day_of(view.day.today)),
        "phases": [
            {"no": no, "title": titles[no].title, "title_en": titles[no].title_en, **phase.to_json()}
            for no, phase in by_phase(rows, view.chart.columns)
        ],
        "towns": [{"code": town, "name": view.towns[town].name, **c.to_json()} for town, c in by_town(rows).items()],
    }


def trust_json(replica: Replica) -> dict[str, Any]:
    """How far what is shown can be trusted: where own entries are, since when all is known, whether it was copied.

    `known_since` is nothing when the log is known from its beginning. `digest` is that of the confirmed records.
    """
    since = replica.bygone.known_since()
    return {
        "labels": replica.labels()._asdict(),
        "known_since": since if since is None else since or replica.meta(READ_AT) or "",
        "copied": replica.meta("copied") or None,
        "digest": replica.digest(),
    }


def unit_json(view: BoardView, unit: Unit, records: Mapping[str, Record]) -> dict[str, Any]:
    """One unit's whole story, as these records of it tell it."""
    from tui.story import story  # noqa: PLC0415 -- forms are read only where a unit is told

    row, told = view.rows[unit.code], story(view, unit, records)
    rounds = Counter(each["step"] for each in told["documents"] for _round in each["rounds"])
    plans, redo = view.chart.plan(unit, records.get(f"unit/{unit.code}")), view.chart.redo(records)
    return {
        "code": unit.code,
        "name": unit.name,
        "short": unit.short,
        "kind": unit.kind.value,
        "town": row.town,
        "workflow": row.workflow,
        "attributes": dict(unit.attributes),
        "people": dict(unit.people),
        "figures": dict(unit.figures),
        "ties": dict(unit.ties),
        "paired": list(paired(view, unit).units),
        "group": unit.group,
        "done": row.done,
        "steps_count": row.applicable,
        "overdue_days": row.over,
        **gathered_json(records, unit.code, [plan.step for plan in plans if plan.applies], view.chart.campaign),
        "steps": [
            {
                **_step_json(view, plan, records.get(step_address(unit.code, plan.step.id)), redo, unit),
                "rounds": rounds[plan.step.id],
            }
            for plan in plans
        ],
        **told,
    }


def _redo_open(view: BoardView, row: UnitRow) -> bool:
    """Whether a row has a redo with steps that are still to be done again."""
    if row.redo is None:
        return False
    plans = view.chart.plan(view.units[row.code])
    return any(plan.step.redo and row.lights[plan.column] not in _NOTHING_TO_DO for plan in plans)


def _step_json(view: BoardView, plan: StepPlan, record: Record | None, redo: Redo | None, unit: Unit) -> dict[str, Any]:
    shown = seen(plan, record, redo)
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
