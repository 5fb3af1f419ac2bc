"""The archive (资料归档): what the plan wants collected of a unit, what is ticked, and what guatu holds itself.

The campaign's list `archive` says what belongs into it, by workflow. An item that bears the id of a form, of a
document's sort or of a meeting's stands for those records, which are entered once and need not be listed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.board.record import Record
from shared.board.values import day_of
from shared.campaign.model import Campaign, Step
from shared.forms.model import Option
from shared.forms.shelf import forms, options_of
from shared.inspection.documents import DOCUMENT, RETURNED, dossiers
from shared.inspection.item import Item, address_of, item_of, of_kind
from shared.inspection.meetings import MEETING

ARCHIVE, LIST, PAPERS = "archive", "archive", "papers"
SINGLE: Final = "1"
_FOUND: Final = "found_on"


@dataclass(frozen=True, slots=True)
class Paper:
    """What guatu holds for an item: one paper with its title and number, or several entries of one kind."""

    title: str
    number: str
    first: date | None
    last: date | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the archive's list; `no` in the table of contents, nothing as long as it is neither held nor there.

    `collected`: somebody ticked that the paper itself is there. `paper`: what guatu holds of it.
    """

    no: int | None
    id: str
    title: str
    title_en: str
    collected: bool
    paper: Paper | None = None


def archive_of(records: Mapping[str, Record], unit: str) -> Item | None:
    """The unit's archive as it was entered: ticks, where it is kept, when it was bound."""
    record = records.get(address_of(ARCHIVE, unit, SINGLE))
    item = item_of(record) if record is not None and record.entries else None
    return None if item is None or item.withdrawn else item


def wanted_of(campaign: Campaign, workflow: str, applying: Iterable[Step]) -> list[Option]:
    """What the campaign wants collected of a unit of this workflow, of which these steps are asked.

    A document that only other steps ask for is not wanted: no report of a community without a committee.
    """
    field, flow = forms()[ARCHIVE].field(PAPERS), campaign.workflow(workflow)
    named = {each for step in (flow.steps() if flow is not None else ()) for each in step.documents}
    asked = {each for step in applying for each in step.documents}
    every = options_of(field, campaign, workflow) if field is not None else ()
    return [option for option in every if option.id not in named or option.id in asked]


def contents(records: Mapping[str, Record], unit: str, wanted: Iterable[Option]) -> list[Entry]:
    """The archive of a unit by the list of what is wanted: one line for each paper, numbered as they lie in it."""
    entered = archive_of(records, unit)
    ticked = set(entered.many(PAPERS)) if entered is not None else set()
    lines = [(option, paper) for option in wanted for paper in _held(records, unit, option.id) or (None,)]
    found: list[Entry] = []
    no = 0
    for option, paper in lines:
        collected = option.id in ticked
        there = collected or paper is not None
        no += there
        found.append(Entry(no if there else None, option.id, option.title, option.title_en, collected, paper))
    return found


def _held(records: Mapping[str, Record], unit: str, item: str) -> list[Paper]:
    """What stands in guatu for an item, the oldest first: each paper of its own, registers as one."""
    papers = list(_papers(records, unit, item))
    items = [each for each in of_kind(records, MEETING) if each.text("sort") == item]
    form = forms().get(item)
    if form is not None and item not in (ARCHIVE, DOCUMENT):
        items += of_kind(records, item, form.day)
    if items:
        days = sorted(day for each in items if (day := _day(each)) is not None)
        papers.append(Paper("", "", days[0] if days else None, days[-1] if days else None, len(items)))
    return papers


def _papers(records: Mapping[str, Record], unit: str, sort: str) -> Iterator[Paper]:
    """The documents of this sort that hold: their last round, unless it was returned or waits for the reviewer."""
    for dossier in dossiers(records, unit):
        last = dossier.rounds[-1]
        if dossier.sort == sort and last.outcome != RETURNED and not dossier.waiting:
            day = last.item.day("on") or last.submitted_on
            yield Paper(last.item.text("title"), last.item.text("number"), day, day)


def _day(item: Item) -> date | None:
    """The day of an entry: for a problem when it was found, as its own is when it is due; else when it was entered."""
    form = forms()[item.kind]
    named = item.day(_FOUND) if form.field(_FOUND) is not None else item.day(form.day)
    return named or day_of(item.at[:10])
