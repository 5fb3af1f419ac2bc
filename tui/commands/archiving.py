"""`guatu archive`: what the plan wants collected of a unit, printed as the archive's table of contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
import typer

from shared.inspection.archive import Entry, Paper, archive_of, contents, wanted_of
from shared.inspection.item import Item
from shared.messages import _, ngettext, pick
from shared.roster import Unit
from shared.spreadsheet import csv_of
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import one_unit
from tui.grid.plain import plain
from tui.laptop import Laptop

_GAP: Final = "  "
_NO_PAPER: Final = Paper("", "", None, None, 0)


@plainly
def archive(wanted: str, as_json: bool = False, csv: Path | None = None) -> None:
    """Print a unit's archive as its table of contents, with what is still to be collected; pages are left blank."""
    if as_json and csv is not None:
        fail(_("Say only one of --json and --csv."), Code.USAGE)
    with Laptop() as laptop:
        view, unit = one_unit(laptop, wanted)
        records = laptop.replica.records(unit.code)
        applying = [plan.step for plan in view.chart.plan(unit) if plan.applies and not plan.step.retired]
        asked = wanted_of(view.chart.campaign, view.rows[unit.code].workflow, applying)
        entries, entered = contents(records, unit.code, asked), archive_of(records, unit.code)
    if csv is not None:
        _write(csv, entries)
    elif as_json:
        typer.echo(orjson.dumps(archive_json(unit, entries, entered)).decode())
    else:
        for line in _lines(unit, entries, entered):
            typer.echo(line)


def archive_json(unit: Unit, entries: Iterable[Entry], entered: Item | None) -> dict[str, Any]:
    """The archive for other programs; `no` is null for what is still to be collected."""
    bound = entered.day("bound_on") if entered is not None else None
    return {
        "code": unit.code,
        "name": unit.name,
        "bound_on": _iso(bound) or None,
        "place": entered.text("place") if entered is not None else "",
        "volumes": entered.number("volumes") if entered is not None else None,
        "contents": [_entry_json(entry) for entry in entries],
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    paper = entry.paper or _NO_PAPER
    return {
        "no": entry.no,
        "id": entry.id,
        "title": entry.title,
        "title_en": entry.title_en,
        "collected": entry.collected,
        "in_guatu": paper.count > 0,
        "paper": paper.title,
        "number": paper.number,
        "from": _iso(paper.first) or None,
        "to": _iso(paper.last) or None,
        "count": paper.count,
        "pages": None,
    }


def _write(path: Path, entries: Sequence[Entry]) -> None:
    """The table of contents as a new file; one that is there is never written over."""
    rows = [_heads(), *(_cells(entry) for entry in entries if entry.no is not None)]
    try:
        with path.open("xb") as file:
            file.write(csv_of(rows))
    except FileExistsError:
        fail(_("{file} is there already; give another name.").format(file=plain(str(path))))
    typer.echo(_("Exported {count} to {file}.").format(count=len(rows) - 1, file=plain(str(path))))


def _lines(unit: Unit, entries: Sequence[Entry], entered: Item | None) -> Iterator[str]:
    yield _("Archive of {unit}  {code}").format(unit=plain(unit.name), code=unit.code)
    if entered is not None and (kept := _kept(entered)):
        yield kept
    there = [entry for entry in entries if entry.no is not None]
    if there:
        yield from _table([_heads()[:5], *(_told(entry) for entry in there)])
    else:
        yield _("Nothing is collected yet.")
    missing = [entry for entry in entries if entry.no is None]
    if missing:
        yield _("Still to be collected: {count}").format(count=len(missing))
        for entry in missing:
            yield f"  - {pick(entry.title, entry.title_en)}"


def _kept(entered: Item) -> str:
    parts = []
    if (day := entered.day("bound_on")) is not None:
        parts.append(_("Bound on {day}").format(day=day.isoformat()))
    if (volumes := entered.number("volumes")) is not None:
        parts.append(ngettext("{n} volume", "{n} volumes", volumes).format(n=volumes))
    if place := entered.text("place"):
        parts.append(_("kept at {place}").format(place=plain(place)))
    return _GAP.join(parts)


def _heads() -> list[str]:
    return [_("No."), _("Title"), _("Reference"), _("Date"), _("Pages"), _("Collected"), _("In guatu")]


def _told(entry: Entry) -> list[str]:
    """A line of the table of contents on a terminal: a tick for the paper itself, and how many entries guatu holds."""
    no, title, reference, days, pages, _collected, _held = _cells(entry)
    count = entry.paper.count if entry.paper is not None else 0
    counted = f" ({count})" if count > 1 else ""
    return [no, f"[{'x' if entry.collected else ' '}] {plain(title)}{counted}", plain(reference), days, pages]


def _cells(entry: Entry) -> list[str]:
    paper = entry.paper or _NO_PAPER
    title = pick(entry.title, entry.title_en)
    if paper.title:
        title = pick(f"{title}：{paper.title}", f"{title}: {paper.title}")
    held = ngettext("{n} entry", "{n} entries", paper.count).format(n=paper.count) if paper.count else ""
    return [str(entry.no), title, paper.number, _days(paper), "", _("yes") if entry.collected else "", held]


def _days(paper: Paper) -> str:
    first, last = _iso(paper.first), _iso(paper.last)
    return first if first == last else f"{first} - {last}"


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows in columns as wide as their widest cell."""
    from rich.cells import cell_len  # noqa: PLC0415 -- only where something is set in columns

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        yield _GAP.join(cells).rstrip()
