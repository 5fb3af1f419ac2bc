"""`guatu chase`: what is past due, on which rung of the ladder, and whom to call; as text, JSON or a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import typer

from shared.campaign.model import Rung
from shared.inspection.chase import Chase, Chased, Wanted
from shared.messages import _
from shared.roster import canonical_code
from tui.commands.failing import Code, fail, plainly
from tui.commands.today import task_json
from tui.duties import chase as chase_list
from tui.duties import ladder_of
from tui.duty_words import chase_cells, chase_headings, chase_words
from tui.exporting import WORKBOOK, write_table
from tui.grid.plain import plain
from tui.ladder_words import ladder_words, lines_words, rung_words
from tui.laptop import Laptop, NothingYet


class Output(NamedTuple):
    """How the list is wanted: as JSON, as a file, over one that is there, or, with nothing said, as text."""

    as_json: bool = False
    csv: Path | None = None
    xlsx: Path | None = None
    force: bool = False


@plainly
def chase(town: str | None, rung: int | None, output: Output) -> None:
    """List what is past due, all of it, or of a town or any area, or on one rung counted from 1."""
    _check(output)
    with Laptop() as laptop:
        laptop.check()
        ladder = ladder_of(laptop.replica)
        if rung is not None and not 1 <= rung <= len(ladder):
            text = _("There is no rung {rung}; the ladder is: {ladder}.")
            fail(text.format(rung=rung, ladder=_numbered(ladder)), Code.USAGE)
        area = "" if town is None else canonical_code(town) or town
        found = chase_list(laptop.replica, laptop.identity, laptop.now(), Wanted(area, rung or 0))
    if found is None:
        raise NothingYet
    if area and not found.units:
        fail(_("No unit of {where} is on this laptop.").format(where=plain(str(town))), Code.USAGE)
    if output.as_json:
        typer.echo(orjson.dumps([_row_json(row, ladder) for row in found.rows]).decode())
    elif (path := output.csv or output.xlsx) is not None:
        _write(path, found, ladder, force=output.force)
    else:
        for line in _lines(found, ladder):
            typer.echo(line)


def _check(output: Output) -> None:
    files = [path for path in (output.csv, output.xlsx) if path is not None]
    if output.as_json + len(files) > 1:
        fail(_("Say only one of --json, --csv and --xlsx."), Code.USAGE)
    if output.force and not files:
        fail(_("--force is for --csv and --xlsx."), Code.USAGE)
    if output.xlsx is not None and output.xlsx.suffix.lower() != WORKBOOK:
        fail(_("A workbook's name ends in .xlsx."), Code.USAGE)
    if output.csv is not None and output.csv.suffix.lower() == WORKBOOK:
        fail(_("For a workbook say --xlsx FILE."), Code.USAGE)


def _write(path: Path, found: Chase, ladder: Sequence[Rung], *, force: bool) -> None:
    rows = [chase_headings(), *(chase_cells(row, ladder) for row in found.rows)]
    try:
        write_table(path, _("chase list"), rows, force=force)
    except FileExistsError:
        text = _("{file} is there already; give another name, or --force to write over it.")
        fail(text.format(file=plain(str(path))))
    typer.echo(_("Written to {file}: {lines}.").format(file=plain(str(path)), lines=lines_words(len(found.rows))))
    if found.more:
        typer.echo(_("... and {count} more").format(count=found.more))


def _lines(found: Chase, ladder: Sequence[Rung]) -> Iterator[str]:
    if not found.rows:
        yield _("Nothing is past due.")
    before: int | None = None
    for row in found.rows:
        if row.rung != before:
            before = row.rung
            title = rung_words(ladder, row.rung) or _("not on the ladder yet")
            yield f"{title}  {found.by_rung[row.rung]}"
        yield f"  {chase_words(row)}"
    if found.more:
        yield _("... and {count} more").format(count=found.more)
    yield _("Ladder, by days past due: {ladder}").format(ladder=ladder_words(ladder))


def _numbered(ladder: Sequence[Rung]) -> str:
    return ", ".join(f"{number} {rung_words(ladder, number)}" for number in range(1, len(ladder) + 1))


def _row_json(row: Chased, ladder: Sequence[Rung]) -> dict[str, Any]:
    rung = ladder[row.rung - 1] if row.rung else None
    return {
        "unit": row.unit.code,
        "name": row.unit.short,
        "town": row.town,
        "town_name": row.town_name,
        "kind": row.unit.kind.value,
        "liaison": row.liaison,
        "phone": row.phone,
        "responsible": row.responsible,
        "record": row.task.address,
        **task_json(row.task),
        "days": row.days,
        "rung": row.rung or None,
        "rung_title": rung.title if rung is not None else "",
        "rung_title_en": rung.title_en if rung is not None else "",
    }
