"""The commands of `guatu` about people: those of a unit, instructors, inspection groups, pairs, contact points."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.messages import mark

people = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
Town = Annotated[str | None, typer.Option(metavar="CODE", help=mark("Only this town, or any area."))]


@people.command(
    "people", help=mark("A unit's people, figures, ties and attributes; with FIELD=VALUE they are entered.")
)
def unit_people(
    unit: Annotated[
        str,
        typer.Argument(metavar="UNIT", help=mark("A unit's code, its name, or a part of the name that fits only one.")),
    ],
    entries: Annotated[
        list[str] | None,
        typer.Argument(metavar="FIELD=VALUE...", help=mark("Like liaison=NAME; nothing behind = takes it away.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.peopling.people`."""
    from tui.commands import peopling  # noqa: PLC0415

    peopling.people(unit, entries or (), as_json)


@people.command(help=mark("The register of instructors, and the units without one."))
def instructors(
    town: Town = None,
    as_json: Json = False,
    csv: Annotated[bool, typer.Option("--csv", help=mark("Print CSV, as it goes up to the district."))] = False,
) -> None:
    """See `tui.commands.registers.instructors`."""
    from tui.commands import registers  # noqa: PLC0415

    registers.instructors(town, as_json, csv)


@people.command(help=mark("The inspection groups, and the units they answer for."))
def groups(as_json: Json = False) -> None:
    """See `tui.commands.registers.groups`."""
    from tui.commands import registers  # noqa: PLC0415

    registers.groups(as_json)


@people.command(help=mark("The departments with the units they are paired with, and what 1+3 lacks."))
def pairs(as_json: Json = False) -> None:
    """See `tui.commands.registers.pairs`."""
    from tui.commands import registers  # noqa: PLC0415

    registers.pairs(as_json)


@people.command(help=mark("The leaders with the units that are their contact points."))
def contacts(as_json: Json = False) -> None:
    """See `tui.commands.registers.contacts`."""
    from tui.commands import registers  # noqa: PLC0415

    registers.contacts(as_json)
