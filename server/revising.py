"""A further revision of a board's campaign: what it would touch, and taking it over, also beside a running server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from filelock import FileLock, Timeout

from server.office import CAMPAIGN, Office
from server.roster_entry import current_units
from shared.board.change import Change
from shared.board.holds import hold_address
from shared.board.log_record import HELD
from shared.board.record import Record, kind_of, owner_of, rest_of, step_address
from shared.campaign.calendar import Span
from shared.campaign.model import Campaign, Step
from shared.campaign.succession import (
    LeftOut,
    StepChange,
    WorkflowChange,
    head_changes,
    succeed,
    workflow_changes,
)
from shared.roster import Unit

_PAGE: Final = 1000
_LOCK: Final = "update.lock"
_PATIENCE: Final = 10.0
_UNKNOWN: Final = HELD + "unknown-step"


class Updating(Exception):
    """Somebody else is changing the campaign of this board at this moment."""


class HeldEntry(NamedTuple):
    """An entry that is held because its step was unknown."""

    change: str
    unit: str
    name: str
    step: str
    author: str
    at: str
    revision: int


@dataclass(frozen=True, slots=True)
class Update:
    """A revision that may follow, beside the board as it stands.

    `units`: workflow → how many open units follow it. `entries`: (workflow, step) → how many units have entries on a
    step that is asked no more. `known`: the held entries whose step it brings.
    """

    before: Campaign
    after: Campaign
    left_out: tuple[LeftOut, ...]
    workflows: tuple[WorkflowChange, ...]
    units: Mapping[str, int]
    entries: Mapping[tuple[str, str], int]
    known: tuple[HeldEntry, ...]

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return replace(self.after, revision=self.before.revision) == self.before

    def to_json(self) -> dict[str, Any]:
        """The update for other programs."""
        return {
            "campaign": self.after.id,
            "from": self.before.revision,
            "to": self.before.revision if self.empty else self.after.revision,
            "start": self.after.start,
            "changed": list(head_changes(self.before, self.after)),
            "workflows": [self._workflow(each) for each in self.workflows],
            "becomes_known": [each._asdict() for each in self.known],
        }

    def _workflow(self, change: WorkflowChange) -> dict[str, Any]:
        flow = change.workflow
        return {
            "id": flow.id,
            "new": change.new,
            "units": self.units.get(flow.id, 0),
            "changed": list(change.fields),
            "steps": [self._step(flow.id, each) for each in change.steps],
            "windows": [
                {"phase": w.phase, "before": _days(w.before), "after": _days(w.after), "words": list(w.words)}
                for w in change.windows
            ],
        }

    def _step(self, workflow: str, change: StepChange) -> dict[str, Any]:
        added, dropped, reworded = change.items
        step = change.after
        return {
            "id": step.id,
            "title": step.title,
            "title_en": step.title_en,
            "before": change.before.title if change.renamed and change.before else None,
            "added": change.before is None,
            "retired": change.retired,
            "left_out": (workflow, step.id) in self.left_out,
            "units_with_entries": self.entries.get((workflow, step.id), 0) if change.retired else None,
            "changed": list(change.fields),
            "checklist": {"added": list(added), "dropped": list(dropped), "reworded": list(reworded)},
        }


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else changes this board's campaign meanwhile; raises `Updating`. Open the office inside."""
    lock = FileLock(folder / CAMPAIGN / _LOCK)
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        raise Updating(folder.name) from None
    try:
        yield
    finally:
        lock.release()


def plan(office: Office, written: Campaign, start: str | None = None) -> Update:
    """What a written campaign would change on a board; raises `CampaignInvalid` when it may not follow."""
    earlier = office.campaigns.revisions()
    succession = succeed(earlier, written, start)
    before, after = earlier[-1], succession.campaign
    units = current_units(office)
    changes = workflow_changes(before, after)
    follows = Counter(flow.id for unit in units.values() if not unit.closed and (flow := after.workflow_for(unit.kind)))
    entries = {
        (change.workflow.id, step.after.id): _with_entries(office, units, after, change, step.after)
        for change in changes
        for step in change.steps
        if step.retired
    }
    known = tuple(each for each in held_unknown(office, units) if _asked(after, units, each))
    return Update(before, after, succession.left_out, changes, dict(follows), entries, known)


def enter(office: Office, update: Update) -> None:
    """Put the revision on the shelf, where a running server finds it, and tell the log.

    An update that was cut off in between is told when it is made again.
    """
    if not update.empty:
        office.campaigns.add(update.after)
    current = office.campaigns.current
    address = f"campaign/{current.id}"
    standing = office.store.get(address) or Record(address)
    if standing.value("revision") != current.revision:
        values = {"title": current.title, "revision": current.revision}
        office.enter([office.change(address, values, standing.seen(*values))])


def held_unknown(office: Office, units: Mapping[str, Unit]) -> Iterator[HeldEntry]:
    """The entries in the log that are held because nobody knew their step and wait for a verdict, oldest first."""
    seq = 0
    while records := office.log.read(seq, _PAGE):
        for record in records:
            change = record.change() if record.status == _UNKNOWN else None
            if change is not None and kind_of(change.record) == "step" and not _decided(office, change):
                unit, step = owner_of(change.record), rest_of(change.record)
                name = units[unit].name if unit in units else ""
                yield HeldEntry(change.id, unit, name, step, change.author, change.at, change.revision)
        seq = records[-1].seq


def _decided(office: Office, change: Change) -> bool:
    """Whether somebody has released or declined it."""
    hold = office.store.get(hold_address(owner_of(change.record), change.id))
    return hold is not None and hold.value("verdict") is not None


def _asked(campaign: Campaign, units: Mapping[str, Unit], entry: HeldEntry) -> bool:
    flow = campaign.workflow_for(units[entry.unit].kind) if entry.unit in units else None
    return flow is not None and any(step.id == entry.step and not step.retired for step in flow.steps())


def _with_entries(
    office: Office, units: Mapping[str, Unit], campaign: Campaign, change: WorkflowChange, step: Step
) -> int:
    """How many units of a workflow have something standing on a step."""
    count = 0
    for code, unit in units.items():
        flow = campaign.workflow_for(unit.kind)
        record = office.store.get(step_address(code, step.id)) if flow and flow.id == change.workflow.id else None
        count += record is not None and bool(record.entries)
    return count


def _days(span: Span) -> list[str]:
    return [span.first.isoformat(), span.last.isoformat()]
