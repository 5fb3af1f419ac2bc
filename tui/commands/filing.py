"""`guatu file`: which files the papers of a unit have, and one of them written where a person wants it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import typer

from shared.attached import Attached, named_in
from shared.board.record import Record
from shared.forms.shelf import forms
from shared.inspection.documents import DOCUMENT
from shared.inspection.item import of_kind
from shared.messages import _
from tui import attachments
from tui.commands.failing import Code, fail, plainly
from tui.commands.naming import LEAST, SHORT, one_unit
from tui.commands.syncing import give_up
from tui.grid.plain import plain
from tui.laptop import Laptop, local_now
from tui.profile import PRIVATE

HERE, DUE, OFFICE, GONE = "here", "due", "office", "gone"
"""Where a file is: on this laptop; here and not yet at the office; to be had there; an own one that this disk lost."""


class Wish(NamedTuple):
    """Which files are meant: of a step, of a round counted from 1, with a hash that begins so."""

    step: str | None = None
    round: int | None = None
    hash: str | None = None


@plainly
def file(wanted: str, wish: Wish, out: Path | None, listing: bool = False, as_json: bool = False) -> None:
    """List the files that are meant, or write the one that is into a new file, fetched from the office if need be."""
    if listing == (out is not None):
        fail(_("Say either --list or --out PATH."), Code.USAGE)
    if out is not None and wish.step is None and wish.hash is None:
        fail(_("Say which file: the step, or --hash; guatu file UNIT --list says which there are."), Code.USAGE)
    if wish.hash is not None and len(wish.hash) < LEAST:
        fail(_("Give at least {n} digits of the hash.").format(n=LEAST), Code.USAGE)
    with Laptop() as laptop:
        _view, unit = one_unit(laptop, wanted)
        every = sorted(files_of(laptop, laptop.replica.records(unit.code)), key=_order)
        found = [each for each in every if _is_meant(each, wish)]
        if out is None:
            _list(found, as_json)
            return
        _free(out)
        chosen = _chosen(found)
        body = _body(laptop, Attached(chosen["hash"], chosen["name"], chosen["size"]))
    write_new(out, body)
    if as_json:
        typer.echo(orjson.dumps({**chosen, "out": str(out)}).decode())
    else:
        typer.echo(_("{name} is in {file}.").format(name=plain(chosen["name"]), file=plain(str(out))))


def files_of(laptop: Laptop, records: Mapping[str, Record]) -> Iterator[dict[str, Any]]:
    """Every file that a unit's records name, as it is told to other programs: those of a paper by step and round."""
    folder, open_ = laptop.profile.folder, attachments.due(laptop.replica, laptop.profile.folder)
    where = {**{each.hash: GONE for each in open_.gone}, **{each.hash: DUE for each in open_.here}}
    rounds: dict[str, int] = {}
    for kind, form in forms().items():
        for item in of_kind(records, kind, form.day):
            step = item.text("step") if kind == DOCUMENT else ""
            rounds[step] = rounds.get(step, 0) + 1
            for name, each in _standing(records[item.address]):
                here = HERE if attachments.path_of(folder, each.hash) else OFFICE
                yield {
                    "kind": kind,
                    "id": item.id,
                    "step": step,
                    "round": rounds[step] if step else None,
                    "title": item.text("title"),
                    "field": name,
                    **each._asdict(),
                    "where": where.get(each.hash, here),
                }


def write_new(path: Path, body: bytes) -> None:
    """Write a file that was not there, on the disk on return and readable by its user alone; never over another."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), PRIVATE)
    except FileExistsError:
        _say_taken(path)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 -- the descriptor carries the mode
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _standing(record: Record) -> Iterator[tuple[str, Attached]]:
    """The files that stand on a record, of a field on which several stand all of them."""
    for name in sorted(record.fields()):
        every = (each for head in record.heads(name) for each in named_in({name: head.value}))
        for each in sorted({one.hash: one for one in every}.values()):
            yield name, each


def _is_meant(found: Mapping[str, Any], wish: Wish) -> bool:
    return (
        (wish.step is None or found["step"] == wish.step)
        and (wish.round is None or found["round"] == wish.round)
        and (wish.hash is None or found["hash"].startswith(wish.hash.lower()))
    )


def _order(found: Mapping[str, Any]) -> tuple[Any, ...]:
    """By step as the plan counts them, 1.4 before 1.10, then by round; what belongs to no step follows."""
    numbers = [int(part) if part.isdigit() else 0 for part in found["step"].split(".")] if found["step"] else [999]
    return numbers, found["round"] or 0


def _chosen(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The one file that is meant: of several rounds of one paper that of the last; or the end of the command."""
    if not found:
        fail(_("No such paper here has a file; guatu file UNIT --list says which there are."))
    last = [each for each in found if (each["kind"], each["step"], each["round"]) == _place(found[-1])]
    papers = {(each["kind"], each["step"]) for each in found}
    if len(papers) > 1 or len({each["hash"] for each in last}) > 1:
        lines = ", ".join(dict.fromkeys(f"{each['hash'][:SHORT]} {plain(each['name'])}" for each in found))
        fail(_("Several files may be meant: {files}. Give the step, or --hash.").format(files=lines))
    return last[-1]


def _place(found: Mapping[str, Any]) -> tuple[Any, ...]:
    return found["kind"], found["step"], found["round"]


def _body(laptop: Laptop, wanted: Attached) -> bytes:
    """The file's bytes, from here or from the office; or the end of the command."""
    from tui.courier import fetch  # noqa: PLC0415 -- aiohttp only where the network may be used
    from tui.faults import Fault, fault  # noqa: PLC0415

    body = attachments.read(laptop.profile.folder, wanted.hash)
    if body is None:
        try:
            asyncio.run(fetch(laptop.profile, wanted, local_now))
        except Fault as found:
            give_up(found)
        body = attachments.read(laptop.profile.folder, wanted.hash)
    if body is None:
        give_up(fault("file-damaged"))
    return body


def _free(out: Path) -> None:
    """End the command before anything is fetched when the file cannot be written under this name."""
    if out.is_dir():
        fail(_("{file} is a folder; name the file to write.").format(file=plain(str(out))), Code.USAGE)
    if out.exists() or out.is_symlink():
        _say_taken(out)


def _say_taken(out: Path) -> Any:
    fail(_("{file} is there already; give another name.").format(file=plain(str(out))))


def _list(found: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(orjson.dumps(found).decode())
        return
    if not found:
        typer.echo(_("No papers here have files."))
    for each in found:
        places = {
            HERE: _("here"),
            DUE: _("here, not yet at the office"),
            OFFICE: _("to be had from the office"),
            GONE: _("no longer on this disk"),
        }
        place = f"{each['step']:<5} {each['round'] or '':<3}" if each["step"] else f"{each['kind']:<9}"
        typer.echo(
            f"{place} {each['hash'][:SHORT]}  {plain(each['name'])}  {each['size']:,} B  {places[each['where']]}"
        )
