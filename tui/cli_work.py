"""The commands of `guatu` for the inspection group's work: papers and their review, visits, surveys, other records."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.messages import mark
from tui.cli_problems import problem, registers

_PLAIN = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}
work = typer.Typer()
visit = typer.Typer(help=mark("Enter visits."), **_PLAIN)  # type: ignore[arg-type]
survey = typer.Typer(help=mark("Enter surveys."), **_PLAIN)  # type: ignore[arg-type]
record = typer.Typer(help=mark("Enter what has no command of its own: meetings, study, bulletins."), **_PLAIN)  # type: ignore[arg-type]
work.add_typer(problem, name="problem")
work.add_typer(registers)
work.add_typer(visit, name="visit")
work.add_typer(survey, name="survey")
work.add_typer(record, name="record")

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
Wanted = Annotated[
    str, typer.Argument(metavar="UNIT", help=mark("A unit's code, its name, or a part of the name that fits only one."))
]
Unit = Annotated[str | None, typer.Option("--unit", metavar="UNIT", help=mark("Only this unit."))]
Step = Annotated[str, typer.Argument(metavar="STEP", help=mark("The step's number, like 1.4."))]
On = Annotated[str | None, typer.Option(metavar="DATE", help=mark("The day, like 2026-11-23; today otherwise."))]
Kind = Annotated[str, typer.Argument(metavar="KIND", help=mark("The form: meeting, study, bulletin and so on."))]
Fields = Annotated[
    list[str],
    typer.Argument(metavar="FIELD=VALUE...", help=mark("Fields of the form; several answers with commas between.")),
]
Number = Annotated[str | None, typer.Option(metavar="N", help=mark("How many."))]


@work.command(help=mark("Hand in a paper for a step; the step waits for its reviewer then."))
def submit(
    unit: Wanted,
    step: Step,
    title: Annotated[str, typer.Option(metavar="T", help=mark("What the paper is called."))],
    number: Annotated[str | None, typer.Option(metavar="N", help=mark("The paper's own number."))] = None,
    dated: Annotated[str | None, typer.Option(metavar="DATE", help=mark("The date on the paper."))] = None,
    sort: Annotated[
        str | None,
        typer.Option(metavar="SORT", help=mark("plan, report, material, summary and so on; else what the step wants.")),
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="F", help=mark("The file itself; it is kept here and taken to the office."))
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="T", help=mark("A note."))] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.reviewing.submit`."""
    from tui.commands import reviewing  # noqa: PLC0415

    given = {"title": title, "number": number, "on": dated, "sort": sort, "note": note}
    reviewing.submit(unit, step, given, on, file, as_json)


@work.command(help=mark("Approve what waits for review, on several steps in one act."))
def approve(
    unit: Wanted,
    steps: Annotated[list[str], typer.Argument(metavar="STEP...", help=mark("The steps' numbers, like 1.4 3.1."))],
    on: On = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.reviewing.approve`."""
    from tui.commands import reviewing  # noqa: PLC0415

    reviewing.approve(unit, steps, on, as_json)


@work.command("return", help=mark("Return what waits for review, with what has to be mended and a new due day."))
def give_back(
    unit: Wanted,
    step: Step,
    reason: Annotated[str, typer.Option(metavar="R", help=mark("What has to be mended."))],
    due: Annotated[str, typer.Option(metavar="DATE", help=mark("The new due day."))],
    on: On = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.reviewing.give_back`."""
    from tui.commands import reviewing  # noqa: PLC0415

    reviewing.give_back(unit, step, reason, due, on, as_json)


@visit.command("add", help=mark("Enter a visit that took place on a day, or is planned for one."))
def visit_add(
    unit: Wanted,
    on: Annotated[str | None, typer.Option(metavar="DATE", help=mark("The day, like 2026-11-23."))] = None,
    plan: Annotated[str | None, typer.Option(metavar="DATE", help=mark("The day for which it is planned."))] = None,
    who: Annotated[str | None, typer.Option(metavar="W", help=mark("Who went."))] = None,
    group: Annotated[str | None, typer.Option(metavar="G", help=mark("The inspection group."))] = None,
    finding: Annotated[list[str] | None, typer.Option(metavar="F", help=mark("What was found; say it again."))] = None,
    looked: Annotated[
        list[str] | None, typer.Option(metavar="STEP", help=mark("A step that was looked at; say it again."))
    ] = None,
    households: Annotated[str | None, typer.Option(metavar="H,H", help=mark("Kinds of households visited."))] = None,
    note: Annotated[str | None, typer.Option(metavar="T", help=mark("A note."))] = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.visiting.add`."""
    from tui.commands import visiting  # noqa: PLC0415

    steps = ",".join(looked) if looked else None
    given = {"on": on, "planned_on": plan, "who": who, "group": group, "looked": steps, "households": households}
    visiting.add(unit, {**given, "note": note}, finding or (), as_json)


@work.command(help=mark("Visits, of all units or of one; with --coverage how each unit was visited."))
def visits(
    unit: Unit = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help=mark("How often and when last, units that nobody came to first."))
    ] = False,
    as_json: Json = False,
) -> None:
    """See `tui.commands.visiting.visits` and `tui.commands.visiting.coverage`."""
    from tui.commands import visiting  # noqa: PLC0415

    (visiting.coverage if coverage else visiting.visits)(unit, as_json)


