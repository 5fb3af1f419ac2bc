"""Making, checking and exporting a board, and the settings it is served with."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final

import orjson

from server import checking, office, settings
from server.atomic import write_aside
from server.checking import Finding, Report
from server.commands.manners import Code, fail, remark, say, say_json
from server.export import export as export_of
from server.office import Office
from shared.campaign.calendar import start_problem, with_start
from shared.campaign.loader import builtin, builtin_ids, load
from shared.campaign.model import Campaign
from shared.messages import _, mark, ngettext, pick
from shared.roster import is_area

LISTED: Final = 20
_SAID: Final = {
    "chain-broken": mark("log record {where}: the chain breaks here; the log is not what was written"),
    "index-differs": mark("log record {where}: its index entry does not fit its content"),
    "log-damaged": mark("{where}: this is not a readable log"),
    "campaign-damaged": mark("{where}/: no readable campaign"),
    "board-missing": mark("{where} is missing; the server makes it anew from the log when it starts"),
    "board-damaged": mark("{where} is not readable; the server makes it anew from the log when it starts"),
    "board-of-other-log": mark("{where} does not belong to this log; the server makes it anew when it starts"),
    "record-differs": mark("{where}: the board does not hold what the log says"),
    "only-on-board": mark("{where}: on the board, but not in the log"),
    "file-damaged": mark("{where}: not the file it was; take it away, and the laptop it came from gives it again"),
    "missing-on-board": mark("{where}: in the log, but not on the board"),
}


def init(folder: Path, campaign: str, start: str | None, area: str) -> None:
    """Make an empty board and say what comes next."""
    if not is_area(area):
        fail(Code.USAGE, _("{area} is no area: give 2, 4, 6, 9 or 12 digits, like 340111").format(area=area))
    chosen = campaign_named(campaign)
    if start is not None:
        check_start(start)
        chosen = with_start(chosen, start)
    office.create(folder, chosen, area)
    say(
        _("made {folder}: {campaign}, from {start}, area {area}").format(
            folder=folder, campaign=pick(chosen.title, chosen.title_en), start=chosen.start, area=area
        )
    )
    remark(_("next: guatu-server roster import, guatu-server member add, guatu-server serve"))


def check(folder: Path, as_json: bool) -> None:
    """Say whether the folder holds what was entered; the exit code says it, too."""
    report = checking.check(folder)
    if as_json:
        say_json({"ok": not report.findings, **asdict(report)})
    else:
        _print_report(report)
    if report.findings:
        fail(Code.WRONG)


def export(folder: Path, as_json: bool, output: Path | None) -> None:
    """Write everything a board holds, for other programs."""
    if not as_json:
        fail(Code.USAGE, _("say in which form to export: --json"))
    with Office(folder) as board:
        body = orjson.dumps(export_of(board), option=orjson.OPT_INDENT_2) + b"\n"
    if output is None:
        say(body.decode().rstrip("\n"))
    else:
        write_aside(output, [body], mode=0o600)


def show_settings(folder: Path) -> None:
    """Print the settings in force, as a file that would set them."""
    if not (folder / office.LOG).exists():
        raise office.NotABoard(folder.name)
    say(settings.as_toml(settings.load(folder)).rstrip("\n"))


def check_start(start: str) -> None:
    """End the command unless this is a month that a campaign can begin in."""
    if (wrong := start_problem(start)) is not None:
        fail(Code.USAGE, pick(wrong.message_zh, wrong.message_en))


def campaign_named(name: str) -> Campaign:
    """The campaign of a folder, or the one of this id that comes with guatu."""
    path = Path(name)
    if name not in builtin_ids() and not path.exists() and path.name == name:
        choice = ", ".join(builtin_ids())
        fail(
            Code.USAGE,
            _("there is no campaign {name}; give a folder, or one of: {choice}").format(name=name, choice=choice),
        )
    return builtin(name) if name in builtin_ids() else load(path)


def _print_report(report: Report) -> None:
    for finding in report.findings[:LISTED]:
        say(_sentence(finding))
    if len(report.findings) > LISTED:
        more = len(report.findings) - LISTED
        say(ngettext("and {n} more", "and {n} more", more).format(n=more))
    if not report.findings:
        say(
            _("all is well: {head} log records, {held} held; {records} records on the board at {board}").format(
                head=report.head, held=report.held, records=report.records, board=report.board
            )
        )


def _sentence(finding: Finding) -> str:
    return _(_SAID[finding.what]).format(where=finding.where)
