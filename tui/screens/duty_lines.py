"""Lines of my day and of the chase list as they are painted: exact in cells, the light's word before everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from rich.style import Style
from rich.text import Text

from shared.board.lights import Light
from shared.campaign.model import Rung
from shared.inspection.agenda import Agenda, Listed, Part, Thing
from shared.inspection.chase import Chase, Chased
from shared.messages import _
from tui.duty_words import chase_words, late_counts, part_words, thing_mark, thing_words, what_words
from tui.grid.paint import fit
from tui.grid.plain import plain
from tui.ladder_words import ladder_words, lines_words, rung_words

Paint = Callable[[Light], Style]
ROOMY: Final = 120
"""From so many cells on a line of the chase list has room for town and responsible person."""


class Column(NamedTuple):
    """One column of the chase list: its heading, its cells wide (0: what is left), and whether it needs room."""

    heading: str
    width: int
    roomy: bool = False


def day_head(day: Agenda, who: str, ladder: Sequence[Rung]) -> Text:
    """The top of my day: whose and which, when they last looked, how much is late in all, and the ladder."""
    text = Text(_("My day") + f"  {day.today.isoformat()}", style="bold")
    looked = _("last looked {day}").format(day=day.looked.isoformat()) if day.looked is not None else _("first look")
    text.append(f"  {who}  {looked}\n", style="not bold")
    counts = (f"{part_words(part)} {listed.total}" for part, listed in day.parts.items() if listed.total)
    text.append("  ".join(counts) or _("Nothing waits for you today."))
    late = late_counts(day)
    text.append("\n" + (f"{late}  " if late else ""), style="not bold")
    return text.append(_("Ladder, by days past due: {ladder}").format(ladder=ladder_words(ladder)), style="not bold")


def part_line(part: Part, listed: Listed) -> Text:
    """The heading of a part."""
    return Text(f"{part_words(part)}  {listed.total}", style="bold")


def thing_line(thing: Thing, ladder: Sequence[Rung], paint: Paint) -> Text:
    """One thing on one line."""
    text = Text("  ", no_wrap=True, overflow="crop")
    text.append(thing_mark(thing), style=paint(thing.task.light) if thing.task is not None else "bold")
    return text.append(f" {thing_words(thing, ladder)}")


def chase_head(found: Chase, day: str, where: str, ladder: Sequence[Rung]) -> Text:
    """The top of the chase list: how much stands on each rung, which part of it is listed, and the ladder."""
    text = Text(_("Chase list") + f"  {day}  ", style="bold")
    counts = [
        f"{rung_words(ladder, n) or '-'} {found.by_rung[n]}"
        for n in range(len(ladder), -1, -1)
        if n or found.by_rung[0]
    ]
    text.append("  ".join(counts), style="bold")
    if found.unheard:
        text.append(f"  {Light.UNKNOWN.value} {found.unheard}", style="not bold")
    text.append(
        "\n" + _("listed: {what}, {lines}").format(what=where, lines=lines_words(found.total)), style="not bold"
    )
    ladder_told = _("Ladder, by days past due: {ladder}").format(ladder=ladder_words(ladder))
    return text.append(f"  {ladder_told}", style="dim")


def chase_columns(width: int) -> Text:
    """The headings of the columns on so many cells."""
    return Text(_laid([column.heading for column in _columns()], width), style="bold", no_wrap=True, overflow="crop")


def chase_line(row: Chased, ladder: Sequence[Rung], width: int, paint: Paint) -> Text:
    """One line of the list on so many cells."""
    due = row.task.due.strftime("%m-%d") if row.task.due is not None else ""
    cells = [
        "", str(row.days), plain(row.unit.short), plain(row.town_name), what_words(row.task), due,
        rung_words(ladder, row.rung), plain(row.liaison), plain(row.phone), plain(row.responsible),
    ]  # fmt: skip
    light = row.task.light
    text = Text(light.value, style=paint(light), no_wrap=True, overflow="crop")
    return text.append(_laid(cells, width)[2:], style="")


def chase_detail(row: Chased) -> str:
    """The whole line, with nothing cut."""
    return chase_words(row)


def _columns() -> tuple[Column, ...]:
    return (
        Column("", 2), Column(_("days"), 4), Column(_("unit"), 12), Column(_("town"), 10, True), Column(_("what"), 0),
        Column(_("due"), 5), Column(_("rung"), 8), Column(_("liaison"), 8), Column(_("phone"), 13),
        Column(_("responsible"), 11, True),
    )  # fmt: skip


def _laid(cells: Sequence[str], width: int) -> str:
    """The cells of a line in the widths of their columns, with a blank between them."""
    shown = [(c, cell) for c, cell in zip(_columns(), cells, strict=True) if width >= ROOMY or not c.roomy]
    rest = max(8, width - sum(column.width for column, _cell in shown) - len(shown) + 1)
    return " ".join(fit(cell, column.width or rest) for column, cell in shown)
