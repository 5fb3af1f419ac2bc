"""A campaign as values: workflows, phases, steps and the windows they fall in.

The shapes here are plain frozen dataclasses, so that a laptop can open its board without loading a
validator; `shared.campaign.schema` checks a written campaign before it becomes one of these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Condition = Literal["party_committee", "no_party_committee", "middle_school", "primary_school"]
TenDayWord = Literal["初", "上旬", "中旬", "下旬", "底", ""]
Document = Literal["plan", "report", "material", "rectification_plan", "rectification_measures", "summary"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A ten-day word in a month counted from the campaign's first month (0). An empty word is the month alone."""

    month: int
    word: TenDayWord = ""


@dataclass(frozen=True, slots=True)
class Window:
    """When a phase runs: the words as printed, and the two moments they mean."""

    words: str
    start: Moment
    end: Moment


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing a step asks for, with the plan's own numbering."""

    no: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Substep:
    """A numbered part of a step that the plan lists as work of its own."""

    no: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Step:
    """One dated piece of work inside a phase; `id` is `phase.step`, `1.10`, unique in its workflow for ever.

    `reviewed_by`, `informed`, `filed_with`, `reported_to`, `attended_by` name roles of the campaign.
    `throughout`: the step runs from the campaign's first day to the end of its phase.
    `interleaves`: it may be done in any order with the other steps of its phase.
    """

    id: str
    no: int
    title: str
    title_en: str
    condition: Condition | None = None
    checklist: tuple[ChecklistItem, ...] = ()
    remarks: tuple[ChecklistItem, ...] = ()
    substeps: tuple[Substep, ...] = ()
    documents: tuple[Document, ...] = ()
    reviewed_by: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    filed_with: tuple[str, ...] = ()
    reported_to: tuple[str, ...] = ()
    attended_by: tuple[str, ...] = ()
    throughout: bool = False
    interleaves: bool = False
    redo: bool = False
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Phase:
    """A block of steps that share one window."""

    no: int
    title: str
    title_en: str
    window: Window
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Workflow:
    """The phases for some kinds of unit. `assumed_kinds` are kinds the plan gives no table for."""

    id: str
    title: str
    title_en: str
    kinds: tuple[str, ...]
    phases: tuple[Phase, ...]
    assumed_kinds: tuple[str, ...] = ()
    minimum_months: int = 0
    notes: tuple[str, ...] = ()

    def steps(self) -> tuple[Step, ...]:
        """All steps in the order of the table."""
        return tuple(step for phase in self.phases for step in phase.steps)


@dataclass(frozen=True, slots=True)
class Role:
    """A body or person the plan names: who reviews, files, attends.

    `invited`: may be asked to attend, need not. `tie`: attends only where the unit's record names such a tie.
    """

    id: str
    title: str
    title_en: str
    invited: bool = False
    tie: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer on a survey sheet, and whether it counts as satisfied."""

    id: str
    title: str
    title_en: str
    satisfied: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a survey asks about, answered by grades."""

    id: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of the ladder of escalation: so many days past due, and who is told then."""

    days: int
    title: str
    title_en: str


GRADES = (
    Grade("satisfied", "满意", "satisfied", True),
    Grade("basic", "基本满意", "basically satisfied", True),
    Grade("dissatisfied", "不满意", "dissatisfied", False),
)
QUESTIONS = (Question("effect", "活动成效", "effect"), Question("conduct", "活动开展", "conduct"))
LADDER = (Rung(0, "单位", "unit"), Rung(3, "镇街", "town"), Rung(7, "区", "district"))


@dataclass(frozen=True, slots=True)
class Rules:
    """What a campaign may set for itself; printed on every legend.

    `warning_days`: how many days before its due day a step counts as due soon.
    `redo_above`: a redo opens when dissatisfied / valid is greater than this share.
    `redo_days`: how many days after the survey the steps of a redo are due, unless its sheet names a day.
    `grades`, `questions`: what a survey's sheet counts. `ladder`: who is told how many days past due, upwards.
    """

    warning_days: int = 3
    redo_above: float = 0.5
    redo_days: int = 30
    grades: tuple[Grade, ...] = GRADES
    questions: tuple[Question, ...] = QUESTIONS
    ladder: tuple[Rung, ...] = LADDER


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list of the campaign's; `workflows` names those whose units it is for, all when empty."""

    id: str
    title: str
    title_en: str
    workflows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """What may be chosen in one field of a form, in the campaign's own words: categories, households, papers."""

    id: str
    items: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign: its first month (`YYYY-MM`), its rules, its roles, its lists of choices and its workflows."""

    id: str
    title: str
    title_en: str
    start: str
    workflows: tuple[Workflow, ...]
    roles: tuple[Role, ...] = ()
    rules: Rules = field(default_factory=Rules)
    lists: tuple[ChoiceList, ...] = ()
    revision: int = 1

    def workflow_for(self, kind: str) -> Workflow | None:
        """The workflow of a kind of unit, or nothing when no workflow names the kind."""
        for workflow in self.workflows:
            if kind in workflow.kinds or kind in workflow.assumed_kinds:
                return workflow
        return None

    def choices(self, list_id: str, workflow: str = "") -> tuple[Choice, ...]:
        """What the list of this id offers to units of a workflow; nothing when the campaign has no such list."""
        items = next((each.items for each in self.lists if each.id == list_id), ())
        return tuple(item for item in items if not item.workflows or workflow in item.workflows)

    def workflow(self, workflow_id: str) -> Workflow | None:
        """The workflow with this id."""
        return next((w for w in self.workflows if w.id == workflow_id), None)
