"""The chart: one campaign laid over units, and what each unit shows on a given day.

Nothing here is stored (promise 8): a row is computed from the unit's records, the campaign, the day, and when the
unit's laptops were last heard of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from shared.board.change import JSON
from shared.board.closing import PROBLEM, counted
from shared.board.district import BLANK, OWN, Column, UnitRow, count_cells
from shared.board.lights import Days, Facts, Light, State, days_over, light_of
from shared.board.record import Record, step_address, unit_address
from shared.board.redo import Redo, is_survey, redo_of
from shared.board.standing import Standing, settled, standing_of
from shared.board.step import UNTOUCHED, StepView, view, view_of
from shared.board.surveys import SURVEY
from shared.board.unit import attributes_of, windows_in, windows_of
from shared.campaign import calendar
from shared.campaign.applies import UnitAttributes, exemption
from shared.campaign.calendar import Span, UnitWindow, campaign_span, due_day, opens, plan_for
from shared.campaign.model import Campaign, Step, Workflow
from shared.roster import Unit, UnitKind, town_of

COUNTED: Final = (PROBLEM, SURVEY)
"""The kinds of record beside steps that decide what a row shows."""
_BESIDE: Final = tuple(f"{kind}/" for kind in COUNTED)
MAX_PLANS: Final = 512
MAX_SIGHTS: Final = 512
MAX_CELLS: Final = 8192


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step for one sort of unit: where it stands on the board, when it opens and is due, and whether it applies."""

    step: Step
    column: int
    phase: int
    span: Span
    days: Days
    applies: bool


class _Cell(NamedTuple):
    """What one step shows: the word of its light, and how many days overdue it is."""

    word: str
    over: int


class _Sight:
    """What one sort of unit shows on one day, heard of on another: untouched, and after what somebody entered.

    A light depends on few of the values entered, and those repeat all over a board: each is worked out once.
    """

    def __init__(self, plans: tuple[StepPlan, ...], width: int, today: date, heard: date | None) -> None:
        self.plans = {plan.step.id: plan for plan in plans}
        self.words = [BLANK] * width
        self.over = [0] * max(width, 1)
        self._today = today
        self._heard = heard
        self._cells: dict[tuple[JSON, ...], _Cell] = {}
        for plan in plans:
            self.words[plan.column], self.over[plan.column] = self._work_out(plan, UNTOUCHED)

    def cells(self, standing: Standing, prefix: str, redo: Redo | None) -> tuple[str, int]:
        """The words of a row, and the days of its most overdue step, for a unit whose steps' addresses begin so."""
        words, over, skip = self.words.copy(), self.over.copy(), len(prefix)
        plans, known, collisions = self.plans, self._cells, standing.collisions
        for address, values in standing.values.items():
            if not address.startswith(prefix) or (plan := plans.get(step := address[skip:])) is None:
                continue
            get = values.get
            key = (step, get("state"), get("done_on"), get("due_on"))
            try:
                cell = None if collisions and address in collisions else known.get(key)
            except TypeError:  # no text where a text belongs: nothing to look up by
                cell = self._work_out(plan, view_of(values))
            if cell is None:
                cell = self._learn(key, plan, values, collisions.get(address, ()))
            words[plan.column], over[plan.column] = cell
        if redo is not None:
            self._open_again(redo, standing, prefix, words, over)
        return "".join(words), max(over)

    def columns(self, addresses: Iterable[str], prefix: str) -> tuple[int, ...]:
        """The columns of those addresses that are steps of the plan."""
        steps = [address[len(prefix) :] for address in addresses if address.startswith(prefix)]
        return tuple(sorted(self.plans[step].column for step in steps if step in self.plans))

    def _open_again(self, redo: Redo, standing: Standing, prefix: str, words: list[str], over: list[int]) -> None:
        """Show on the steps of a redo what they show as long as it is open."""
        for plan in self.plans.values():
            if plan.step.redo:
                address = prefix + plan.step.id
                shown = view_of(standing.values.get(address, {}), standing.collisions.get(address, ()), redo)
                words[plan.column], over[plan.column] = self._work_out(plan, shown)

    def _learn(
        self, key: tuple[JSON, ...], plan: StepPlan, values: Mapping[str, JSON], collisions: tuple[str, ...]
    ) -> _Cell:
        cell = self._work_out(plan, view_of(values, collisions))
        if not collisions:
            if len(self._cells) >= MAX_CELLS:
                self._cells.clear()
            self._cells[key] = cell
        return cell

    def _work_out(self, plan: StepPlan, shown: StepView) -> _Cell:
        light = light_on(plan, shown, self._today, self._heard)
        over = days_over(days_of(plan, shown), self._today) if light is Light.OVERDUE else 0
        return _Cell(light.value, over)


_Sort = tuple[UnitKind, UnitAttributes, tuple[tuple[int, UnitWindow], ...]]


