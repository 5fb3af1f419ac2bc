"""The commands of `guatu` about what is late: my day, and the chase list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shared.messages import mark

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
duties = typer.Typer()


@duties.command(help=mark("My day: what waits for me, what is due soon, and what turned red since I last looked."))
def today(
    as_json: Json = False,
    limit: Annotated[int, typer.Option(metavar="N", help=mark("At most so many of each part."))] = 50,
) -> None:
    """See `tui.commands.today.today`."""
    from tui.commands import today as days  # noqa: PLC0415

    days.today(as_json, limit)


@duties.command(help=mark("The chase list: what is past due, on which rung of the ladder, and whom to call."))
def chase(
    town: Annotated[str | None, typer.Option(metavar="CODE", help=mark("Only this town, or any area."))] = None,
    rung: Annotated[int | None, typer.Option(metavar="N", help=mark("Only this rung of the ladder, from 1."))] = None,
    as_json: Json = False,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help=mark("Write it to a new CSV file."))] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help=mark("Write it to a new workbook."))] = None,
    force: Annotated[bool, typer.Option("--force", help=mark("Write over a file that is there."))] = False,
) -> None:
    """See `tui.commands.chasing.chase`."""
    from tui.commands import chasing  # noqa: PLC0415

    chasing.chase(town, rung, chasing.Output(as_json, csv, xlsx, force))
