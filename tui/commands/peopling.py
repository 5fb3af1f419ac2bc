"""`guatu people`: who is behind a unit, and entering it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
import typer

from shared.board.change import JSON, is_field
from shared.board.record import Record, unit_address
from shared.forms.model import Wrong
from shared.inspection.item import Entered
from shared.messages import _, pick
from shared.people.fields import GROUPS, UNIT_FIELDS, group_of_field, in_order, title_of, unit_field
from shared.people.words import folded, value_in
from shared.roster import Unit, clean_text
from tui.commands.entering import enter
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import one_unit
from tui.entry import Problem
from tui.entry_words import sentence
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.pairs import group_line, pair_lines, paired, shared_title, with_pairs
from tui.view import BoardView
from tui.words import field_word, value_words


@plainly
def people(wanted: str, entries: Sequence[str], as_json: bool = False) -> None:
    """Show what is known of a unit beside its steps; or enter fields of it, all of them or none."""
    if entries:
        _enter(wanted, entries, as_json)
        return
    with Laptop() as laptop:
        view, unit = one_unit(laptop, wanted)
        view = with_pairs(laptop, view, unit)
        lines = pair_lines(view, unit, laptop.identity.areas)
    if as_json:
        typer.echo(orjson.dumps(people_json(view, unit)).decode())
        return
    typer.echo(f"{plain(unit.name)}  {unit.code}")
    if group := group_line(view, unit):
        typer.echo(f"{_('Inspection group')}: {group}")
    for group, values in _told(unit).items():
        for name in in_order(values, group):
            field = f"{group}.{name}"
            typer.echo(f"{field_word(field)}: {value_words(field, values[name])}")
    if lines:
        typer.echo("\n".join([shared_title(), *lines]))


def people_json(view: BoardView, unit: Unit) -> dict[str, Any]:
    """What is known of a unit beside its steps, for other programs."""
    told = _told(unit)
    return {
        "code": unit.code,
        "name": unit.name,
        "group": unit.group,
        "attributes": told["attribute"],
        "people": told["person"],
        "figures": told["figure"],
        "ties": told["tie"],
        "paired": list(paired(view, unit).units),
    }


def _told(unit: Unit) -> dict[str, dict[str, JSON]]:
    told = (unit.attributes, unit.people, unit.figures, unit.ties)
    return {group: dict(values) for group, values in zip(GROUPS, told, strict=True)}


def _enter(wanted: str, entries: Sequence[str], as_json: bool) -> None:
    values = dict(_said(entry) for entry in entries)
    with Laptop(writing=True) as laptop:
        view, unit = one_unit(laptop, wanted)
        address = unit_address(unit.code)
        shown = laptop.replica.records(unit.code).get(address) or Record(address)
        (made,) = enter(laptop, view, [Entered(shown, values)])
        labels = laptop.replica.labels()
    if as_json:
        typer.echo(orjson.dumps({"code": unit.code, "change": made.id, "set": dict(made.values)}).decode())
        return
    what = pick("，", ", ").join(f"{field_word(name)} {value_words(name, value)}" for name, value in values.items())
    text = _("Saved here: {unit}: {what}. {count} waiting; guatu sync sends them.")
    typer.echo(text.format(unit=plain(unit.short), what=what, count=labels.saved + labels.sent))


def _said(entry: str) -> tuple[str, JSON]:
    """What `FIELD=VALUE` enters; nothing behind the sign takes away what stands."""
    word, sign, text = entry.replace("＝", "=", 1).partition("=")
    if not sign:
        fail(_("{entry}: write FIELD=VALUE, like liaison=NAME.").format(entry=plain(entry)), Code.USAGE)
    name = _field_named(word)
    field = unit_field(name)
    if field is None or not is_field(name):
        known = pick("、", ", ").join(title_of(each) for each in UNIT_FIELDS)
        fail(_("{word} is no field; these are: {known}.").format(word=plain(word), known=known), Code.USAGE)
    if not (cleaned := clean_text(text)):
        return name, None
    value = value_in(field, cleaned)
    if isinstance(value, Wrong):
        fail(field_word(name) + pick("：", ": ") + sentence(Problem(*value)))
    return name, value


def _field_named(word: str) -> str:
    """The field's name, for its name with or without its group, its title in either language, or a column's heading."""
    if group_of_field(word):
        return word
    return next((name for name in UNIT_FIELDS if folded(word) in _words(name)), "")


def _words(name: str) -> set[str]:
    each = UNIT_FIELDS[name]
    return {
        *map(folded, (name.partition(".")[2], title_of(name), each.field.title, each.field.title_en, *each.headings))
    }
