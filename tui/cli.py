"""The command `guatu`: the board, and everything that can be done from the shell. Each command loads what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from shared.messages import mark
from tui.cli_archive import closing
from tui.cli_asked import asked
from tui.cli_chase import duties
from tui.cli_files import files
from tui.cli_past import past
from tui.cli_people import people
from tui.cli_wall import seen
from tui.cli_work import work
from tui.commands.manners import Manners

EXIT_CODES: Final = mark(
    "Exit codes: 0 done; 1 something is wrong with what was asked or entered; 2 the command line is wrong; "
    "3 this laptop has not joined, or has not read the board yet; 4 the office cannot be reached; "
    "5 another guatu is using this laptop's data; 6 the office said no; 7 this laptop's data cannot be read or written."
)

_PLAIN = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}
app = typer.Typer(cls=Manners, epilog=EXIT_CODES, **_PLAIN)  # type: ignore[arg-type]  # the three keep help plain text
campaign = typer.Typer(help=mark("Look at campaigns and check written ones."), **_PLAIN)  # type: ignore[arg-type]
app.add_typer(campaign, name="campaign")
app.add_typer(asked)
app.add_typer(past)
app.add_typer(people)
app.add_typer(closing)
app.add_typer(files)
app.add_typer(work)
app.add_typer(duties)
app.add_typer(seen)

Json = Annotated[bool, typer.Option("--json", help=mark("Print JSON for other programs."))]
Wanted = Annotated[
    str, typer.Argument(metavar="UNIT", help=mark("A unit's code, its name, or a part of the name that fits only one."))
]

AsOf = Annotated[str | None, typer.Option(metavar="DATE", help=mark("As it was when this day ended."))]
State = Annotated[str, typer.Argument(metavar="STATE", help=mark("todo, doing, submitted, returned, done or na."))]
Step = Annotated[str, typer.Argument(metavar="STEP", help=mark("The step's number, like 1.4."))]
On = Annotated[str | None, typer.Option(metavar="DATE", help=mark("The day, like 2026-11-23; today otherwise."))]
Note = Annotated[str | None, typer.Option(help=mark("A note on the step."))]


@app.callback(
    invoke_without_command=True,
    help=mark(
        "The district's wall chart: who is late, who is soon, who is done. Without a command it opens the board."
    ),
)
def main(
    context: typer.Context,
    lang: Annotated[str | None, typer.Option(help=mark("zh or en. Else GUATU_LANG, else the locale."))] = None,
) -> None:
    """Open the board when nothing else is asked for; the language is chosen by `Manners`, before anything is said."""
    if context.invoked_subcommand is None:
        from tui.commands.board import board  # noqa: PLC0415 -- Textual only where something is drawn
        from tui.commands.failing import plainly  # noqa: PLC0415

        plainly(board)()


@app.command(help=mark("Enrol this laptop and read the board, over the network or from a bundle."))
def join(
    url: Annotated[str, typer.Argument(help=mark("The office's address, as guatu-server printed it."))] = "",
    code: Annotated[str, typer.Argument(help=mark("The one-time code from guatu-server member add."))] = "",
    name: Annotated[str, typer.Option(help=mark("What to call this laptop."))] = "",
    bundle: Annotated[
        Path | None, typer.Option(metavar="FILE", help=mark("A bundle from guatu-server bundle, in place of URL CODE."))
    ] = None,
    where: Annotated[
        str,
        typer.Option(
            "--url", metavar="URL", help=mark("With --bundle: the office's address, once there is a network.")
        ),
    ] = "",
) -> None:
    """See `tui.commands.syncing.join`."""
    from tui.commands import syncing  # noqa: PLC0415

    syncing.join(url, code, name, bundle, where)


@app.command(help=mark("Send what waits here and read what is new."))
def sync(
    as_json: Json = False,
    check: Annotated[bool, typer.Option("--check", help=mark("Prove that both ends hold the same then."))] = False,
    url: Annotated[str, typer.Option(metavar="URL", help=mark("The office's address from now on."))] = "",
) -> None:
    """See `tui.commands.syncing.sync`."""
    from tui.commands import syncing  # noqa: PLC0415

    syncing.sync(as_json, check, url)


@app.command(help=mark("Write what the office does not have yet into a file, to be carried there without a network."))
def bundle(
    output: Annotated[Path, typer.Argument(metavar="OUT", help=mark("The file to write."))],
    files: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help=mark("Copy the files that the office has not got into this folder.")),
    ] = None,
) -> None:
    """See `tui.commands.carrying.bundle`."""
    from tui.commands import carrying  # noqa: PLC0415

    carrying.bundle(output, files)


@app.command(help=mark("Take in the office's answers from guatu-server bundle --for."))
def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("The bundle."))], as_json: Json = False
) -> None:
    """See `tui.commands.carrying.take`."""
    from tui.commands import carrying  # noqa: PLC0415

    carrying.take(file, as_json)


@app.command(help=mark("How the board stands, as this laptop knows it."))
def status(as_json: Json = False, as_of: AsOf = None) -> None:
    """See `tui.commands.looking.status`."""
    from tui.commands import looking  # noqa: PLC0415

    looking.status(as_json, as_of)


@app.command(help=mark("One unit with all its phases and steps."))
def show(unit: Wanted, as_json: Json = False, as_of: AsOf = None) -> None:
    """See `tui.commands.looking.show`."""
    from tui.commands import looking  # noqa: PLC0415

    looking.show(unit, as_json, as_of)


@app.command(
    "set", help=mark("Enter a step's state. It is saved here at once; guatu sync or the board takes it to the office.")
)
def set_step(unit: Wanted, step: Step, state: State, on: On = None, note: Note = None) -> None:
    """See `tui.commands.entering.set_step`."""
    from tui.commands import entering  # noqa: PLC0415

    entering.set_step(unit, step, state, on, note)


@app.command(help=mark("Enter one state on a step of many units, as one act."))
def bulk(
    step: Step,
    state: State,
    town: Annotated[str | None, typer.Option(metavar="CODE", help=mark("On all units of a town, or any area."))] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help=mark("On all units of a kind, like village."))
    ] = None,
    units: Annotated[str | None, typer.Option(metavar="CODE,CODE", help=mark("On these units."))] = None,
    on: On = None,
    note: Note = None,
    yes: Annotated[bool, typer.Option("--yes", help=mark("Send it, however many units it changes."))] = False,
) -> None:
    """See `tui.commands.entering_many.bulk`."""
    from tui.commands import entering_many  # noqa: PLC0415

    entering_many.bulk(step, state, (town, kind, units), on, note, yes)


@app.command(help=mark("Give a unit its own window for a phase, with the reason: harvest, festival, holiday."))
def window(
    unit: Wanted,
    phase: Annotated[int, typer.Argument(metavar="PHASE", help=mark("The phase's number."))],
    first: Annotated[str, typer.Argument(metavar="FIRST", help=mark("The first day, like 2026-11-23."))],
    last: Annotated[str, typer.Argument(metavar="LAST", help=mark("The last day."))],
    reason: Annotated[str, typer.Option(help=mark("Why; it is shown beside the window."))],
) -> None:
    """See `tui.commands.planning.window`."""
    from tui.commands import planning  # noqa: PLC0415

    planning.window(unit, phase, first, last, reason)


@app.command(help=mark("Start a server with a simulated district and open its board."))
def demo(
    offline: Annotated[
        bool, typer.Option("--offline", help=mark("Two laptops without a network, step by step, with a check."))
    ] = False,
    wall: Annotated[bool, typer.Option("--wall", help=mark("A wall, whose server goes away and comes back."))] = False,
) -> None:
    """See `tui.commands.demonstrating`, `tui.commands.offline_demo` and `tui.commands.wall_demo`."""
    if wall:
        from tui.commands import wall_demo  # noqa: PLC0415

        wall_demo.wall_demo()
        return
    if offline:
        from tui.commands import offline_demo  # noqa: PLC0415

        offline_demo.offline_demo()
        return
    from tui.commands import demonstrating  # noqa: PLC0415

    demonstrating.demo()


@campaign.command("show", help=mark("Print a campaign's workflows, phases and steps."))
def campaign_show(
    campaign_id: Annotated[
        str, typer.Argument(metavar="CAMPAIGN", help=mark("A built-in campaign's id, or a folder."))
    ],
    workflow: Annotated[str | None, typer.Option(help=mark("Only this workflow."))] = None,
    start: Annotated[str | None, typer.Option(metavar="YYYY-MM", help=mark("As if it began in this month."))] = None,
    as_json: Json = False,
) -> None:
    """See `tui.commands.campaigns.show`."""
    from tui.commands import campaigns  # noqa: PLC0415

    campaigns.show(campaign_id, workflow, start, as_json)


@campaign.command("check", help=mark("Check a written campaign; every problem is named with its file, table and key."))
def campaign_check(path: Annotated[Path, typer.Argument(help=mark("A campaign's folder."))]) -> None:
    """See `tui.commands.campaigns.check`."""
    from tui.commands import campaigns  # noqa: PLC0415

    campaigns.check(path)
