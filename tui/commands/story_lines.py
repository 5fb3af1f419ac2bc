"""The sections of `guatu show` about what stands beside a unit's steps, a line for each thing, out of its JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shared.forms.shelf import forms
from shared.inspection.documents import DOCUMENT
from shared.messages import _, ngettext, pick
from shared.roster import Unit
from tui.commands.filling import known_form, workflow_of
from tui.commands.registering import problem_line
from tui.commands.surveying import survey_line
from tui.commands.visiting import visit_line
from tui.grid.plain import plain
from tui.item_words import answer_title, clipped
from tui.view import BoardView

Told = Mapping[str, Any]


def story_lines(view: BoardView, unit: Unit, body: Told) -> Iterator[str]:
    """What a unit's story says of papers, problems, visits, surveys, the redo and its other records."""
    yield from _section(_("Papers"), (_document_line(view, unit, each) for each in body["documents"]))
    yield from _section(_("Problems"), (problem_line(view, unit, each, named=False) for each in body["problems"]))
    yield from _section(_("Visits"), (visit_line(each) for each in body["visits"]))
    yield from _section(_("Surveys"), (survey_line(each) for each in body["surveys"]))
    if body["redo"] is not None:
        yield from _section(_("Redo"), (_redo_line(body["redo"]),))
    counts = {kind: len(items) for kind, items in body["records"].items() if items}
    titles = {form.id: pick(form.title, form.title_en) for form in forms().values()}
    yield from _section(_("Records"), (f"{titles[kind]}  {count}" for kind, count in counts.items()))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield title
        yield from (f"  {line}" for line in told)


def _document_line(view: BoardView, unit: Unit, paper: Told) -> str:
    """A paper: its step, sort, title and number, how it stands, and how many rounds and days the review took."""
    states = {
        "waiting": _("waits for review"),
        "approved": _("approved"),
        "returned": _("returned, due anew on {due}"),
    }
    due = paper["rounds"][-1]["due_on"] or "-"
    rounds = len(paper["rounds"])
    parts = [
        paper["step"],
        _answer(view, unit, DOCUMENT, "sort", paper["sort"]),
        clipped(paper["title"] or ""),
        paper["number"] or "",
        states.get(paper["state"] or "", paper["state"] or "").format(due=due),
        ngettext("{n} round", "{n} rounds", rounds).format(n=rounds),
        ngettext("{n} day at the office", "{n} days at the office", paper["days"]).format(n=paper["days"]),
    ]
    return _joined(parts)


def _redo_line(redo: Told) -> str:
    steps = pick("、", ", ").join(f"{each['id']} {each['due']}" for each in redo["steps"] if not each["redone"])
    if not redo["open"]:
        return _("everything was done again after the survey of {day}").format(day=redo["survey"]["on"])
    return _("after the survey of {day}, to be done again: {steps}").format(day=redo["survey"]["on"], steps=steps)


def _answer(view: BoardView, unit: Unit, kind: str, name: str, value: str | None) -> str:
    return answer_title(known_form(view, kind), name, value or "", view.chart.campaign, workflow_of(view, unit))


def _joined(parts: Iterable[str]) -> str:
    return "  ".join(plain(part) for part in parts if part)
