"""Answers to steps that were retired meanwhile: they count, as the revision they answer asked for them, and are listed.

A laptop that was away fills in the chart it has. What it enters on a step that has been retired since is applied, and
shows on no chart: here the office sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from server.campaigns import MAX_REVISIONS, CampaignShelf
from server.office import Office
from server.roster_entry import current_units
from shared.board.change import Change
from shared.board.log_record import LogRecord
from shared.board.record import kind_of, owner_of, rest_of
from shared.campaign.model import Campaign
from shared.roster import Unit

_PAGE: Final = 1000


class LateAnswer(NamedTuple):
    """An entry on a step that came after the log told that the step is retired: who, when, answering which revision."""

    seq: int
    change: str
    unit: str
    name: str
    step: str
    title: str
    title_en: str
    author: str
    device: str
    at: str
    received: str
    revision: int
    retired_in: int
    values: dict[str, Any]


def late_answers(office: Office) -> list[LateAnswer]:
    """Every answer after retirement in the log, oldest first."""
    shelf, units = office.campaigns, current_units(office)
    if not any(step.retired for each in shelf.revisions() for flow in each.workflows for step in flow.steps()):
        return []
    told = _told(office)
    found: list[LateAnswer] = []
    for record, change in _applied(office):
        if kind_of(change.record) == "step" and (unit := units.get(owner_of(change.record))):
            at = _moment(record.at)
            known = max((revision for since, revision in told if since <= at), default=1)
            found += _late(record, change, unit, known, shelf)
    return found


def _told(office: Office) -> list[tuple[datetime, int]]:
    """When the log told of each revision: by the office's time, which what comes back after a restore keeps."""
    campaign = office.campaigns.current.id
    records = office.log.history(campaign, MAX_REVISIONS, f"campaign/{campaign}")
    changes = ((record, record.change()) for record in records if record.applied)
    return [(_moment(record.at), _revision(change)) for record, change in changes if change is not None]


def _late(record: LogRecord, change: Change, unit: Unit, told: int, shelf: CampaignShelf) -> Iterator[LateAnswer]:
    step = rest_of(change.record)
    if shelf.verdict(unit.kind, step, told) != "retired":
        return
    since = next(each for each in shelf.revisions() if _retired(each, unit, step))
    flow = since.workflow_for(unit.kind)
    asked = next(each for each in flow.steps() if each.id == step) if flow else None
    yield LateAnswer(
        seq=record.seq,
        change=change.id,
        unit=unit.code,
        name=unit.name,
        step=step,
        title=asked.title if asked else "",
        title_en=asked.title_en if asked else "",
        author=change.author,
        device=change.device,
        at=change.at,
        received=record.at,
        revision=change.revision,
        retired_in=since.revision,
        values=dict(change.values),
    )


def _retired(campaign: Campaign, unit: Unit, step: str) -> bool:
    flow = campaign.workflow_for(unit.kind)
    return flow is not None and any(each.id == step and each.retired for each in flow.steps())


def _applied(office: Office) -> Iterator[tuple[LogRecord, Change]]:
    seq = 0
    while records := office.log.read(seq, _PAGE):
        for record in records:
            change = record.change() if record.applied else None
            if change is not None:
                yield record, change
        seq = records[-1].seq


def _revision(change: Change) -> int:
    value = change.values.get("revision")
    return value if isinstance(value, int) else 0


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
