"""The command `guatu`: the board, and everything that can be done from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from shared import messages

app = typer.Typer(add_completion=False, no_args_is_help=False, rich_markup_mode=None, pretty_exceptions_enable=False)
campaign = typer.Typer(help="Look at campaigns and check written ones.", rich_markup_mode=None)
app.add_typer(campaign, name="campaign")

Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")]
Wanted = Annotated[str, typer.Argument(metavar="UNIT", help="A unit's code, or a part of its name that fits only one.")]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    lang: Annotated[str | None, typer.Option(help="zh or en; the locale's otherwise.")] = None,
) -> None:
    """The district's wall chart: who is late, who is soon, who is done. Without a command it opens the board."""
    messages.use(messages.choose(lang))
    if context.invoked_subcommand is None:
        from tui.commands.board import board  # noqa: PLC0415 -- Textual only where something is drawn

        board()


@app.command()
def join(
    url: Annotated[str, typer.Argument(help="The office's address, as guatu-server printed it.")],
    code: Annotated[str, typer.Argument(help="The one-time code from guatu-server member add.")],
    name: Annotated[str, typer.Option(help="What to call this laptop.")] = "",
) -> None:
    """Enrol this laptop and read the board."""
    from tui.commands import syncing  # noqa: PLC0415

    syncing.join(url, code, name)


@app.command()
def sync(as_json: Json = False) -> None:
    """Send what waits here and read what is new."""
    from tui.commands import syncing  # noqa: PLC0415

    syncing.sync(as_json)


@app.command()
def status(as_json: Json = False) -> None:
    """How the board stands, as this laptop knows it."""
    from tui.commands import looking  # noqa: PLC0415

    looking.status(as_json)


@app.command()
def show(unit: Wanted, as_json: Json = False) -> None:
    """One unit with all its phases and steps."""
    from tui.commands import looking  # noqa: PLC0415

    looking.show(unit, as_json)


@app.command("set")
def set_step(
    unit: Wanted,
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step's number, like 1.4.")],
    state: Annotated[str, typer.Argument(metavar="STATE", help="todo, doing, submitted, returned, done or na.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day, like 2026-11-23; today otherwise.")] = None,
    note: Annotated[str | None, typer.Option(help="A note on the step.")] = None,
) -> None:
    """Enter a step's state. It is saved here at once, and sent by guatu sync or the board."""
    from tui.commands import entering  # noqa: PLC0415

    entering.set_step(unit, step, state, on, note)


@app.command()
def demo() -> None:
    """Start a server with a simulated district and open its board."""
    from tui.commands import demonstrating  # noqa: PLC0415

    demonstrating.demo()


@campaign.command("show")
def campaign_show(
    campaign_id: Annotated[str, typer.Argument(metavar="CAMPAIGN", help="A built-in campaign's id, or a folder.")],
    workflow: Annotated[str | None, typer.Option(help="Only this workflow.")] = None,
    start: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="As if it began in this month.")] = None,
    as_json: Json = False,
) -> None:
    """Print a campaign's workflows, phases and steps."""
    from tui.commands import campaigns  # noqa: PLC0415

    campaigns.show(campaign_id, workflow, start, as_json)


@campaign.command("check")
def campaign_check(path: Annotated[Path, typer.Argument(help="A campaign's folder.")]) -> None:
    """Check a written campaign; every problem is named with its file, table and key."""
    from tui.commands import campaigns  # noqa: PLC0415

    campaigns.check(path)
