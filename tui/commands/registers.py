"""`guatu instructors`, `groups`, `pairs` and `contacts`: who answers for which units, over the board held here."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
import typer

from shared.messages import _, pick
from shared.people import instructors as register
from shared.people.groups import units_by_group
from shared.people.groups import values_of as group_values
from shared.people.pairing import departments
from shared.roster import Unit, is_area
from shared.spreadsheet import csv_of
from tui.commands.failing import Code, fail, plainly
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.pairs import mate_line, mates, missing_line, reads_district, told_group
from tui.view import BoardView


@plainly
def instructors(town: str | None, as_json: bool = False, as_csv: bool = False) -> None:
    """The register that goes up to the district: every unit with its instructor, then the units without one."""
    if as_json and as_csv:
        fail(_("Say only one of --json and --csv."), Code.USAGE)
    if town is not None and not is_area(town):
        fail(_("{area} is no area: give 2, 4, 6, 9 or 12 digits, like 340111").format(area=plain(town)), Code.USAGE)
    with Laptop() as laptop:
        view = laptop.view()
    found, towns = register.register_of(view.units.values(), town or ""), _towns(view)
    if as_json:
        typer.echo(orjson.dumps(register.to_json(found)).decode())
    elif as_csv:
        rows = [register.line(unit, towns) for unit in (*found.named, *found.without)]
        typer.echo(csv_of([register.heading(), *rows]).decode().replace("\r\n", "\n"), nl=False)
    else:
        for unit in found.named:
            typer.echo("  ".join(plain(cell) for cell in register.line(unit, towns) if cell))
        for line in _without(found.without):
            typer.echo(line)


@plainly
def groups(as_json: bool = False) -> None:
    """The inspection groups as the office registered them, with the units that each answers for."""
    with Laptop() as laptop:
        view = laptop.view()
    answers = units_by_group(view.units.values(), view.groups.values())
    every = sorted(view.groups.values(), key=lambda group: (group.name, group.id))
    if as_json:
        body = [
            {"id": group.id, **group_values(group), "units": [unit.code for unit in answers.get(group.id, ())]}
            for group in every
        ]
        typer.echo(orjson.dumps(body).decode())
        return
    for group in every:
        if not group.closed:
            typer.echo(told_group(group) + "  " + _("{count} units").format(count=len(answers[group.id])))
            if group.members:
                typer.echo(f"  {plain(group.members)}")
    if alone := answers.get("", ()):
        typer.echo(_("{count} units that no group answers for").format(count=len(alone)))


@plainly
def pairs(as_json: bool = False) -> None:
    """Every department with the units that share the responsibility, how far each is, and what 1+3 lacks."""
    with Laptop() as laptop:
        view, whole = laptop.view(), reads_district(laptop.identity.areas)
    every = departments(view.units.values())
    if as_json:
        body = [{"department": d.name, "units": list(d.units), "missing": list(d.missing)} for d in every]
        typer.echo(orjson.dumps(body).decode())
        return
    for department in every:
        typer.echo(plain(department.name))
        for each in mates(view, department.units):
            typer.echo(f"  {mate_line(each)}")
        if department.missing:
            typer.echo(f"  {missing_line(department.missing, whole=whole)}")


@plainly
def contacts(as_json: bool = False) -> None:
    """Every leader with the units that are his or her contact points, and how far each is."""
    with Laptop() as laptop:
        view = laptop.view()
    points: dict[tuple[str, str], list[str]] = {}
    for unit in view.units.values():
        if leader := unit.people.get("contact_leader"):
            points.setdefault((leader, unit.people.get("contact_post", "")), []).append(unit.code)
    if as_json:
        body = [{"leader": name, "post": post, "units": codes} for (name, post), codes in sorted(points.items())]
        typer.echo(orjson.dumps(body).decode())
        return
    for (name, post), codes in sorted(points.items()):
        typer.echo("  ".join(plain(text) for text in (name, post) if text))
        for each in mates(view, codes):
            typer.echo(f"  {mate_line(each)}")


def _towns(view: BoardView) -> dict[str, str]:
    return {code: row.name for code, row in view.towns.items()}


def _without(units: Iterable[Unit]) -> list[str]:
    names = pick("、", ", ").join(f"{plain(unit.short)} {unit.code}" for unit in units)
    return [_("Without an instructor: {names}").format(names=names)] if names else []