@survey.command("add", help=mark("Enter the sheet of a survey; one that does not add up is refused."))
def survey_add(
    unit: Wanted,
    issued: Annotated[str, typer.Option(metavar="N", help=mark("Sheets issued."))],
    returned: Annotated[str, typer.Option(metavar="N", help=mark("Sheets returned."))],
    valid: Annotated[str, typer.Option(metavar="N", help=mark("Sheets that are valid."))],
    satisfied: Number = None,
    basic: Number = None,
    dissatisfied: Number = None,
    conduct: Annotated[
        str | None, typer.Option(metavar="N/N/N", help=mark("The same of the question about its conduct, in order."))
    ] = None,
    count: Annotated[
        list[str] | None,
        typer.Option(metavar="GRADE=N", help=mark("Other grades, or QUESTION.GRADE=N; say it again for each.")),
    ] = None,
    invited: Annotated[str | None, typer.Option(metavar="N", help=mark("People invited."))] = None,
    present: Annotated[str | None, typer.Option(metavar="N", help=mark("People who came."))] = None,
    method: Annotated[str | None, typer.Option(metavar="M,M", help=mark("By which method."))] = None,
    takers: Annotated[str | None, typer.Option(metavar="T,T", help=mark("Who took part."))] = None,
    redo_due: Annotated[str | None, typer.Option(metavar="DATE", help=mark("Until when a redo is due."))] = None,
    cause: Annotated[str | None, typer.Option(metavar="T", help=mark("Why people are not satisfied."))] = None,
    note: Annotated[str | None, typer.Option(metavar="T", help=mark("A note."))] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.surveying.add`."""
    from tui.commands import surveying  # noqa: PLC0415

    sheet = {"invited": invited, "present": present, "issued": issued, "returned": returned, "valid": valid}
    given = {"on": on, **sheet, "method": method, "takers": takers, "redo_due_on": redo_due, "cause": cause}
    grades = {"satisfied": satisfied, "basic": basic, "dissatisfied": dissatisfied}
    surveying.add(unit, {**given, "note": note}, surveying.Counts(grades, conduct, count or ()), as_json)


@work.command(help=mark("Surveys, of all units or of one."))
def surveys(unit: Unit = None, as_json: Json = False) -> None:
    """See `tui.commands.surveying.surveys`."""
    from tui.commands import surveying  # noqa: PLC0415

    surveying.surveys(unit, as_json)


@record.command("add", help=mark("Enter a new record of a form."))
def record_add(unit: Wanted, kind: Kind, fields: Fields, as_json: Json = False) -> None:
    """See `tui.commands.recording.add`."""
    from tui.commands import recording  # noqa: PLC0415

    recording.add(unit, kind, fields, as_json)


@record.command("set", help=mark("Enter other values on a record; FIELD= empties a field."))
def record_set(
    unit: Wanted,
    kind: Kind,
    item: Annotated[str, typer.Argument(metavar="ID", help=mark("The record's id, or how it begins."))],
    fields: Fields,
    as_json: Json = False,
) -> None:
    """See `tui.commands.recording.change`."""
    from tui.commands import recording  # noqa: PLC0415

    recording.change(unit, kind, item, fields, as_json)


@work.command(help=mark("A unit's records, of one form or of all."))
def records(
    unit: Wanted,
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help=mark("Only this form."))] = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.recording.records`."""
    from tui.commands import recording  # noqa: PLC0415

    recording.records(unit, kind, as_json)
