"""Inspection groups and the register of instructors, from the office's side."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from server.atomic import write_aside
from server.commands.manners import Code, fail, remark, say, say_json
from server.commands.tables import plain, table
from server.ledger import Outcome
from server.office import Office
from server.roster.report import problem_lines, shown
from server.roster_entry import current_groups, current_units, enter_groups, rename_group
from shared.board.log_record import APPLIED
from shared.messages import _, language
from shared.people import instructors as register
from shared.people.groups import MOST, Group, units_by_group, values_of
from shared.people.words import folded, is_nothing
from shared.roster import Unit, clean_text, refused_characters
from shared.spreadsheet import csv_of


def groups(folder: Path, sheet: Path | None, output: Path | None, as_json: bool) -> None:
    """Bring a sheet of groups onto the board; or list them, or write the sheet that holds them."""
    with Office(folder) as office:
        if sheet is not None:
            _import(office, sheet)
            return
        standing, units = current_groups(office), current_units(office)
    if output is not None:
        from server.roster.groups import records_of  # noqa: PLC0415 -- openpyxl only where files are made

        _write(output, _("inspection groups"), records_of(standing.values()))
    elif as_json:
        answers = units_by_group(units.values(), standing.values())
        say_json([_as_json(group, answers.get(group.id, ())) for group in standing.values()])
    else:
        _list(standing, units)


def rename(folder: Path, old: str, new: str) -> None:
    """Give an inspection group another name; every unit that names it goes with it."""
    name = clean_text(new)
    with Office(folder) as office:
        standing = {folded(group.name): group for group in current_groups(office).values()}
        group = standing.get(folded(old))
        if group is None:
            said = _("there is no inspection group {name}; `guatu-server roster groups` lists them")
            fail(Code.WRONG, said.format(name=shown(old)))
        if not name or is_nothing(name) or len(name) > MOST or refused_characters(name):
            fail(Code.USAGE, _("a name is one line of at most {most} characters").format(most=MOST))
        if standing.get(folded(name), group) is not group:
            fail(Code.WRONG, _("there is another inspection group {name}").format(name=name))
        outcomes = rename_group(office, group, name)
    _tell_held(outcomes)
    said = _("{old} is called {new} now, on {count} units, too")
    say(said.format(old=group.name, new=name, count=len(outcomes) - 1))


def instructors(folder: Path, csv: Path | None, xlsx: Path | None, as_json: bool) -> None:
    """The register of instructors: on the screen, for other programs, or as the file that goes up to the district."""
    with Office(folder) as office:
        units = current_units(office)
    found = register.register_of(units.values())
    towns = {code: unit.short for code, unit in units.items() if len(code) == 9}
    if as_json:
        say_json(register.to_json(found))
        return
    lines = [register.heading(), *(register.line(unit, towns) for unit in (*found.named, *found.without))]
    for path in (csv, xlsx):
        if path is not None:
            _write(path, _("register of instructors"), lines, workbook=path is xlsx)
    if csv is None and xlsx is None:
        for line in table(lines[0], lines[1 : len(found.named) + 1]):
            say(line)
        if found.without:
            say(_("{count} units have no instructor yet; --json names them").format(count=len(found.without)))


def _import(office: Office, sheet: Path) -> None:
    from server.roster.groups import plan_groups  # noqa: PLC0415 -- openpyxl only where files are read

    plan = plan_groups(sheet, current_groups(office).values(), iter(lambda: secrets.token_hex(16), ""))
    if plan.problems.errors:
        lines = problem_lines(plan.problems, language())
        fail(Code.WRONG, *lines, _("nothing was written; put these right and import again"))
    for line in problem_lines(plan.problems, language()):
        remark(line)
    outcomes = enter_groups(office, plan.changed)
    say(
        _("groups: {changed} added or changed, {same} unchanged").format(changed=len(plan.changed), same=plan.unchanged)
    )
    _tell_held(outcomes)


def _tell_held(outcomes: Sequence[Outcome]) -> None:
    held = [outcome for outcome in outcomes if outcome.outcome != APPLIED]
    if held:
        text = _("{count} entries are held in the log, the first as {outcome}")
        fail(Code.WRONG, text.format(count=len(held), outcome=held[0].outcome))


def _list(standing: Mapping[str, Group], units: Mapping[str, Unit]) -> None:
    answers = units_by_group(units.values(), standing.values())
    rows = [
        (group.name, group.head, group.phone, " ".join(group.areas), str(len(answers.get(group.id, ()))))
        for group in standing.values()
        if not group.closed
    ]
    for line in table((_("group"), _("group leader"), _("phone"), _("areas"), _("units")), rows):
        say(line)
    unknown = sorted({unit.group for unit in answers.get("", ()) if unit.group})
    if unknown:
        say(_("named by units and not registered: {names}").format(names=plain(", ".join(unknown))))


def _as_json(group: Group, units: Sequence[Unit]) -> dict[str, object]:
    return {"id": group.id, **values_of(group), "units": [unit.code for unit in units]}


def _write(path: Path, title: str, records: Sequence[Sequence[str]], *, workbook: bool | None = None) -> None:
    as_workbook = path.suffix.lower() == ".xlsx" if workbook is None else workbook
    if path.suffix.lower() != (".xlsx" if as_workbook else ".csv"):
        fail(Code.USAGE, _("{file}: the name must end in .csv or .xlsx").format(file=path.name))
    if as_workbook:
        from server.roster.paper import workbook_of  # noqa: PLC0415 -- openpyxl only where a workbook is made

        write_aside(path, [workbook_of(title, records)])
    else:
        write_aside(path, [csv_of(records)])
    say(_("wrote {file}").format(file=path.name))
