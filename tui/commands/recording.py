"""`guatu record …` and `guatu records`: what is entered with any form, its fields given as FIELD=VALUE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import typer

from shared.board.change import JSON
from shared.board.record import Record
from shared.forms.model import Field, Form
from shared.forms.shelf import form_of, forms, options_of
from shared.inspection.documents import DOCUMENT
from shared.inspection.item import WITHDRAWN, Entered, Item, address_of, item_of, of_kind
from shared.inspection.problems import ESCALATION, LOOKBACK
from shared.messages import _, pick
from shared.roster import Unit
from tui.commands.entering import enter, say_saved
from tui.commands.failing import Code, fail, plainly
from tui.commands.filling import SHORT, in_unit, kept_file, one_item, say_json, workflow_of
from tui.commands.naming import one_unit
from tui.grid.plain import plain
from tui.item_words import line_of
from tui.laptop import Laptop
from tui.story import record_json, records_json
from tui.typed import typed
from tui.view import BoardView
from tui.words import field_word

OWN_VERBS: Final[Mapping[str, str]] = {
    DOCUMENT: "guatu submit",
    "problem": "guatu problem add",
    LOOKBACK: "guatu problem look",
    ESCALATION: "guatu problem escalate",
}
"""The kinds of record that an act makes together with something else, and that act."""
SINGLE: Final = "1"
"""The id of a record of which a unit has one."""
_TAKEN_BACK: Final = Field(WITHDRAWN, "撤销", "withdrawn", "tick")


@plainly
def add(wanted: str, kind: str, words: Sequence[str], as_json: bool = False) -> None:
    """Enter a new record of a form; where a unit has only one of them, what is given on that."""
    with Laptop(writing=True) as laptop:
        view, unit = one_unit(laptop, wanted)
        form = _form(view, kind)
        if form.id in OWN_VERBS:
            line = _("{kind} is entered with {command}.")
            fail(line.format(kind=pick(form.title, form.title_en), command=OWN_VERBS[form.id]), Code.USAGE)
        values = {name: value for name, value in _values(laptop, view, unit, form, words).items() if value is not None}
        address = address_of(form.id, unit.code, SINGLE if form.single else laptop.pen(view).new_id())
        standing = laptop.replica.records(unit.code).get(address) or Record(address)
        _save(laptop, view, unit, form, Entered(standing, values), as_json)


@plainly
def change(wanted: str, kind: str, item_id: str, words: Sequence[str], as_json: bool = False) -> None:
    """Enter other values on a record; FIELD= takes a value away, `withdrawn=yes` takes the whole record back."""
    with Laptop(writing=True) as laptop:
        view, unit = one_unit(laptop, wanted)
        form = _form(view, kind)
        records = laptop.replica.records(unit.code)
        item = one_item(records, form.id, item_id)
        values = _values(laptop, view, unit, form, words, also=(_TAKEN_BACK,))
        _save(laptop, view, unit, form, Entered(records[item.address], values), as_json)


@plainly
def records(wanted: str, kind: str | None = None, as_json: bool = False) -> None:
    """List the records of a unit, of one form or of all."""
    with Laptop() as laptop:
        view, unit = one_unit(laptop, wanted)
        known = laptop.replica.records(unit.code)
    chosen = [_form(view, kind)] if kind is not None else [_form(view, each) for each in forms()]
    if as_json:
        say_json([in_unit(unit, each) for form in chosen for each in records_json(form, known)])
        return
    found = [(form, item) for form in chosen for item in of_kind(known, form.id, form.day)]
    for form, item in found:
        typer.echo(record_line(view, unit, form, item))
    if not found:
        typer.echo(_("No such record here."))


def record_line(view: BoardView, unit: Unit, form: Form, item: Item) -> str:
    """A record on one line: its id, its form, and the fields by which the form tells it."""
    line = line_of(form, item, view.chart.campaign, workflow_of(view, unit))
    gone = f"  {field_word(WITHDRAWN)}" if item.withdrawn else ""
    return f"{plain(item.id[:SHORT])}{'!' if item.collisions else ' '} {form.id}  {line}{gone}".rstrip()


def _save(laptop: Laptop, view: BoardView, unit: Unit, form: Form, entered: Entered, as_json: bool) -> None:
    enter(laptop, view, [entered])
    item = item_of(laptop.replica.records(unit.code)[entered.record.address])
    if as_json:
        say_json(in_unit(unit, record_json(form, item)))
    else:
        comma = pick("，", ", ")
        say_saved(laptop, f"{plain(unit.short)}{comma}{record_line(view, unit, form, item)}")


def _form(view: BoardView, kind: str) -> Form:
    """The form that is called so, by its id or title."""
    found = next((each.id for each in forms().values() if kind in (each.id, each.title, each.title_en)), kind)
    form = form_of(found, view.chart.campaign)
    if form is None:
        line = _("There is no form {kind}; choose one of {forms}.")
        fail(line.format(kind=plain(kind), forms=", ".join(forms())), Code.USAGE)
    return form


def _values(
    laptop: Laptop, view: BoardView, unit: Unit, form: Form, words: Sequence[str], also: Sequence[Field] = ()
) -> dict[str, JSON]:
    """Field → value out of FIELD=VALUE, a file named by its path; or the end of the command with what is no field."""
    given = [_given(form, word, also) for word in words]
    workflow = workflow_of(view, unit)
    return {
        field.name: kept_file(laptop, text)
        if field.kind == "file" and text.strip()
        else typed(field, text, options_of(field, view.chart.campaign, workflow))
        for field, text in given
    }


def _given(form: Form, word: str, also: Sequence[Field]) -> tuple[Field, str]:
    """The field that a word names by its name or title, and what is typed for it."""
    name, equals, text = word.partition("=")
    if not equals:
        fail(_("Write {word} as FIELD=VALUE.").format(word=plain(word)), Code.USAGE)
    fields = (*form.typed, *also)
    field = next((each for each in fields if name.strip() in (each.name, each.title, each.title_en)), None)
    if field is None:
        line = _("{form} has no field {field} to fill in; it has {fields}.")
        names = ", ".join(each.name for each in fields)
        fail(line.format(form=pick(form.title, form.title_en), field=plain(name), fields=names), Code.USAGE)
    return field, text
