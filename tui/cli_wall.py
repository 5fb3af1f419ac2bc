"""The commands of `guatu` for what is looked at from afar: the wall, and planned against actual."""

from __future__ import annotations

from typing import Annotated

import typer

from shared.messages import mark

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
AsOf = Annotated[str | None, typer.Option(metavar="DATE", help=mark("As it was when this day ended."))]
seen = typer.Typer()


@seen.command(
    help=mark(
        "The board on the office's wall: read from metres away, with nothing to enter. F2 or Space pauses, arrows turn "
        "the pages, digits and Enter show a town, F6 freezes the picture, F7 and F8 go to days before and after."
    )
)
def wall(
    preset: Annotated[
        str, typer.Option(metavar="NAME", help=mark("hall, office, desk or strip; by the terminal's size otherwise."))
    ] = "",
    inches: Annotated[float | None, typer.Option(help=mark("The screen's diagonal, for what can be read."))] = None,
    metres: Annotated[float | None, typer.Option(help=mark("From how far it is read."))] = None,
    dwell: Annotated[
        float, typer.Option(metavar="SECONDS", help=mark("How long a page stands; 15 otherwise."), show_default=False)
    ] = 0.0,
    dim: Annotated[str, typer.Option(metavar="HOURS", help=mark("When it is dimmed, like 18:30-07:30."))] = "",
    off: Annotated[str, typer.Option(metavar="HOURS", help=mark("When it shows but the time, like 22:00-06:00."))] = "",
    banner: Annotated[
        float, typer.Option(metavar="MINUTES", help=mark("After how long without the office it says so."))
    ] = 2.0,
    stopped: Annotated[
        float,
        typer.Option(metavar="MINUTES", help=mark("After how long everything is dimmed and the time stands large.")),
    ] = 10.0,
    hide_text: Annotated[
        bool, typer.Option("--hide-text", help=mark("No names of people, no texts of problems."))
    ] = False,
    no_places: Annotated[bool, typer.Option("--no-places", help=mark("Towns are not ranked."))] = False,
    ascii_only: Annotated[
        bool, typer.Option("--ascii", help=mark("Draw figures with signs, where block characters take two cells."))
    ] = False,
    pages: Annotated[bool, typer.Option("--pages", help=mark("List the pages."))] = False,
    test: Annotated[bool, typer.Option("--test", help=mark("Print the reading test."))] = False,
    once: Annotated[bool, typer.Option("--once", help=mark("Print one frame as text."))] = False,
    size: Annotated[str, typer.Option(metavar="SIZE", help=mark("Of that frame, like 140x40."))] = "",
    page: Annotated[
        str, typer.Option(metavar="PAGE", help=mark("The page of that frame; page#2 is its second part."))
    ] = "towns",
    as_of: AsOf = None,
) -> None:
    """See `tui.commands.walling`."""
    from tui.commands import walling  # noqa: PLC0415

    wish = walling.Wish(
        preset, inches, metres, dwell, dim, off, size, page, as_of, hide_text, not no_places, ascii_only,
        (banner, stopped),
    )  # fmt: skip
    if pages:
        walling.pages()
    elif test:
        walling.test(wish)
    elif once:
        walling.once(wish)
    else:
        walling.wall(wish)


@seen.command(help=mark("Planned against actual, day by day: how many steps were to be done, and how many were."))
def progress(
    town: Annotated[str, typer.Option(metavar="TOWN", help=mark("Only this town, by its code or name."))] = "",
    phase: Annotated[int, typer.Option(metavar="N", help=mark("Only this phase."))] = 0,
    as_json: Json = False,
    as_of: AsOf = None,
) -> None:
    """See `tui.commands.progressing.progress`."""
    from tui.commands import progressing  # noqa: PLC0415

    progressing.progress(town, phase, as_json, as_of)
