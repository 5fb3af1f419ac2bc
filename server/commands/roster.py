"""The roster on a board: importing it, listing it, and a sheet to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from server.commands.manners import Code, fail, remark, say, say_json
from server.commands.tables import table
from server.export import unit_as_json
from server.office import Office
from server.roster.entries import Reading
from server.roster.plan import ImportPlan, plan_import
from server.roster.report import counts, problem_lines, report
from server.roster_entry import current_units, enter_plan, unusable_fields
from shared.board.log_record import APPLIED
from shared.messages import _, language
from shared.roster import Unit, is_area, kind_title

_SHEETS: Final = (".csv", ".xlsx", ".xlsm", ".txt")


def import_roster(
    folder: Path, sheets: Sequence[Path], statistics: Sequence[Path], areas: Sequence[str], dry_run: bool
) -> None:
    """Bring files onto the board, or only say what that would do; nothing is written while anything is wrong."""
    _check_request(sheets, statistics, areas)
    with Office(folder) as office:
        scope = list(areas) or [office.area]
        plan = plan_import(current_units(office), _reading(sheets, statistics, scope), scope)
        if dry_run:
            say(report(plan, language()).rstrip("\n"))
        _refuse_unless_ready(plan, told=dry_run)
        if not dry_run:
            _enter(office, plan)


def list_units(folder: Path, as_json: bool) -> None:
    """The units of a board in the order of their codes."""
    with Office(folder) as office:
        units = list(current_units(office).values())
    if as_json:
        say_json([unit_as_json(unit) for unit in units])
        return
    for line in table((_("code"), _("name"), _("kind"), _("parent"), _("group"), _("closed")), map(_row, units)):
        say(line)


def template(output: Path, board: Path | None) -> None:
    """Write a sheet to fill in: with examples, or with the roster of a board."""
    if output.suffix.lower() not in (".csv", ".xlsx"):
        fail(Code.USAGE, _("{file}: the name must end in .csv or .xlsx").format(file=output.name))
    from server.roster.template import write_template  # noqa: PLC0415 -- openpyxl only where a workbook is made

    units: list[Unit] = []
    if board is not None:
        with Office(board) as office:
            units = list(current_units(office).values())
    write_template(output, units)
    say(_("wrote {file}").format(file=output.name))


def _check_request(sheets: Sequence[Path], statistics: Sequence[Path], areas: Sequence[str]) -> None:
    if bool(sheets) == bool(statistics):
        fail(Code.USAGE, _("give either a sheet, or --streets and --villages as they are downloaded"))
    for area in areas:
        if not is_area(area):
            fail(Code.USAGE, _("{area} is no area: give 2, 4, 6, 9 or 12 digits, like 340111").format(area=area))


def _reading(sheets: Sequence[Path], statistics: Sequence[Path], scope: Sequence[str]) -> Reading:
    if statistics:
        from server.roster.statistics import read_statistics  # noqa: PLC0415 -- openpyxl only where files are read

        return read_statistics(statistics, scope)
    from server.roster.entries import joined_readings  # noqa: PLC0415
    from server.roster.sheet import read_sheet  # noqa: PLC0415

    return joined_readings(read_sheet(path) for path in sheets)


def _refuse_unless_ready(plan: ImportPlan, *, told: bool) -> None:
    """End here when a row or a column cannot be kept, with every problem named, unless they were told already."""
    if not plan.ready:
        lines = [] if told else problem_lines(plan.problems, language())
        fail(Code.WRONG, *lines, _("nothing was written; put these right and import again"))
    if names := unusable_fields(plan):
        text = _("nothing was written; own columns are named with letters, digits, _ . and -, not {names}")
        fail(Code.WRONG, text.format(names=", ".join(map(repr, names))))


def _enter(office: Office, plan: ImportPlan) -> None:
    for line in problem_lines(plan.problems, language()):
        remark(line)
    held = [outcome for outcome in enter_plan(office, plan) if outcome.outcome != APPLIED]
    say(counts(plan, language()))
    if held:
        text = _("{count} entries are held in the log, the first as {outcome}")
        fail(Code.WRONG, text.format(count=len(held), outcome=held[0].outcome))


def _row(unit: Unit) -> tuple[str, ...]:
    kind = kind_title(unit.kind, language())
    return unit.code, unit.name, kind, unit.parent, unit.group or "-", _("yes") if unit.closed else "-"
