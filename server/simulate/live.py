"""The present of a simulated campaign: the next plausible entry of somebody, given the board as it stands."""

from __future__ import annotations

from datetime import date, datetime
from random import Random
from typing import Final, NamedTuple

from server.ledger import Author
from server.office import Office
from server.simulate import entries
from server.simulate.cast import Cast, cast_of, town_in
from server.simulate.entries import Values
from server.simulate.fieldwork import next_work
from shared.board.change import Change
from shared.board.chart import Chart, StepPlan
from shared.board.lights import State
from shared.board.record import Record, step_address, unit_address
from shared.board.step import StepView, view
from shared.board.unit import unit_of

BESIDE: Final = 0.2
"""The share of entries that are made beside the steps."""
AT_ONCE: Final = 3
"""How many unfinished steps a unit works on at a time."""
_SUBMITTED: Final = (State.SUBMITTED.value,)


class _Move(NamedTuple):
    by_lead: bool
    values: Values


def next_change(office: Office, rng: Random, now: datetime) -> tuple[Author, Change]:
    """Somebody's next entry and who makes it: work begun, ticked, handed in, approved, returned or done.

    When nothing is left to do it is a note. What collides is left alone: settling it is for the person who watches.
    """
    cast, chart = cast_of(office), Chart(office.campaigns.current)
    codes = list(office.store.owners())
    rng.shuffle(codes)
    spare: tuple[str, StepPlan] | None = None
    if rng.random() < BESIDE:
        done = _beside(office, cast, codes, rng, now)
        if done is not None:
            return done
    for code in codes:
        steps = _open_steps(office, chart, cast, code, now.date())
        unfinished = [plan for plan in steps if view(_record(office, code, plan)).state not in _ENDED][:AT_ONCE]
        if unfinished:
            return _go_on(office, cast, code, rng.choice(unfinished), rng, now)
        spare = spare or ((code, rng.choice(steps)) if steps else None)
    if spare is None:
        raise LookupError("no step is open")
    code, plan = spare
    return _write(office, cast, code, plan, _Move(by_lead=False, values={"note": rng.choice(entries.NOTES)}), rng, now)


def _beside(office: Office, cast: Cast, codes: list[str], rng: Random, now: datetime) -> tuple[Author, Change] | None:
    """What the group does next beside the steps, on the first unit whose town has somebody to do it."""
    for code in codes:
        town = town_in(code, cast)
        if town and town not in cast.silent:
            records = list(office.store.of(code).values())
            done = next_work(code, records, now.date(), rng)
            author = rng.choice(cast.leads if done.by_lead else cast.of_town(town))
            record = office.store.get(done.address) or Record(done.address)
            revision = office.campaigns.current.revision
            return author, entries.change(rng, author, record, done.values, now, revision)
    return None


_ENDED: Final = (State.DONE.value, State.NA.value)


def _open_steps(office: Office, chart: Chart, cast: Cast, code: str, today: date) -> list[StepPlan]:
    """The steps of a unit that may be worked on today; none where nobody is there to work."""
    record = office.store.get(unit_address(code))
    unit = unit_of(record) if record is not None else None
    town = town_in(code, cast)
    if unit is None or unit.closed or not town or town in cast.silent:
        return []
    return [
        plan
        for plan in chart.plan(unit, record)
        if plan.applies and plan.days.opens <= today and not _record(office, code, plan).collisions()
    ]


def _go_on(office: Office, cast: Cast, code: str, plan: StepPlan, rng: Random, now: datetime) -> tuple[Author, Change]:
    shown = view(_record(office, code, plan))
    return _write(office, cast, code, plan, _move(plan, shown, now.date(), rng), rng, now)


def _move(plan: StepPlan, shown: StepView, today: date, rng: Random) -> _Move:
    if shown.state == State.SUBMITTED:
        if rng.random() < 0.25:
            return _Move(by_lead=True, values=entries.returned(today, rng))
        handed_in = shown.days.get("submitted_on", today)
        return _Move(by_lead=True, values=entries.approved(today, handed_in))
    if shown.state == State.TODO:
        return _Move(by_lead=False, values=entries.started(today))
    left = [item.no for item in plan.step.checklist if item.no not in shown.ticks]
    if left and shown.state == State.DOING and rng.random() < 0.6:
        return _Move(by_lead=False, values=entries.ticked(left[:1]))
    ending = entries.submitted(today) if entries.is_reviewed(plan.step) else entries.finished(today)
    return _Move(by_lead=False, values=ending | entries.ticked(left))


def _write(
    office: Office, cast: Cast, code: str, plan: StepPlan, move: _Move, rng: Random, now: datetime
) -> tuple[Author, Change]:
    author = rng.choice(cast.leads if move.by_lead else cast.of_town(town_in(code, cast)))
    record = _record(office, code, plan)
    revision = office.campaigns.current.revision
    return author, entries.change(rng, author, record, move.values, now, revision)


def _record(office: Office, code: str, plan: StepPlan) -> Record:
    address = step_address(code, plan.step.id)
    return office.store.get(address) or Record(address)
