"""The past of a simulated campaign, entered day by day as if it had happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from server.ledger import Author, Submission
from server.offered import OFFICE
from server.office import BATCH, Office
from server.roster.plan import plan_import
from server.roster.sheet import read_sheet
from server.roster_entry import current_units, enter_plan
from server.simulate import entries, fieldwork, known, lives
from server.simulate.cast import Cast, cast_for, enrol, town_in
from server.simulate.entries import Values
from server.simulate.papers import Papers
from shared.board.change import Change
from shared.board.chart import Chart
from shared.board.closing import PROBLEM
from shared.board.lights import State
from shared.board.record import Record, kind_of, step_address, unit_address
from shared.board.reduce import reduce
from shared.campaign.model import Step
from shared.inspection.documents import DOCUMENT
from shared.roster import Unit, UnitKind, town_of

SAMPLES: Final = Path(__file__).parent.parent / "data" / "samples.csv"
"""A dozen units that the division's files do not have, so that every workflow has some."""
SILENT_FOR: Final = timedelta(days=18)
COLLISIONS: Final = 2
_SURVEYED: Final = (UnitKind.VILLAGE, UnitKind.COMMUNITY)
_MOVED: Final = frozenset({"step", DOCUMENT, PROBLEM})
"""The kinds of record that several entries of a story are about."""
_OPENS, _MINUTES = time(8, 30), 9 * 60
"""The office day: entries come in the nine hours from half past eight."""


