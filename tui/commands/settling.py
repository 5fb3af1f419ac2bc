"""`guatu conflicts` and `guatu settle`: different values that stand side by side, and which of them holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import orjson
import typer

from shared.board.change import JSON, Change
from shared.board.collisions import Collision, both, collisions_of, taking
from shared.board.record import Head, Record, kind_of, owner_of, rest_of
from shared.board.step import DATE_FIELD
from shared.messages import _
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import day_given
from tui.entry import STATES, Problem
from tui.entry_words import sentence
from tui.grid.plain import plain
from tui.laptop import Laptop
from tui.telling import field_told, told_value, when_told, where_told
from tui.view import BoardView

Choice = Callable[[Record, Collision], dict[str, JSON]]
"""What to set on a record so that a collision is settled."""


@plainly
def conflicts(as_json: bool = False) -> None:
    """Show every field on which different values stand, with who entered each, when, and where."""
    with Laptop() as laptop:
        view = laptop.view()
        found = standing(laptop)
        if as_json:
            typer.echo(orjson.dumps([_collision_json(laptop, view, each) for each in found]).decode())
            return
    if not found:
        typer.echo(_("No collisions."))
    campaign = view.chart.campaign
    for each in found:
        where = where_told(each.address, _name(view, each.address))
        field = field_told(each.field, each.address, campaign)
        typer.echo(f"{each.id}  {where}  {field}")
        for number, head in enumerate(each.heads, 1):
            value, by = told_value(each.field, head.value, each.address, campaign), plain(head.author)
            typer.echo(f"    {number}  {value}  {by}  {when_told(head.at)}")
    if found:
        typer.echo(_("Settle with: guatu settle ID --take N, or --value V, or --both."))


@plainly
def settle(
    ids: Sequence[str], take: int | None = None, value: str | None = None, on: str | None = None, join: bool = False
) -> None:
    """Let one value hold on each of these collisions, all in one act; it names exactly what stands there now."""
    if [take is not None, value is not None, join].count(True) != 1:
        fail(_("Say one of --take N, --value V and --both."), Code.USAGE)
    if len(ids) > 1 and take is None:
        fail(_("Several collisions are settled with --take N only."), Code.USAGE)
    with Laptop(writing=True) as laptop:
        laptop.check()
        day = day_given(on)
        chosen = [_named(standing(laptop), wanted) for wanted in dict.fromkeys(ids)]
        made = _settled(laptop, chosen, _choice(laptop, take, value, day))
        laptop.save(made)
    typer.echo(_("Settled {count}; guatu sync sends it.").format(count=len(chosen)))


def standing(laptop: Laptop) -> list[Collision]:
    """Every collision on the board as this laptop has it, by address and field."""
    found: list[Collision] = []
    for owner, shown in laptop.replica.every():
        if shown.standing.collisions:
            found += collisions_of(laptop.replica.records(owner))
    return sorted(found)


def _named(found: list[Collision], wanted: str) -> Collision:
    chosen = [each for each in found if each.id == wanted.lower()]
    if not chosen:
        fail(_("There is no collision {id} here; guatu conflicts lists them.").format(id=plain(wanted)))
    return chosen[0]


def _settled(laptop: Laptop, chosen: Sequence[Collision], choice: Choice) -> list[Change]:
    """One change for each record, which has seen all that stands on the fields it sets."""
    values: dict[str, dict[str, JSON]] = {}
    records: dict[str, Record] = {}
    for each in sorted(chosen, key=lambda each: each.field != "state"):  # a day chosen by itself wins over a state's
        record = laptop.replica.records(owner_of(each.address))[each.address]
        records[each.address] = record
        values.setdefault(each.address, {}).update(choice(record, each))
    pen = laptop.pen(laptop.view())
    act = pen.new_id() if len(values) > 1 else None
    made = [pen.change(records[address], fields, act) for address, fields in values.items()]
    wrong = next((each for each in made if isinstance(each, Problem)), None)
    if wrong is not None:
        fail(sentence(wrong))
    return [each for each in made if isinstance(each, Change)]


def _choice(laptop: Laptop, take: int | None, value: str | None, day: date | None) -> Choice:
    if take is not None:
        return lambda record, each: taking(record, each.field, _head(each, take))
    if value is not None:
        return lambda record, each: _entered(laptop, record, each, value, day)
    return _both


def _head(collision: Collision, number: int) -> Head:
    if not 1 <= number <= len(collision.heads):
        text = _("Collision {id} has the values 1 to {count}.")
        fail(text.format(id=collision.id, count=len(collision.heads)), Code.USAGE)
    return collision.heads[number - 1]


def _both(record: Record, collision: Collision) -> dict[str, JSON]:
    text = both(collision.heads) if collision.field in ("note", "reason") else None
    if text is None:
        fail(_("Only notes can be kept both in one; take one of the values."), Code.USAGE)
    return {collision.field: text}


def _entered(laptop: Laptop, record: Record, collision: Collision, text: str, day: date | None) -> dict[str, JSON]:
    """A value of somebody's own; with a state goes its day: the one given, the one that stood with it, or today."""
    name = collision.field
    if name != "state":
        return {name: _value(name, text)}
    if text not in STATES:
        line = _("{state} is no state; choose one of {states}.")
        fail(line.format(state=plain(text), states=", ".join(STATES)), Code.USAGE)
    if text not in DATE_FIELD:
        return {name: text}
    same = next((head for head in collision.heads if head.value == text), None)
    stood = taking(record, name, same).get(DATE_FIELD[text]) if same is not None else None
    return {name: text, DATE_FIELD[text]: day.isoformat() if day else stood or laptop.now().date().isoformat()}


def _value(name: str, text: str) -> JSON:
    """What was typed, as the field has it: days and texts as they are, everything else as JSON if it is any."""
    if name.endswith("_on"):
        return text or None
    if name in ("note", "reason"):
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        return text


def _collision_json(laptop: Laptop, view: BoardView, collision: Collision) -> dict[str, Any]:
    owner, kind = owner_of(collision.address), kind_of(collision.address)
    body = {
        "id": collision.id,
        "unit": owner,
        "unit_name": _name(view, collision.address),
        "step": rest_of(collision.address) if kind == "step" else None,
        "field": collision.field,
        "values": [_head_json(laptop, collision.field, head) for head in collision.heads],
    }
    return body if kind == "step" else {**body, "record": collision.address}


def _head_json(laptop: Laptop, field: str, head: Head) -> dict[str, Any]:
    change = laptop.replica.bygone.find(head.id)
    seen = [] if change is None else list(change.seen.get(field, ()))
    return {
        "value": head.value, "by": head.author, "at": head.at, "change": head.id, "device": head.device, "seen": seen,
    }  # fmt: skip


def _name(view: BoardView, address: str) -> str:
    unit = view.units.get(owner_of(address))
    return unit.short if unit is not None else owner_of(address)
