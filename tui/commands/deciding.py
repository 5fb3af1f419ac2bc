"""`guatu held`, `release` and `decline`: entries that do not count, why, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
import typer

from shared.board.change import Change
from shared.board.holds import Verdict
from shared.board.record import kind_of, rest_of
from shared.messages import _
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import LEAST, SHORT
from tui.entry import Problem
from tui.entry_words import sentence
from tui.grid.plain import plain
from tui.holding import Held, decide, event_of, every, own
from tui.laptop import Laptop
from tui.reasons import reason_words
from tui.telling import tell, when_told
from tui.view import BoardView
from tui.waiting import ASKING, REFUSED

STILL_HERE: Final = (REFUSED, ASKING)
"""What is no matter of the office's yet."""


@plainly
def held(as_json: bool = False, dismiss: Sequence[str] = (), export: Path | None = None, send: bool = False) -> None:
    """Show the entries that need a look, or do something about one's own: dismiss, export, send."""
    if [bool(dismiss), export is not None, send].count(True) > 1:
        fail(_("Say only one of --dismiss, --export and --send."), Code.USAGE)
    if dismiss:
        return _dismiss(dismiss)
    if send:
        return _send()
    with Laptop() as laptop:
        view = laptop.view()
        found = [_held_json(laptop, view, each) for each in every(laptop.replica, laptop.identity)]
    if export is not None:
        _export(export, found)
    elif as_json:
        typer.echo(orjson.dumps(found).decode())
    else:
        for line in _lines(found):
            typer.echo(line)


@plainly
def verdict(ids: Sequence[str], verdict: Verdict, reason: str = "") -> None:
    """Release or decline held entries, all or none of them."""
    if not reason.isprintable() or (verdict is Verdict.DECLINED and not reason.strip()):
        fail(_("Say why, on one line: --reason R."), Code.USAGE)
    with Laptop(writing=True) as laptop:
        pen = laptop.pen(laptop.view())
        found = [each for each in every(laptop.replica, laptop.identity) if each.status not in STILL_HERE]
        made: list[Change] = []
        for wanted in dict.fromkeys(ids):
            change = decide(laptop.replica, pen, _named(found, wanted), verdict, reason.strip())
            if isinstance(change, Problem):
                fail(sentence(change))
            made.append(change)
        laptop.save(made)
    released = _("Released {count}; guatu sync sends it.")
    declined = _("Declined {count}; guatu sync sends it.")
    typer.echo((released if verdict is Verdict.RELEASED else declined).format(count=len(made)))


def _dismiss(ids: Sequence[str]) -> None:
    with Laptop(writing=True) as laptop:
        found = [each for each in own(laptop.replica) if each.status not in STILL_HERE]
        chosen = [_named(found, wanted) for wanted in dict.fromkeys(ids)]
        for each in chosen:
            laptop.replica.looks.note_looked(each.id)
    typer.echo(_("Dismissed {count}; the history keeps it.").format(count=len(chosen)))


def _send() -> None:
    with Laptop(writing=True) as laptop:
        count = laptop.replica.outbox.give_word()
    typer.echo(_("The word is given for {count}; guatu sync sends it.").format(count=count))


def _export(path: Path, found: Sequence[dict[str, Any]]) -> None:
    """One entry a line, whole, with what was said to it; a file that is there is never written over."""
    try:
        with path.open("xb") as file:
            file.writelines(orjson.dumps(each) + b"\n" for each in found)
    except FileExistsError:
        fail(_("{file} is there already; give another name.").format(file=plain(str(path))))
    typer.echo(_("Exported {count} to {file}.").format(count=len(found), file=plain(str(path))))


def _named(found: Sequence[Held], wanted: str) -> Held:
    chosen = [each for each in found if len(wanted) >= LEAST and each.id.startswith(wanted.lower())]
    if len(chosen) != 1:
        fail(_("No one such entry here is called {id}; guatu held lists them.").format(id=plain(wanted)))
    return chosen[0]


def _lines(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not found:
        yield _("Nothing needs a look.")
    for each in found:
        yield f"{each['id'][:SHORT]}  {each['text']}"
        yield f"    {each['reason']}  {when_told(each['since'])}"
        if each["decided"] is not None:
            by, why = plain(each["decided"]["by"]), plain(each["decided"]["reason"])
            yield "    " + _("Decided by {by}: {reason}").format(by=by, reason=why or "-")


def _held_json(laptop: Laptop, view: BoardView, held: Held) -> dict[str, Any]:
    unit = view.units.get(held.owner)
    name = unit.short if unit is not None else held.owner
    event, address = event_of(laptop.replica, held), held.change.record if held.change is not None else ""
    decided = {"verdict": held.status, "by": held.by, "reason": held.reason} if held.by else None
    return {
        "id": held.id,
        "status": held.status,
        "reason": reason_words(held.status),
        "since": held.at,
        "mine": held.mine,
        "unit": held.owner,
        "unit_name": name,
        "step": rest_of(address) if address and kind_of(address) == "step" else None,
        "by": held.change.author if held.change is not None else "",
        "device": held.device,
        "text": tell(event, name, view.chart.campaign) if event is not None else plain(name),
        "decided": decided,
        "change": held.body,
    }