class Chart:
    """One campaign's columns, and the rows of units under them. It remembers plans, never what people entered."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        places = {(phase.no, step.no) for w in campaign.workflows for phase in w.phases for step in phase.steps}
        self.columns: Final = tuple(Column(phase, no) for phase, no in sorted(places))
        self.span: Final = campaign_span(campaign)
        begins = [
            (calendar.resolve(phase.window, campaign.start).first, phase)
            for workflow in campaign.workflows
            for phase in workflow.phases
        ]
        self._begins = sorted(begins, key=lambda pair: (pair[0], pair[1].no), reverse=True)
        self._index = {column.step: index for index, column in enumerate(self.columns)}
        self._plans: dict[_Sort, tuple[StepPlan, ...]] = {}
        self._sights: dict[tuple[_Sort, date, date | None], _Sight] = {}

    def plan(self, unit: Unit, record: Record | None = None) -> tuple[StepPlan, ...]:
        """When each step opens and is due for this unit; `record` is the unit's own, for windows of its own."""
        return self._plan(_sort_of(unit, windows_of(record) if record is not None else {}))

    def plan_in(self, unit: Unit, values: Mapping[str, JSON]) -> tuple[StepPlan, ...]:
        """The same out of the settled values of the unit's own record."""
        return self._plan(_sort_of(unit, windows_in(values)))

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
        shown = (f"step/{unit.code}/", *(f"{kind}/{unit.code}/" for kind in COUNTED))
        known = {each: record for each, record in records.items() if each.startswith(shown)}
        own = unit_address(unit.code)
        if own in records:
            known[own] = records[own]
        return self.row_of(unit, standing_of(known), today, heard, unsent)

    def row_of(
        self,
        unit: Unit,
        standing: Standing,
        today: date,
        heard: date | None,
        unsent: frozenset[str] = frozenset(),
    ) -> UnitRow:
        """The same from what stands on the unit's records; made for thousands of units at once."""
        own = windows_in(standing.values.get(unit_address(unit.code), {}))
        sight = self._sight(_sort_of(unit, own), today, heard)
        prefix = step_address(unit.code, "")
        redo, problems, late = self._beside(standing, today)
        lights, over = sight.cells(standing, prefix, redo)
        done, applicable = count_cells(lights)
        marks = _own_mark(unit, standing) + sight.columns(standing.collisions, prefix)
        return UnitRow(
            unit.code, unit.short, unit.kind.value, town_of(unit.code), self._workflow_id(unit), lights,
            marks, sight.columns(unsent, prefix), over, done, applicable,
            problems, late, redo,
        )  # fmt: skip

    def redo(self, records: Mapping[str, Record]) -> Redo | None:
        """What the surveys among a unit's records have opened again."""
        sheets = {address: settled(record) for address, record in records.items() if is_survey(address)}
        return redo_of(sheets, self.campaign.rules)

    def _beside(self, standing: Standing, today: date) -> tuple[Redo | None, int, int]:
        """What a row shows of records beside steps: an open redo, the open problems and how many of them are late."""
        problems = late = 0
        sheets: dict[str, Mapping[str, JSON]] = {}
        for address, values in standing.values.items():
            if not address.startswith(_BESIDE):
                continue
            if is_survey(address):
                sheets[address] = values
                continue
            is_open, is_late = counted(values, today)
            problems += is_open
            late += is_late
        return (redo_of(sheets, self.campaign.rules) if sheets else None), problems, late

    def light(self, plan: StepPlan, shown: StepView, today: date, heard: date | None) -> Light:
        """The light of one step; one that does not apply is exempt until somebody enters something on it."""
        return light_on(plan, shown, today, heard)

    def day_of(self, today: date) -> tuple[int, int]:
        """Which day of how many the campaign is in."""
        return calendar.day_of(self.span, today)

    def phase_words(self, today: date, lang: str) -> str:
        """The title of the phase most units are in today: the last one whose window has begun."""
        begun = next((phase for first, phase in self._begins if first <= today), None)
        if begun is None:
            return ""
        return begun.title if lang == "zh" else begun.title_en

    def _workflow_id(self, unit: Unit) -> str:
        workflow = self.campaign.workflow_for(unit.kind)
        return workflow.id if workflow else ""

    def _plan(self, sort: _Sort) -> tuple[StepPlan, ...]:
        found = self._plans.get(sort)
        if found is None:
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            workflow = self.campaign.workflow_for(sort[0])
            found = self._plans[sort] = self._make_plan(workflow, sort[1], dict(sort[2])) if workflow else ()
        return found

    def _sight(self, sort: _Sort, today: date, heard: date | None) -> _Sight:
        found = self._sights.get((sort, today, heard))
        if found is None:
            if len(self._sights) >= MAX_SIGHTS:
                self._sights.clear()
            found = self._sights[sort, today, heard] = _Sight(self._plan(sort), len(self.columns), today, heard)
        return found

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


def light_on(plan: StepPlan, shown: StepView, today: date, heard: date | None) -> Light:
    """The light of one step on a day; `heard` is the last day on which its unit's laptops were heard of."""
    if not plan.applies and shown.state == State.TODO:
        return Light.EXEMPT
    facts = Facts() if shown is UNTOUCHED else shown.facts()
    return light_of(facts, days_of(plan, shown), today, heard)


def seen(plan: StepPlan, record: Record | None, redo: Redo | None) -> StepView:
    """A step as it stands, open again for the unit's redo where it is a step of that."""
    return view(record, redo if plan.step.redo else None)


def days_of(plan: StepPlan, shown: StepView) -> Days:
    """The days that hold for a step: the plan's, with the unit's own due day where it set one; a redo has its own."""
    if (redo := shown.redo) is not None:
        own = shown.due_on if shown.due_on is not None and shown.due_on > redo.on else redo.due
        return Days(redo.on, own, plan.days.warning)
    return plan.days if shown.due_on is None else Days(plan.days.opens, shown.due_on, plan.days.warning)


def _own_mark(unit: Unit, standing: Standing) -> tuple[int, ...]:
    return (OWN,) if standing.collisions and unit_address(unit.code) in standing.collisions else ()


def _sort_of(unit: Unit, own: Mapping[int, UnitWindow]) -> _Sort:
    """What units have in common that share a plan."""
    return unit.kind, attributes_of(unit), tuple(sorted(own.items())) if own else ()
