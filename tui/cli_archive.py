"""The command of `guatu` about the end of a campaign: what is collected of a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shared.messages import mark

closing = typer.Typer()


@closing.command(help=mark("What the plan wants collected of a unit, as the archive's table of contents."))
def archive(
    unit: Annotated[
        str,
        typer.Argument(metavar="UNIT", help=mark("A unit's code, its name, or a part of the name that fits only one.")),
    ],
    as_json: Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help=mark("Write the table of contents to a new CSV file."))
    ] = None,
) -> None:
    """See `tui.commands.archiving.archive`."""
    from tui.commands import archiving  # noqa: PLC0415

    archiving.archive(unit, as_json, csv)
