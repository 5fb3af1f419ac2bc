"""The chart: one campaign laid over units, and what each unit shows on a given day.

Nothing here is stored (promise 8): a row is computed from the unit's records, the campaign, the day, and when the
unit's laptops were last heard of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.board.district import BLANK, Column, UnitRow, count_cells
from shared.board.lights import Days, Facts, Light, State, days_over, light_of
from shared.board.record import Record, step_address, unit_address
from shared.board.step import UNTOUCHED, StepView, view
from shared.board.unit import attributes_of, windows_of
from shared.campaign import calendar
from shared.campaign.applies import UnitAttributes, exemption
from shared.campaign.calendar import Span, UnitWindow, campaign_span, due_day, opens, plan_for
from shared.campaign.model import Campaign, Step, Workflow
from shared.roster import Unit, town_of

MAX_PLANS: Final = 512


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step for one sort of unit: where it stands on the board, when it opens and is due, and whether it applies."""

    step: Step
    column: int
    phase: int
    span: Span
    days: Days
    applies: bool


class Chart:
    """One campaign's columns, and the rows of units under them. It remembers plans, never what people entered."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        places = {(phase.no, step.no) for w in campaign.workflows for phase in w.phases for step in phase.steps}
        self.columns: Final = tuple(Column(phase, no) for phase, no in sorted(places))
        self.span: Final = campaign_span(campaign)
        self._index = {column.step: index for index, column in enumerate(self.columns)}
        self._plans: dict[tuple[str, UnitAttributes, tuple[tuple[int, UnitWindow], ...]], tuple[StepPlan, ...]] = {}

    def plan(self, unit: Unit, record: Record | None = None) -> tuple[StepPlan, ...]:
        """When each step opens and is due for this unit; `record` is the unit's own, for windows of its own."""
        workflow = self.campaign.workflow_for(unit.kind)
        if workflow is None:
            return ()
        own = windows_of(record) if record is not None else {}
        key = (workflow.id, attributes_of(unit), tuple(sorted(own.items())))
        found = self._plans.get(key)
        if found is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            found = self._plans[key] = self._make_plan(workflow, key[1], own)
        return found

    def row(
        self,
        unit: Unit,
        records: Mapping[str, Record],
        today: date,
        heard: date | None,
        unsent: frozenset[str] = frozenset(),
    ) -> UnitRow:
        """What the unit shows on `today`; `heard` is when its laptops were last heard of, `unsent` the addresses of
        own entries that are not on the board yet."""
        plans = self.plan(unit, records.get(unit_address(unit.code)))
        lights = [BLANK] * len(self.columns)
        marks: list[int] = []
        waiting: list[int] = []
        over = 0
        for plan in plans:
            address = step_address(unit.code, plan.step.id)
            shown = view(records.get(address))
            light = self.light(plan, shown, today, heard)
            lights[plan.column] = light.value
            if shown.collisions:
                marks.append(plan.column)
            if address in unsent:
                waiting.append(plan.column)
            if light is Light.OVERDUE:
                over = max(over, days_over(days_of(plan, shown), today))
        words = "".join(lights)
        done, applicable = count_cells(words)
        return UnitRow(
            unit.code, unit.short, unit.kind.value, town_of(unit.code), self._workflow_id(unit), words,
            tuple(marks), tuple(waiting), over, done, applicable,
        )  # fmt: skip

    def light(self, plan: StepPlan, shown: StepView, today: date, heard: date | None) -> Light:
        """The light of one step; one that does not apply is exempt until somebody enters something on it."""
        if not plan.applies and shown.state == State.TODO:
            return Light.EXEMPT
        facts = Facts() if shown is UNTOUCHED else shown.facts()
        return light_of(facts, days_of(plan, shown), today, heard)

    def day_of(self, today: date) -> tuple[int, int]:
        """Which day of how many the campaign is in."""
        return calendar.day_of(self.span, today)

    def phase_words(self, today: date, lang: str) -> str:
        """The title of the phase most units are in today: the last one whose window has begun."""
        begun = [
            (calendar.resolve(phase.window, self.campaign.start).first, phase)
            for workflow in self.campaign.workflows
            for phase in workflow.phases
            if calendar.resolve(phase.window, self.campaign.start).first <= today
        ]
        if not begun:
            return ""
        phase = max(begun, key=lambda pair: (pair[0], pair[1].no))[1]
        return phase.title if lang == "zh" else phase.title_en

    def _workflow_id(self, unit: Unit) -> str:
        workflow = self.campaign.workflow_for(unit.kind)
        return workflow.id if workflow else ""

    def _make_plan(
        self, workflow: Workflow, attributes: UnitAttributes, own: Mapping[int, UnitWindow]
    ) -> tuple[StepPlan, ...]:
        spans = {plan.no: plan.span for plan in plan_for(workflow, self.campaign.start, own)}
        return tuple(
            StepPlan(
                step,
                self._index[f"{phase.no}.{step.no}"],
                phase.no,
                spans[phase.no],
                self._days(step, spans[phase.no]),
                exemption(step, attributes) is None,
            )
            for phase in workflow.phases
            for step in phase.steps
            if not step.retired
        )

    def _days(self, step: Step, span: Span) -> Days:
        return Days(opens(step, span, self.span.first), due_day(span), self.campaign.rules.warning_days)


def days_of(plan: StepPlan, shown: StepView) -> Days:
    """The days that hold for a step: the plan's, with the unit's own due day where it set one."""
    return plan.days if shown.due_on is None else Days(plan.days.opens, shown.due_on, plan.days.warning)
