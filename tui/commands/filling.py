"""What the commands for all kinds of records share: words into values, whose records are meant, and the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson
import typer

from shared.board.change import JSON
from shared.board.record import Record
from shared.forms.model import Form
from shared.forms.shelf import form_of
from shared.inspection.item import Item, of_kind
from shared.inspection.problems import Problem, called, problems_of
from shared.messages import _
from shared.roster import Unit
from tui.commands.failing import fail
from tui.commands.naming import NAMED, one_unit
from tui.entry_words import sentence
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.typed import typed_values
from tui.view import BoardView

Given = Mapping[str, str | None]
"""Field → what was typed for it, nothing where nothing was."""
Found = tuple[Unit, dict[str, Record]]
"""A unit with all that is known of it."""
SHORT: Final = 8
"""So many digits of a record's id are shown, and name it."""


def known_form(view: BoardView, kind: str) -> Form:
    """The form of a kind of record that guatu comes with."""
    form = form_of(kind, view.chart.campaign)
    assert form is not None, kind
    return form


def workflow_of(view: BoardView, unit: Unit) -> str:
    """The workflow that a unit goes through."""
    return view.rows[unit.code].workflow


def kept_file(laptop: Laptop, path: str) -> dict[str, JSON]:
    """What the field of a record says of a file that is kept on this laptop from now on; or the end of the command."""
    from tui.attachments import keep  # noqa: PLC0415 -- few entries have a file

    found = keep(laptop.profile.folder, Path(path))
    return found if isinstance(found, dict) else fail(sentence(found))


def values_given(view: BoardView, unit: Unit, kind: str, given: Given) -> dict[str, JSON]:
    """What was typed as the values of a new record of this kind; what was left out or is empty is not entered."""
    values = typed_values(known_form(view, kind), given, view.chart.campaign, workflow_of(view, unit))
    return {name: value for name, value in values.items() if value is not None}


def units_with(laptop: Laptop, kind: str, wanted: str | None) -> tuple[BoardView, Iterator[Found]]:
    """The units that have records of this kind, or the one that is meant, by their codes, and a board of them."""
    if wanted is not None:
        view, unit = one_unit(laptop, wanted)
        return view, iter([(unit, laptop.replica.records(unit.code))])
    view = laptop.view()
    owners = laptop.replica.holding(f'"{kind}/')
    return view, ((view.units[code], laptop.replica.records(code)) for code in owners if code in view.units)


def one_problem(laptop: Laptop, wanted: str) -> tuple[BoardView, Unit, Problem]:
    """The one problem that is called so on this laptop, with its unit and a board that holds it."""
    text = wanted.strip()
    found = [
        (owner, problem)
        for owner in laptop.replica.holding(f'{text}"', f"/{text.rpartition('-')[2].lower()}")
        for problem in called(problems_of(laptop.replica.records(owner)), text)
    ]
    if not found:
        line = _("No problem here is called {wanted}; guatu problems lists them.")
        fail(line.format(wanted=plain(wanted)))
    if len(found) > 1:
        names = ", ".join(f"{plain(each.number)} {plain(each.item.text('title'))}" for _owner, each in found[:NAMED])
        more = ", ..." if len(found) > NAMED else ""
        line = _("{wanted} may mean {count} problems: {names}. Give the whole number.")
        fail(line.format(wanted=plain(wanted), count=len(found), names=names + more))
    owner, problem = found[0]
    view, unit = one_unit(laptop, owner)
    return view, unit, problem


def one_item(records: Mapping[str, Record], kind: str, wanted: str) -> Item:
    """The one record of a kind whose id begins so, among a unit's that were not taken back."""
    every = of_kind(records, kind)
    found = [each for each in every if wanted and each.id.startswith(wanted.lower())]
    if len(found) != 1:
        text = _("No one {kind} here has an id that begins with {wanted}; guatu records lists them.")
        fail(text.format(kind=kind, wanted=plain(wanted)))
    return found[0]


def in_unit(unit: Unit, body: dict[str, Any]) -> dict[str, Any]:
    """What is told of a record, with the unit it stands on."""
    return {"unit": unit.code, "unit_name": unit.short, **body}


def say_json(body: object) -> None:
    """Answer to other programs."""
    typer.echo(orjson.dumps(body).decode())
