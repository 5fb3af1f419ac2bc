"""What happened to one unit's steps: days set, work begun, papers handed in and returned, done in time or late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from server.simulate import entries
from server.simulate.entries import Values
from shared.board.chart import StepPlan

PLANNERS: Final = 0.75
"""The share of units that set themselves a day for each step."""
LATE: Final = 0.16
NOT_ASKED: Final = 0.01
RETURNED: Final = 0.3
NOTED: Final = 0.12
BELATED: Final = 0.15
"""The share of papers that are handed in only now, so that something waits for the reviewers on any day."""
RETURNED_LATELY: Final = 0.55
"""How many of those come back: what is handed in late was done in haste."""


class Event(NamedTuple):
    """One entry on a step: the day, who makes it (the reviewer or the unit's inspector), and its fields."""

    day: date
    by_lead: bool
    values: Values


@dataclass(frozen=True, slots=True)
class Habits:
    """How a unit works: the chance that a step is done in time, and whether it plans its days."""

    care: float
    plans: bool


def habits(rng: Random, town_care: float) -> Habits:
    """The habits of a unit in a town that takes this much care, 0 to 1."""
    return Habits(min(0.97, max(0.3, rng.gauss(town_care, 0.08))), rng.random() < PLANNERS)


def life(plans: Iterable[StepPlan], unit: Habits, today: date, rng: Random) -> Iterator[tuple[StepPlan, list[Event]]]:
    """The events of each step that applies and is open by `today`, in the order of their days."""
    phases: dict[int, list[StepPlan]] = {}
    for plan in plans:
        phases.setdefault(plan.phase, []).append(plan)
    for steps in phases.values():
        for place, plan in enumerate(steps, 1):
            if plan.applies and plan.days.opens <= today:
                yield plan, list(_events(plan, _target(plan, place / len(steps), rng), unit, today, rng))


def _target(plan: StepPlan, share: float, rng: Random) -> date:
    """The day the unit means to be done: the steps of a phase spread over its window."""
    window = (plan.days.due - plan.days.opens).days
    if plan.step.throughout:
        return plan.days.due
    return plan.days.opens + timedelta(days=min(window, max(3, round(window * share) + rng.randint(-4, 2))))


def _events(plan: StepPlan, target: date, unit: Habits, today: date, rng: Random) -> Iterator[Event]:
    if rng.random() < NOT_ASKED:
        yield Event(plan.days.opens + timedelta(days=rng.randint(3, 12)), by_lead=False, values=entries.not_asked(rng))
        return
    if unit.plans and target < plan.days.due:
        yield Event(plan.days.opens + timedelta(days=rng.randint(0, 4)), by_lead=False, values=entries.planned(target))
    belated = entries.is_reviewed(plan.step) and rng.random() < BELATED
    finish = today - timedelta(days=rng.randint(1, 5)) if belated else _finish(target, unit, rng)
    start = max(plan.days.opens, (finish or target) - timedelta(days=rng.randint(3, 10)))
    if finish is None and rng.random() < 0.4:
        return
    yield Event(start, by_lead=False, values=entries.started(start) | _note(rng))
    numbers = [item.no for item in plan.step.checklist]
    early = numbers[: rng.randint(0, len(numbers))]
    if early:
        yield Event(start + timedelta(days=rng.randint(1, 3)), by_lead=False, values=entries.ticked(early))
    if finish is not None:
        more = entries.ticked(numbers[len(early) :]) | _note(rng)
        yield from _ending(plan, max(finish, start), more, RETURNED_LATELY if belated else RETURNED, rng)


def _finish(target: date, unit: Habits, rng: Random) -> date | None:
    """The day it was really done: before the day set, after it, or never."""
    luck = rng.random()
    if luck < unit.care:
        return target - timedelta(days=rng.randint(0, 6))
    return target + timedelta(days=rng.randint(1, 12)) if luck < unit.care + LATE else None


def _ending(plan: StepPlan, day: date, more: Values, back: float, rng: Random) -> Iterator[Event]:
    if not entries.is_reviewed(plan.step):
        yield Event(day, by_lead=False, values=entries.finished(day) | more)
        return
    yield Event(day, by_lead=False, values=entries.submitted(day) | more)
    answer = day + timedelta(days=rng.randint(1, 6))
    if rng.random() < back:
        yield Event(answer, by_lead=True, values=entries.returned(answer, rng))
        day = answer + timedelta(days=rng.randint(3, 8))
        yield Event(day, by_lead=False, values=entries.submitted(day))
        answer = day + timedelta(days=rng.randint(1, 6))
    yield Event(answer, by_lead=True, values=entries.approved(answer, day))


def _note(rng: Random) -> Values:
    return {"note": rng.choice(entries.NOTES)} if rng.random() < NOTED else {}
