"""The command `guatu-server`: what the office types to make, fill, serve and check a board.

Exit codes: 0 done, 1 something was found wrong, 2 the command line or a setting is wrong, 3 the disk failed,
4 the folder holds no board, holds one already, or is in use. Each command loads only what it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from server.commands.manners import Manners
from server.logs import LogFormat, LogLevel
from server.options import (
    Answered,
    Areas,
    Backup,
    Beside,
    Bundle,
    By,
    DryRun,
    Files,
    Folder,
    Force,
    Host,
    Json,
    Name,
    Output,
    Port,
    Rights,
    Speak,
    Where,
    Whom,
    Yes,
)  # fmt: skip
from shared.messages import mark
from shared.rights import Role

_PLAIN = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}
_CODES = mark(
    "Exit codes: 0 done, 1 something was found wrong, 2 the command line or a setting is wrong, 3 the disk failed, "
    "4 the folder holds no board, holds one already, or is in use."
)
app = typer.Typer(cls=Manners, epilog=_CODES, **_PLAIN)  # type: ignore[arg-type]  # the three keep a help page plain text
member = typer.Typer(help=mark("The people of a board and their laptops."), **_PLAIN)  # type: ignore[arg-type]
campaign = typer.Typer(help=mark("The campaign of a board and its revisions."), **_PLAIN)  # type: ignore[arg-type]
roster = typer.Typer(help=mark("The units of a board."), **_PLAIN)  # type: ignore[arg-type]
app.add_typer(member, name="member")
app.add_typer(campaign, name="campaign")
app.add_typer(roster, name="roster")


@app.callback(help=mark("The office's end of guatu: make, fill, serve and check a board."))
def _program(lang: Speak = None) -> None:
    """The language is chosen by `Manners`, before anything is said."""


@app.command(help=mark("Make an empty board."))
def init(
    folder: Folder,
    area: Annotated[str, typer.Option(help=mark("The code prefix of all its units, like 340111."))],
    campaign: Annotated[str, typer.Option(help=mark("A campaign that comes with guatu, or a folder."))] = "baohe-2009",
    start: Annotated[str | None, typer.Option(metavar="YYYY-MM", help=mark("The first month."))] = None,
) -> None:
    """See `server.commands.board.init`."""
    from server.commands import board  # noqa: PLC0415

    board.init(folder, campaign, start, area)


@app.command(help=mark("Serve a board until told to stop."))
def serve(
    folder: Folder,
    host: Host = None,
    port: Port = None,
    tls_cert: Annotated[Path | None, typer.Option(help=mark("A certificate chain in PEM."))] = None,
    tls_key: Annotated[Path | None, typer.Option(help=mark("Its private key in PEM."))] = None,
    log_format: Annotated[LogFormat | None, typer.Option(help=mark("auto, json or text."))] = None,
    log_level: Annotated[LogLevel | None, typer.Option(help=mark("debug, info, warning or error."))] = None,
    metrics: Annotated[bool | None, typer.Option(help=mark("Give out figures for monitoring."))] = None,
) -> None:
    """See `server.commands.serving.serve`."""
    from server.commands import serving  # noqa: PLC0415

    flags = {"host": host, "port": port, "tls_cert": tls_cert, "tls_key": tls_key}
    serving.serve(folder, {**flags, "log_format": log_format, "log_level": log_level, "metrics": metrics})


@app.command(help=mark("Check the log's chain, and the board against it."))
def check(folder: Folder, as_json: Json = False) -> None:
    """See `server.commands.board.check`."""
    from server.commands import board  # noqa: PLC0415

    board.check(folder, as_json)


@app.command(help=mark("Write out everything a board holds."))
def export(
    folder: Folder,
    as_json: Json = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help=mark("Not on stdout."))] = None,
) -> None:
    """See `server.commands.board.export`."""
    from server.commands import board  # noqa: PLC0415

    board.export(folder, as_json, output)


@app.command(help=mark("Write a board into one file, also while it is served."))
def backup(folder: Folder, file: Backup, files: Files = None, as_json: Json = False, force: Force = False) -> None:
    """See `server.commands.backups.backup`."""
    from server.commands import backups  # noqa: PLC0415

    backups.backup(folder, file, files, as_json, force)


@app.command(help=mark("Put a board back from a backup; what is there is put aside."))
def restore(file: Backup, folder: Folder, files: Files = None, as_json: Json = False, force: Force = False) -> None:
    """See `server.commands.backups.restore`."""
    from server.commands import backups  # noqa: PLC0415

    backups.restore(file, folder, files, as_json, force)


@app.command(help=mark("What laptops have brought back after a restore, and which have not been heard of since."))
def restored(folder: Folder, as_json: Json = False) -> None:
    """See `server.commands.backups.restored`."""
    from server.commands import backups  # noqa: PLC0415

    backups.restored(folder, as_json)


@app.command(help=mark("Write what a laptop starts from without a network, or with --for the answers to one."))
def bundle(
    folder: Folder,
    output: Output,
    area: Areas = None,
    member: Whom = None,
    role: Rights = None,
    url: Where = "",
    device: Answered = None,
) -> None:
    """See `server.commands.bundles.bundle`."""
    from server.commands import bundles  # noqa: PLC0415

    bundles.bundle(folder, output, area or (), member, role, url, device)


@app.command(help=mark("Take in what a laptop has written with guatu bundle, also while the board is served."))
def take(folder: Folder, file: Bundle, files: Beside = None, yes: Yes = False, as_json: Json = False) -> None:
    """See `server.commands.taking.take`."""
    from server.commands import taking  # noqa: PLC0415

    taking.take(folder, file, files, yes, as_json)


@app.command(help=mark("Print the settings in force."))
def settings(folder: Folder) -> None:
    """See `server.commands.board.show_settings`."""
    from server.commands import board  # noqa: PLC0415

    board.show_settings(folder)


@app.command(help=mark("Serve a simulated campaign in full swing."))
def demo(
    folder: Folder,
    host: Host = None,
    port: Port = None,
    pace: Annotated[float, typer.Option(min=0.05, help=mark("Seconds between changes, about."))] = 1.5,
    seed: Annotated[int, typer.Option(help=mark("Another number makes another campaign."))] = 1,
) -> None:
    """See `server.commands.demo.demo`."""
    from server.commands import demo as demonstrating  # noqa: PLC0415

    demonstrating.demo(folder, host, port, pace, seed)


@member.command("add", help=mark("Let somebody in; prints a one-time code."))
def member_add(
    folder: Folder,
    name: Name,
    role: Annotated[Role, typer.Option(help=mark("What they may do."))],
    area: Areas = None,
) -> None:
    """See `server.commands.people.add`."""
    from server.commands import people  # noqa: PLC0415

    people.add(folder, name, role, area or ())


@member.command("invite", help=mark("A further one-time code, for another laptop."))
def member_invite(folder: Folder, name: Name) -> None:
    """See `server.commands.people.invite`."""
    from server.commands import people  # noqa: PLC0415

    people.invite(folder, name)


@member.command("list", help=mark("Everybody who was ever let in."))
def member_list(folder: Folder, as_json: Json = False) -> None:
    """See `server.commands.people.list_members`."""
    from server.commands import people  # noqa: PLC0415

    people.list_members(folder, as_json)


@member.command("set", help=mark("Give somebody another role or other areas, on the same devices."))
def member_set(
    folder: Folder,
    name: Name,
    role: Annotated[Role | None, typer.Option(help=mark("What they may do from now on."))] = None,
    area: Areas = None,
) -> None:
    """See `server.commands.people.assign`."""
    from server.commands import people  # noqa: PLC0415

    people.assign(folder, name, role, area)


@member.command("revoke", help=mark("End somebody's rights on all devices."))
def member_revoke(folder: Folder, name: Name, by: By = "office") -> None:
    """See `server.commands.people.revoke`."""
    from server.commands import people  # noqa: PLC0415

    people.revoke(folder, name, by)


@member.command("reinstate", help=mark("Give somebody back the rights that were ended, on the same devices."))
def member_reinstate(folder: Folder, name: Name) -> None:
    """See `server.commands.people.reinstate`."""
    from server.commands import people  # noqa: PLC0415

    people.reinstate(folder, name)


@campaign.command("update", help=mark("Take a changed campaign over as the next revision, also while it is served."))
def campaign_update(
    folder: Folder,
    path: Annotated[
        str, typer.Argument(metavar="PATH", help=mark("A campaign's folder, or one that comes with guatu."))
    ],
    start: Annotated[str | None, typer.Option(metavar="YYYY-MM", help=mark("Another first month."))] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """See `server.commands.campaign.update`."""
    from server.commands import campaign as campaigns  # noqa: PLC0415

    campaigns.update(folder, path, start, dry_run, as_json)


@campaign.command("answers", help=mark("Entries on steps that had been retired when they came."))
def campaign_answers(folder: Folder, as_json: Json = False) -> None:
    """See `server.commands.campaign.answers`."""
    from server.commands import campaign as campaigns  # noqa: PLC0415

    campaigns.answers(folder, as_json)


@roster.command("import", help=mark("Bring units onto the board, or up to date."))
def roster_import(
    folder: Folder,
    sheets: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help=mark("Filled-in sheets, .csv or .xlsx."))
    ] = None,
    streets: Annotated[Path | None, typer.Option(help=mark("The division's file of streets and towns."))] = None,
    villages: Annotated[
        Path | None, typer.Option(help=mark("The division's file of villages and communities."))
    ] = None,
    area: Areas = None,
    dry_run: DryRun = False,
    lang: Speak = None,
) -> None:
    """See `server.commands.roster.import_roster`."""
    from server.commands import roster as rosters  # noqa: PLC0415

    statistics = [path for path in (streets, villages) if path is not None]
    rosters.import_roster(folder, sheets or (), statistics, area or (), dry_run)


@roster.command("template", help=mark("Write a sheet to fill in."))
def roster_template(
    output: Annotated[Path, typer.Argument(metavar="OUT", help=mark("Its name, ending in .csv or .xlsx."))],
    board: Annotated[Path | None, typer.Option(metavar="DIR", help=mark("Filled with this board's roster."))] = None,
) -> None:
    """See `server.commands.roster.template`."""
    from server.commands import roster as rosters  # noqa: PLC0415

    rosters.template(output, board)


@roster.command("list", help=mark("The units, by code."))
def roster_list(folder: Folder, as_json: Json = False) -> None:
    """See `server.commands.roster.list_units`."""
    from server.commands import roster as rosters  # noqa: PLC0415

    rosters.list_units(folder, as_json)


@roster.command("groups", help=mark("The inspection groups: list them, import a sheet of them, or write it."))
def roster_groups(
    folder: Folder,
    sheet: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=mark("A sheet of groups to import, .csv or .xlsx."))
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="OUT", help=mark("Write the sheet, to a name that ends in .csv or .xlsx."))
    ] = None,
    as_json: Json = False,
) -> None:
    """See `server.commands.groups.groups`."""
    from server.commands import groups  # noqa: PLC0415

    groups.groups(folder, sheet, output, as_json)


@roster.command("rename-group", help=mark("Give an inspection group another name, on its units, too."))
def roster_rename_group(
    folder: Folder,
    old: Annotated[str, typer.Argument(metavar="NAME", help=mark("What it is called."))],
    new: Annotated[str, typer.Argument(metavar="NEW", help=mark("What it is to be called."))],
) -> None:
    """See `server.commands.groups.rename`."""
    from server.commands import groups  # noqa: PLC0415

    groups.rename(folder, old, new)


@roster.command("instructors", help=mark("The register of instructors that goes up to the district."))
def roster_instructors(
    folder: Folder,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help=mark("Write it as CSV."))] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help=mark("Write it as a workbook."))] = None,
    as_json: Json = False,
) -> None:
    """See `server.commands.groups.instructors`."""
    from server.commands import groups  # noqa: PLC0415

    groups.instructors(folder, csv, xlsx, as_json)