class SetClock:
    """A clock that stands where it was last set, so that the log's own times belong to the simulated days."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """What it shows, in UTC."""
        return self.now.astimezone(UTC)


class _Entry(NamedTuple):
    at: datetime
    author: Author
    address: str
    values: Values
    act: str | None = None


def populate(office: Office, seed: int, now: datetime, clock: SetClock | None = None) -> None:
    """Bring a board that has its roster to the middle of a campaign: samples, people, and all that was entered so far.

    `now` carries the local time zone. `clock`, if it is the office's own, is set to each simulated day in turn.
    """
    rng = Random(seed)  # noqa: S311 -- a story, not a secret
    history = _History(office, rng, now, clock)
    history.prepare()
    story = (*history.events(), *history.inspections(), *history.surveys())
    history.enter(sorted(story, key=lambda entry: (entry.at, entry.address)))
    history.collide()
    history.note_heard()


class _History:
    def __init__(self, office: Office, rng: Random, now: datetime, clock: SetClock | None) -> None:
        self._office, self._rng, self._now, self._clock = office, rng, now, clock
        self._chart = Chart(office.campaigns.current)
        self._records: dict[str, Record] = {}
        self._first = datetime.combine(self._chart.span.first, _OPENS, now.tzinfo)

    def prepare(self) -> None:
        """Add the sample units and the people, and what the office knows of its communities."""
        self._set_clock(self._first - timedelta(days=3))
        units = current_units(self._office)
        area = self._office.area
        enter_plan(self._office, plan_import(units, read_sheet(SAMPLES), [area]))
        self._units = current_units(self._office)
        towns = sorted({town_of(code) for code in self._units})
        sizes = {town: sum(code.startswith(town) for code in self._units) for town in towns}
        self._cast: Cast = cast_for(towns, min(towns, key=lambda town: (sizes[town], town)), area)
        enrol(self._office, self._cast, self._first - timedelta(days=2))
        self.enter(self._knowledge())

    def _knowledge(self) -> list[_Entry]:
        at = self._first - timedelta(days=1)
        units = list(self._units.values())
        told = (*known.groups(self._units), *known.people(units), *known.pairs(units))
        found = [_Entry(at, OFFICE, address, values) for address, values in told]
        for unit in self._units.values():
            values: Values = {"group": known.group_name(unit)}
            luck = self._rng.random()
            if unit.kind is UnitKind.COMMUNITY and luck < 0.8:
                values["attribute.party_committee"] = luck < 0.2
            found.append(_Entry(at, OFFICE, unit_address(unit.code), values))
        return found

    def events(self) -> Iterator[_Entry]:
        """Everything entered on steps up to now; a silent town's laptop was heard of last some weeks ago."""
        care = {town: self._rng.uniform(0.66, 0.92) for town in self._cast.inspectors}
        for unit in self._units.values():
            town = town_in(unit.code, self._cast)
            plans = self._chart.plan(unit, self._standing(unit_address(unit.code)))
            until = self._now - SILENT_FOR if town in self._cast.silent else self._now
            habits = lives.habits(self._rng, care[town])
            for plan, events in lives.life(plans, habits, self._now.date(), self._rng):
                yield from self._dated(unit, plan.step, events, until, town)

    def inspections(self) -> Iterator[_Entry]:
        """The visits to units, the problems found there and what became of them."""
        first, today = self._first.date(), self._now.date()
        for unit in self._units.values():
            town = town_in(unit.code, self._cast)
            until = self._now - SILENT_FOR if town in self._cast.silent else self._now
            for entries_of_one in fieldwork.work_on(unit.code, first, today, self._rng):
                yield from self._done(entries_of_one, until, town)

    def surveys(self) -> Iterator[_Entry]:
        """A few surveys ahead of the others, so that a redo is under way on any day."""
        asked = [
            unit
            for unit in self._units.values()
            if unit.kind in _SURVEYED and town_in(unit.code, self._cast) not in self._cast.silent
        ]
        for number, unit in enumerate(asked[: len(fieldwork.SURVEY_DAYS)]):
            done = fieldwork.survey_on(unit.code, number, self._now.date(), self._rng)
            yield from self._done(done, self._now, town_in(unit.code, self._cast))

    def _done(self, entries_of_one: Sequence[fieldwork.Done], until: datetime, town: str) -> Iterator[_Entry]:
        moment, lead = self._first, self._rng.choice(self._cast.leads)
        for done in entries_of_one:
            moment = max(self._moment(done.day, self._rng.randrange(_MINUTES)), moment + timedelta(minutes=1))
            if moment > until:
                return
            author = lead if done.by_lead else self._rng.choice(self._cast.of_town(town))
            yield _Entry(moment, author, done.address, done.values)

    def _dated(
        self, unit: Unit, step: Step, events: Sequence[lives.Event], until: datetime, town: str
    ) -> Iterator[_Entry]:
        moment, papers = self._first, Papers(unit.code, unit.short, step, self._rng)
        lead = self._rng.choice(self._cast.leads)
        for event in events:
            minutes = self._rng.randrange(_MINUTES)
            moment = max(self._moment(event.day, minutes), moment + timedelta(minutes=1))
            if moment > until:
                return
            author = lead if event.by_lead else self._rng.choice(self._cast.of_town(town))
            beside = list(papers.beside(event.values))
            act = f"{self._rng.getrandbits(128):032x}" if beside else None
            yield _Entry(moment, author, step_address(unit.code, step.id), event.values, act)
            for address, values in beside:
                yield _Entry(moment, author, address, values, act)

    def enter(self, story: Sequence[_Entry]) -> None:
        """Put entries into the log, a transaction for each day."""
        for _day, group in groupby(story, key=lambda entry: entry.at.date()):
            day = list(group)
            for start in range(0, len(day), BATCH):
                part = day[start : start + BATCH]
                self._submit([(entry.author, self._write(entry)) for entry in part], part[-1].at)

    def collide(self) -> None:
        """Two inspectors of one town enter different things on a step, neither having seen the other's entry."""
        pairs = [authors for authors in self._cast.inspectors.values() if len(authors) > 1]
        doing = [r.address for r in self._records.values() if r.value("state") == State.DOING and not r.collisions()]
        at = self._now - timedelta(minutes=90)
        for first, second in pairs[:COLLISIONS]:
            address = self._rng.choice([a for a in doing if a.startswith(f"step/{first.areas[0]}")])
            standing = self._standing(address)
            day = at.date()
            done = self._change(first, standing, entries.finished(day), at)
            note = {"note": entries.RETURN_NOTES[-1]}
            doubt = self._change(second, standing, entries.started(day) | note, at + timedelta(minutes=20))
            self._submit([(first, done), (second, doubt)], at + timedelta(minutes=21))

    def note_heard(self) -> None:
        """Remember when each laptop was last heard of."""
        heard = {
            author.device: self._now - (SILENT_FOR if self._cast.silent.intersection(author.areas) else timedelta())
            for author in self._cast.everybody()
        }
        seq = self._office.ledger.head.seq
        when = {device: at.astimezone(UTC).isoformat(timespec="seconds") for device, at in heard.items()}
        self._office.members.note_heard({device: (at, seq) for device, at in when.items()})
        self._set_clock(self._now)

    def _write(self, entry: _Entry) -> Change:
        standing = self._standing(entry.address)
        change = self._change(entry.author, standing, entry.values, entry.at, entry.act)
        if kind_of(entry.address) in _MOVED:
            self._records[entry.address] = reduce(standing, change)
        return change

    def _change(self, author: Author, standing: Record, values: Values, at: datetime, act: str | None = None) -> Change:
        revision = self._office.campaigns.current.revision
        return entries.change(self._rng, author, standing, values, at, revision, act)

    def _standing(self, address: str) -> Record:
        return self._records.get(address) or self._office.store.get(address) or Record(address)

    def _submit(self, written: Sequence[tuple[Author, Change]], at: datetime) -> None:
        self._set_clock(at)
        groups = groupby(written, key=lambda pair: pair[0])
        self._office.submit(
            [Submission(author, tuple(entries.offered(change) for _a, change in group)) for author, group in groups]
        )

    def _set_clock(self, at: datetime) -> None:
        if self._clock is not None:
            self._clock.now = at

    def _moment(self, day: date, minutes: int) -> datetime:
        return datetime.combine(day, _OPENS, self._now.tzinfo) + timedelta(minutes=minutes)
