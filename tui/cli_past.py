"""The commands of `guatu` about the past: what happened, what changed between two days, and taking back."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.messages import mark

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
Until = Annotated[str | None, typer.Option(metavar="DATE", help=mark("The last day; today otherwise."))]
past = typer.Typer()


@past.command(
    help=mark("Take back an entry or a whole act; without words the newest of this laptop that still stands.")
)
def undo(
    change: Annotated[
        str | None,
        typer.Argument(metavar="CHANGE", help=mark("An entry's id, or how it begins, as guatu log prints it.")),
    ] = None,
    act: Annotated[str | None, typer.Option(metavar="ACT", help=mark("The id of a whole act."))] = None,
    yes: Annotated[bool, typer.Option("--yes", help=mark("Send it, however many units it changes."))] = False,
) -> None:
    """See `tui.commands.undoing.undo`."""
    from tui.commands import undoing  # noqa: PLC0415

    undoing.undo(change, act, yes)


@past.command(help=mark("What happened, newest first, with before and after."))
def log(
    unit: Annotated[str | None, typer.Argument(metavar="UNIT", help=mark("Only this unit."))] = None,
    step: Annotated[str | None, typer.Option(metavar="S", help=mark("Only this step, like 1.4."))] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help=mark("Only what this person entered."))] = None,
    town: Annotated[str | None, typer.Option(metavar="CODE", help=mark("Only this town, or any area."))] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help=mark("From this day on."))] = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(metavar="N", help=mark("At most so many."))] = 50,
    as_json: Json = False,
) -> None:
    """See `tui.commands.recounting.log`."""
    from tui.commands import recounting  # noqa: PLC0415

    recounting.log(unit, recounting.parse(step, by, town, since, until), limit, as_json)


@past.command(help=mark("What is different at the end of one day from the end of another."))
def changes(
    since: Annotated[str, typer.Option(metavar="DATE", help=mark("The day to compare with."))],
    until: Until = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.comparing.changes`."""
    from tui.commands import comparing  # noqa: PLC0415

    comparing.changes(since, until, as_json)
