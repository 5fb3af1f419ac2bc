"""The commands of `guatu` about what waits for a person: collisions, held entries, and acts that want a word."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shared.messages import mark

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
Entries = Annotated[
    list[str], typer.Argument(metavar="ID...", help=mark("Ids, or how they begin, as guatu held prints them."))
]
asked = typer.Typer()


@asked.command(help=mark("Different values that stand side by side, until somebody settles them."))
def conflicts(as_json: Json = False) -> None:
    """See `tui.commands.settling.conflicts`."""
    from tui.commands import settling  # noqa: PLC0415

    settling.conflicts(as_json)


@asked.command(help=mark("Let one value hold where several stand."))
def settle(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help=mark("Ids as guatu conflicts prints them."))],
    take: Annotated[int | None, typer.Option(metavar="N", help=mark("Take value N, counted from 1."))] = None,
    value: Annotated[str | None, typer.Option(metavar="V", help=mark("Enter another value."))] = None,
    both: Annotated[bool, typer.Option("--both", help=mark("Keep all notes in one."))] = False,
    on: Annotated[str | None, typer.Option(metavar="DATE", help=mark("The day of the state given by --value."))] = None,
) -> None:
    """See `tui.commands.settling.settle`."""
    from tui.commands import settling  # noqa: PLC0415

    settling.settle(ids, take, value, on, both)


@asked.command(help=mark("Entries that need a look: held, declined, refused, or waiting for your word."))
def held(
    as_json: Json = False,
    dismiss: Annotated[
        list[str] | None, typer.Option(metavar="ID", help=mark("Seen: ask no more about this one."))
    ] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help=mark("Write them to a new file, one JSON object a line."))
    ] = None,
    send: Annotated[bool, typer.Option("--send", help=mark("Give the word for all that waits for it."))] = False,
) -> None:
    """See `tui.commands.deciding.held`."""
    from tui.commands import deciding  # noqa: PLC0415

    deciding.held(as_json, dismiss or (), export, send)


@asked.command(help=mark("Let held entries count."))
def release(
    ids: Entries, reason: Annotated[str, typer.Option(metavar="R", help=mark("Why; its author reads it."))] = ""
) -> None:
    """See `tui.commands.deciding.verdict`."""
    from shared.board.holds import Verdict  # noqa: PLC0415
    from tui.commands import deciding  # noqa: PLC0415

    deciding.verdict(ids, Verdict.RELEASED, reason)


@asked.command(help=mark("Decline held entries; they stay in the history and never count."))
def decline(
    ids: Entries, reason: Annotated[str, typer.Option(metavar="R", help=mark("Why; its author reads it."))]
) -> None:
    """See `tui.commands.deciding.verdict`."""
    from shared.board.holds import Verdict  # noqa: PLC0415
    from tui.commands import deciding  # noqa: PLC0415

    deciding.verdict(ids, Verdict.DECLINED, reason)
