"""What is not settled on a unit: its open steps and problems, with the days that tell who waits for whom.

Read from what stands on the unit's records, so that a board of thousands of units is gone through in one pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple

from shared.board.change import JSON
from shared.board.chart import Chart, StepPlan, days_of
from shared.board.closing import PROBLEM, problem_light
from shared.board.lights import Light, State
from shared.board.record import step_address, unit_address
from shared.board.redo import Redo, is_survey, redo_of
from shared.board.stages import STAGE_DAY, stage_of
from shared.board.standing import NUMBER, Standing
from shared.board.step import DATE_FIELD, UNTOUCHED, StepView, view_of
from shared.board.unit import unit_in
from shared.inspection.item import WITHDRAWN, Item
from shared.inspection.problems import temporary
from shared.rights import Role
from shared.roster import Unit

Board = Iterable[tuple[str, Standing]]
"""Owner → what stands on its records, each owner once, in any order."""
SETTLED: Final = frozenset((Light.DONE, Light.LATE_DONE, Light.EXEMPT))
LATE: Final = frozenset((Light.OVERDUE, Light.UNKNOWN))
"""What a step or problem shows past its due day, unless it waits for the reviewer."""
_AWAY: Final = frozenset((State.SUBMITTED.value, State.RETURNED.value))
_PROBLEMS: Final = f"{PROBLEM}/"


class Clock(NamedTuple):
    """The day that is, and for a unit the last day on which its laptops were heard of."""

    today: date
    heard: Callable[[str], date | None]


class Who(NamedTuple):
    """A person as far as their rights go."""

    role: Role
    areas: tuple[str, ...]


class Task(NamedTuple):
    """An open step, named by its id, or an open problem, named by its number.

    `state`: the step's, or the problem's stage. `since`: the day from which it stands so. `redo`: a survey opened it
    again. `reason`: why it was returned or opened again. `responsible`: whoever answers for it, as far as entered.
    `place`: phase and number of a step, (0, 0) of a problem.
    """

    address: str
    name: str
    title: str
    title_en: str
    state: str
    light: Light
    due: date | None
    since: date | None
    redo: bool = False
    reason: str = ""
    responsible: str = ""
    place: tuple[int, int] = (0, 0)

    @property
    def is_problem(self) -> bool:
        """Whether it is a problem, and no step."""
        return self.address.startswith(_PROBLEMS)

    def over(self, today: date) -> int:
        """How many days past due it is; 0 when it is not, or nobody set a day."""
        return max(0, (today - self.due).days) if self.due is not None else 0


def open_unit(owner: str, standing: Standing) -> Unit | None:
    """The unit that these records belong to, or nothing when it is closed, or there is none."""
    unit = unit_in(owner, standing.values.get(unit_address(owner), {}))
    return None if unit is None or unit.closed else unit


def tasks_of(chart: Chart, unit: Unit, standing: Standing, clock: Clock, horizon: date) -> Iterator[Task]:
    """What is open on a unit and due by the horizon, or waits for an answer whenever it is due; steps first."""
    yield from _steps(chart, unit, standing, clock, horizon)
    warning = chart.campaign.rules.warning_days
    for address, values in standing.values.items():
        if address.startswith(_PROBLEMS) and values.get(WITHDRAWN) is not True:
            task = _problem(Item(address, values), clock.today, warning)
            near = task.due is not None and task.due <= horizon
            if task.light is Light.REVIEW or (near and task.light not in SETTLED):
                yield task


def _steps(chart: Chart, unit: Unit, standing: Standing, clock: Clock, horizon: date) -> Iterator[Task]:
    redo, heard = _redo(chart, standing), clock.heard(unit.code)
    responsible = str(unit.people.get("responsible", ""))
    for plan in chart.plan_in(unit, standing.values.get(unit_address(unit.code), {})):
        address = step_address(unit.code, plan.step.id)
        values = standing.values.get(address)
        if values is None and redo is None and plan.days.due > horizon:
            continue
        shown = _seen(plan, values, standing.collisions.get(address, ()), redo)
        light = chart.light(plan, shown, clock.today, heard)
        due = days_of(plan, shown).due
        if light in SETTLED or (due > horizon and shown.state not in _AWAY and shown.redo is None):
            continue
        yield _step(plan, address, shown, light, due, responsible)


def _step(plan: StepPlan, address: str, shown: StepView, light: Light, due: date, responsible: str) -> Task:
    step, redo = plan.step, shown.redo
    since = shown.days.get(DATE_FIELD.get(shown.state, ""))
    if redo is not None and shown.state not in _AWAY:
        since = redo.on
    return Task(
        address, step.id, step.title, step.title_en, shown.state, light, due, since, redo is not None,
        shown.reason if shown.state == State.RETURNED else "", responsible, (plan.phase, step.no),
    )  # fmt: skip


def _problem(item: Item, today: date, warning: int) -> Task:
    stage, title = stage_of(item.values), item.text("title")
    day = STAGE_DAY.get(stage)
    since = item.day(day) if day is not None else item.day("reopened_on") or item.day("found_on")
    return Task(
        item.address, item.text(NUMBER) or temporary(item.id), title, title, stage,
        problem_light(item.values, today, warning), item.day("due_on"), since,
        reason=item.text("reason"), responsible=item.text("responsible"),
    )  # fmt: skip


def _seen(
    plan: StepPlan, values: Mapping[str, JSON] | None, collisions: tuple[str, ...], redo: Redo | None
) -> StepView:
    again = redo if plan.step.redo else None
    return UNTOUCHED if values is None and again is None else view_of(values or {}, collisions, again)


def _redo(chart: Chart, standing: Standing) -> Redo | None:
    sheets = {address: values for address, values in standing.values.items() if is_survey(address)}
    return redo_of(sheets, chart.campaign.rules) if sheets else None
