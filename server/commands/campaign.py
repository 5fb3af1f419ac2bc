"""The campaign of a board: taking over a further revision, and what came in for steps that had gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.campaigns import ShelfFull
from server.commands.board import campaign_named, check_start
from server.commands.manners import Code, fail, remark, say, say_json
from server.commands.tables import plain, table
from server.late_answers import late_answers
from server.office import LOG, NotABoard, Office
from server.revising import Update, Updating, alone, enter, plan
from shared.campaign.calendar import Span
from shared.campaign.succession import StepChange, WindowChange, WorkflowChange, head_changes
from shared.messages import _, ngettext, pick

LISTED: Final = 50


def update(folder: Path, path: str, start: str | None, dry_run: bool, as_json: bool) -> None:
    """Say what a changed campaign touches, and make it the board's next revision unless that was all that was asked."""
    if start is not None:
        check_start(start)
    written = campaign_named(path)
    if not (folder / LOG).exists():
        raise NotABoard(folder.name)
    try:
        with alone(folder), Office(folder) as office:
            found = plan(office, written, start)
            if not dry_run:
                enter(office, found)
    except Updating:
        fail(Code.FOLDER, _("somebody else is changing the campaign of {folder}").format(folder=folder.name))
    except ShelfFull:
        fail(Code.WRONG, _("this board has as many revisions of its campaign as there can be"))
    if as_json:
        say_json({"dry_run": dry_run, **found.to_json()})
        return
    for line in _lines(found):
        say(line)
    if dry_run:
        remark(_("nothing was written"))


def answers(folder: Path, as_json: bool) -> None:
    """The entries on steps that had been retired when they came: they count, and no chart shows them."""
    with Office(folder) as office:
        found = late_answers(office)
    if as_json:
        say_json([each._asdict() for each in found])
        return
    if not found:
        say(_("nothing came in for a step that had been retired"))
        return
    heading = (_("unit"), _("name"), _("step"), _("title"), _("by"), _("entered"), _("revision"), _("retired in"))
    rows = [
        (e.unit, e.name, e.step, pick(e.title, e.title_en), e.author, e.at, str(e.revision), str(e.retired_in))
        for e in found
    ]
    for line in table(heading, rows):
        say(line)


def _lines(found: Update) -> Iterator[str]:
    before, after = found.before, found.after
    if found.empty:
        yield _("{campaign} stands at revision {revision} and nothing in it differs").format(
            campaign=after.id, revision=before.revision
        )
        return
    text = _("{campaign}: revision {after} after {before}")
    yield text.format(campaign=after.id, before=before.revision, after=after.revision)
    if changed := head_changes(before, after):
        yield "  " + _("changed: {fields}").format(fields=", ".join(changed))
    for each in found.workflows:
        yield from _workflow(found, each)
    yield from _known(found)


def _workflow(found: Update, change: WorkflowChange) -> Iterator[str]:
    flow = change.workflow
    units = found.units.get(flow.id, 0)
    title = f"{flow.id} ({pick(flow.title, flow.title_en)}): "
    yield title + ngettext("{n} unit", "{n} units", units).format(n=units) + (_(", new") if change.new else "")
    if change.fields:
        yield "  " + _("changed: {fields}").format(fields=", ".join(change.fields))
    for window in change.windows:
        yield "  " + _window(window)
    for step in change.steps:
        for line in _step(found, flow.id, step):
            yield "  " + line


def _window(window: WindowChange) -> str:
    text = _("phase {phase}: {after} instead of {before} ({words})")
    return text.format(
        phase=window.phase, before=_days(window.before), after=_days(window.after), words=window.words[1]
    )


def _days(span: Span) -> str:
    return _("{first} to {last}").format(first=span.first, last=span.last)


def _step(found: Update, workflow: str, change: StepChange) -> Iterator[str]:
    step, before = change.after, change.before
    title = pick(step.title, step.title_en)
    if before is None:
        yield f"+ {step.id} {title}" + (_(", retired") if step.retired else "")
        return
    if change.retired:
        count = found.entries[workflow, step.id]
        told = ngettext("{n} unit has entries on it", "{n} units have entries on it", count).format(n=count)
        left_out = _(" (left out: kept as retired)") if (workflow, step.id) in found.left_out else ""
        yield f"- {step.id} {title}: {told}{left_out}"
    if change.renamed:
        was = pick(before.title, before.title_en)
        text = _("~ {step} {after}, before: {before} (if that is other work, retire it and give a new number)")
        yield text.format(step=step.id, before=was, after=title)
    if change.fields:
        yield f"~ {step.id} {title}: " + _("changed: {fields}").format(fields=", ".join(_fields(change)))


def _fields(change: StepChange) -> Iterator[str]:
    signs = zip("+-~", change.items, strict=True)
    items = " ".join(f"{sign}{number}" for sign, numbers in signs for number in numbers)
    for name in change.fields:
        yield f"{name} {items}".rstrip() if name == "checklist" else name


def _known(found: Update) -> Iterator[str]:
    count = len(found.known)
    if not count:
        return
    text = ngettext(
        "{n} held entry answers a step that this brings; it can be released then:",
        "{n} held entries answer steps that this brings; they can be released then:",
        count,
    )
    yield text.format(n=count)
    for each in found.known[:LISTED]:
        yield plain(f"  {each.unit} {each.name} {each.step} {each.author} {each.at} {each.change}")
    if count > LISTED:
        yield ngettext("and {n} more", "and {n} more", count - LISTED).format(n=count - LISTED)
