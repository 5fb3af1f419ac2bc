"""What somebody filled into a form, held against it before it becomes an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.board.change import JSON
from shared.board.record import Record, kind_of
from shared.board.standing import settled
from shared.campaign.model import Campaign
from shared.forms.checks import wrongs
from shared.forms.people import UNIT, people_form
from shared.forms.shelf import form_of
from shared.inspection.item import Entered
from shared.people.fields import GROUPS
from tui.entry import Problem

Entries = Sequence[tuple[Record, Mapping[str, JSON]]]


def problem_with(campaign: Campaign, workflow: str, record: Record, values: Mapping[str, JSON]) -> Problem | None:
    """The first thing that a record's form has against these values on it; nothing when no form knows such a record.

    On a record that nobody has entered yet everything is asked, on others what is entered now.
    """
    kind = kind_of(record.address)
    form = people_form(names=values, groups=tuple(GROUPS)) if kind == UNIT else form_of(kind, campaign)
    if form is None:
        return None
    standing = settled(record) if record.entries else {}
    found = wrongs(form, {**standing, **values}, campaign, workflow, set(values) if record.entries else None)
    return Problem(*found[0]) if found else None


def entries_of(act: Sequence[Entered]) -> Entries:
    """An act of the inspection group's as the outbox takes it."""
    return [(each.record, each.values) for each in act]
