"""The commands of `guatu` about problems: registering, closing step by step, opening again, and the register."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.messages import mark

problem = typer.Typer(
    help=mark("Register a problem, and take it to its close-out."),
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
registers = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
Number = Annotated[
    str,
    typer.Argument(metavar="NUMBER", help=mark("2026-340111001-007, or how only one ends, 001-007; or T-3f2a1b.")),
]
On = Annotated[str | None, typer.Option(metavar="DATE", help=mark("The day, like 2026-11-23; today otherwise."))]
Note = Annotated[str | None, typer.Option(metavar="T", help=mark("A note."))]


@problem.command(help=mark("Register a problem on a unit; prints its number."))
def add(
    unit: Annotated[
        str,
        typer.Argument(metavar="UNIT", help=mark("A unit's code, its name, or a part of the name that fits only one.")),
    ],
    title: Annotated[str, typer.Option(metavar="T", help=mark("The problem, in a few words."))],
    severity: Annotated[str, typer.Option(metavar="S", help=mark("low, medium or high."))],
    due: Annotated[str, typer.Option(metavar="DATE", help=mark("Until when it is to be solved."))],
    responsible: Annotated[str | None, typer.Option(metavar="NAME", help=mark("Who is responsible."))] = None,
    leader: Annotated[str | None, typer.Option(metavar="NAME", help=mark("The leader in charge."))] = None,
    department: Annotated[str | None, typer.Option(metavar="D", help=mark("The responsible unit."))] = None,
    category: Annotated[str | None, typer.Option(metavar="C", help=mark("One of the campaign's categories."))] = None,
    source: Annotated[
        str | None, typer.Option(metavar="S", help=mark("inspection, self-check, opinions, survey or look-back."))
    ] = None,
    difficulty: Annotated[str | None, typer.Option(metavar="D", help=mark("low, medium or high."))] = None,
    term: Annotated[str | None, typer.Option(metavar="T", help=mark("now, campaign or later."))] = None,
    measure: Annotated[str | None, typer.Option(metavar="M", help=mark("What is done about it."))] = None,
    goal: Annotated[str | None, typer.Option(metavar="G", help=mark("What shall be reached."))] = None,
    found: Annotated[str | None, typer.Option(metavar="DATE", help=mark("The day when it was found."))] = None,
    visit: Annotated[
        str | None, typer.Option(metavar="ID", help=mark("The visit that found it, as guatu visits prints it."))
    ] = None,
    promise: Annotated[bool, typer.Option("--promise", help=mark("It is promised in public."))] = False,
    note: Note = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.registering.add`."""
    from tui.commands import registering  # noqa: PLC0415

    who = {"responsible": responsible, "leader": leader, "department": department}
    sort = {"category": category, "source": source, "severity": severity, "difficulty": difficulty, "term": term}
    what = {"title": title, "due_on": due, "measure": measure, "goal": goal, "found_on": found, "note": note}
    registering.add(unit, {**what, **sort, **who, "promise": "yes" if promise else None}, visit, as_json)


@problem.command(help=mark("Take a problem to the next stage of its closing."))
def advance(
    number: Number,
    stage: Annotated[str, typer.Argument(metavar="STAGE", help=mark("measured, checked, signed or published."))],
    on: On = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help=mark("Who did it, if not who enters it."))] = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.registering.advance`."""
    from tui.commands import registering  # noqa: PLC0415

    registering.advance(number, stage, on, by, as_json)


@problem.command(help=mark("Open a problem again that a look-back found come back."))
def reopen(
    number: Number,
    reason: Annotated[str, typer.Option(metavar="R", help=mark("How it came back."))],
    due: Annotated[str | None, typer.Option(metavar="DATE", help=mark("The new due day."))] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.registering.reopen`."""
    from tui.commands import registering  # noqa: PLC0415

    registering.reopen(number, reason, due, on, as_json)


@problem.command(help=mark("Enter a look-back that found a problem still solved."))
def look(
    number: Number,
    held: Annotated[bool, typer.Option("--held", help=mark("It is still solved."))] = False,
    who: Annotated[str | None, typer.Option(metavar="W", help=mark("Who looked."))] = None,
    note: Note = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.registering.look`."""
    from tui.commands import registering  # noqa: PLC0415

    registering.look(number, held, {"who": who, "note": note}, on, as_json)


@problem.command(help=mark("Enter to whom above the unit a problem goes."))
def escalate(
    number: Number,
    level: Annotated[str, typer.Option(metavar="L", help=mark("town, departments, above or partner."))],
    to: Annotated[str, typer.Option(metavar="T", help=mark("To whom."))],
    text: Annotated[str | None, typer.Option(metavar="T", help=mark("What is asked."))] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.registering.escalate`."""
    from tui.commands import registering  # noqa: PLC0415

    registering.escalate(number, {"level": level, "to": to, "text": text}, on, as_json)


@problem.command(help=mark("Take a problem back that was none; the history keeps it with the reason."))
def withdraw(
    number: Number,
    reason: Annotated[str, typer.Option(metavar="R", help=mark("Why it is none."))],
    as_json: Json = False,
) -> None:
    """See `tui.commands.registering.withdraw`."""
    from tui.commands import registering  # noqa: PLC0415

    registering.withdraw(number, reason, as_json)


@registers.command(help=mark("The register of problems, of all units or of one."))
def problems(
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT", help=mark("Only this unit."))] = None,
    only_open: Annotated[bool, typer.Option("--open", help=mark("Only those that are not struck off."))] = False,
    light: Annotated[
        str | None, typer.Option(metavar="LIGHT", help=mark("Only those that show this light, like overdue."))
    ] = None,
    category: Annotated[str | None, typer.Option(metavar="C", help=mark("Only this category."))] = None,
    responsible: Annotated[str | None, typer.Option(metavar="R", help=mark("Only this person's."))] = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.registering.problems`."""
    from tui.commands import registering  # noqa: PLC0415

    wish = registering.wish(unit, only_open, light, category, responsible)
    registering.problems(wish, as_json)
