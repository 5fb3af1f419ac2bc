"""The review list: what waits for the reviewer, the oldest first, and how long the office takes to answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from statistics import median
from typing import NamedTuple

from shared.board.lights import State
from shared.board.record import Record, kind_of, rest_of
from shared.board.step import view
from shared.inspection.documents import Dossier, dossiers


class Waiting(NamedTuple):
    """One step that waits: since when, how long, and the paper handed in for it, if one was.

    `step` is the step's record as it stood when this was read, and `records` are those of its unit.
    """

    unit: str
    step: Record
    records: Mapping[str, Record]
    since: date | None
    days: int
    paper: Dossier | None

    @property
    def step_id(self) -> str:
        """The step's id."""
        return rest_of(self.step.address)

    @property
    def key(self) -> str:
        """What names this line."""
        return self.step.address

    @property
    def title(self) -> str:
        """The title of what was handed in, empty when only the step says so."""
        return self.paper.rounds[-1].item.text("title") if self.paper is not None else ""


class Slowness(NamedTuple):
    """How long the office takes: how many wait, the longest wait, and the median of the answers given and due."""

    waiting: int
    longest: int
    median: float


def waiting_on(unit: str, records: Mapping[str, Record], today: date) -> Iterator[Waiting]:
    """What waits on one unit, from all its records."""
    papers: list[Dossier] | None = None
    for address, record in records.items():
        if kind_of(address) != "step":
            continue
        shown = view(record)
        if shown.state != State.SUBMITTED:
            continue
        papers = dossiers(records, unit) if papers is None else papers
        since = shown.days.get("submitted_on")
        paper = next((each for each in papers if each.step == rest_of(address) and each.waiting), None)
        yield Waiting(unit, record, records, since, max(0, (today - since).days) if since is not None else 0, paper)


def oldest_first(found: Iterable[Waiting]) -> list[Waiting]:
    """The list as a reviewer works it off; what has no day comes first, as nobody knows how long it waits."""
    return sorted(found, key=lambda each: (each.since or date.min, each.unit, each.step.address))


def slowness(found: Iterable[Waiting], answered: Iterable[int] = ()) -> Slowness:
    """How slow the office is, by what waits and by the days that given answers took."""
    days = [each.days for each in found]
    every = [*days, *answered]
    return Slowness(len(days), max(days, default=0), float(median(every)) if every else 0.0)
