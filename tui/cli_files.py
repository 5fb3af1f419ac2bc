"""The command of `guatu` about the files of papers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shared.messages import mark

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
files = typer.Typer()


@files.command(
    help=mark("Get the file of a paper, from the office if it is not here yet, or list the files of a unit.")
)
def file(
    unit: Annotated[
        str,
        typer.Argument(metavar="UNIT", help=mark("A unit's code, its name, or a part of the name that fits only one.")),
    ],
    step: Annotated[str | None, typer.Argument(metavar="STEP", help=mark("The step's number, like 1.4."))] = None,
    round_: Annotated[
        int | None,
        typer.Option("--round", metavar="N", help=mark("Of this round, counted from 1; the last otherwise.")),
    ] = None,
    digest: Annotated[
        str | None, typer.Option("--hash", metavar="HASH", help=mark("The one whose hash begins like this."))
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help=mark("The new file to write; one that is there stays as it is."))
    ] = None,
    listing: Annotated[bool, typer.Option("--list", help=mark("Only say which files there are."))] = False,
    as_json: Json = False,
) -> None:
    """See `tui.commands.filing.file`."""
    from tui.commands import filing  # noqa: PLC0415

    filing.file(unit, filing.Wish(step, round_, digest), out, listing, as_json)
